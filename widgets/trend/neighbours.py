"""What lies around the points of a curve: the samples before and behind them, and where nothing was recorded.

A server that tells changes alone says nothing of a valve for hours: its curve comes from the last sample before the
stretch that is loaded, however long ago that was, and goes on to the first one behind it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.history.aggregate_read import search_of
from app.history.gap import Gap, GapReason
from app.history.reader import HistoryReader
from app.model.block import TimeArray
from app.model.series import Series, empty_series
from app.model.status import BAD_NO_DATA
from widgets.trend.decimate import Stretch, samples
from widgets.trend.trace import HistoryQuery

NEAR = 64
"""Where points begin and end within this part of what was asked for, none further away is looked for."""
_OTHERS_CAME = (GapReason.OVERLOAD, GapReason.CLOCK_STEP)


def with_neighbours(reader: HistoryReader, query: HistoryQuery, points: Stretch, *, is_past: bool) -> Stretch:
    """Return points with their neighbours, and a point without a value wherever a gap begins between them.

    `is_past`: whether samples behind the end of the query may be known already.
    """
    near = (query.end - query.start) // NEAR
    before = behind = empty_series()
    if not len(points) or points.time[0] > query.start + near:
        before = reader.raw(query.tag, _FIRST, query.start, limit=1)
    if is_past and (not len(points) or points.time[-1] < query.end - near):
        behind = search_of(reader, query.tag, gaps=(), reach=0).behind(query.end)
    whole = _after_one_another(samples(before), points, samples(behind))
    if not len(whole):
        return whole
    first, last = int(whole.time[0]), max(int(whole.time[-1]), query.end)
    return _interrupted(whole, _starts(reader.gaps(first, last), reader.number(query.tag), first, last))


_FIRST = int(np.iinfo(np.int64).min // 2)


def _after_one_another(*parts: Stretch) -> Stretch:
    filled = [part for part in parts if len(part)]
    if len(filled) == 1:
        return filled[0]
    if not filled:
        return samples(Series(np.empty(0, np.int64), np.empty(0), np.empty(0, np.uint32)))
    return Stretch(
        np.concatenate([part.time for part in filled]),
        np.concatenate([part.low for part in filled]),
        np.concatenate([part.high for part in filled]),
        np.concatenate([part.first for part in filled]),
        np.concatenate([part.last for part in filled]),
        np.concatenate([part.status for part in filled]),
    )


def _starts(gaps: Sequence[Gap], number: int | None, first: int, last: int) -> TimeArray:
    """Return where gaps of the tag, or of all tags, begin; where some samples were lost among others none does."""
    starts = {gap.start for gap in gaps if gap.reason not in _OTHERS_CAME and gap.tag in {None, number}}
    return np.array(sorted(start for start in starts if first < start < last), np.int64)


def _interrupted(points: Stretch, starts: TimeArray) -> Stretch:
    """Return the points and, at each of `starts` where there is none, one without a value."""
    places = np.searchsorted(points.time, starts)
    is_new = points.time[np.minimum(places, len(points) - 1)] != starts
    if not is_new.any():
        return points
    places, starts = places[is_new], starts[is_new]
    low, high, first, last = (
        np.insert(column, places, np.nan) for column in (points.low, points.high, points.first, points.last)
    )
    return Stretch(
        np.insert(points.time, places, starts),
        low,
        high,
        first,
        last,
        np.insert(points.status, places, np.uint32(BAD_NO_DATA)),
    )
