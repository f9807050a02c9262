"""The newest samples of one tag, as a trend reads them many times a second."""

from __future__ import annotations

import numpy as np

from app.model.block import TimeArray, ValueArray
from app.model.series import Series
from app.model.status import StatusArray

CAPACITY = 16_384


class LiveBuffer:
    """A ring of samples that is stored twice, so that the newest ones always lie in one piece.

    Sample k stands at k and at k + capacity: a block is appended by at most four copies, and a view is a slice.
    `appended` counts the samples taken so far, `late` the blocks with a sample older than one that was already here,
    `merged` those that did not just go behind what was here.
    `is_fed`: whether samples come at all; in a replay the history alone tells.
    """

    def __init__(self, capacity: int = CAPACITY, *, is_fed: bool = True) -> None:
        if capacity < 1:
            raise ValueError(f"a buffer of {capacity} samples holds nothing: give at least 1")
        self.capacity = capacity
        self.is_fed = is_fed
        self.appended = 0
        self.late = 0
        self.merged = 0
        self._time: TimeArray = np.empty(2 * capacity, np.int64)
        self._value: ValueArray = np.empty(2 * capacity, np.float64)
        self._status: StatusArray = np.empty(2 * capacity, np.uint32)
        self._position = 0
        self._length = 0

    def __len__(self) -> int:
        """Return the number of samples held."""
        return self._length

    def append(self, time: TimeArray, value: ValueArray, status: StatusArray) -> None:
        """Take samples of one tag (int64 ns UTC, float64, uint32; shape (n,)).

        Late samples find their place; of two with the same time the one that became known last stays.
        """
        if not len(time):
            return
        self.appended += len(time)
        follows = not self._length or time[0] > self.newest
        if follows and (len(time) == 1 or bool((time[1:] > time[:-1]).all())):
            self._write(time, value, status)
        else:
            self.merged += 1
            self._merge(time, value, status)

    def series(self) -> Series:
        """Return all samples, oldest first, without a copy: valid until the next append."""
        end = self._position + self.capacity
        piece = slice(end - self._length, end)
        return Series(self._time[piece], self._value[piece], self._status[piece])

    @property
    def oldest(self) -> int:
        """Return the time of the first sample held, int64 ns UTC, 0 while there is none."""
        return int(self._time[self._position + self.capacity - self._length]) if self._length else 0

    @property
    def newest(self) -> int:
        """Return the time of the last sample held, int64 ns UTC, 0 while there is none."""
        return int(self._time[self._position + self.capacity - 1]) if self._length else 0

    def clear(self) -> None:
        """Forget all samples."""
        self._position = self._length = 0

    def _write(self, time: TimeArray, value: ValueArray, status: StatusArray) -> None:
        size = min(len(time), self.capacity)
        head = min(size, self.capacity - self._position)
        for ring, block in ((self._time, time), (self._value, value), (self._status, status)):
            newest = block[-size:]
            for start in (self._position, self._position + self.capacity):
                ring[start : start + head] = newest[:head]
            ring[: size - head] = newest[head:]
            ring[self.capacity : self.capacity + size - head] = newest[head:]
        self._position = (self._position + size) % self.capacity
        self._length = min(self._length + size, self.capacity)

    def _merge(self, time: TimeArray, value: ValueArray, status: StatusArray) -> None:
        held = self.series()
        self.late += bool(self._length and time.min() < self.newest)
        first = int(np.searchsorted(held.time, time.min()))
        times = np.concatenate((held.time[first:], time))
        order = np.argsort(times, kind="stable")
        times = times[order]
        kept = np.append(times[1:] != times[:-1], True)
        values = np.concatenate((held.value[first:], value))[order][kept]
        codes = np.concatenate((held.status[first:], status))[order][kept]
        replaced = self._length - first
        self._position = (self._position - replaced) % self.capacity
        self._length -= replaced
        self._write(times[kept], values, codes)
