"""Copies the plant's SQLite file while it is written, and looks into copies; the one module here that speaks SQL.

A copy is taken from one read transaction: other processes may commit meanwhile, which would make an online backup
without it begin anew each time. Pages go over in small steps and reach the disk as they go, so that the writer's
commits never wait behind a whole file (tests/benchmarks/history_backup.py).
"""

from __future__ import annotations

import contextlib
import math
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from app.database import (
    DatabaseDamaged,
    DatabaseInterrupted,
    PlantConnection,
    has_table,
    open_reader,
    translate,
)
from app.exchange.failure import Cancelled
from app.exchange.part_file import sync_file
from app.exchange.progress import OnProgress
from app.history.integrity import find_damage, structure_problems

STEP_PAGES = 512
SYNC_BYTES = 16 << 20
"""Written to the disk at a time: a whole file at once holds other commits up for a quarter of a second."""
_OPERATIONS = 100_000
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'backup_document' ORDER BY name"
_SAMPLES = """
SELECT (SELECT coalesce(sum(samples), 0) FROM chunk)
     + (SELECT coalesce(sum(samples), 0) FROM fresh
        WHERE seal <= (SELECT value FROM history_state WHERE key = 'seal'))
     + (SELECT coalesce(sum(samples), 0) FROM journal
        WHERE seq > (SELECT value FROM history_state WHERE key = 'sealed_through'))
"""

ENGINE = sqlite3.sqlite_version


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds. `rows`: of every table; `documents`: texts that a backup adds.

    `samples`: of all tags as they were written, late ones beside those that they replace; `damaged`: how many parts of
    the history could not be read.
    """

    rows: dict[str, int]
    samples: int
    documents: dict[str, str]
    damaged: int = 0


def copy_file(source: Path, target: Path, documents: dict[str, str], *, on_pages: OnProgress) -> Contents:
    """Copy the plant's file at `source` to `target`, add `documents`, and return what was to be copied.

    `target` is one file of its own (no WAL beside it) that can be read from any medium. `on_pages` hears the share and
    the number of pages that are over. Raise DatabaseError, OSError, or Cancelled as `on_pages` does.
    """
    target.unlink(missing_ok=True)
    with contextlib.closing(open_reader(source)) as connection:
        connection.execute("BEGIN")
        contents = _contents(connection)
        with contextlib.closing(sqlite3.connect(target, isolation_level=None)) as copy, _told(target):
            copy.execute("PRAGMA journal_mode = OFF")  # nobody looks at it before it is whole
            copy.execute("PRAGMA synchronous = OFF")
            connection.backup(copy, pages=STEP_PAGES, progress=_Steps(target, on_pages))
            _add(copy, documents)
            copy.execute("PRAGMA journal_mode = DELETE")
        connection.rollback()
    sync_file(target)
    return replace(contents, documents=documents)


def size_of(path: Path) -> int:
    """Return the bytes that a copy of the plant's file needs; raise DatabaseError."""
    with contextlib.closing(open_reader(path)) as connection:
        pages = int(connection.execute("PRAGMA page_count").fetchone()[0])
        return pages * int(connection.execute("PRAGMA page_size").fetchone()[0])


def check_copy(path: Path, *, on_progress: OnProgress) -> Contents:
    """Return what a copy holds; raise DatabaseDamaged with what SQLite finds wrong in it, or DatabaseForeign.

    Parts of the history that were damaged already when they were copied are counted. `on_progress` hears first that it
    goes on (how far is not known), then the share of the hours; raise Cancelled as it does.
    """
    work = _Work(on_progress)
    with contextlib.closing(open_reader(path)) as connection:
        connection.set_progress_handler(work, _OPERATIONS)
        try:
            problems = structure_problems(connection, most=5)
        except DatabaseInterrupted as error:
            raise Cancelled from error
        connection.set_progress_handler(None, 0)
        if problems:
            raise DatabaseDamaged(f"{path}: is damaged: take another backup ({'; '.join(problems)})")
        return replace(_contents(connection), damaged=_damaged_parts(connection, on_progress))


def drop_documents(path: Path) -> None:
    """Take the added texts out of a copy, which is the plant's file again then."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection, _told(path):
        connection.execute("DROP TABLE backup_document")
    sync_file(path)


def settle_wal(path: Path) -> bool:
    """Bring what is in the WAL of a file at rest into the file itself; return whether that could be done."""
    try:
        with contextlib.closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.Error:
        return False
    return not path.with_name(path.name + "-wal").exists()


class _Steps:
    """Hears of every step of a copy: tells the progress, and brings the copy to the disk as it grows."""

    def __init__(self, target: Path, on_pages: OnProgress) -> None:
        self._target = target
        self._on_pages = on_pages
        self._synced = 0

    def __call__(self, _status: int, remaining: int, total: int) -> None:
        self._on_pages(1 - remaining / total if total else 1.0, total - remaining)
        size = self._target.stat().st_size
        if size - self._synced >= SYNC_BYTES:
            sync_file(self._target)
            self._synced = size


class _Work:
    """Is asked by SQLite now and then whether to stop, since no exception may pass through it."""

    def __init__(self, on_progress: OnProgress) -> None:
        self.is_cancelled = False
        self._on_progress = on_progress
        self._count = 0

    def __call__(self) -> bool:
        self._count += 1
        try:
            self._on_progress(math.nan, self._count)
        except Cancelled:
            self.is_cancelled = True
        return self.is_cancelled


def _add(copy: sqlite3.Connection, documents: dict[str, str]) -> None:
    copy.execute("CREATE TABLE backup_document (name TEXT PRIMARY KEY, content TEXT NOT NULL) STRICT")
    copy.executemany("INSERT INTO backup_document (name, content) VALUES (?, ?)", documents.items())


def _damaged_parts(connection: PlantConnection, on_progress: OnProgress) -> int:
    if not _is_new(connection):
        return 0
    return len(find_damage(connection, on_progress=lambda share: on_progress(share, 0)))


def _contents(connection: sqlite3.Connection) -> Contents:
    names = [row[0] for row in connection.execute(_TABLES).fetchall()]
    rows = {name: _count(connection, name) for name in names}
    samples = int(connection.execute(_SAMPLES).fetchone()[0]) if _is_new(connection) else rows.get("sample", 0)
    return Contents(rows, samples, _documents(connection))


def _is_new(connection: sqlite3.Connection) -> bool:
    """Return whether samples lie in a journal and chunks, not in rows as an older version wrote them."""
    return has_table(connection, "journal")


def _count(connection: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    return int(connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608 - of the file's own schema


def _documents(connection: sqlite3.Connection) -> dict[str, str]:
    if not has_table(connection, "backup_document"):
        return {}
    return dict(connection.execute("SELECT name, content FROM backup_document").fetchall())


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell errors of SQLite as DatabaseErrors."""
    try:
        yield
    except sqlite3.Error as error:
        meaning = translate(error, path)
        if meaning is None:
            raise
        raise meaning from error
