"""Averages and totals over time and over samples (OPC 10000-13, 5.4.3.5 to 5.4.3.9)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate.processed_read import Outcome, ProcessedRead
from app.history.aggregate.segment import reduced
from app.history.aggregate.status_rule import by_doubt, by_share, calculated
from app.history.aggregate.timeline import interpolated_timeline, simple_timeline
from app.model.block import ValueArray
from app.model.status import Severity, StatusArray


def average(read: ProcessedRead) -> Outcome:
    """Return the mean of the good samples; the status by the share of good and bad samples."""
    good = read.chosen(Severity.GOOD)
    count = good.count
    total = reduced(np.add, good.value, good.low, good.high, empty=0.0)
    low, high = read.rows()
    codes = by_share(count, read.count_of(Severity.BAD), high - low, read.configuration)
    return Outcome(total / np.maximum(count, 1), calculated(codes, has_value=count > 0))


def time_average(read: ProcessedRead) -> Outcome:
    """Return the mean of the line through all samples with a value, from bound to bound."""
    area, seconds, codes = _interpolated_area(read)
    return Outcome(_quotient(area, seconds), codes)


def total(read: ProcessedRead) -> Outcome:
    """Return the area below that line, in the tag's unit times seconds."""
    area, _, codes = _interpolated_area(read)
    return Outcome(area, codes)


def time_average_2(read: ProcessedRead) -> Outcome:
    """Return the mean over the time that is not bad; the status by the share of good and bad time."""
    area, seconds, codes = _simple_area(read)
    return Outcome(_quotient(area, seconds), codes)


def total_2(read: ProcessedRead) -> Outcome:
    """Return the area over the time that is not bad, in the tag's unit times seconds."""
    area, _, codes = _simple_area(read)
    return Outcome(area, codes)


def _interpolated_area(read: ProcessedRead) -> tuple[ValueArray, ValueArray, StatusArray]:
    """Return area, seconds and status of each interval.

    Uncertain where a sample without a value was passed over, one used is uncertain, or there is none at the start.
    """
    timeline = interpolated_timeline(read)
    # Before the first value of all a point is bad; between there and the first value is no line.
    duration = timeline.duration() - timeline.duration_of(Severity.BAD, is_stepped=True)
    is_doubtful = (read.count_of(Severity.BAD) > 0) | timeline.is_doubtful()
    codes = calculated(by_doubt(is_doubtful), has_value=duration > 0)
    return timeline.area(is_stepped=False), _seconds(duration), codes


def _simple_area(read: ProcessedRead) -> tuple[ValueArray, ValueArray, StatusArray]:
    timeline = simple_timeline(read)
    whole = timeline.duration()
    good = timeline.duration_of(Severity.GOOD, is_stepped=read.is_stepped)
    bad = timeline.duration_of(Severity.BAD, is_stepped=read.is_stepped)
    codes = by_share(good, bad, whole, read.configuration)
    area = timeline.area(is_stepped=read.is_stepped)
    return area, _seconds(whole - bad), calculated(codes, has_value=whole > bad)


def _seconds(duration: NDArray[np.int64]) -> ValueArray:
    return duration.astype(np.float64) * 1e-9


def _quotient(area: ValueArray, seconds: ValueArray) -> ValueArray:
    return area / np.where(seconds > 0, seconds, 1.0)
