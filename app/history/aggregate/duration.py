"""For how long a state held and the data were good (OPC 10000-13, 5.4.3.22, 5.4.3.23, 5.4.3.31 to 5.4.3.34)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate.processed_read import Outcome, ProcessedRead
from app.history.aggregate.status_rule import by_share, calculated
from app.history.aggregate.timeline import Regions, Timeline, simple_timeline
from app.model import status
from app.model.block import ValueArray
from app.model.clock import NS_PER_MS
from app.model.status import Severity


def duration_in_state_zero(read: ProcessedRead) -> Outcome:
    """Return for how many ms the value was good and zero; the status by the share of good and bad time."""
    return _in_state(read, is_on=False)


def duration_in_state_non_zero(read: ProcessedRead) -> Outcome:
    """Return for how many ms the value was good and not zero; the status by the share of good and bad time."""
    return _in_state(read, is_on=True)


def duration_good(read: ProcessedRead) -> Outcome:
    """Return for how many ms the data were good; always Good itself."""
    return _always_good(_duration(simple_timeline(read), Severity.GOOD) / NS_PER_MS)


def duration_bad(read: ProcessedRead) -> Outcome:
    """Return for how many ms the data were bad; always Good itself."""
    return _always_good(_duration(simple_timeline(read), Severity.BAD) / NS_PER_MS)


def percent_good(read: ProcessedRead) -> Outcome:
    """Return for which share of the time, 0..100, the data were good; always Good itself."""
    return _share(read, Severity.GOOD)


def percent_bad(read: ProcessedRead) -> Outcome:
    """Return for which share of the time, 0..100, the data were bad; always Good itself."""
    return _share(read, Severity.BAD)


def _in_state(read: ProcessedRead, *, is_on: bool) -> Outcome:
    def in_state(regions: Regions) -> NDArray[np.int64]:
        is_there: NDArray[np.bool_] = (regions.begin != 0) == is_on
        lasting: NDArray[np.int64] = regions.duration_of(Severity.GOOD, is_stepped=True) * is_there
        return lasting

    timeline = simple_timeline(read)
    good, bad = _duration(timeline, Severity.GOOD), _duration(timeline, Severity.BAD)
    codes = by_share(good, bad, timeline.duration(), read.configuration)
    return Outcome(timeline.total(in_state) / NS_PER_MS, calculated(codes))


def _share(read: ProcessedRead, severity: Severity) -> Outcome:
    timeline = simple_timeline(read)
    return _always_good(_duration(timeline, severity) / np.maximum(timeline.duration(), 1) * 100)


def _duration(timeline: Timeline, severity: Severity) -> NDArray[np.int64]:
    return timeline.duration_of(severity, is_stepped=True)


def _always_good(value: ValueArray) -> Outcome:
    return Outcome(value, np.full(len(value), status.GOOD | status.CALCULATED, np.uint32))
