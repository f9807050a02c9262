"""Which aggregates there are (OPC 10000-13, Table 5), and what their results are measured in."""

from __future__ import annotations

from enum import StrEnum


class Aggregate(StrEnum):
    """An aggregate by the BrowseName of its AggregateFunction Object."""

    INTERPOLATIVE = "Interpolative"
    AVERAGE = "Average"
    TIME_AVERAGE = "TimeAverage"
    TIME_AVERAGE_2 = "TimeAverage2"
    TOTAL = "Total"
    TOTAL_2 = "Total2"
    MINIMUM = "Minimum"
    MAXIMUM = "Maximum"
    MINIMUM_ACTUAL_TIME = "MinimumActualTime"
    MAXIMUM_ACTUAL_TIME = "MaximumActualTime"
    RANGE = "Range"
    COUNT = "Count"
    DURATION_IN_STATE_ZERO = "DurationInStateZero"
    DURATION_IN_STATE_NON_ZERO = "DurationInStateNonZero"
    NUMBER_OF_TRANSITIONS = "NumberOfTransitions"
    START = "Start"
    END = "End"
    DELTA = "Delta"
    START_BOUND = "StartBound"
    END_BOUND = "EndBound"
    DELTA_BOUNDS = "DeltaBounds"
    DURATION_GOOD = "DurationGood"
    DURATION_BAD = "DurationBad"
    PERCENT_GOOD = "PercentGood"
    PERCENT_BAD = "PercentBad"
    WORST_QUALITY = "WorstQuality"
    STANDARD_DEVIATION_SAMPLE = "StandardDeviationSample"
    VARIANCE_SAMPLE = "VarianceSample"
    STANDARD_DEVIATION_POPULATION = "StandardDeviationPopulation"
    VARIANCE_POPULATION = "VariancePopulation"


_UNITS = {
    Aggregate.COUNT: "1",
    Aggregate.NUMBER_OF_TRANSITIONS: "1",
    Aggregate.DURATION_IN_STATE_ZERO: "ms",
    Aggregate.DURATION_IN_STATE_NON_ZERO: "ms",
    Aggregate.DURATION_GOOD: "ms",
    Aggregate.DURATION_BAD: "ms",
    Aggregate.PERCENT_GOOD: "%",
    Aggregate.PERCENT_BAD: "%",
    Aggregate.WORST_QUALITY: "",
}
_TOTALS = frozenset({Aggregate.TOTAL, Aggregate.TOTAL_2})
_SQUARES = frozenset({Aggregate.VARIANCE_SAMPLE, Aggregate.VARIANCE_POPULATION})


def unit_of(kind: Aggregate, unit: str) -> str:
    """Return the unit (UCUM) of an aggregate of values in `unit`, "" for none."""
    if kind in _TOTALS:
        return f"{unit}.s" if unit else "s"
    if kind in _SQUARES:
        return f"({unit})2" if unit else ""
    return _UNITS.get(kind, unit)
