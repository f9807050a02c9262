"""The healthy past of one Equipment in bounded memory: all of it, more thinly the longer it lasts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.model.block import ValueArray

MOST_ROWS = 768


@dataclass(frozen=True, slots=True)
class RowsState:
    """The kept rows, shapes (n, d) and (n, m), and how the next are taken."""

    signals: ValueArray
    modes: ValueArray
    skipped: int
    stride: int


class RowStore:
    """Keeps every row at first; whenever it is full it drops every second one and from then on takes half as many.

    `stride`: for how many rows that came each kept one stands.
    """

    def __init__(self, signals: int, modes: int, *, most: int = MOST_ROWS) -> None:
        """Begin empty, for at the `most` so many rows (an even number) of so many columns."""
        self._most = most
        self._signals = np.empty((most, signals))
        self._modes = np.empty((most, modes))
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

    def clear(self) -> None:
        """Forget all rows, and take every one again."""
        self._count, self._skipped, self.stride = 0, 0, 1

    def add_all(self, other: RowStore) -> None:
        """Take what another store has kept, each row as often as it stands for."""
        for signals, modes in zip(other.signals, other.modes, strict=True):
            for _ in range(other.stride):
                self.add(signals, modes)

    def add(self, signals: ValueArray, modes: ValueArray) -> bool:
        """Take a row; return whether it was kept."""
        self._skipped += 1
        if self._skipped < self.stride:
            return False
        self._skipped = 0
        self._signals[self._count], self._modes[self._count] = signals, modes
        self._count += 1
        if self._count == self._most:
            half = self._most // 2
            self._signals[:half], self._modes[:half] = self._signals[::2], self._modes[::2]
            self._count, self.stride = half, self.stride * 2
        return True

    @property
    def state(self) -> RowsState:
        """Return all that is known, from which `restore` goes on."""
        return RowsState(self.signals, self.modes, self._skipped, self.stride)

    def restore(self, state: RowsState) -> None:
        """Go on where a state was taken."""
        self._count, self._skipped, self.stride = len(state.signals), state.skipped, state.stride
        self._signals[: self._count], self._modes[: self._count] = state.signals, state.modes
