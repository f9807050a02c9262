"""What a tag was between its samples: stretches of time in each of which it is known how the value ran.

A value that is a state or a counter holds until the next sample; between two good samples of a measured value it runs
along the line between them, as OPC 10000-13 has it for a tag that is not stepped. A sample that is not good begins a
stretch of which nothing is known; a good value before it holds up to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate.configuration import DEFAULT
from app.history.aggregate.judged_samples import is_usable
from app.model.block import TimeArray, ValueArray
from app.model.series import Series


@dataclass(frozen=True, slots=True)
class Stretches:
    """Arrays of shape (n,), in rising time: stretches in which the value is good, and nothing of the rest.

    `first`, `last`: float64, the value at both ends. `duration`: int64 ns, more than 0. `starts`: whether the value had
    another good value before, so that here it changed; `rises`: whether that one was 0.
    """

    first: ValueArray
    last: ValueArray
    duration: NDArray[np.int64]
    starts: NDArray[np.bool_]
    rises: NDArray[np.bool_]

    @property
    def good_ns(self) -> int:
        """Return for how long the value was good, ns."""
        return int(self.duration.sum())

    @property
    def area(self) -> float:
        """Return the area under the value, in its unit times ns."""
        return float(((self.first + self.last) * 0.5 * self.duration).sum())

    def beyond(self, limit: float, *, is_above: bool) -> float:
        """Return for how many ns the value was above, or below, a limit; at the limit is within it."""
        sign = 1.0 if is_above else -1.0
        first, last = sign * (self.first - limit), sign * (self.last - limit)
        low, high = np.minimum(first, last), np.maximum(first, last)
        width = np.where(high > low, high - low, 1.0)
        share = np.where(high > low, np.clip(high / width, 0.0, 1.0), (high > 0).astype(np.float64))
        return float((share * self.duration).sum())


def stretches(series: Series, begin: int, end: int, *, is_stepped: bool, held: int) -> Stretches:
    """Return the stretches of begin <= t < end (ns UTC).

    `series`: the samples in there with those around it that the values at its ends need. `held`: up to then (ns UTC)
    the last sample is known to hold.
    """
    if not len(series):
        nothing, none = np.empty(0, np.float64), np.empty(0, np.bool_)
        return Stretches(nothing, nothing, np.empty(0, np.int64), none, none)
    is_good = is_usable(series, DEFAULT)
    ends = np.append(series.time[1:], max(held, int(series.time[-1])))
    inside = slice(int(ends.searchsorted(begin, "right")), int(series.time.searchsorted(end, "left")))
    time, ends, first = series.time[inside], ends[inside], series.value[inside]
    last = first.copy() if is_stepped else _reached(series, is_good)[inside]
    starts, rises = _changes(series.value, is_good) if is_stepped else (np.zeros(len(series), np.bool_),) * 2
    keep = is_good[inside] & (ends > time)
    columns = [time, ends, first, last, starts[inside] & (time >= begin), rises[inside] & (time >= begin)]
    if not keep.all():
        columns = [column[keep] for column in columns]
    return _cut(*columns, begin=begin, end=end)


def _reached(series: Series, is_good: NDArray[np.bool_]) -> ValueArray:
    """Return the value at the end of each stretch: that of the next sample, where it is good."""
    found = np.append(series.value[1:], series.value[-1])
    if not is_good.all():
        held = np.append(~is_good[1:], False)
        found[held] = series.value[held]
    return found


def _cut(  # noqa: PLR0917 - the columns of one table
    time: TimeArray,
    ends: TimeArray,
    first: ValueArray,
    last: ValueArray,
    starts: NDArray[np.bool_],
    rises: NDArray[np.bool_],
    *,
    begin: int,
    end: int,
) -> Stretches:
    """Return stretches without what lies outside of begin <= t < end: only the first and the last reach beyond."""
    if not len(time):
        return Stretches(first, last, np.empty(0, np.int64), starts, rises)
    low, high = max(int(time[0]), begin), min(int(ends[-1]), end)
    duration = ends - time
    slopes = [(last[row] - first[row]) / max(int(duration[row]), 1) for row in (0, -1)]
    early, late = first[0] + slopes[0] * (low - int(time[0])), first[-1] + slopes[1] * (high - int(time[-1]))
    duration[0] -= low - int(time[0])
    duration[-1] -= int(ends[-1]) - high
    if low > time[0]:
        first = first.copy()
        first[0] = early
    if high < ends[-1]:
        last = last.copy()
        last[-1] = late
    return Stretches(first, last, duration, starts, rises)


def _changes(values: ValueArray, is_good: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return at which samples a good value is another one than the good value before it, and where that one was 0."""
    changes, rises = np.zeros(len(values), np.bool_), np.zeros(len(values), np.bool_)
    rows = np.flatnonzero(is_good)
    changes[rows[1:]] = values[rows[1:]] != values[rows[:-1]]
    rises[rows[1:]] = changes[rows[1:]] & (values[rows[:-1]] == 0)
    return changes, rises
