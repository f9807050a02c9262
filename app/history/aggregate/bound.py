"""The value of a tag at an instant between its samples: the standard's bounding values (OPC 10000-13, 3.1.8, 3.1.9)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate.configuration import AggregateConfiguration
from app.history.aggregate.judged_samples import JudgedSamples, SeverityArray
from app.history.aggregate.segment import IndexArray
from app.model import status
from app.model.block import TimeArray, ValueArray
from app.model.status import Severity, StatusArray


@dataclass(frozen=True, slots=True)
class Bounds:
    """Values at some instants; arrays of shape (m,).

    `value`: float64, NaN where the code is bad. `status`: uint32, a raw sample's own or with the bit Interpolated.
    `severity`: Severity as uint8; an uncertain raw sample that is treated as bad has given Bad_NoData here.
    """

    value: ValueArray
    status: StatusArray
    severity: SeverityArray


def interpolated_bounds(
    samples: JudgedSamples, times: TimeArray, *, configuration: AggregateConfiguration, is_stepped: bool
) -> Bounds:
    """Return the Interpolated Bounding Values at `times` (3.1.8): from the nearest samples with a value.

    There is one at every time after the first sample with a value. It is uncertain where samples without a value were
    passed over, where a value used is uncertain, and where it was extrapolated.
    """
    usable = np.flatnonzero(samples.severity != Severity.BAD)
    if not len(usable):
        return _missing(times)
    at = np.searchsorted(samples.time, times)
    after = np.searchsorted(usable, at)
    has_after = after < len(usable)
    right = usable[np.minimum(after, len(usable) - 1)]
    left = usable[np.maximum(after - 1, 0)]
    earlier = usable[np.maximum(after - 2, 0)]
    is_raw = samples.time[right] == times
    if is_stepped:
        value = samples.value[left]
        behind = np.searchsorted(samples.time, times, side="right")
        is_doubtful = (behind - left > 1) | (samples.severity[left] != Severity.GOOD) | (times > samples.time[-1])
    else:
        inside = _on_line(samples, times, left, right)
        outside = samples.value[left]
        if configuration.use_sloped_extrapolation:
            outside = np.where(earlier < left, _on_line(samples, times, earlier, left), outside)
        value = np.where(has_after, inside, outside)
        is_doubtful = ~has_after | (right - left > 1) | _is_either_uncertain(samples, left, right)
    code = np.where(is_doubtful, status.UNCERTAIN_DATA_SUB_NORMAL, status.GOOD).astype(np.uint32)
    return _bounds(samples, value, code, raw=np.where(is_raw, right, -1), is_missing=(after == 0) & ~is_raw)


def simple_bounds(samples: JudgedSamples, times: TimeArray, *, is_stepped: bool) -> Bounds:
    """Return the Simple Bounding Values at `times` (3.1.9): from the neighbouring samples, be they bad.

    Bad_NoData behind a bad sample, before the first and behind the last one. Uncertain where a neighbour is, and where
    the line to the next sample cannot be drawn since that one is bad: then the value before stays.
    """
    count = len(samples.time)
    if not count:
        return _missing(times)
    at = np.searchsorted(samples.time, times)
    right = np.minimum(at, count - 1)
    left = np.maximum(at - 1, 0)
    is_raw = samples.time[right] == times
    is_missing = (at == 0) | (at == count) | (samples.severity[left] == Severity.BAD)
    if is_stepped:
        value = samples.value[left]
        is_doubtful = samples.severity[left] != Severity.GOOD
    else:
        has_line = samples.severity[right] != Severity.BAD
        value = np.where(has_line, _on_line(samples, times, left, right), samples.value[left])
        is_doubtful = ~has_line | _is_either_uncertain(samples, left, right)
    code = np.where(is_doubtful, status.UNCERTAIN_DATA_SUB_NORMAL, status.GOOD).astype(np.uint32)
    is_bad_raw = is_raw & (samples.severity[right] == Severity.BAD)
    return _bounds(
        samples, value, code, raw=np.where(is_raw, right, -1), is_missing=np.where(is_raw, is_bad_raw, is_missing)
    )


def _bounds(
    samples: JudgedSamples, value: ValueArray, code: StatusArray, *, raw: IndexArray, is_missing: NDArray[np.bool_]
) -> Bounds:
    """Return Bad_NoData where a bound is missing, the raw sample where there is one (-1: none), else `value`."""
    is_raw = raw >= 0
    value = np.where(is_raw, samples.value[raw], value)
    severity = np.where(is_raw, samples.severity[raw], code >> 30)
    code = np.where(is_raw, samples.status[raw], code | np.uint32(status.INTERPOLATED))
    return Bounds(
        value=np.where(is_missing, np.nan, value),
        status=np.where(is_missing, status.BAD_NO_DATA, code).astype(np.uint32),
        severity=np.where(is_missing, Severity.BAD, severity).astype(np.uint8),
    )


def _missing(times: TimeArray) -> Bounds:
    return Bounds(
        np.full(len(times), np.nan),
        np.full(len(times), status.BAD_NO_DATA, np.uint32),
        np.full(len(times), Severity.BAD, np.uint8),
    )


def _on_line(samples: JudgedSamples, times: TimeArray, left: IndexArray, right: IndexArray) -> ValueArray:
    """Return where the lines through two samples cross `times`; the left value where both are the same sample."""
    start, value = samples.time[left], samples.value[left]
    span = np.maximum(samples.time[right] - start, 1)
    crossing: ValueArray = value + (samples.value[right] - value) * ((times - start) / span)
    return crossing


def _is_either_uncertain(samples: JudgedSamples, left: IndexArray, right: IndexArray) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (samples.severity[left] == Severity.UNCERTAIN) | (
        samples.severity[right] == Severity.UNCERTAIN
    )
    return found
