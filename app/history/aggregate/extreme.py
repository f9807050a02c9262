"""Least and greatest values (OPC 10000-13, 5.4.3.10 to 5.4.3.14)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate.processed_read import Chosen, Outcome, ProcessedRead
from app.history.aggregate.segment import reduced
from app.history.aggregate.status_rule import by_doubt, calculated
from app.model import status
from app.model.block import TimeArray, ValueArray
from app.model.status import Severity, StatusArray


def minimum(read: ProcessedRead) -> Outcome:
    """Return the least good sample; raw where the interval begins with it, else calculated."""
    return _at_start(read, _extreme(read, read.chosen(Severity.GOOD), np.minimum))


def maximum(read: ProcessedRead) -> Outcome:
    """Return the greatest good sample; raw where the interval begins with it, else calculated."""
    return _at_start(read, _extreme(read, read.chosen(Severity.GOOD), np.maximum))


def minimum_actual_time(read: ProcessedRead) -> Outcome:
    """Return the least good sample at its own time, the first of several."""
    return _at_its_time(_extreme(read, read.chosen(Severity.GOOD), np.minimum))


def maximum_actual_time(read: ProcessedRead) -> Outcome:
    """Return the greatest good sample at its own time, the first of several."""
    return _at_its_time(_extreme(read, read.chosen(Severity.GOOD), np.maximum))


def range_of(read: ProcessedRead) -> Outcome:
    """Return the greatest good sample less the least one."""
    good = read.chosen(Severity.GOOD)
    least, greatest = _extreme(read, good, np.minimum), _extreme(read, good, np.maximum)
    codes = by_doubt(least.is_doubtful | greatest.is_doubtful)
    return Outcome(greatest.value - least.value, calculated(codes, has_value=least.has_value))


@dataclass(frozen=True, slots=True)
class _Extreme:
    """The extreme of each interval, when it first came, whether it came again; arrays of shape (m,)."""

    value: ValueArray
    time: TimeArray
    has_value: NDArray[np.bool_]
    is_repeated: NDArray[np.bool_]
    is_doubtful: NDArray[np.bool_]


def _extreme(read: ProcessedRead, good: Chosen, function: np.ufunc) -> _Extreme:
    has_value = good.count > 0
    value = reduced(function, good.value, good.low, good.high, empty=np.nan)
    hits = np.flatnonzero(good.value == np.repeat(value, good.count))
    first = np.searchsorted(hits, good.low)
    time = read.intervals.start.copy()
    time[has_value] = read.samples.time[good.index[hits[first[has_value]]]]
    return _Extreme(
        value=value,
        time=time,
        has_value=has_value,
        is_repeated=np.searchsorted(hits, good.high) - first > 1,
        is_doubtful=(read.count_of(Severity.BAD) > 0) | _is_surpassed(read, value, function),
    )


def _is_surpassed(read: ProcessedRead, value: ValueArray, function: np.ufunc) -> NDArray[np.bool_]:
    """Return where an uncertain sample lies beyond the extreme of the good ones (Tables 21 to 25)."""
    if read.samples.is_good:
        return np.zeros(len(value), np.bool_)
    uncertain = read.chosen(Severity.UNCERTAIN)
    beyond = reduced(function, uncertain.value, uncertain.low, uncertain.high, empty=np.nan)
    found: NDArray[np.bool_] = (uncertain.count > 0) & (beyond != value) & (function(beyond, value) == beyond)
    return found


def _at_start(read: ProcessedRead, found: _Extreme) -> Outcome:
    codes = by_doubt(found.is_doubtful)
    is_raw = (found.time == read.intervals.start) & ~found.is_doubtful
    return Outcome(found.value, _repeated(found, np.where(is_raw, codes, calculated(codes))))


def _at_its_time(found: _Extreme) -> Outcome:
    return Outcome(found.value, _repeated(found, by_doubt(found.is_doubtful)), found.time)


def _repeated(found: _Extreme, codes: StatusArray) -> StatusArray:
    codes = np.where(found.is_repeated, codes | np.uint32(status.MULTIPLE_VALUES), codes)
    return np.where(found.has_value, codes, np.uint32(status.BAD_NO_DATA))
