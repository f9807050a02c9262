"""One processed read: the samples of a tag, its intervals, and how they are to be understood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate.configuration import AggregateConfiguration
from app.history.aggregate.interval import Intervals
from app.history.aggregate.judged_samples import JudgedSamples
from app.history.aggregate.segment import IndexArray, counted
from app.model.block import TimeArray, ValueArray
from app.model.status import Severity, StatusArray


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an aggregate makes of each interval; arrays of shape (m,).

    `value`: float64, of no meaning where `status` (uint32, with the bits that the aggregate itself sets) is bad.
    `time`: int64 ns UTC, None where it is the interval's start.
    """

    value: ValueArray
    status: StatusArray
    time: TimeArray | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The raw samples of one severity in the intervals; arrays of shape (k,).

    `index`: where in the samples. `value`: float64. Those of interval j are rows low[j]:high[j] (shape (m,)).
    """

    index: IndexArray
    value: ValueArray
    low: IndexArray
    high: IndexArray

    @property
    def count(self) -> NDArray[np.int64]:
        """Return how many there are in each interval, shape (m,)."""
        return (self.high - self.low).astype(np.int64)


@dataclass(frozen=True, slots=True)
class ProcessedRead:
    """What an aggregate is calculated from.

    `is_stepped`: whether a value holds until the next one (states) or the line between two samples is what was.
    """

    samples: JudgedSamples
    intervals: Intervals
    configuration: AggregateConfiguration
    is_stepped: bool

    def rows(self) -> tuple[IndexArray, IndexArray]:
        """Return the first raw sample of each interval and the one behind its last, shape (m,)."""
        edges = np.searchsorted(self.samples.time[: self.samples.count], self.intervals.edges)
        return edges[:-1], edges[1:]

    def chosen(self, severity: Severity) -> Chosen:
        """Return the raw samples of one severity that lie in any interval."""
        low, high = self.rows()
        begin, end = int(low[0]), int(high[-1])
        value = self.samples.value[begin:end]
        if self.samples.is_good and severity is Severity.GOOD:
            return Chosen(np.arange(begin, end), value, low - begin, high - begin)
        found = np.flatnonzero(self.samples.severity[begin:end] == severity)
        index = found + begin
        return Chosen(index, value[found], np.searchsorted(index, low), np.searchsorted(index, high))

    def count_of(self, severity: Severity) -> NDArray[np.int64]:
        """Return how many raw samples of one severity lie in each interval, shape (m,)."""
        low, high = self.rows()
        if self.samples.is_good:
            return (high - low).astype(np.int64) * (severity is Severity.GOOD)
        return counted(self.samples.severity == severity, low, high)
