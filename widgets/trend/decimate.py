"""Many samples as the few columns of a screen, without losing a spike.

A column is the time between two multiples of its width since 1970, never since the window's edge: while a trend
scrolls, the same samples stay together and the curve does not shimmer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.model.block import TimeArray, ValueArray
from app.model.series import Series
from app.model.status import BAD, UNCERTAIN, StatusArray

IndexArray = NDArray[np.int64]
Mask = NDArray[np.bool_]
NEVER = int(np.iinfo(np.int64).max)
_FEW_PER_COLUMN = 8


@dataclass(frozen=True, slots=True)
class Stretch:
    """Points of one tag: samples, or buckets of samples with their extremes; all of shape (n,).

    `time`: int64 ns UTC, increasing. `low`, `high`, `first`, `last`: float64 in the tag's unit, NaN where there is no
    value (for a sample all four are the same array). `status`: uint32, the worst of each bucket.
    """

    time: TimeArray
    low: ValueArray
    high: ValueArray
    first: ValueArray
    last: ValueArray
    status: StatusArray

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self.time)

    def between(self, start: int, end: int) -> Stretch:
        """Return the points with start <= time < end, without a copy."""
        return self.part(int(np.searchsorted(self.time, start)), int(np.searchsorted(self.time, end)))

    def part(self, start: int, end: int) -> Stretch:
        """Return the points from position `start` to before `end`, without a copy."""
        piece = slice(start, end)
        return Stretch(
            self.time[piece],
            self.low[piece],
            self.high[piece],
            self.first[piece],
            self.last[piece],
            self.status[piece],
        )


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column of the screen shows of one tag; columns without a value are left out; all of shape (n,).

    `index`: int64, the column's number: it holds the times from index * width on. `low`, `high`, `first`, `last`:
    float64 in the tag's unit, never NaN. `doubtful`: something in the column is uncertain or bad. `severed`: between
    this column and the one before it there was a bad value, or nothing for too long: they must not be joined.
    """

    index: IndexArray
    low: ValueArray
    high: ValueArray
    first: ValueArray
    last: ValueArray
    doubtful: Mask
    severed: Mask

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self.index)

    def between(self, start: int, end: int) -> Columns:
        """Return the columns with start <= index < end, without a copy."""
        return self.part(int(np.searchsorted(self.index, start)), int(np.searchsorted(self.index, end)))

    def reaching(self, start: int, end: int) -> Columns:
        """Return the same and, where a line leads there, the neighbour on each side: only the end that the line needs.

        So a stretch that is shorter than the time between two samples shows the line that crosses it.
        """
        first, last = int(np.searchsorted(self.index, start)), int(np.searchsorted(self.index, end))
        early = 0 < first < len(self) and not self.severed[first]
        late = 0 < last < len(self) and not self.severed[last]
        chosen = self.part(first - early, last + late)
        low, high = chosen.low.copy(), chosen.high.copy()
        if early:
            low[0] = high[0] = chosen.last[0]
        if late:
            low[-1] = high[-1] = chosen.first[-1]
        return replace(chosen, low=low, high=high)

    def part(self, start: int, end: int) -> Columns:
        """Return the columns from position `start` to before `end`, without a copy."""
        piece = slice(start, end)
        return Columns(
            self.index[piece],
            self.low[piece],
            self.high[piece],
            self.first[piece],
            self.last[piece],
            self.doubtful[piece],
            self.severed[piece],
        )


def no_columns() -> Columns:
    """Return Columns without any."""
    none, empty = np.empty(0, np.float64), np.empty(0, np.bool_)
    return Columns(np.empty(0, np.int64), none, none, none, none, empty, empty)


def samples(series: Series) -> Stretch:
    """Return samples as a Stretch, without a copy."""
    return Stretch(series.time, series.value, series.value, series.value, series.value, series.status)


def decimate(stretch: Stretch, width: int, *, longest_gap: int = NEVER) -> Columns:
    """Return the columns, `width` ns each, of a Stretch.

    Extremes are exact: the highest and the lowest usable value of every column are in it. A point whose status is bad
    or whose value is NaN is not drawn and severs its neighbours, as do more than `longest_gap` ns without a point.
    """
    if not len(stretch):
        return no_columns()
    worst = int(stretch.status.max())
    if worst < BAD:
        columns = _columns(stretch, None, width, longest_gap, worst=worst)
        # of NaN and a number the extremes are NaN: where no column has one, no point has, and none was looked at
        if not (np.isnan(columns.low).any() or np.isnan(columns.high).any()):
            return columns
    return _columns(stretch, np.flatnonzero(_usable(stretch)), width, longest_gap, worst=worst)


