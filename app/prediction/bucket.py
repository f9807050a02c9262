"""A tag's recent past in few points: the median of its usable samples in each of about 150 equal stretches of time."""

from __future__ import annotations

import statistics
from collections import deque
from dataclasses import dataclass

import numpy as np

from app.model.block import ValueArray

BUCKETS = 150
_MOST_IN_BUCKET = 64
_SET_BACK = 15


@dataclass(frozen=True, slots=True)
class Bucket:
    """A closed stretch: its `number` since 1970; mean `time` (ns UTC), median `value` and `count` of its samples."""

    number: int
    time: int
    value: float
    count: int


@dataclass(frozen=True, slots=True)
class WindowState:
    """The closed buckets of a window, and the open one with the samples that it keeps."""

    closed: list[Bucket]
    number: int
    count: int
    stride: int
    times: list[int]
    values: list[float]


class BucketWindow:
    """The newest `window` ns of one tag as bucket medians; the memory is bounded whatever the sampling rate.

    A median shrugs off single wild samples and averages noise nearly as well as a mean. A bucket closes with the first
    sample after it; samples that come late count as of the open one. When the clock was set back, all begins anew.
    """

    def __init__(self, window: int) -> None:
        """Begin empty; `window` in ns."""
        self.width = max(1, window // BUCKETS)
        self._closed: deque[Bucket] = deque(maxlen=BUCKETS)
        self._number = -1
        self._count = 0
        self._stride = 1
        self._times: list[int] = []
        self._values: list[float] = []

    def __len__(self) -> int:
        """Return the number of closed buckets."""
        return len(self._closed)

    @property
    def newest(self) -> Bucket | None:
        """Return the newest closed bucket."""
        return self._closed[-1] if self._closed else None

    def add(self, time: int, value: float) -> Bucket | None:
        """Take one usable sample (ns UTC, tag unit); return the bucket that it closed, if any."""
        closed, number = None, time // self.width
        if number < self._number - _SET_BACK:
            self._forget()
        if number > self._number:
            closed = self._close()
            self._number = number
        if self._count % self._stride == 0:
            self._times.append(time)
            self._values.append(value)
        self._count += 1
        if len(self._values) == 2 * _MOST_IN_BUCKET:
            del self._times[1::2], self._values[1::2]
            self._stride *= 2
        return closed

    def buckets(self) -> list[Bucket]:
        """Return the closed buckets that lie in the window, in rising time."""
        return [bucket for bucket in self._closed if bucket.number >= self._number - BUCKETS]

    @property
    def state(self) -> WindowState:
        """Return all that is known, from which `restore` goes on."""
        return WindowState(list(self._closed), self._number, self._count, self._stride, self._times, self._values)

    def restore(self, state: WindowState) -> None:
        """Go on where a state was taken."""
        self._closed.clear()
        self._closed.extend(state.closed)
        self._number, self._count, self._stride = state.number, state.count, state.stride
        self._times, self._values = state.times, state.values

    def _close(self) -> Bucket | None:
        if not self._values:
            return None
        first = self._times[0]
        time = first + sum(at - first for at in self._times) // len(self._times)
        bucket = Bucket(self._number, time, statistics.median(self._values), self._count)
        self._closed.append(bucket)
        self._open()
        return bucket

    def _forget(self) -> None:
        self._closed.clear()
        self._number = -1
        self._open()

    def _open(self) -> None:
        self._times, self._values = [], []
        self._count, self._stride = 0, 1


def columns(buckets: list[Bucket], origin: int) -> tuple[ValueArray, ValueArray]:
    """Return the buckets' times in seconds after `origin` (ns UTC) and their values, shape (n,)."""
    times = np.array([bucket.time - origin for bucket in buckets], np.float64) / 1e9
    return times, np.array([bucket.value for bucket in buckets], np.float64)
