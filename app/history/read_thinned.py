"""What is left of hours whose samples have gone: their minutes, and when those have gone too, the hours themselves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from app.history.codec import CodecError
from app.history.layout import HOUR_NS, hour_of
from app.history.rollup import HOUR, MINUTE, Buckets, Tier, no_buckets
from app.history.view import HistoryView, TagInFile

_DAY_NS = MINUTE.page_ns


def stretches(view: HistoryView, tag: TagInFile, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield start <= time < end (ns UTC) in parts as (start, end, whether all hours have minutes), split at days."""
    position = start
    if hour_of(start) < view.thinned_before:
        first, last = start // _DAY_NS, min(end - 1, view.thinned_before * HOUR_NS - 1) // _DAY_NS
        lacking = _days_without_minutes(view, tag, first, last)
        for is_lacking, days in groupby(range(first, last + 1), lambda day: day in lacking):
            finish = min(end, (list(days)[-1] + 1) * _DAY_NS)
            yield position, finish, not is_lacking
            position = finish
    if position < end:
        yield position, end, True


def longest_in(view: HistoryView, tag: TagInFile, start: int, end: int, tier: Tier | None) -> int:
    """Return how many ns one bucket of a tier, or of samples, stands for at most where these have gone."""
    if hour_of(start) >= view.thinned_before:
        return tier.width if tier is not None else 0
    if tier is HOUR or not all(has_minutes for _, _, has_minutes in stretches(view, tag, start, end)):
        return HOUR.width
    return MINUTE.width if tier is MINUTE or view.thinned_hours(tag, start, end) else 0


def minutes_left(view: HistoryView, tag: TagInFile, start: int, end: int) -> list[Buckets]:
    """Return the minutes that hold any of start <= time < end (ns UTC), of hours that have no samples any more."""
    return _buckets(view, tag, start // MINUTE.width * MINUTE.width, end, tier=MINUTE)


def hours_left(view: HistoryView, tag: TagInFile, start: int, end: int) -> list[Buckets]:
    """Return the hours that hold any of start <= time < end (ns UTC) and have no samples any more."""
    return _buckets(view, tag, start // HOUR_NS * HOUR_NS, end, tier=HOUR)


def _buckets(view: HistoryView, tag: TagInFile, start: int, end: int, *, tier: Tier) -> list[Buckets]:
    found: list[Buckets] = []
    hours = view.thinned_hours(tag, start, end)
    for number, of_page in groupby(hours, lambda hour: hour * HOUR_NS // tier.page_ns):
        page = _page(view, tag, tier, number)
        found += [page.between(max(hour * HOUR_NS, start), min((hour + 1) * HOUR_NS, end)) for hour in of_page]
    return found


def _days_without_minutes(view: HistoryView, tag: TagInFile, first: int, last: int) -> set[int]:
    """Return the days with an hour of which neither samples nor minutes are left."""
    found = set()
    hours = view.thinned_hours(tag, first * _DAY_NS, (last + 1) * _DAY_NS)
    for day, of_day in groupby(hours, lambda hour: hour * HOUR_NS // _DAY_NS):
        known = set((_page(view, tag, MINUTE, day).time // HOUR_NS).tolist())
        if not known.issuperset(of_day):
            found.add(day)
    return found


def _page(view: HistoryView, tag: TagInFile, tier: Tier, number: int) -> Buckets:
    start = number * tier.page_ns
    try:
        return view.pages.between(view.connection, tag.number, tier, start, start + tier.page_ns)
    except CodecError as error:
        view.tell_damage(f"rollup {number} of tag {tag.number}: {error}")
        return no_buckets()
