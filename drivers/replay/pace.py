"""When each row of a recording is due while it is replayed.

A row recorded a time `t` after the first one is due `t / speed` after the start, or, at a given number of rows per
second, by its number alone. A looped replay begins anew one usual interval after its last row. One that is not looped
ends with its last row; what it measured last then stays, with the status UncertainLastUsableValue, by OPC 10000-8 the
one of a value whose source "has stopped" updating it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.block import TimeArray
from app.model.clock import NS_PER_S


@dataclass(frozen=True, slots=True)
class DueRows:
    """Rows that became due, in order: their numbers in the recording, and when, in ns since the start; shape (k,)."""

    rows: NDArray[np.intp]
    offsets: TimeArray

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)


class Pace:
    """Tells which rows are due, each of them once."""

    def __init__(
        self, time: TimeArray, *, speed: float = 1.0, rows_per_second: float = 0.0, is_looped: bool = False
    ) -> None:
        """Pace rows recorded at `time` (int64 ns, shape (n,), never falling, n at least 1).

        `rows_per_second` above 0 takes the place of `speed`. Raise ValueError for one that is not a number above 0.
        """
        for name, number in (("speed", speed), ("rows_per_second", rows_per_second or 1.0)):
            if not 0 < number < float("inf"):
                raise ValueError(f"{name} is {number:g}: it must be a number above 0")
        self._offsets = _offsets(time, speed, rows_per_second)
        self._period = int(self._offsets[-1]) + _usual_step(self._offsets)
        self._is_looped = is_looped
        self._next = 0

    @property
    def length_ns(self) -> int:
        """Return how long one pass takes: until one usual step after its last row."""
        return self._period

    @property
    def is_finished(self) -> bool:
        """Return whether the last row has been handed out; never where the replay is looped."""
        return not self._is_looped and self._next >= len(self._offsets)

    def next_due(self) -> int | None:
        """Return when the next row is due, in ns since the start; None at the end."""
        return None if self.is_finished else self._offset(self._next)

    def due(self, elapsed_ns: int, *, most: int = 10_000) -> DueRows:
        """Return the rows that became due since the last call, at most `most`, the rest at the next call."""
        numbers = np.arange(self._next, min(self._count_due(elapsed_ns), self._next + most))
        self._next += len(numbers)
        passes, rows = np.divmod(numbers, len(self._offsets))
        return DueRows(rows, self._offsets[rows] + passes * self._period)

    def _offset(self, number: int) -> int:
        passes, row = divmod(number, len(self._offsets))
        return passes * self._period + int(self._offsets[row])

    def _count_due(self, elapsed_ns: int) -> int:
        """Return how many rows of all passes are due."""
        if elapsed_ns < 0:
            return 0
        passes, rest = divmod(elapsed_ns, self._period)
        if passes and not self._is_looped:
            return len(self._offsets)
        return passes * len(self._offsets) + int(np.searchsorted(self._offsets, rest, side="right"))


def _offsets(time: TimeArray, speed: float, rows_per_second: float) -> TimeArray:
    if rows_per_second:
        return (np.arange(len(time)) * (NS_PER_S / rows_per_second)).astype(np.int64)
    offsets: TimeArray = ((time - time[0]) / speed).astype(np.int64)
    return offsets


def _usual_step(offsets: TimeArray) -> int:
    """Return the median step between rows, at least 1 ms."""
    steps = np.diff(offsets)
    steps = steps[steps > 0]
    return max(NS_PER_S // 1000, int(np.median(steps))) if len(steps) else NS_PER_S
