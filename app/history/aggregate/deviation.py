"""Standard deviations and variances of the good samples (OPC 10000-13, 5.4.3.37 to 5.4.3.40)."""

from __future__ import annotations

import numpy as np

from app.history.aggregate.processed_read import Outcome, ProcessedRead
from app.history.aggregate.segment import reduced
from app.history.aggregate.status_rule import by_doubt, calculated
from app.model.status import Severity


def variance_sample(read: ProcessedRead) -> Outcome:
    """Return the variance with n - 1 of n good samples, 0 for one; uncertain where others were left out."""
    return _variance(read, freedom=1)


def variance_population(read: ProcessedRead) -> Outcome:
    """Return the variance with n of n good samples; uncertain where others were left out."""
    return _variance(read, freedom=0)


def standard_deviation_sample(read: ProcessedRead) -> Outcome:
    """Return the root of the variance with n - 1."""
    return _root(variance_sample(read))


def standard_deviation_population(read: ProcessedRead) -> Outcome:
    """Return the root of the variance with n."""
    return _root(variance_population(read))


def _variance(read: ProcessedRead, *, freedom: int) -> Outcome:
    good = read.chosen(Severity.GOOD)
    count = good.count
    mean = reduced(np.add, good.value, good.low, good.high, empty=0.0) / np.maximum(count, 1)
    square = np.square(good.value - np.repeat(mean, count))
    total = reduced(np.add, square, good.low, good.high, empty=0.0)
    low, high = read.rows()
    codes = calculated(by_doubt(high - low > count), has_value=count > 0)
    return Outcome(total / np.maximum(count - freedom, 1), codes)


def _root(variance: Outcome) -> Outcome:
    return Outcome(np.sqrt(variance.value), variance.status)
