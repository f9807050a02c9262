"""A disk with the operating system's memory before it: which states it may be in after the power has failed.

What a file held when it was last synced is there. What came after may be there or not, sector by sector: each sector
holds what the file held there at some instant since, old or new, whatever its neighbours do. So writes are torn, come
out of order, and one file's reach the disk before another's. A file's length is one of those it has had since, and what
the length covers but no write has reached is zero, rubbish, or what was cut off there before. Shortening a file happens
as a whole or not at all, one after the other; without it nothing that was written behind the cut can be there. A
folder's entries (creations, renames, removals) are there once the folder was synced; before that each may be there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SECTOR = 512
_UNIT_SECTORS = (1, 8)
_FILLERS = ("zero", "rubbish", "stale")


@dataclass(frozen=True, slots=True)
class Operation:
    """One file operation that has ended.

    `kind`: "C" create, "W" write, "T" truncate, "S" sync, "R" rename, "U" unlink, "A" said on standard output.
    `path` of C, R and U, of S where a folder was synced; `inode` of C, W, T and S. `offset` of W; of T the new length.
    """

    kind: str
    path: str = ""
    inode: int = 0
    offset: int = 0
    data: bytes = b""

    @property
    def target(self) -> str:
        """The new path of a renamed file."""
        return os.fsdecode(self.data)


@dataclass(slots=True, eq=False)
class _File:
    """What is on the disk for sure, what came since, and the lengths that the file has had since."""

    synced: bytearray = field(default_factory=bytearray)
    waiting: list[Operation] = field(default_factory=list)
    lengths: list[int] = field(default_factory=lambda: [0])

    def add(self, operation: Operation) -> None:
        self.waiting.append(operation)
        self.lengths.append(_length_after(operation, self.lengths[-1]))

    def cuts(self) -> list[int]:
        """Return which of the waiting operations make the file shorter."""
        return [
            number
            for number, operation in enumerate(self.waiting)
            if operation.kind == "T" and operation.offset < self.lengths[number]
        ]

    def sync(self) -> None:
        for operation in self.waiting:
            if operation.kind == "T":
                del self.synced[operation.offset :]
            self.synced.extend(bytes(max(0, _length_after(operation, len(self.synced)) - len(self.synced))))
            self.synced[operation.offset : operation.offset + len(operation.data)] = operation.data
        self.waiting.clear()
        self.lengths = [len(self.synced)]


def _length_after(operation: Operation, before: int) -> int:
    return operation.offset if operation.kind == "T" else max(before, operation.offset + len(operation.data))


class Disk:
    """Takes recorded operations one after the other and tells what a power cut now may leave."""

    def __init__(self, folder: Path, before: Mapping[str, tuple[int, bytes]] | None = None) -> None:
        """Begin with a synced folder; `before`: inode and content of its files by their paths."""
        self._folder = str(folder)
        self._inodes: dict[int, _File] = {}
        self._now: dict[str, _File] = {}
        for path, (inode, content) in (before or {}).items():
            self._now[path] = self._inodes[inode] = _File(bytearray(content), lengths=[len(content)])
        self._entries = dict(self._now)
        self._waiting: list[tuple[Operation, _File]] = []

    def apply(self, operation: Operation) -> None:
        """Do what was done."""
        match operation.kind:
            case "C":
                self._now[operation.path] = self._inodes[operation.inode] = file = _File()
                self._waiting.append((operation, file))
            case "R":
                self._waiting.append((operation, self._now[operation.path]))
                _change(self._now, *self._waiting[-1])
            case "U":
                self._waiting.append((operation, self._now[operation.path]))
                _change(self._now, *self._waiting[-1])
            case "S" if operation.path == self._folder:
                for change in self._waiting:
                    _change(self._entries, *change)
                self._waiting.clear()
            case "S":
                self._inodes[operation.inode].sync()
            case "W" | "T":
                self._inodes[operation.inode].add(operation)

    def contents(self) -> dict[str, bytes]:
        """Return the files as the running program sees them, by their paths."""
        return {path: _all_of(file) for path, file in self._now.items()}

    def after_power_cut(self, rng: np.random.Generator) -> dict[str, bytes]:
        """Return one legal state of the disk after a power cut now: the files by their paths."""
        chance = _Chance(rng)
        entries = dict(self._entries)
        for change in self._waiting:
            if chance.keeps_entry():
                _change(entries, *change)
        return {path: chance.state_of(file) for path, file in entries.items()}


def _change(entries: dict[str, _File], operation: Operation, file: _File) -> None:
    """Change a folder's entries; a removal removes the file that it meant, not a newer one of the same name."""
    if operation.kind == "C":
        entries[operation.path] = file
        return
    if entries.get(operation.path) is file:
        del entries[operation.path]
    if operation.kind == "R":
        entries[operation.target] = file


