"""The healthy past of one Equipment in bounded memory: all of it, more thinly the longer it lasts."""

from __future__ import annotations

import numpy as np

from app.model.block import ValueArray

MOST_ROWS = 768


class RowStore:
    """Keeps every row at first; whenever it is full it drops every second one and from then on takes half as many."""

    def __init__(self, signals: int, modes: int) -> None:
        """Begin empty, for rows of so many columns."""
        self._signals = np.empty((MOST_ROWS, signals))
        self._modes = np.empty((MOST_ROWS, modes))
        self._count = 0
        self._skipped = 0
        self.stride = 1

    def __len__(self) -> int:
        """Return the number of rows kept."""
        return self._count

    @property
    def signals(self) -> ValueArray:
        """Return the kept signals in rising time, shape (n, d)."""
        return self._signals[: self._count]

    @property
    def modes(self) -> ValueArray:
        """Return the modes of operation of the same rows, shape (n, m)."""
        return self._modes[: self._count]

    def keep_newest(self, count: int) -> None:
        """Drop all but the newest `count` rows."""
        self._signals[:count] = self.signals[-count:].copy()
        self._modes[:count] = self.modes[-count:].copy()
        self._count = count

    def add(self, signals: ValueArray, modes: ValueArray) -> None:
        """Take a row."""
        self._skipped += 1
        if self._skipped < self.stride:
            return
        self._skipped = 0
        self._signals[self._count], self._modes[self._count] = signals, modes
        self._count += 1
        if self._count == MOST_ROWS:
            half = MOST_ROWS // 2
            self._signals[:half], self._modes[:half] = self._signals[::2], self._modes[::2]
            self._count, self.stride = half, self.stride * 2
