"""The first layout of the history, one row per sample, brought into chunks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import numpy as np

from app.history.chunk import COLUMNS, StampPacker, pack_chunk
from app.history.layout import HOUR_NS
from app.history.samples import Samples


def move_rows(connection: sqlite3.Connection) -> None:
    """Write the rows of `sample` as fresh chunks of seal 1, within the migration's transaction."""
    stamps = StampPacker(1)
    for (tag,) in connection.execute("SELECT id FROM tag ORDER BY id").fetchall():
        for samples in _hours(connection, tag):
            packed = pack_chunk(samples, stamps.stamp_of(samples.time))
            connection.execute(
                f"INSERT INTO fresh (seal, hour, tag, {COLUMNS}) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                (int(samples.time[0] // HOUR_NS), tag, *packed.row()),
            )
        connection.executemany("INSERT INTO fresh_stamp VALUES (?, ?, ?, ?)", stamps.take())
    connection.execute("UPDATE history_state SET value = 1 WHERE key = 'seal'")


def _hours(connection: sqlite3.Connection, tag: int) -> Iterator[Samples]:
    """Yield the samples of a tag, one UTC hour at a time."""
    after = -(1 << 63)
    while True:
        first = connection.execute("SELECT min(time) FROM sample WHERE tag = ? AND time > ?", (tag, after)).fetchone()[
            0
        ]
        if first is None:
            return
        end = (first // HOUR_NS + 1) * HOUR_NS
        rows = connection.execute(
            "SELECT time, value, status FROM sample WHERE tag = ? AND time >= ? AND time < ? ORDER BY time",
            (tag, first, end),
        ).fetchall()
        time, value, status = zip(*rows, strict=True)
        yield Samples(
            np.full(len(rows), tag, np.uint32),
            np.array(time, np.int64),
            np.array(value, np.float64),
            np.array(status, np.uint32),
        )
        after = end - 1
