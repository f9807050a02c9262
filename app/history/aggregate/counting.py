"""How many samples and how many changes of state (OPC 10000-13, 5.4.3.21, 5.4.3.24)."""

from __future__ import annotations

import numpy as np

from app.history.aggregate.processed_read import Outcome, ProcessedRead
from app.history.aggregate.status_rule import by_share, calculated
from app.model.status import Severity, StatusArray


def count(read: ProcessedRead) -> Outcome:
    """Return the number of good samples; the status by the share of good and bad samples."""
    return Outcome(read.count_of(Severity.GOOD).astype(np.float64), _status(read))


def number_of_transitions(read: ProcessedRead) -> Outcome:
    """Return how often the value changed between zero and non-zero; the first value of all is a change.

    Samples without a value are passed over, also in the search for the value before the interval.
    """
    samples = read.samples
    usable = None if samples.is_good else np.flatnonzero(samples.severity[: samples.count] != Severity.BAD)
    is_on = samples.value[: samples.count] != 0 if usable is None else samples.value[usable] != 0
    changes = np.flatnonzero(np.concatenate((is_on[:1] | True, is_on[1:] != is_on[:-1])))
    rows = changes if usable is None else usable[changes]
    low, high = read.rows()
    number = np.searchsorted(rows, high) - np.searchsorted(rows, low)
    return Outcome(number.astype(np.float64), _status(read))


def _status(read: ProcessedRead) -> StatusArray:
    low, high = read.rows()
    good, bad = read.count_of(Severity.GOOD), read.count_of(Severity.BAD)
    return calculated(by_share(good, bad, high - low, read.configuration))
