"""Minimum, maximum and mean of each interval of a long stretch, from samples that arrive slice by slice.

Only good and uncertain samples with a value count, as in the envelope of a trend; the mean is their arithmetic mean
(OPC 10000-13, aggregate Average). The status of an interval is the worst of all its samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.exchange.slices import Slice
from app.history.samples import converted
from app.model import status
from app.model.block import ValueArray
from app.model.exact import ExactSeries

Intervals: TypeAlias = NDArray[np.void]

FIELDS = np.dtype(
    [
        ("number", np.int64),
        ("minimum", np.float64),
        ("maximum", np.float64),
        ("total", np.float64),
        ("usable", np.int64),
        ("samples", np.int64),
        ("status", np.uint32),
    ]
)
"""One interval of one tag; `minimum` and `maximum` are +inf and -inf where no sample is usable."""


def mean(intervals: Intervals) -> ValueArray:
    """Return the mean of the usable samples of each interval, NaN where there are none."""
    filled = intervals["usable"] > 0
    found = np.full(len(intervals), np.nan)
    np.divide(intervals["total"], intervals["usable"], out=found, where=filled)
    return found


def extreme(intervals: Intervals, name: str) -> ValueArray:
    """Return "minimum" or "maximum" of each interval, NaN where no sample is usable."""
    return np.where(intervals["usable"] > 0, intervals[name], np.nan)


class IntervalFold:
    """Folds slices that follow one another into intervals of `width` ns counted from `origin` (ns UTC)."""

    def __init__(self, tags: int, *, width: int, origin: int) -> None:
        """Begin without samples of that many tags."""
        self.width = width
        self.origin = origin
        self._open = [np.empty(0, FIELDS) for _ in range(tags)]

    def take(self, piece: Slice) -> list[Intervals]:
        """Return, for each tag, the intervals that ended with or before this slice."""
        unfinished = (piece.end - self.origin) // self.width
        done = []
        for tag, series in enumerate(piece.series):
            both = _merged(np.concatenate([self._open[tag], self._fold(series)]))
            is_done = both["number"] < unfinished
            self._open[tag] = both[~is_done]
            done.append(both[is_done])
        return done

    def finish(self) -> list[Intervals]:
        """Return, for each tag, what is left: the interval in which the last slice ended."""
        rest = self._open
        self._open = [np.empty(0, FIELDS) for _ in rest]
        return rest

    def _fold(self, series: ExactSeries) -> Intervals:
        each = np.empty(len(series), FIELDS)
        value = converted(series.value, "f")
        is_usable = status.usable_mask(series.status) & ~np.isnan(value)
        each["number"] = (series.time - self.origin) // self.width
        each["minimum"] = np.where(is_usable, value, np.inf)
        each["maximum"] = np.where(is_usable, value, -np.inf)
        each["total"] = np.where(is_usable, value, 0.0)
        each["usable"] = is_usable
        each["samples"] = 1
        each["status"] = series.status
        return _merged(each)


def _merged(parts: Intervals) -> Intervals:
    """Return one row per number, where `parts` may have several neighbours of one number."""
    starts = np.flatnonzero(np.diff(parts["number"], prepend=parts["number"][:1] - 1))
    merged = np.empty(len(starts), FIELDS)
    if not len(starts):
        return merged
    merged["number"] = parts["number"][starts]
    merged["minimum"] = np.minimum.reduceat(parts["minimum"], starts)
    merged["maximum"] = np.maximum.reduceat(parts["maximum"], starts)
    merged["status"] = np.maximum.reduceat(parts["status"], starts)
    for name in ("total", "usable", "samples"):
        merged[name] = np.add.reduceat(parts[name], starts)
    return merged


def begins(numbers: Sequence[Intervals], *, width: int, origin: int) -> list[NDArray[np.int64]]:
    """Return the instants (ns UTC) at which the intervals of each tag begin."""
    return [intervals["number"] * width + origin for intervals in numbers]
