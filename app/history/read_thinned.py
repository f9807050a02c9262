"""What is left of hours whose samples have gone: their minutes, and when those have gone too, the hours themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from app.history.codec import CodecError
from app.history.layout import HOUR_NS, position_of, tag_key
from app.history.rollup import HOUR, MINUTE, Buckets, Tier
from app.history.view import HistoryView, TagInFile


def stretches(view: HistoryView, tag: TagInFile, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield start <= time < end (ns UTC) in parts as (start, end, whether there may be minutes), split between days."""
    day_ns = MINUTE.page_ns
    position = start
    if start // HOUR_NS < view.thinned_before:
        first, last = start // day_ns, min(end - 1, view.thinned_before * HOUR_NS - 1) // day_ns
        rows = view.connection.execute(
            "SELECT id FROM minute_rollup WHERE id BETWEEN ? AND ?",
            (tag_key(tag.number, first), tag_key(tag.number, last)),
        ).fetchall()
        present = {position_of(key) for (key,) in rows}
        for has_minutes, days in groupby(range(first, last + 1), lambda day: day in present):
            finish = min(end, (list(days)[-1] + 1) * day_ns)
            yield position, finish, has_minutes
            position = finish
    if position < end:
        yield position, end, True


def minutes_left(view: HistoryView, tag: TagInFile, start: int, end: int) -> list[Buckets]:
    """Return the minutes that hold any of start <= time < end (ns UTC), of hours that have no samples any more."""
    found = []
    for day, hours in groupby(view.thinned_hours(tag, start, end), lambda hour: hour * HOUR_NS // MINUTE.page_ns):
        minutes = _page(view, tag, MINUTE, day)
        for hour in hours:
            begin = max(hour * HOUR_NS, start // MINUTE.width * MINUTE.width)
            found += [page.between(begin, min((hour + 1) * HOUR_NS, end)) for page in minutes]
    return found


def hours_left(view: HistoryView, tag: TagInFile, start: int, end: int) -> list[Buckets]:
    """Return the hours that hold any of start <= time < end (ns UTC)."""
    first, last = start // HOUR.page_ns, (end - 1) // HOUR.page_ns
    pages = [page for number in range(first, last + 1) for page in _page(view, tag, HOUR, number)]
    return [page.between(start // HOUR_NS * HOUR_NS, end) for page in pages]


def _page(view: HistoryView, tag: TagInFile, tier: Tier, number: int) -> list[Buckets]:
    try:
        return view.pages.pages(view.connection, tag.number, tier, number, number)
    except CodecError as error:
        view.tell_damage(f"rollup {number} of tag {tag.number}: {error}")
        return []
