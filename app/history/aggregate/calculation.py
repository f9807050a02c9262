"""Calculates an aggregate (OPC 10000-13), or values at given instants (OPC 10000-11, 6.5.5), from a tag's samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate import average, counting, deviation, duration, ends, extreme, quality
from app.history.aggregate.bound import interpolated_bounds, simple_bounds
from app.history.aggregate.configuration import DEFAULT, AggregateConfiguration
from app.history.aggregate.interval import Intervals, intervals
from app.history.aggregate.judged_samples import JudgedSamples, judged
from app.history.aggregate.kind import Aggregate
from app.history.aggregate.processed_read import Outcome, ProcessedRead
from app.model import status
from app.model.block import TimeArray, ValueArray
from app.model.series import Series
from app.model.status import StatusArray


def aggregate(
    series: Series,
    kind: Aggregate,
    start: int,
    end: int,
    interval: int,
    *,
    configuration: AggregateConfiguration = DEFAULT,
    is_stepped: bool = False,
    covered: int | None = None,
) -> Series:
    """Return one value per interval of `interval` ns (0: one for all) from `start` up to `end` (ns UTC).

    `series`: the samples from `start` to `end`, the last one before (as many as it takes to reach a value, or two for
    sloped extrapolation) and the first one from `end` on (likewise); where these are missing, the data begin or end.
    `is_stepped`: whether values hold until the next one; for TimeAverage and Total the standard has no steps.
    `covered`: up to where the last value is known to hold though no sample says so; the data end there.

    The time of a value is its interval's start, or that of a sample for MinimumActualTime, MaximumActualTime, Start and
    End. A bad result has no value (NaN); before the data and behind them it is Bad_NoData. The bit Partial is set where
    the data begin or end within the interval, and for a shorter last interval behind which there are more data;
    ExtraData never is. WorstQuality gives a StatusCode as a number. What infinite samples make no number of is
    Bad_AggregateInvalidInputs.

    Raise ValueError where there are no intervals, or too many.
    """
    divided = intervals(start, end, interval)
    samples = judged(series, configuration, covered)
    if not len(samples.time):
        return _nothing(divided.start)
    with np.errstate(invalid="ignore", over="ignore"):
        outcome = _METHODS[kind](ProcessedRead(samples, divided, configuration, is_stepped))
    return _finished(outcome, kind, samples, divided)


def interpolate(
    series: Series,
    times: TimeArray,
    *,
    configuration: AggregateConfiguration = DEFAULT,
    is_stepped: bool = False,
    covered: int | None = None,
    uses_simple_bounds: bool = False,
) -> Series:
    """Return the value at each of `times` (int64 ns UTC, strictly rising): raw where a sample is, else interpolated.

    `series`: samples from before the first time to behind the last, as for `aggregate`. With `uses_simple_bounds` a
    value is not carried over a bad sample (3.1.9), else the nearest samples with a value are joined (3.1.8). Raise
    ValueError for times that do not rise.
    """
    if len(times) > 1 and not (times[1:] > times[:-1]).all():
        raise ValueError("the times do not rise")
    samples = judged(series, configuration, covered)
    with np.errstate(invalid="ignore", over="ignore"):
        if uses_simple_bounds:
            bounds = simple_bounds(samples, times, is_stepped=is_stepped)
        else:
            bounds = interpolated_bounds(samples, times, configuration=configuration, is_stepped=is_stepped)
    return _series(times, bounds.value, bounds.status)


def _interpolative(read: ProcessedRead) -> Outcome:
    bounds = interpolated_bounds(
        read.samples, read.intervals.start, configuration=read.configuration, is_stepped=read.is_stepped
    )
    return Outcome(bounds.value, bounds.status)


_METHODS: Mapping[Aggregate, Callable[[ProcessedRead], Outcome]] = {
    Aggregate.INTERPOLATIVE: _interpolative,
    Aggregate.AVERAGE: average.average,
    Aggregate.TIME_AVERAGE: average.time_average,
    Aggregate.TIME_AVERAGE_2: average.time_average_2,
    Aggregate.TOTAL: average.total,
    Aggregate.TOTAL_2: average.total_2,
    Aggregate.MINIMUM: extreme.minimum,
    Aggregate.MAXIMUM: extreme.maximum,
    Aggregate.MINIMUM_ACTUAL_TIME: extreme.minimum_actual_time,
    Aggregate.MAXIMUM_ACTUAL_TIME: extreme.maximum_actual_time,
    Aggregate.RANGE: extreme.range_of,
    Aggregate.COUNT: counting.count,
    Aggregate.NUMBER_OF_TRANSITIONS: counting.number_of_transitions,
    Aggregate.DURATION_IN_STATE_ZERO: duration.duration_in_state_zero,
    Aggregate.DURATION_IN_STATE_NON_ZERO: duration.duration_in_state_non_zero,
    Aggregate.DURATION_GOOD: duration.duration_good,
    Aggregate.DURATION_BAD: duration.duration_bad,
    Aggregate.PERCENT_GOOD: duration.percent_good,
    Aggregate.PERCENT_BAD: duration.percent_bad,
    Aggregate.START: ends.start,
    Aggregate.END: ends.end,
    Aggregate.DELTA: ends.delta,
    Aggregate.START_BOUND: ends.start_bound,
    Aggregate.END_BOUND: ends.end_bound,
    Aggregate.DELTA_BOUNDS: ends.delta_bounds,
    Aggregate.WORST_QUALITY: quality.worst_quality,
    Aggregate.STANDARD_DEVIATION_SAMPLE: deviation.standard_deviation_sample,
    Aggregate.VARIANCE_SAMPLE: deviation.variance_sample,
    Aggregate.STANDARD_DEVIATION_POPULATION: deviation.standard_deviation_population,
    Aggregate.VARIANCE_POPULATION: deviation.variance_population,
}
_NEVER_PARTIAL = frozenset({Aggregate.INTERPOLATIVE, Aggregate.AVERAGE})


def _finished(outcome: Outcome, kind: Aggregate, samples: JudgedSamples, divided: Intervals) -> Series:
    code = outcome.status
    time = divided.start if outcome.time is None else outcome.time
    if kind is not Aggregate.INTERPOLATIVE:
        is_outside = (divided.end <= samples.first) | (divided.start > samples.last)
        code = np.where(is_outside, np.uint32(status.BAD_NO_DATA), code)
        time = np.where(is_outside, divided.start, time)
    series = _series(time, outcome.value, code)
    if kind in _NEVER_PARTIAL:
        return series
    partial = np.where(_is_partial(samples, divided), np.uint32(status.PARTIAL), np.uint32(status.GOOD))
    return Series(series.time, series.value, series.status | partial)


def _is_partial(samples: JudgedSamples, divided: Intervals) -> NDArray[np.bool_]:
    """Return which intervals the data begin or end in, or do not fill (5.3.3.2)."""
    begins = (divided.start < samples.first) & (samples.first < divided.end)
    ends_within = (divided.start <= samples.last) & (samples.last < divided.end)
    found: NDArray[np.bool_] = begins | ends_within
    if divided.is_uneven and samples.last >= divided.edges[-1] and samples.first < divided.edges[-1]:
        found[-1] = True
    return found


def _series(time: TimeArray, value: ValueArray, code: StatusArray) -> Series:
    """Return the results; those that are not bad have a number."""
    is_bad = code >= status.BAD
    code = np.where(np.isnan(value) & ~is_bad, np.uint32(status.BAD_AGGREGATE_INVALID_INPUTS), code)
    return Series(time, np.where(is_bad, np.nan, value), code)


def _nothing(time: TimeArray) -> Series:
    return Series(time, np.full(len(time), np.nan), np.full(len(time), status.BAD_NO_DATA, np.uint32))
