"""The columns of a curve that goes on: a new sample changes the last one or begins the next, and no other."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from app.model.block import TimeArray, ValueArray
from app.model.series import Series
from app.model.status import BAD, UNCERTAIN, StatusArray
from widgets.trend.decimate import Columns, decimate, no_columns, samples

Tail = tuple[int, float, float, bool, bool]
"""What is drawn of the last column: its index, low, high, doubtful, severed."""
_SPARE = 256
_FEW = 4
"""So many samples are sooner taken one by one than as arrays."""


class GrowingColumns:
    """Takes samples behind those that are in `columns`, which are `width` ns each.

    `newest`: the time of the last sample, int64 ns UTC. `gap`: more ns than this without a sample sever.
    `is_whole`: whether that sample can be drawn; what follows one that cannot is not taken.
    """

    def __init__(self, columns: Columns, *, width: int, gap: int, newest: int, is_whole: bool) -> None:
        self.width = width
        self._gap, self._newest, self._is_whole = gap, newest, is_whole
        self._view = columns
        self._count = len(columns)
        self._limit = 2 * self._count + _SPARE
        self._has_room = False
        self._reached: tuple[tuple[int, int, int], Columns] | None = None

    @property
    def columns(self) -> Columns:
        """Return all columns, without a copy: the last one is valid until the next samples."""
        return self._view

    @property
    def is_whole(self) -> bool:
        """Return whether the last sample can be drawn, so that its value may still hold."""
        return self._is_whole

    def reaching(self, start: int, end: int) -> Columns:
        """Return the same as `Columns.reaching`; valid until the next samples."""
        key = (self._count, start, end)
        if self._reached is None or self._reached[0] != key:
            self._reached = (key, self._view.reaching(start, end))
        elif self._count and start <= self._view.index[-1] < end:  # the last column alone may have grown
            columns = self._reached[1]
            columns.low[-1], columns.high[-1] = self._view.low[-1], self._view.high[-1]
        return self._reached[1]

    @property
    def tail(self) -> Tail:
        """Return what is drawn of the last column; of none the index -1."""
        if not self._count:
            return -1, 0.0, 0.0, False, False
        view = self._view
        return (
            int(view.index[-1]),
            float(view.low[-1]),
            float(view.high[-1]),
            bool(view.doubtful[-1]),
            bool(view.severed[-1]),
        )

    def take(self, time: TimeArray, value: ValueArray, status: StatusArray) -> bool:
        """Take samples in their order; return False where all columns have to be made anew.

        That is so where they do not lie behind the newest one, after a sample that cannot be drawn, and once there is
        no room.
        """
        if int(time[0]) <= self._newest or not self._count:
            return False
        if len(time) == 1:
            return self._go_on(int(time[0]), float(value[0]), int(status[0]))
        usable = (status < np.uint32(BAD)) & ~np.isnan(value)
        if not usable.any():
            self._newest, self._is_whole = int(time[-1]), False
            return True  # what cannot be drawn changes nothing until something comes after it
        if not self._is_whole or not usable.all() or self._count + len(time) > self._limit:
            return False
        self._make_room()
        if len(time) > _FEW:
            self._take_block(time, value, status)
        else:
            for instant, number, code in zip(time.tolist(), value.tolist(), status.tolist(), strict=True):
                self._take_one(instant, number, is_doubtful=code >= UNCERTAIN)
        self._newest = int(time[-1])
        self._view = self._viewed()
        return True

    def _go_on(self, time: int, value: float, code: int) -> bool:
        """Take one sample: what most frames bring, and ten operations on arrays take as long as all else of it."""
        if code >= BAD or math.isnan(value):
            self._newest, self._is_whole = time, False
            return True
        if not self._is_whole or self._count >= self._limit:
            return False
        self._make_room()
        count = self._count
        self._take_one(time, value, is_doubtful=code >= UNCERTAIN)
        if self._count != count:
            self._view = self._viewed()
        return True

    def _take_one(self, time: int, value: float, *, is_doubtful: bool) -> None:
        at, index = self._count - 1, time // self.width
        if index != self._index[at]:
            self._append(index, value, is_doubtful=is_doubtful, is_severed=time - self._newest > self._gap)
        else:
            self._low[at] = min(self._low[at], value)
            self._high[at] = max(self._high[at], value)
            self._last[at] = value
            self._doubtful[at] |= is_doubtful
        self._newest = time

    def _append(self, index: int, value: float, *, is_doubtful: bool, is_severed: bool) -> None:
        at = self._count
        self._index[at] = index
        self._low[at] = self._high[at] = self._first[at] = self._last[at] = value
        self._doubtful[at], self._severed[at] = is_doubtful, is_severed
        self._count += 1

    def _take_block(self, time: TimeArray, value: ValueArray, status: StatusArray) -> None:
        new = decimate(samples(Series(time, value, status)), self.width, longest_gap=self._gap)
        at = self._count - 1
        if new.index[0] == self._index[at]:
            self._low[at] = min(self._low[at], new.low[0])
            self._high[at] = max(self._high[at], new.high[0])
            self._last[at] = new.last[0]
            self._doubtful[at] |= new.doubtful[0]
            new = new.part(1, len(new))
        elif int(time[0]) - self._newest > self._gap:
            new.severed[0] = True
        room = slice(self._count, self._count + len(new))
        self._index[room], self._low[room], self._high[room] = new.index, new.low, new.high
        self._first[room], self._last[room] = new.first, new.last
        self._doubtful[room], self._severed[room] = new.doubtful, new.severed
        self._count += len(new)

    def _make_room(self) -> None:
        """Copy the columns to where more have room: not before the first sample, since most of the past gets none."""
        if self._has_room:
            return
        columns = self._view
        self._index = self._held(columns.index)
        self._low, self._high = self._held(columns.low), self._held(columns.high)
        self._first, self._last = self._held(columns.first), self._held(columns.last)
        self._doubtful, self._severed = self._held(columns.doubtful), self._held(columns.severed)
        self._view, self._reached, self._has_room = self._viewed(), None, True

    def _held(self, column: NDArray[np.generic]) -> NDArray:  # type: ignore[type-arg]
        held = np.empty(self._limit, column.dtype)
        held[: self._count] = column
        return held

    def _viewed(self) -> Columns:
        chosen = slice(self._count)
        return Columns(
            self._index[chosen],
            self._low[chosen],
            self._high[chosen],
            self._first[chosen],
            self._last[chosen],
            self._doubtful[chosen],
            self._severed[chosen],
        )


NO_COLUMNS = GrowingColumns(no_columns(), width=1, gap=0, newest=0, is_whole=False)
"""Those of a curve that was never asked for."""
