"""Counts by a number that may grow: of an alarm, of a period of time."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]


class Counts:
    """Whole numbers by index; what has never been counted is 0."""

    def __init__(self) -> None:
        self._room: Integers = np.zeros(64, np.int64)

    def add(self, index: Integers, amount: Integers | int = 1) -> None:
        """Add `amount` at each `index` (shape (n,), 0 or more); one that occurs twice is added to twice."""
        if not index.size:
            return
        self._reach(int(index.max()))
        np.add.at(self._room, index, amount)

    def first(self, count: int) -> Integers:
        """Return the numbers at 0 to `count` - 1."""
        self._reach(count)
        return self._room[:count].copy()

    def _reach(self, index: int) -> None:
        if index >= len(self._room):
            room = np.zeros(max(index + 1, 2 * len(self._room)), np.int64)
            room[: len(self._room)] = self._room
            self._room = room
