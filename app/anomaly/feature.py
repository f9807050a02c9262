"""What a multivariate model looks at: rows smoothed at one pace, each with those before it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Memory:
    """The smoothed rows of one pace, newest first: shape (lags + 1, tags); before the first row all is usual (0)."""

    def __init__(self, tags: int, *, pace: float, lags: int) -> None:
        """Begin without news. `pace`: how much of a smoothed row is new, 1: all."""
        self.pace = pace
        self.rows: Array = np.zeros((lags + 1, tags))

    def take(self, row: Array) -> Array:
        """Take a standardised row; return the feature, shape ((lags + 1) * tags,), which the next call changes."""
        newest = self.rows[0] + self.pace * (row - self.rows[0])
        self.rows[1:] = self.rows[:-1]
        self.rows[0] = newest
        return self.rows.reshape(-1)

    def forget(self) -> None:
        """Begin anew: what comes has nothing to do with what was."""
        self.rows[:] = 0.0


def settling(pace: float, lags: int) -> int:
    """Return after how many rows a feature has forgotten where it began, but for a seventh of it."""
    return int(2.0 / pace) + lags


def features(rows: Array, *, pace: float, lags: int) -> Array:
    """Return what `Memory` makes of `rows` (shape (n, tags)), shape (n, (lags + 1) * tags)."""
    memory = Memory(rows.shape[1], pace=pace, lags=lags)
    return np.array([memory.take(row).copy() for row in rows])
