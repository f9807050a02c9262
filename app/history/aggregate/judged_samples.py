"""The raw samples of a tag, and how far each is to be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate.configuration import AggregateConfiguration
from app.model import status as status_code
from app.model.block import TimeArray, ValueArray
from app.model.series import Series
from app.model.status import Severity, StatusArray

SeverityArray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class JudgedSamples:
    """Samples in strictly rising time; arrays of shape (n,).

    `severity`: Severity as uint8; BAD for all that is not calculated with: bad samples, those without a number, and
    uncertain ones where they are treated as bad; what `value` (float64) they have means nothing. `status`: uint32.
    `count`: how many are raw samples; one more may follow that only repeats the last value where it is known to hold.
    `is_good`: whether all are GOOD, which spares looking at each.
    """

    time: TimeArray
    value: ValueArray
    status: StatusArray
    severity: SeverityArray
    count: int
    is_good: bool

    @property
    def first(self) -> int:
        """Return the start of the data, ns UTC; there has to be a sample."""
        return int(self.time[0])

    @property
    def last(self) -> int:
        """Return the end of the data, ns UTC; there has to be a sample."""
        return int(self.time[-1])

    def usable(self) -> JudgedSamples:
        """Return those that are calculated with."""
        rows = self.severity != Severity.BAD
        count = int(np.count_nonzero(rows[: self.count]))
        columns = (self.time[rows], self.value[rows], self.status[rows], self.severity[rows])
        return JudgedSamples(*columns, count=count, is_good=not columns[3].any())


def judged(series: Series, configuration: AggregateConfiguration, covered: int | None = None) -> JudgedSamples:
    """Return the samples of a Series.

    `covered`: up to where (ns UTC) the last value is known to hold, as a historian knows it that sees the other tags
    come in: it acts as if there were another raw value (3.1.9). Samples of Bad_NoData before the first other one only
    say that a tag was made; the data begin after them.
    """
    data = _with_code(series)
    begin = _first_entry(data.status)
    if begin:
        data = Series(data.time[begin:], data.value[begin:], data.status[begin:])
    count = len(data)
    if covered is not None and count and covered > data.time[-1]:
        data = Series(
            np.append(data.time, np.int64(covered)),
            np.append(data.value, data.value[-1]),
            np.append(data.status, data.status[-1]),
        )
    severity, is_good = _severity(data.status, configuration)
    return JudgedSamples(data.time, data.value, data.status, severity, count=count, is_good=is_good)


def is_usable(series: Series, configuration: AggregateConfiguration) -> NDArray[np.bool_]:
    """Return which samples of a series are calculated with: those that have a number and are not treated as bad."""
    worst = status_code.UNCERTAIN if configuration.treat_uncertain_as_bad else status_code.BAD
    found: NDArray[np.bool_] = (series.status < np.uint32(worst)) & ~np.isnan(series.value)
    return found


def is_entry(series: Series) -> NDArray[np.bool_]:
    """Return which samples of a series show that the data have begun: those that are not Bad_NoData."""
    found: NDArray[np.bool_] = _with_code(series).status & np.uint32(status_code.CODE_MASK) != status_code.BAD_NO_DATA
    return found


def _with_code(series: Series) -> Series:
    """Return the samples, those without a number under a bad code."""
    is_odd = np.isnan(series.value)
    if not is_odd.any():
        return series
    is_odd &= status_code.usable_mask(series.status)
    return Series(series.time, series.value, np.where(is_odd, np.uint32(status_code.BAD_NO_DATA), series.status))


def _severity(codes: StatusArray, configuration: AggregateConfiguration) -> tuple[SeverityArray, bool]:
    """Return the severity of each code, and whether all are good."""
    if not len(codes) or codes.max() < status_code.UNCERTAIN:
        return np.zeros(len(codes), np.uint8), True
    severity = np.minimum((codes >> 30).astype(np.uint8), np.uint8(Severity.BAD))
    if configuration.treat_uncertain_as_bad:
        severity = np.multiply(severity != Severity.GOOD, Severity.BAD.value, dtype=np.uint8)
    return severity, False


def _first_entry(codes: StatusArray) -> int:
    if not len(codes) or codes[0] & status_code.CODE_MASK != status_code.BAD_NO_DATA:
        return 0
    others = np.flatnonzero(codes & np.uint32(status_code.CODE_MASK) != status_code.BAD_NO_DATA)
    return int(others[0]) if len(others) else len(codes)
