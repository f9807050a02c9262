"""What an interval begins and ends with (OPC 10000-13, 5.4.3.25 to 5.4.3.30)."""

from __future__ import annotations

import numpy as np

from app.history.aggregate.bound import Bounds, simple_bounds
from app.history.aggregate.processed_read import Outcome, ProcessedRead
from app.history.aggregate.segment import IndexArray
from app.history.aggregate.status_rule import by_doubt, calculated
from app.model import status
from app.model.status import Severity


def start(read: ProcessedRead) -> Outcome:
    """Return the first raw sample, be it bad, with its own time and code."""
    low, _ = read.rows()
    return _raw(read, low)


def end(read: ProcessedRead) -> Outcome:
    """Return the last raw sample, be it bad, with its own time and code."""
    _, high = read.rows()
    return _raw(read, high - 1)


def delta(read: ProcessedRead) -> Outcome:
    """Return the last good sample less the first; uncertain where others come before the first or after the last."""
    good = read.chosen(Severity.GOOD)
    low, high = read.rows()
    has_value = good.count > 0
    value = np.full(len(low), np.nan)
    is_doubtful = np.zeros(len(low), np.bool_)
    first, last = good.low[has_value], good.high[has_value] - 1
    value[has_value] = good.value[last] - good.value[first]
    is_doubtful[has_value] = (good.index[first] > low[has_value]) | (good.index[last] < high[has_value] - 1)
    return Outcome(value, calculated(by_doubt(is_doubtful), has_value=has_value))


def start_bound(read: ProcessedRead) -> Outcome:
    """Return the Simple Bounding Value at the start."""
    bounds = _at_edges(read)
    return Outcome(bounds.value[:-1], bounds.status[:-1])


def end_bound(read: ProcessedRead) -> Outcome:
    """Return the Simple Bounding Value at the end, always as calculated."""
    bounds = _at_edges(read)
    codes = bounds.status[1:]
    is_value = codes < status.BAD
    return Outcome(bounds.value[1:], np.where(is_value, calculated(codes & np.uint32(status.CODE_MASK)), codes))


def delta_bounds(read: ProcessedRead) -> Outcome:
    """Return the Simple Bounding Value at the end less that at the start; as doubtful as the worse of them."""
    bounds = _at_edges(read)
    worst = np.maximum(bounds.severity[:-1], bounds.severity[1:])
    codes = calculated(by_doubt(worst != Severity.GOOD), has_value=worst != Severity.BAD)
    return Outcome(bounds.value[1:] - bounds.value[:-1], codes)


def _at_edges(read: ProcessedRead) -> Bounds:
    return simple_bounds(read.samples, read.intervals.edges, is_stepped=read.is_stepped)


def _raw(read: ProcessedRead, rows: IndexArray) -> Outcome:
    low, high = read.rows()
    has_value = low < high
    row = np.where(has_value, rows, 0)
    samples = read.samples
    return Outcome(
        samples.value[row],
        np.where(has_value, samples.status[row], np.uint32(status.BAD_NO_DATA)),
        np.where(has_value, samples.time[row], read.intervals.start),
    )
