"""What a tag did between two instants, in numbers: extremes, means, spread, how long it was on, and how good it was.

Each number is an aggregate of OPC 10000-13 over the samples of the history. Long spans are read a day at a time, so the
memory needed does not grow, and the days are put together: sums and durations add up, variances by Chan, Golub and
LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.history.aggregate.calculation import aggregate
from app.history.aggregate.configuration import DEFAULT
from app.history.aggregate.interval import intervals
from app.history.aggregate.kind import Aggregate
from app.history.aggregate_read import SLICE, search_of, slices_of
from app.history.gap import Gap
from app.history.reader import HistoryReader
from app.model.clock import NS_PER_S
from app.model.series import Series
from app.model.status import BAD, UNCERTAIN

_MS_PER_S = 1_000
_ENVELOPE_BUCKETS = 2_000


@dataclass(slots=True)
class SpanStatistics:
    """The numbers of one tag over start <= t < end (int64 ns UTC), in the tag's unit; NaN where there is none.

    `first`, `last`: the values that held at the ends. `mean`, `deviation` (of the sample, n - 1): of the good samples.
    `time_mean`: weighted by how long each value held, time without a value left out. `on_s`: for how long it was good
    and not zero. `bad_s`: for how long it was bad. `good`, `uncertain`, `bad`: numbers of samples. `hours_without`:
    hours whose samples are no longer kept; they count for `minimum` and `maximum` alone.
    """

    tag: str
    start: int
    end: int
    first: float = math.nan
    last: float = math.nan
    minimum: float = math.nan
    maximum: float = math.nan
    mean: float = math.nan
    time_mean: float = math.nan
    deviation: float = math.nan
    on_s: float = 0.0
    bad_s: float = 0.0
    good: int = 0
    uncertain: int = 0
    bad: int = 0
    hours_without: int = 0

    @property
    def delta(self) -> float:
        """Return by how much the value changed from the start to the end."""
        return self.last - self.first


def read_statistics(
    reader: HistoryReader, tag: str, start: int, end: int, *, is_stepped: bool = False
) -> SpanStatistics:
    """Return the statistics of a tag; `is_stepped`: whether its values hold until the next one.

    The last value holds for as long as anything of the plant was stored after it: many servers tell changes alone.
    Raise ValueError for an empty span, DatabaseError where the file cannot be read or the reader was interrupted.
    """
    divided = intervals(start, end, min(end - start, SLICE))
    gaps = reader.gaps(0, end)
    search = search_of(reader, tag, gaps=gaps, reach=end - start)
    extent = reader.extent()
    fold = _Fold(SpanStatistics(tag, start, end), is_stepped, covered=start if extent is None else extent[1])
    for series, begin, until in slices_of(search, divided):
        fold.add(series, begin, until, gaps)
    found = fold.result
    hours = reader.hours_without_samples(tag, start, end)
    if hours:
        found.hours_without = len(hours)
        envelope = reader.envelope([tag], start, end, _ENVELOPE_BUCKETS)[tag]
        found.minimum = _least(found.minimum, *envelope.minimum.tolist())
        found.maximum = -_least(-found.maximum, *(-envelope.maximum).tolist())
    return found


class _Fold:
    """Puts the aggregates of stretches together."""

    def __init__(self, result: SpanStatistics, is_stepped: bool, *, covered: int) -> None:  # noqa: FBT001 - of this module alone
        self.result = result
        self._covered = covered
        self._is_stepped = is_stepped
        self._counted = 0
        self._squares = 0.0
        self._weight = 0.0

    def add(self, series: Series, begin: int, until: int, gaps: list[Gap]) -> None:
        """Take one stretch of time with the samples that it needs."""

        def value(kind: Aggregate) -> float:
            made = aggregate(
                series, kind, begin, until, 0, configuration=DEFAULT, is_stepped=self._is_stepped, covered=self._covered
            )
            return float(made.value[0])

        found = self.result
        if begin == found.start:
            found.first = value(Aggregate.START_BOUND)
        if until == found.end:
            found.last = value(Aggregate.END_BOUND)
        found.minimum = _least(found.minimum, value(Aggregate.MINIMUM))
        found.maximum = -_least(-found.maximum, -value(Aggregate.MAXIMUM))
        found.on_s += _or_zero(value(Aggregate.DURATION_IN_STATE_NON_ZERO)) / _MS_PER_S
        bad_s = _or_zero(value(Aggregate.DURATION_BAD)) / _MS_PER_S
        found.bad_s += bad_s
        self._take_time_mean(value(Aggregate.TIME_AVERAGE_2), self._known_s(series, begin, until) - bad_s)
        self._take_mean(_count(value(Aggregate.COUNT)), value(Aggregate.AVERAGE), value(Aggregate.VARIANCE_POPULATION))
        self._take_qualities(series, begin, until, gaps)

    def _known_s(self, series: Series, begin: int, until: int) -> float:
        """Return up to where there are data, seconds from `begin`: what comes later is not known, nor counted."""
        end = max(int(series.time[-1]) if len(series) else begin, self._covered)
        return max(min(until, end) - begin, 0) / NS_PER_S

    def _take_time_mean(self, mean: float, weight: float) -> None:
        if math.isfinite(mean) and weight > 0:
            former = self.result.time_mean if self._weight else 0.0
            self._weight += weight
            self.result.time_mean = former + (mean - former) * weight / self._weight

    def _take_mean(self, count: int, mean: float, variance: float) -> None:
        if not count or not math.isfinite(mean):
            return
        former = self.result.mean if self._counted else 0.0
        total = self._counted + count
        step = mean - former
        self._squares += variance * count + step * step * self._counted * count / total
        self.result.mean = former + step * count / total
        self._counted = total
        self.result.deviation = math.sqrt(self._squares / max(total - 1, 1))

    def _take_qualities(self, series: Series, begin: int, until: int, gaps: list[Gap]) -> None:
        """Count samples by their severity, but not the marks that stand where the collector stopped."""
        low, high = np.searchsorted(series.time, (begin, until)).tolist()
        codes, times = series.status[low:high], series.time[low:high]
        if gaps:
            is_mark = np.isin(times, [gap.start for gap in gaps]) & np.isnan(series.value[low:high])
            codes = codes[~is_mark]
        bad = int(np.count_nonzero(codes >= np.uint32(BAD)))
        uncertain = int(np.count_nonzero(codes >= np.uint32(UNCERTAIN))) - bad
        self.result.bad += bad
        self.result.uncertain += uncertain
        self.result.good += len(codes) - bad - uncertain


def _least(*values: float) -> float:
    return min((value for value in values if not math.isnan(value)), default=math.nan)


def _or_zero(value: float) -> float:
    return 0.0 if math.isnan(value) else value


def _count(value: float) -> int:
    return 0 if math.isnan(value) else int(value)
