"""The newest sample of each tag in a plain table, for people who look with SQL: packed commits tell them nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from app.database import PlantConnection, open_reader, transaction
from app.history.journal import rows_after
from app.history.samples import Samples
from app.history.seal import Step, plain_value

Row = tuple[int, int, object, int]
"""Tag, time (int64 ns UTC), value as SQLite holds it, status."""


class NewestSamples:
    """Brings the table up to date with the commits since the last time; used from one thread."""

    def __init__(self, path: Path) -> None:
        """Prepare for the file at `path`."""
        self._path = path
        self._seen = 0

    def refresh(self, execute: Callable[[Step], None]) -> int:
        """Write what is newer through `execute`, in one step; return the number of tags."""
        newest: dict[int, Row] = {}
        with closing(open_reader(self._path)) as connection:
            for row in rows_after(connection, self._seen):
                for part in row.parts:
                    _take(part, newest)
                self._seen = row.seq
        if newest:
            execute(_write(list(newest.values())))
        return len(newest)


def _take(part: Samples, newest: dict[int, Row]) -> None:
    last = part.rows(np.append(np.flatnonzero(np.diff(part.tag)), len(part) - 1))
    for row in range(len(last)):
        one = last.rows(slice(row, row + 1))
        tag, time = int(one.tag[0]), int(one.time[0])
        if tag not in newest or time >= newest[tag][1]:
            newest[tag] = (tag, time, plain_value(one), int(one.status[0]))


def _write(rows: list[Row]) -> Step:
    """Put rows into the table where they are not older than what is there."""

    def write(connection: PlantConnection) -> None:
        with transaction(connection):
            connection.executemany(
                "INSERT INTO newest VALUES (?, ?, ?, ?) ON CONFLICT (tag) DO UPDATE SET time = excluded.time, "
                "value = excluded.value, status = excluded.status WHERE excluded.time >= time",
                rows,
            )

    return write
