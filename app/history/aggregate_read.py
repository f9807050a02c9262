"""Reads aggregates and interpolated values of tags from the history, with the samples around that they need."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

import numpy as np

from app.history.aggregate.calculation import aggregate, interpolate
from app.history.aggregate.configuration import DEFAULT, AggregateConfiguration
from app.history.aggregate.interval import Intervals, intervals
from app.history.aggregate.kind import Aggregate
from app.history.bound_search import BoundSearch, joined
from app.history.gap import Gap
from app.history.gap_marking import GapMarkingReader
from app.history.reader import HistoryReader
from app.model.block import TimeArray
from app.model.clock import NS_PER_S
from app.model.series import Series

SLICE = 24 * 3600 * NS_PER_S
NEIGHBOURHOOD = 3600 * NS_PER_S


def read_aggregate(  # noqa: PLR0917 - what a processed read names, in the standard's order
    reader: HistoryReader,
    tags: Sequence[str],
    kind: Aggregate,
    start: int,
    end: int,
    interval: int,
    *,
    configuration: AggregateConfiguration = DEFAULT,
    stepped: Collection[str] = (),
    covered: int | None = None,
    gaps: Sequence[Gap] = (),
) -> dict[str, Series]:
    """Return an aggregate of each tag, one value per interval of `interval` ns (0: one) from `start` to `end` (ns UTC).

    `stepped`: the tags whose values hold until the next one (states). `covered`: up to where the last value of a tag is
    known to hold without a further sample, as where others of the plant were stored since. `gaps`: all that is known
    of up to `end`; where nothing was collected, every tag is bad until its next sample. For the rest see
    `app.history.aggregate.calculation.aggregate`.

    The last sample before `start`, and the last with a value, are searched for backwards in stretches that grow
    (`app.history.bound_search`), the first behind `end` likewise. Long spans are read a day, or an interval, at a time.
    Raise ValueError where there are no intervals or too many, DatabaseError where the file cannot be read.
    """
    divided = intervals(start, end, interval)
    extent, marking = reader.extent(), GapMarkingReader(reader, gaps)
    reach = int(divided.edges[1] - divided.edges[0])
    found = {}
    for tag in tags:
        search = _search(marking, tag, configuration, extent, reach=reach)
        if kind is Aggregate.INTERPOLATIVE:
            found[tag] = _interpolated(search, divided.start, is_stepped=tag in stepped, covered=covered)
            continue
        parts = (
            aggregate(
                series,
                kind,
                begin,
                until,
                interval,
                configuration=configuration,
                is_stepped=tag in stepped,
                covered=covered,
            )
            for series, begin, until in slices_of(search, divided)
        )
        found[tag] = joined(*parts)
    return found


def read_interpolated(
    reader: HistoryReader,
    tags: Sequence[str],
    times: TimeArray,
    *,
    configuration: AggregateConfiguration = DEFAULT,
    stepped: Collection[str] = (),
    covered: int | None = None,
    gaps: Sequence[Gap] = (),
    uses_simple_bounds: bool = False,
) -> dict[str, Series]:
    """Return the value of each tag at each of `times` (int64 ns UTC, strictly rising), raw where there is a sample.

    Only the neighbourhood of the times is read, however far they are apart. For the rest see `read_aggregate` and
    `interpolate`; raise ValueError for times that do not rise, DatabaseError where the file cannot be read.
    """
    if (np.diff(times) <= 0).any():
        raise ValueError("the times do not rise")
    extent, marking = reader.extent(), GapMarkingReader(reader, gaps)
    return {
        tag: _interpolated(
            _search(marking, tag, configuration, extent, reach=0),
            times,
            is_stepped=tag in stepped,
            covered=covered,
            uses_simple_bounds=uses_simple_bounds,
        )
        for tag in tags
    }


def search_of(reader: HistoryReader, tag: str, *, gaps: Sequence[Gap], reach: int) -> BoundSearch:
    """Return what finds the samples of a tag and those around them that aggregates need."""
    return _search(GapMarkingReader(reader, gaps), tag, DEFAULT, reader.extent(), reach=reach)


def _search(
    reader: GapMarkingReader,
    tag: str,
    configuration: AggregateConfiguration,
    extent: tuple[int, int] | None,
    *,
    reach: int,
) -> BoundSearch:
    first, last = (0, -1) if extent is None else extent
    return BoundSearch(reader, tag, configuration, first=first, last=reader.last(last), reach=reach)


def _interpolated(
    search: BoundSearch,
    times: TimeArray,
    *,
    is_stepped: bool,
    covered: int | None,
    uses_simple_bounds: bool = False,
) -> Series:
    """Read the times in groups of neighbours of at most a day, so that what lies between distant ones is not read."""
    turns = np.flatnonzero((np.diff(times) > NEIGHBOURHOOD) | (np.diff(times // SLICE) != 0)) + 1
    parts = (
        interpolate(
            search.around(int(group[0]), int(group[-1]) + 1),
            group,
            configuration=search.configuration,
            is_stepped=is_stepped,
            covered=covered,
            uses_simple_bounds=uses_simple_bounds,
        )
        for group in np.split(times, turns)
        if len(group)
    )
    return joined(*parts)


def slices_of(search: BoundSearch, divided: Intervals) -> Iterator[tuple[Series, int, int]]:
    """Yield the samples for some intervals after another, with what is around, from where and to where they reach."""
    before: Series | None = None
    for begin, end in _stretches(divided):
        series = joined(search.before(begin) if before is None else before, search.up_to_value(begin, end))
        yield series, begin, end
        inside = slice(int(np.searchsorted(series.time, end)))
        before = search.last_of(Series(series.time[inside], series.value[inside], series.status[inside]))


def _stretches(divided: Intervals) -> Iterator[tuple[int, int]]:
    """Yield the ends of slices of whole intervals; a shorter last interval never stands alone."""
    edges = divided.edges
    step = max(1, int(SLICE // (edges[1] - edges[0])))
    turns = [*range(0, len(divided), step), len(divided)]
    if divided.is_uneven and len(turns) > 2 and turns[-1] - turns[-2] == 1:
        del turns[-2]
    for low, high in pairwise(turns):
        yield int(edges[low]), int(edges[high])
