"""Rows of SQLite clustered by tag and time: what a careful programmer would write first, and the floor to beat."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from app.model.block import Block
from tests.benchmarks.history_store import Answer, columns, used_bytes, written_here
from tests.benchmarks.recorded_plant import by_tag

_RAW = "SELECT time, value, status FROM sample WHERE tag = ? AND time >= ? AND time < ? ORDER BY time"
_SNAPSHOT = """
SELECT tag.id, sample.time, sample.value, sample.status FROM tag CROSS JOIN sample
ON sample.tag = tag.id AND sample.time = (SELECT MAX(time) FROM sample WHERE tag = tag.id AND time <= ?)
"""


class ClusteredRows:
    """One table without rowid on (tag, time) in WAL mode with synchronous=FULL, filled by executemany."""

    name = "clustered rows"

    def __init__(self, folder: Path, *, tags: int) -> None:
        """Open a new file in `folder`."""
        self._path = folder / "rows.sqlite"
        self._connection = sqlite3.connect(self._path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL").fetchall()
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE tag (id INTEGER PRIMARY KEY) STRICT")
        self._connection.executemany("INSERT INTO tag VALUES (?)", ((number,) for number in range(tags)))
        self._connection.execute(
            "CREATE TABLE sample (tag INTEGER NOT NULL, time INTEGER NOT NULL, value REAL, status INTEGER NOT NULL, "
            "PRIMARY KEY (tag, time)) WITHOUT ROWID, STRICT"
        )
        self._reading = sqlite3.connect(self._path, isolation_level=None)

    def load(self, blocks: Iterable[Block]) -> None:
        """Fill the file, a block a transaction."""
        for block in blocks:
            self.commit(block)
        self.settle()

    def commit(self, block: Block) -> None:
        """Store samples durably; sorted by the key, which is to the rows' advantage."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.executemany("INSERT INTO sample VALUES (?, ?, ?, ?)", _rows(block))
        self._connection.execute("COMMIT")

    def begin_upkeep(self) -> None:
        """Nothing is done beside commits."""

    def upkeep(self) -> None:
        """Do nothing: it sees to its log by itself."""

    def settle(self) -> None:
        """Bring the log into the file."""
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def size(self) -> int:
        """Return the bytes of the pages in use."""
        return used_bytes(self._connection)

    def written(self) -> int:
        """Return the bytes that this process has handed to the disk."""
        return written_here()

    def close(self) -> None:
        """Close the file."""
        self._reading.close()
        self._connection.close()

    def reopen(self) -> None:
        """Forget what the reading connection remembers."""
        self._reading.close()
        self._reading = sqlite3.connect(self._path, isolation_level=None)

    def raw(self, handle: int, start: int, end: int) -> Answer:
        """Return time, value and status of a tag."""
        rows = self._reading.execute(_RAW, (handle, start, end)).fetchall()
        return lambda: columns(rows, (np.int64, np.float64, np.uint32))

    def snapshot(self, at: int) -> Answer:
        """Return tag, time, value and status of every tag's last sample up to an instant, by tag."""
        rows = self._reading.execute(_SNAPSHOT, (at,)).fetchall()
        return lambda: columns(sorted(rows), (np.int64, np.int64, np.float64, np.int64))


def _rows(block: Block) -> Iterator[tuple[object, ...]]:
    ordered = by_tag(block)
    return zip(
        ordered.handle.tolist(), ordered.time.tolist(), ordered.value.tolist(), ordered.status.tolist(), strict=True
    )
