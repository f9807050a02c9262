"""A long stretch of a tag in few buckets: from its samples where they are few, from the rollups where they are many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import numpy as np

from app.history.codec import CodecError
from app.history.layout import HOUR_NS, hour_of
from app.history.read_thinned import hours_left, minutes_left, stretches
from app.history.rollup import HOUR, MINUTE, Buckets, Tier, bucketed, concatenated, overlaid, regrouped
from app.history.samples import Samples, converted
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
    """Return start <= time < end (ns UTC) of a tag in buckets at multiples of `width`.

    Where samples have gone there are minutes, where minutes have gone too there are hours: each lies as a whole in the
    bucket in which it begins, also where that is a little before `start`.
    """
    if tier is not None and tier.width == width and view.is_settled and _is_whole(view, tier, start, end):
        with suppress(CodecError):  # it is told below
            return view.pages.between(view.connection, tag.number, tier, start, end)
    if hour_of(start) >= view.thinned_before:
        parts = _parts(view, tag, start, end, width=width, tier=tier)
    elif tier is HOUR:
        parts = _hours_and_ends(view, tag, start, end)
    else:
        parts = _left(view, tag, start, end, width=width, tier=tier)
    if len(parts) == 1 and tier is None:
        return parts[0]
    # no two parts share a minute: they meet at hours, or where a whole minute begins or ends
    return concatenated(parts) if width == MINUTE.width else regrouped(parts, width)


def _is_whole(view: HistoryView, tier: Tier, start: int, end: int) -> bool:
    """Return whether a stretch is whole buckets of a tier, of hours of which nothing has been removed."""
    return start < end and not (start % tier.width or end % tier.width) and hour_of(start) >= view.thinned_before


def _hours_and_ends(view: HistoryView, tag: TagInFile, start: int, end: int) -> list[Buckets]:
    first, last = -(-start // HOUR_NS) * HOUR_NS, end // HOUR_NS * HOUR_NS
    if first >= last:
        return _left(view, tag, start, end, width=MINUTE.width, tier=MINUTE)
    return [
        *_left(view, tag, start, first, width=MINUTE.width, tier=MINUTE),
        *_parts(view, tag, first, last, width=HOUR.width, tier=HOUR),
        *_left(view, tag, last, end, width=MINUTE.width, tier=MINUTE),
    ]


def _left(view: HistoryView, tag: TagInFile, start: int, end: int, *, width: int, tier: Tier | None) -> list[Buckets]:
    """Return a stretch of which some days may have hours only; `tier` is MINUTE or None."""
    found = []
    for begin, finish, has_minutes in stretches(view, tag, start, end):
        if has_minutes:
            found += _parts(view, tag, begin, finish, width=width, tier=tier)
        else:
            hours = regrouped(hours_left(view, tag, begin, finish), width)
            found.append(_joined(hours, _samples(view, tag, begin, finish, width), width))
    return found


def _parts(view: HistoryView, tag: TagInFile, start: int, end: int, *, width: int, tier: Tier | None) -> list[Buckets]:
    if tier is None:
        return [_from_samples(view, tag, start, end, width)]
    return [part for stretch in _stretches(view, tag, start, end, tier) for part in stretch]


def _stretches(view: HistoryView, tag: TagInFile, start: int, end: int, tier: Tier) -> Iterator[list[Buckets]]:
    """Yield the parts in the order of time: rollups, and the samples of hours in which some are loose."""
    position = start
    for hour in view.loose_hours(tag, start, end):
        begin, finish = max(start, hour * HOUR_NS), min(end, (hour + 1) * HOUR_NS)
        yield _compacted(view, tag, position, begin, tier)
        yield _left(view, tag, begin, finish, width=tier.width, tier=None)
        position = finish
    yield _compacted(view, tag, position, end, tier)


def _compacted(view: HistoryView, tag: TagInFile, start: int, end: int, tier: Tier | None) -> list[Buckets]:
    """Return a stretch without loose samples: whole buckets of a tier, its ragged ends from the next finer one."""
    if end <= start:
        return []
    if tier is None:
        return [_from_samples(view, tag, start, end, MINUTE.width, has_loose=False)]
    first, last = -(-start // tier.width) * tier.width, end // tier.width * tier.width
    finer = MINUTE if tier is HOUR else None
    if first >= last:
        return _compacted(view, tag, start, end, finer)
    return [
        *_compacted(view, tag, start, first, finer),
        *_from_tier(view, tag, first, last, tier),
        *_compacted(view, tag, last, end, finer),
    ]


def _from_samples(
    view: HistoryView, tag: TagInFile, start: int, end: int, width: int, *, has_loose: bool = True
) -> Buckets:
    """Return buckets of the samples, and of the minutes of hours that have none any more."""
    left = regrouped(minutes_left(view, tag, start, end), width)
    return _joined(left, _samples(view, tag, start, end, width, has_loose=has_loose), width)


def _samples(view: HistoryView, tag: TagInFile, start: int, end: int, width: int, *, has_loose: bool = True) -> Buckets:
    parts, position = [], start
    for hour in view.loose_hours(tag, start, end) if has_loose else []:
        begin, finish = max(start, hour * HOUR_NS), min(end, (hour + 1) * HOUR_NS)
        parts.append(_settled(view, tag, position, begin, width))
        parts.append(_bucketed(view.samples(tag, begin, finish), width))
        position = finish
    parts.append(_settled(view, tag, position, end, width))
    filled = [part for part in parts if len(part)]
    return filled[0] if len(filled) == 1 else regrouped(filled, width)


def _settled(view: HistoryView, tag: TagInFile, start: int, end: int, width: int) -> Buckets:
    """Return a stretch without loose samples."""
    parts = []
    try:
        for chunks in view.compacted_chunks(tag, start, end) if start < end else ():
            time, value, status = view.columns.read(chunks, view.compacted_stamps)
            first, last = time.searchsorted(np.array((start, end), np.int64)).tolist()
            parts.append(bucketed(time[first:last], value[first:last], status[first:last], width))
    except CodecError:  # this tells it, and marks what is lost
        return _bucketed(view.samples(tag, start, end, has_loose=False), width)
    return parts[0] if len(parts) == 1 else regrouped(parts, width)


def _bucketed(samples: Samples, width: int) -> Buckets:
    return bucketed(samples.time, converted(samples.value, "f"), samples.status, width)


def _joined(one: Buckets, other: Buckets, width: int) -> Buckets:
    if len(one) and len(other):
        return overlaid(one, other, width)
    return one if len(one) else other


def _from_tier(view: HistoryView, tag: TagInFile, start: int, end: int, tier: Tier) -> list[Buckets]:
    try:
        return [view.pages.between(view.connection, tag.number, tier, start, end)]
    except CodecError as error:
        view.tell_damage(f"rollup of tag {tag.number} from {start} on: {error}")
        return [_from_samples(view, tag, start, end, tier.width)]
