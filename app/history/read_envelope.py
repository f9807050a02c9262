"""A long stretch of a tag in few buckets: from its samples where they are few, from the rollups where they are many."""

from __future__ import annotations

from collections.abc import Iterator

from app.history.codec import CodecError
from app.history.layout import HOUR_NS, tag_key
from app.history.rollup import HOUR, MINUTE, Buckets, Tier, bucketed, no_buckets, regrouped, unpack_page
from app.history.samples import converted
from app.history.view import HistoryView, TagInFile

_FINEST_SHARE = 0.75
"""A tier is used from three quarters of its width on: buckets a little too wide, but read a hundred times faster."""


def tier_for(width: int) -> Tier | None:
    """Return the widest tier for buckets of about `width` ns, None where the samples themselves are needed."""
    return next((tier for tier in (HOUR, MINUTE) if width >= _FINEST_SHARE * tier.width), None)


def width_in(tier: Tier | None, width: int) -> int:
    """Return the width in ns that a tier can give: a multiple of its own."""
    return width if tier is None else max(1, round(width / tier.width)) * tier.width


def read_buckets(view: HistoryView, tag: TagInFile, start: int, end: int, *, width: int, tier: Tier | None) -> Buckets:
    """Return start <= time < end (ns UTC) of a tag in buckets at multiples of `width`."""
    if tier is None:
        return _from_samples(view, tag, start, end, width)
    parts = [part for stretch in _stretches(view, tag, start, end, tier) for part in stretch]
    return regrouped(parts, width)


def _stretches(view: HistoryView, tag: TagInFile, start: int, end: int, tier: Tier) -> Iterator[list[Buckets]]:
    """Yield the parts in the order of time: rollups of whole hours, samples at ragged ends and where some are loose."""
    first, last = -(-start // HOUR_NS), end // HOUR_NS
    if first >= last:
        yield [_from_samples(view, tag, start, end, tier.width)]
        return
    yield [_from_samples(view, tag, start, first * HOUR_NS, tier.width)]
    position = first
    for hour in view.loose_hours(tag, first * HOUR_NS, last * HOUR_NS):
        yield _from_tier(view, tag, position * HOUR_NS, hour * HOUR_NS, tier)
        yield [_from_samples(view, tag, hour * HOUR_NS, (hour + 1) * HOUR_NS, tier.width)]
        position = hour + 1
    yield _from_tier(view, tag, position * HOUR_NS, last * HOUR_NS, tier)
    yield [_from_samples(view, tag, last * HOUR_NS, end, tier.width)]


def _from_samples(view: HistoryView, tag: TagInFile, start: int, end: int, width: int) -> Buckets:
    if end <= start:
        return no_buckets()
    samples = view.samples(tag, start, end)
    return bucketed(samples.time, converted(samples.value, "f"), samples.status, width)


def _from_tier(view: HistoryView, tag: TagInFile, start: int, end: int, tier: Tier) -> list[Buckets]:
    if end <= start:
        return []
    first, last = start // tier.page_ns, (end - 1) // tier.page_ns
    rows = view.connection.execute(
        f"SELECT id, buckets, crc, data FROM {tier.table} WHERE id BETWEEN ? AND ? ORDER BY id",  # noqa: S608 - ours
        (tag_key(tag.number, first), tag_key(tag.number, last)),
    ).fetchall()
    found = []
    for key, *row in rows:
        try:
            page = unpack_page(tier, *row)
        except CodecError as error:
            view.tell_damage(f"rollup {key}: {error}")
            return [_from_samples(view, tag, start, end, tier.width)]
        found.append(page.rows((page.time >= start) & (page.time < end)))
    return found
