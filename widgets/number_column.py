"""Many values at once, written and judged as `widgets.number` writes and judges one."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from app.model import status
from app.model.block import TimeArray, ValueArray
from app.model.status import StatusArray
from widgets.number import LARGEST_FIXED, MINUS, STALE_CODES, number

QualityArray = NDArray[np.int8]
_STALE = np.array(sorted(STALE_CODES), np.uint32)


class QualityCode(IntEnum):
    """What an operator may believe of a value: `widgets.number.Quality` as a number that arrays hold."""

    GOOD = 0
    DOUBTFUL = 1
    STALE = 2
    BAD = 3


def numbers(values: ValueArray, *, decimals: int) -> list[str]:
    """Return what `number` returns of each value; float64, shape (n,)."""
    if not len(values):
        return []
    size = np.abs(values)
    is_odd = ~(size < LARGEST_FIXED) | (np.signbit(values) & (size < 10.0**-decimals))  # the second may be minus zero
    # one formatting of all takes a tenth of the time of one for each
    texts = (f"%.{decimals}f\n" * len(values) % tuple(values.tolist())).replace("-", MINUS).split("\n")[:-1]
    for at in np.flatnonzero(is_odd).tolist():
        texts[at] = number(float(values[at]), decimals=decimals)
    return texts


def qualities(
    values: ValueArray, codes: StatusArray, times: TimeArray, *, is_text: NDArray[np.bool_], is_linked: bool
) -> QualityArray:
    """Return the QualityCode of each sample as `reading` judges it; shape (n,), `is_text`: of its tag."""
    result = np.where(codes >= status.UNCERTAIN, np.int8(QualityCode.DOUBTFUL), np.int8(QualityCode.GOOD))
    is_stale = np.isin(codes & np.uint32(0xFFFF_0000), _STALE) if is_linked else np.ones(len(values), bool)
    result[is_stale] = QualityCode.STALE
    result[(times == 0) | (codes >= status.BAD) | (np.isnan(values) & ~is_text)] = QualityCode.BAD
    return result
