"""When a result is Good, Uncertain or Bad (OPC 10000-13, 5.4.3.2).

An uncertain sample, or an uncertain stretch of time, counts neither as good nor as bad unless it is treated as bad.
The text of 5.4.3.2.1 would count it as good where it is not treated as bad; 4.2.1.2 ("the value is still treated as
Uncertain when the StatusCode for the result is calculated") and all published examples do not, nor do we: a result from
doubtful values is never told as Good.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate.configuration import AggregateConfiguration
from app.model import status
from app.model.status import StatusArray


def by_share(
    good: NDArray[np.int64], bad: NDArray[np.int64], total: NDArray[np.int64], configuration: AggregateConfiguration
) -> StatusArray:
    """Return the code that the shares of good and bad in the total ask for; Good where there is nothing at all.

    Counts of samples or ns, shape (m,). Where both percentages are reached, the good one decides (4.2.1.2).
    """
    whole = np.maximum(total, 1)
    is_good = (total == 0) | (good / whole * 100 >= configuration.percent_data_good)
    is_bad = bad / whole * 100 >= configuration.percent_data_bad
    codes = np.where(is_bad, status.BAD, status.UNCERTAIN_DATA_SUB_NORMAL)
    return np.where(is_good, status.GOOD, codes).astype(np.uint32)


def by_doubt(is_doubtful: NDArray[np.bool_]) -> StatusArray:
    """Return Uncertain_DataSubNormal where something was left out or doubtful, else Good; shape (m,)."""
    return np.where(is_doubtful, status.UNCERTAIN_DATA_SUB_NORMAL, status.GOOD).astype(np.uint32)


def calculated(codes: StatusArray, *, has_value: NDArray[np.bool_] | None = None) -> StatusArray:
    """Return the codes with the bit Calculated unless they are bad; Bad_NoData where there is no value."""
    found = np.where(codes < status.BAD, codes | np.uint32(status.CALCULATED), codes)
    return found if has_value is None else np.where(has_value, found, np.uint32(status.BAD_NO_DATA))
