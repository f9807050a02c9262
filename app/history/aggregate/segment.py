"""What lies in each interval, reduced to one number without a loop over the intervals."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

IndexArray = NDArray[np.intp]
Column = TypeVar("Column", bound=np.generic)


def reduced(
    function: np.ufunc, column: NDArray[Column], low: IndexArray, high: IndexArray, *, empty: float
) -> NDArray[Column]:
    """Return `function` (np.add, np.minimum ...) over column[low[k]:high[k]] for each k, `empty` where that is nothing.

    Shapes (n,), (m,), (m,); low and high rise, high[k] <= low[k + 1].
    """
    result: NDArray[Any] = np.full(len(low), empty, column.dtype)
    filled = np.flatnonzero(low < high)
    if len(filled):
        # Every second stretch is the gap up to the next interval; its result is thrown away.
        turns = np.stack((low[filled], high[filled]), axis=1).ravel()
        if turns[-1] == len(column):
            turns = turns[:-1]
        result[filled] = function.reduceat(column, turns)[::2]
    return result


def counted(rows: NDArray[np.bool_], low: IndexArray, high: IndexArray) -> NDArray[np.int64]:
    """Return how many of rows[low[k]:high[k]] are set, for each k."""
    found = np.flatnonzero(rows)
    return (np.searchsorted(found, high) - np.searchsorted(found, low)).astype(np.int64)
