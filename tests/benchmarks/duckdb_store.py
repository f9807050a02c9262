"""DuckDB as a store of samples: columns in, columns out; the strongest peer for long spans."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from app.model import status
from app.model.block import Block
from tests.benchmarks.history_store import Absent, Answer, Table, written_here
from tests.benchmarks.recorded_plant import by_tag

_RAW = "SELECT time, value, status FROM sample WHERE tag = ? AND time >= ? AND time < ? ORDER BY time"
_ENVELOPE = f"""
SELECT tag, time // ? AS bucket, min(value) FILTER (WHERE status < {status.BAD}) AS low,
       max(value) FILTER (WHERE status < {status.BAD}) AS high, count(*) AS samples
FROM sample WHERE tag IN (SELECT unnest(?)) AND time >= ? AND time < ? GROUP BY tag, bucket ORDER BY tag, bucket
"""  # noqa: S608 - only a constant is put in


class DuckDbStore:
    """One table without an index, which is to its advantage; a commit returns when its log is on disk."""

    name = "DuckDB"

    def __init__(self, folder: Path) -> None:
        """Open a new file in `folder`; raise Absent without the package."""
        if importlib.util.find_spec("duckdb") is None:
            raise Absent("DuckDB absent: pip install duckdb")
        self._connection = importlib.import_module("duckdb").connect(str(folder / "samples.duckdb"))
        self._connection.execute(
            "CREATE TABLE sample (tag UINTEGER, time BIGINT, value DOUBLE, status UINTEGER)"
        ).fetchall()

    def load(self, blocks: Iterable[Block]) -> None:
        """Fill the file, sorted by tag within each block so that its zone maps can leave out what is not asked."""
        for block in blocks:
            self.commit(by_tag(block))
        self.settle()

    def commit(self, block: Block) -> None:
        """Store samples durably, straight from the columns."""
        batch = {"tag": block.handle, "time": block.time, "value": block.value, "status": block.status}
        self._connection.register("batch", batch)
        self._connection.execute("INSERT INTO sample SELECT * FROM batch").fetchall()

    def begin_upkeep(self) -> None:
        """Nothing is done beside commits."""

    def upkeep(self) -> None:
        """Do nothing: it sees to its log by itself."""

    def settle(self) -> None:
        """Bring the log into the file."""
        self._connection.execute("CHECKPOINT").fetchall()

    def size(self) -> int:
        """Return the bytes of the blocks in use."""
        width, used = self._connection.execute("SELECT block_size, used_blocks FROM pragma_database_size()").fetchall()[
            0
        ]
        return int(width * used)

    def written(self) -> int:
        """Return the bytes that this process has handed to the disk."""
        return written_here()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def raw(self, handle: int, start: int, end: int) -> Answer:
        """Return time, value and status of a tag."""
        found = self._connection.execute(_RAW, (handle, start, end)).fetchnumpy()
        return lambda: _plain(found, ("time", "value", "status"))

    def envelope(self, handles: Sequence[int], start: int, end: int, *, width: int) -> Answer:
        """Return tag, bucket's start, minimum, maximum and count, by tag and bucket."""
        found = self._connection.execute(_ENVELOPE, (width, list(handles), start, end)).fetchnumpy()

        def table() -> Table:
            tag, bucket, low, high, samples = _plain(found, ("tag", "bucket", "low", "high", "samples"))
            return tag, bucket * width, low, high, samples

        return table


def _plain(found: dict[str, np.ma.MaskedArray[tuple[int, ...], np.dtype[np.float64]]], names: Sequence[str]) -> Table:
    """Return its columns without masks: NULL becomes NaN."""
    return tuple(
        np.ma.filled(found[name], np.nan) if np.ma.is_masked(found[name]) else np.asarray(found[name]) for name in names
    )
