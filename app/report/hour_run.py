"""Runs of hours that are told from what is kept of each, without reading their samples.

Between two neighbouring hours of a run the value goes from the last sample of the one to the first of the other, as it
would if both were read.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.history.bound_search import joined
from app.history.hour_sums import HourSums
from app.model.block import TimeArray, ValueArray
from app.model.series import Series
from app.model.status import GOOD
from app.report.stretch import Stretches

LEAST_HOURS = 4
"""To read a few hours is quicker than to begin anew behind them."""

Keep = Callable[[HourSums], NDArray[np.bool_]]
"""Says which hours are told rightly without their samples."""


def runs_of(
    hours: HourSums, marks: TimeArray, keep: Keep, thinned: NDArray[np.int64], *, is_state: bool
) -> Iterator[HourSums]:
    """Yield the runs of those hours that `keep` takes; of a state, `is_state`, those of one value.

    `marks`: rising instants (ns UTC) from which on nothing was collected. `thinned`: hours whose samples have gone; a
    run with one of them is never too short.
    """
    hours = hours.rows(keep(hours) & _is_between(marks, hours.begin, hours.end))
    if not len(hours):
        return
    is_next = (hours.hour[1:] == hours.hour[:-1] + 1) & _is_between(marks, hours.end[:-1], hours.begin[1:])
    if is_state:
        is_next &= hours.first[1:] == hours.last[:-1]
    turns = [0, *(np.flatnonzero(~is_next) + 1).tolist(), len(hours)]
    for first, last in pairwise(turns):
        run = hours.rows(slice(first, last))
        if len(run) >= LEAST_HOURS or np.isin(run.hour, thinned).any():
            yield run


def within(low: float, high: float) -> Keep:
    """Return what takes hours that lie wholly on one side of each limit, NaN for none; on a limit is within it."""

    def keep(hours: HourSums) -> NDArray[np.bool_]:
        found = np.ones(len(hours), np.bool_)
        if not math.isnan(high):
            found &= (hours.maximum <= high) | (hours.minimum > high)
        if not math.isnan(low):
            found &= (hours.minimum >= low) | (hours.maximum < low)
        return found

    return keep


def is_constant(hours: HourSums) -> NDArray[np.bool_]:
    """Return which hours have one value all through, in more than an instant."""
    found: NDArray[np.bool_] = (hours.minimum == hours.maximum) & (hours.end > hours.begin + 1)
    return found


def none(hours: HourSums) -> NDArray[np.bool_]:
    """Return that no hour is told without its samples."""
    return np.zeros(len(hours), np.bool_)


def is_rising(hours: HourSums) -> NDArray[np.bool_]:
    """Return in which hours the value never fell."""
    found: NDArray[np.bool_] = hours.falls == 0
    return found


def joints(run: HourSums) -> Stretches:
    """Return the stretches between the hours of a run."""
    none = np.zeros(len(run) - 1, np.bool_)
    return Stretches(run.last[:-1], run.first[1:], run.begin[1:] - run.end[:-1], none, none)


def ends_of(run: HourSums) -> Series:
    """Return the first and the last sample of each hour; of an hour with one sample, that one."""
    time, places = np.unique(np.stack((run.begin, run.end), axis=1), return_index=True)
    value = np.stack((run.first, run.last), axis=1).ravel()[places]
    return Series(time, value, np.full(len(time), GOOD, np.uint32))


def between(series: Series, before: HourSums | None, behind: HourSums | None) -> Series:
    """Return the samples between two runs, None for no run, with those that the runs end and begin with.

    They are in the runs also where they are no longer kept as samples.
    """
    first, last = 0, len(series)
    parts = []
    if before is not None:
        first = int(series.time.searchsorted(before.end[-1], "right"))
        parts.append(_sample(before.end[-1:], before.last[-1:]))
    if behind is not None:
        last = max(first, int(series.time.searchsorted(behind.begin[0], "left")))
    parts.append(Series(series.time[first:last], series.value[first:last], series.status[first:last]))
    if behind is not None:
        parts.append(_sample(behind.begin[:1], behind.first[:1]))
    return joined(*parts)


def _sample(time: TimeArray, value: ValueArray) -> Series:
    return Series(time, value, np.full(1, GOOD, np.uint32))


def _is_between(marks: TimeArray, start: TimeArray, end: TimeArray) -> NDArray[np.bool_]:
    """Return between which instants, both included, there is no mark."""
    found: NDArray[np.bool_] = marks.searchsorted(start, "left") == marks.searchsorted(end, "right")
    return found
