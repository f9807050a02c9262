"""The commits of this process that are not sealed yet, as they came, so that a seal need not unpack what it packed."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.history.samples import FLOAT, INTEGER, TEXT, Samples

MOST_SAMPLES = 2_000_000
"""So many are kept, 24 bytes each: twice what is sealed at once. Others are read back from the journal."""
_FIRST_SAMPLES = 65_536
_TYPES = {FLOAT: np.dtype(np.float64), INTEGER: np.dtype(np.int64)}

_Parts = tuple[tuple[str, int, int], ...]
"""Kind of value of each part, and its rows: from and to."""


class Unsealed:
    """Filled by the writer, emptied by the thread that seals; a commit is known by its number and checksum.

    What is sealed is what the journal holds: a commit that was rolled back has no row there, and is not asked for, or
    has given its number to another one, which stands here in its place. The columns are used again from seal to seal:
    to keep arrays as they come would give each commit new memory, which costs more than to unpack them.
    """

    def __init__(self, *, most: int = MOST_SAMPLES) -> None:
        """Keep at most so many samples."""
        self._most = most
        self._columns = _room_for(min(_FIRST_SAMPLES, most))
        self._used = 0
        self._commits: dict[int, tuple[int, _Parts]] = {}
        self._lock = threading.Lock()

    def add(self, seq: int, crc: int, parts: Sequence[Samples]) -> None:
        """Take what a row of the journal holds, as it came; texts, which may be long, are left to the journal."""
        count = sum(map(len, parts))
        with self._lock:
            self._commits.pop(seq, None)
            if self._used + count > self._most or any(part.kind == TEXT for part in parts):
                return
            if self._used + count > len(self._columns[0]):
                self._grow(count)
            self._commits[seq] = crc, tuple([self._copied(part) for part in parts])

    def parts_of(self, seq: int, crc: int) -> tuple[Samples, ...] | None:
        """Return the samples of a row as they came, None where they are not here.

        They are good until `release`, which the same thread calls.
        """
        with self._lock:
            known, parts = self._commits.get(seq, (None, ()))
            if known != crc:
                return None
            tag, time, value, status = self._columns
        return tuple(
            Samples(tag[first:last], time[first:last], value[first:last].view(_TYPES[kind]), status[first:last])
            for kind, first, last in parts
        )

    def release(self, through: int) -> None:
        """Keep the commits up to a number no longer: a seal that fails after this reads them back from the journal."""
        with self._lock:
            self._commits = {seq: commit for seq, commit in self._commits.items() if seq > through}
            begin = min((first for _, parts in self._commits.values() for _, first, _ in parts), default=self._used)
            left = self._used - begin
            for column in self._columns:
                column[:left] = column[begin : self._used].copy()
            self._commits = {
                seq: (crc, tuple((kind, first - begin, last - begin) for kind, first, last in parts))
                for seq, (crc, parts) in self._commits.items()
            }
            self._used = left

    def _copied(self, part: Samples) -> tuple[str, int, int]:
        rows = slice(self._used, self._used + len(part))
        tag, time, value, status = self._columns
        tag[rows], time[rows], status[rows] = part.tag, part.time, part.status
        value[rows] = part.value.view(np.int64)
        self._used = rows.stop
        return part.kind, rows.start, rows.stop

    def _grow(self, count: int) -> None:
        wider = _room_for(min(self._most, max(2 * len(self._columns[0]), self._used + count)))
        for column, former in zip(wider, self._columns, strict=True):
            column[: self._used] = former[: self._used]
        self._columns = wider


def _room_for(count: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    return np.empty(count, np.uint32), np.empty(count, np.int64), np.empty(count, np.int64), np.empty(count, np.uint32)
