"""What the benchmarks of the history ask of a store, ours or a peer's, and the bytes its processes hand to the disk."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import numpy as np
import psutil
from numpy.typing import NDArray

from app.model.block import Block

Table = tuple[NDArray[Any], ...]
Answer = Callable[[], Table]
"""A query's result as the store gave it; calling it makes columns of it, which belongs to no one's time."""


def used_bytes(connection: sqlite3.Connection) -> int:
    """Return the bytes of the pages of an SQLite file that are in use; the others wait to be used again."""
    pages, free, width = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * width)


class HistoryStore(Protocol):
    """A store of samples (tag, time int64 ns, value, status) that has returned from `commit` only what is on disk."""

    name: str

    def load(self, blocks: Iterable[Block]) -> None:
        """Fill the store as it likes best; not measured."""

    def commit(self, block: Block) -> None:
        """Store samples durably."""

    def begin_upkeep(self) -> None:
        """Begin what is due every five minutes, beside the commits that follow."""

    def upkeep(self) -> None:
        """End what was begun, or do it now."""

    def settle(self) -> None:
        """Do all upkeep there is, and bring every log into the file."""

    def size(self) -> int:
        """Return the bytes in use for samples and their index."""

    def written(self) -> int:
        """Return the bytes that its processes have handed to the disk so far."""

    def close(self) -> None:
        """Let go of files and processes."""


class Absent(Exception):
    """A peer cannot run here; the message says what is missing."""


def say_not_run(what: str) -> None:
    """Tell on stderr what was left out, so that a missing peer is never silent."""
    print(f"not run: {what}", file=sys.stderr, flush=True)


def opened(kinds: Sequence[Callable[[], HistoryStore]]) -> list[HistoryStore]:
    """Return the stores that can run here and say of the others why not."""
    stores = []
    for kind in kinds:
        try:
            stores.append(kind())
        except Absent as reason:
            say_not_run(str(reason))
    return stores


def written_here() -> int:
    """Return the bytes this process has handed to the disk: dirtied pages on Linux, written bytes elsewhere."""
    counters = getattr(psutil.Process(), "io_counters", None)
    return int(counters().write_bytes) if counters else 0


def differing(ours: Table, peer: Table) -> int:
    """Return how many rows of two tables are not the same; values that are not numbers are alike."""
    if len(ours[0]) != len(peer[0]):
        return abs(len(ours[0]) - len(peer[0]))
    same = np.ones(len(ours[0]), np.bool_)
    for left, right in zip(ours, peer, strict=True):
        same &= (left == right) | ((left != left) & (right != right))  # noqa: PLR0124 - only NaN differs from itself
    return int(np.count_nonzero(~same))


def columns(rows: Sequence[tuple[Any, ...]], kinds: Sequence[type[np.generic]]) -> Table:
    """Return rows of Python objects as columns of those dtypes; None becomes NaN."""
    if not rows:
        return tuple(np.empty(0, kind) for kind in kinds)
    return tuple(np.array(column, kind) for column, kind in zip(zip(*rows, strict=True), kinds, strict=True))
