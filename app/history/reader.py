"""Reads the plant's history while the collector writes it: stretches, envelopes, the newest and the extent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.database import DatabaseInterrupted, DatabaseMissing, PlantConnection, has_table, open_reader
from app.history.envelope import Envelope, bucket_width
from app.model import status
from app.model.datavalue import DataValue
from app.model.series import Series, empty_series

_RAW = "SELECT time, value, status FROM sample WHERE tag = ? AND time >= ? AND time < ? ORDER BY time"
_NEWEST = _RAW + " DESC LIMIT ?"
_ENVELOPE = f"""
WITH bucket AS (
    SELECT (time - :origin) / :width AS number,
           MIN(CASE WHEN status < {status.BAD} THEN value END) AS minimum,
           MAX(CASE WHEN status < {status.BAD} THEN value END) AS maximum,
           MIN(CASE WHEN status < {status.BAD} AND value IS NOT NULL THEN time END) AS first_time,
           MAX(CASE WHEN status < {status.BAD} AND value IS NOT NULL THEN time END) AS last_time,
           MAX(status) AS worst,
           COUNT(*) AS samples
    FROM sample WHERE tag = :tag AND time >= :start AND time < :end GROUP BY number
)
SELECT number, minimum, maximum, early.value, late.value, first_time, last_time, worst, samples
FROM bucket
LEFT JOIN sample AS early ON early.tag = :tag AND early.time = first_time
LEFT JOIN sample AS late ON late.tag = :tag AND late.time = last_time
ORDER BY number
"""  # noqa: S608 - only a constant is put in
_LATEST = """
SELECT tag.name, sample.value, sample.status, sample.time FROM tag
CROSS JOIN sample ON sample.tag = tag.id AND sample.time = (SELECT MAX(time) FROM sample WHERE tag = tag.id)
"""
_EXTENT = """
SELECT MIN((SELECT MIN(time) FROM sample WHERE tag = tag.id)), MAX((SELECT MAX(time) FROM sample WHERE tag = tag.id))
FROM tag
"""


class HistoryReader:
    """One reader for one thread; only `interrupt` may be called from another. A missing or empty file has no samples.

    Every method raises DatabaseError where the file cannot be read, DatabaseInterrupted after `interrupt`.
    """

    def __init__(self, path: Path) -> None:
        """Prepare; the file is opened as soon as it exists."""
        self._path = path
        self._connection: PlantConnection | None = None
        self._is_interrupted = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def interrupt(self) -> None:
        """Cancel the call that runs in the reader's thread now, if any."""
        self._is_interrupted = True
        connection = self._connection
        if connection is not None:
            connection.interrupt()

    def raw(self, tag: str, start: int, end: int, *, limit: int = 0) -> Series:
        """Return the samples of a tag with start <= t < end (ns UTC); where `limit` is given, its newest so many."""
        with self._snapshot() as connection:
            if connection is None or (number := _number_of(connection, tag)) is None:
                return empty_series()
            if not limit:
                return _series(connection.execute(_RAW, (number, start, end)).fetchall())
            return _series(connection.execute(_NEWEST, (number, start, end, limit)).fetchall()[::-1])

    def envelope(self, tags: Sequence[str], start: int, end: int, buckets: int) -> dict[str, Envelope]:
        """Return start <= t < end (ns UTC) of each tag in about `buckets` buckets, which begin at multiples of a width.

        So a view that moves along keeps its buckets. A tag without samples there has an empty Envelope.
        """
        width = bucket_width(start, end, buckets)
        found = {}
        with self._snapshot() as connection:
            for tag in tags:
                number = None if connection is None else _number_of(connection, tag)
                if connection is None or number is None:
                    found[tag] = _envelope([], width=width, origin=0)
                    continue
                origin = start // width * width
                where = {"tag": number, "start": start, "end": end, "width": width, "origin": origin}
                found[tag] = _envelope(connection.execute(_ENVELOPE, where).fetchall(), width=width, origin=origin)
                self._check()
        return found

    def latest(self) -> dict[str, DataValue]:
        """Return the newest sample of every tag that has any."""
        with self._snapshot() as connection:
            rows = [] if connection is None else connection.execute(_LATEST).fetchall()
        return {name: DataValue(_number(value), code, time, time) for name, value, code, time in rows}

    def extent(self) -> tuple[int, int] | None:
        """Return the first and the last instant stored (ns UTC), None where nothing is."""
        with self._snapshot() as connection:
            row = None if connection is None else connection.execute(_EXTENT).fetchone()
        return None if row is None or row[0] is None else (int(row[0]), int(row[1]))

    @contextmanager
    def _snapshot(self) -> Iterator[PlantConnection | None]:
        """Give the connection with all queries on one state of the file, None where there is nothing to read."""
        self._is_interrupted = False
        connection = self._opened()
        if connection is None:
            yield None
            return
        connection.execute("BEGIN")
        try:
            yield connection if has_table(connection, "sample") else None
        finally:
            connection.rollback()

    def _opened(self) -> PlantConnection | None:
        if self._connection is None:
            try:
                self._connection = open_reader(self._path)
            except DatabaseMissing:
                return None
        return self._connection

    def _check(self) -> None:
        if self._is_interrupted:
            raise DatabaseInterrupted(f"{self._path}: the query was cancelled")


def _number_of(connection: PlantConnection, tag: str) -> int | None:
    row = connection.execute("SELECT id FROM tag WHERE name = ?", (tag,)).fetchone()
    return None if row is None else int(row[0])


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _series(rows: Sequence[tuple[int, float | None, int]]) -> Series:
    if not rows:
        return empty_series()
    time, value, code = zip(*rows, strict=True)
    return Series(np.array(time, np.int64), np.array(value, np.float64), np.array(code, np.uint32))


def _envelope(rows: Sequence[tuple[float | None, ...]], *, width: int, origin: int) -> Envelope:
    columns: list[Sequence[float | None]] = list(zip(*rows, strict=True)) if rows else [()] * 9
    number, minimum, maximum, first, last, first_time, last_time, worst, count = columns
    return Envelope(
        width=width,
        time=_whole(number) * width + origin,
        minimum=np.array(minimum, np.float64),
        maximum=np.array(maximum, np.float64),
        first=np.array(first, np.float64),
        last=np.array(last, np.float64),
        first_time=_whole(first_time),
        last_time=_whole(last_time),
        status=_whole(worst).astype(np.uint32),
        count=_whole(count),
    )


def _whole(column: Sequence[float | None]) -> NDArray[np.int64]:
    return np.array([0 if value is None else value for value in column], np.int64)