def _columns(stretch: Stretch, rows: NDArray[np.intp] | None, width: int, longest_gap: int, *, worst: int) -> Columns:
    """Return the columns of the points at `rows`, of all for None; `worst`: the worst code of any point."""
    chosen = stretch if rows is None else _rows(stretch, rows)
    if not len(chosen):
        return no_columns()
    starts, index = _column_starts(chosen.time, width)
    ends = np.append(starts[1:], len(chosen)) - 1
    severed = _far_apart(chosen.time, starts, index, width=width, longest_gap=longest_gap)
    edges, number = starts, len(chosen)
    if rows is not None:
        edges, number = rows[starts], int(rows[-1]) + 1
        severed[1:] |= edges[1:] - rows[ends[:-1]] > 1  # a point that cannot be drawn lies between
    return Columns(
        index=index,
        low=np.minimum.reduceat(chosen.low, starts),
        high=np.maximum.reduceat(chosen.high, starts),
        first=chosen.first[starts],
        last=chosen.last[ends],
        doubtful=np.zeros(len(edges), np.bool_) if worst < UNCERTAIN else _doubtful(stretch.status[:number], edges),
        severed=severed,
    )


def _doubtful(codes: StatusArray, edges: NDArray[np.intp]) -> Mask:
    """Return of each column whether one of its codes, bad ones included, is uncertain or bad."""
    worst: Mask = np.maximum.reduceat(codes, edges) >= np.uint32(UNCERTAIN)
    return worst


def _usable(stretch: Stretch) -> Mask:
    usable: Mask = (stretch.status < np.uint32(BAD)) & ~(np.isnan(stretch.low) | np.isnan(stretch.high))
    return usable


def _column_starts(time: TimeArray, width: int) -> tuple[NDArray[np.intp], IndexArray]:
    """Return the position of the first point of each column that has any, and the column's number."""
    first, last = int(time[0]) // width, int(time[-1]) // width
    if (last - first) * _FEW_PER_COLUMN > len(time):
        index = time // np.int64(width)
        found = np.flatnonzero(np.append(True, index[1:] != index[:-1]))
        return found, index[found]
    # many points per column: to seek the columns' edges is quicker than to divide each time
    index = np.arange(first, last + 1, dtype=np.int64)
    starts: NDArray[np.intp] = np.searchsorted(time, index * width)
    has_points = starts[1:] != starts[:-1]
    if has_points.all():
        return starts, index
    found = np.append(np.flatnonzero(has_points), len(starts) - 1)
    return starts[found], index[found]


def join(before: Columns, after: Columns) -> Columns:
    """Return the columns of two Stretches of one tag, the first of which ends before the second begins.

    Where both have points in one column they share it.
    """
    if not len(before) or not len(after):
        return before if len(before) else after
    if before.index[-1] != after.index[0]:
        return chain(before, after)
    seam = Columns(
        before.index[-1:],
        np.minimum(before.low[-1:], after.low[:1]),
        np.maximum(before.high[-1:], after.high[:1]),
        before.first[-1:],
        after.last[:1],
        before.doubtful[-1:] | after.doubtful[:1],
        before.severed[-1:],
    )
    return chain(before.part(0, len(before) - 1), seam, after.part(1, len(after)))


def chain(*parts: Columns) -> Columns:
    """Return columns one behind the other, as they are."""
    return Columns(
        np.concatenate([part.index for part in parts]),
        np.concatenate([part.low for part in parts]),
        np.concatenate([part.high for part in parts]),
        np.concatenate([part.first for part in parts]),
        np.concatenate([part.last for part in parts]),
        np.concatenate([part.doubtful for part in parts]),
        np.concatenate([part.severed for part in parts]),
    )


def _far_apart(time: TimeArray, starts: NDArray[np.intp], index: IndexArray, *, width: int, longest_gap: int) -> Mask:
    """Return before which columns there was no point for more than `longest_gap` ns."""
    far = np.zeros(len(starts), np.bool_)
    # most columns lie too near the one before: the times of few are looked up
    asked = np.flatnonzero(index[1:] - index[:-1] >= longest_gap // width) + 1
    later = starts[asked]
    far[asked] = time[later] - time[later - 1] > longest_gap
    return far


def _rows(stretch: Stretch, rows: NDArray[np.intp]) -> Stretch:
    low = stretch.low[rows]
    if stretch.high is stretch.low:
        return Stretch(stretch.time[rows], low, low, low, low, stretch.status[rows])
    return Stretch(
        stretch.time[rows],
        low,
        stretch.high[rows],
        stretch.first[rows],
        stretch.last[rows],
        stretch.status[rows],
    )