def _all_of(file: _File) -> bytes:
    copy = _File(bytearray(file.synced), list(file.waiting))
    copy.sync()
    return bytes(copy.synced)


class _Chance:
    """How luck treats what was not synced: one mood for a whole power cut, so that extremes occur."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._kept = float(rng.choice([0.0, 0.05, 0.5, 0.95, 1.0]))
        self._unit = int(rng.choice(_UNIT_SECTORS))
        self._is_in_order = bool(rng.random() < 0.25)
        self._filler = str(rng.choice(_FILLERS))

    def keeps_entry(self) -> bool:
        return bool(self._rng.random() < self._kept)

    def state_of(self, file: _File) -> bytes:
        """Return a legal content of a file."""
        if not file.waiting:
            return bytes(file.synced)
        size, cuts = max(file.lengths), file.cuts()
        age = self._ages(-(-size // SECTOR), len(file.waiting))
        shortened = self._number_of(cuts, int(age.max(initial=0)))
        begin = cuts[shortened - 1] + 1 if shortened else 0
        end = cuts[shortened] if shortened < len(cuts) else len(file.waiting)
        unwritten = self._unwritten(size)
        content, limit = unwritten.copy(), size
        content[: len(file.synced)] = np.frombuffer(file.synced, np.uint8)
        for number, operation in enumerate(file.waiting):
            if operation.kind == "W":
                _write_sectors(
                    content, operation.offset, operation.data[: max(0, limit - operation.offset)], age > number
                )
            elif number in cuts and number >= end:
                limit = min(limit, operation.offset)
            elif number in cuts and self._filler != "stale":
                content[operation.offset :] = unwritten[operation.offset :]
        return content[: self._length(file.lengths[begin : end + 1])].tobytes()

    def _unwritten(self, size: int) -> NDArray[np.uint8]:
        is_rubbish = self._filler == "rubbish"
        return self._rng.integers(0, 256, size, np.uint8) if is_rubbish else np.zeros(size, np.uint8)

    def _ages(self, sectors: int, operations: int) -> NDArray[np.int64]:
        """Return for each sector how many of the operations have reached it."""
        units = -(-sectors // self._unit)
        if self._is_in_order:
            age = int(self._rng.integers(0, operations + 1)) + self._rng.integers(0, 2, units)
        else:
            age = np.where(self._rng.random(units) < self._kept, operations, self._rng.integers(0, operations, units))
            age[self._rng.random(units) > self._kept] = 0
        return np.repeat(age, self._unit)[:sectors]

    def _number_of(self, cuts: list[int], reached: int) -> int:
        """Return how many of the cuts have happened."""
        if self._is_in_order:
            return sum(cut < reached for cut in cuts)
        return len(cuts) if self._rng.random() < self._kept else int(self._rng.integers(0, len(cuts) + 1))

    def _length(self, lengths: Sequence[int]) -> int:
        return lengths[-1] if self._rng.random() < self._kept else int(self._rng.choice(lengths))


def _write_sectors(content: NDArray[np.uint8], start: int, data: bytes, reached: NDArray[np.bool_]) -> None:
    end = start + len(data)
    first, last = start // SECTOR, -(-end // SECTOR)
    chosen = reached[first:last]
    new = np.frombuffer(data, np.uint8)
    if chosen.all():
        content[start:end] = new
    elif chosen.any():
        mask = np.repeat(chosen, SECTOR)[start - first * SECTOR : end - first * SECTOR]
        content[start:end][mask] = new[mask]
