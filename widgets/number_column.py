"""Many values at once, judged as `widgets.number` judges one."""

from __future__ import annotations

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from app.model import status
from app.model.block import TimeArray, ValueArray
from app.model.status import StatusArray
from widgets.number import STALE_CODES

QualityArray = NDArray[np.int8]
_STALE = np.array(sorted(STALE_CODES), np.uint32)


class QualityCode(IntEnum):
    """What an operator may believe of a value: `widgets.number.Quality` as a number that arrays hold."""

    GOOD = 0
    DOUBTFUL = 1
    STALE = 2
    BAD = 3


def qualities(
    values: ValueArray, codes: StatusArray, times: TimeArray, *, is_text: NDArray[np.bool_], is_linked: bool
) -> QualityArray:
    """Return the QualityCode of each sample as `reading` judges it; shape (n,), `is_text`: of its tag."""
    result = np.where(codes >= status.UNCERTAIN, np.int8(QualityCode.DOUBTFUL), np.int8(QualityCode.GOOD))
    if not is_linked:
        result[:] = QualityCode.STALE
    elif codes.any():  # mostly all of them are good
        result[np.isin(codes & np.uint32(0xFFFF_0000), _STALE)] = QualityCode.STALE
    result[(times == 0) | (codes >= status.BAD) | (np.isnan(values) & ~is_text)] = QualityCode.BAD
    return result
