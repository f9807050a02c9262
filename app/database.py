"""The plant's SQLite file: one connection that writes, many that only read, and errors with their remedy.

The file is in WAL mode with synchronous=FULL: a commit that has returned survives a power cut. Only the writing
connection checkpoints. See docs/decisions/0011-history-file.md.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NoReturn, Self

import sqlite_utils.utils

APPLICATION_ID = int.from_bytes(b"FSHT", "big")
OLDEST_ENGINE = (3, 37, 0)
PAGE_BYTES = 4_096
WAL_KEPT_BYTES = 64 << 20
WAL_PAGES = 16_000
"""A commit that finds so much to bring into the file does it; `app.write_ahead` does earlier, when nobody waits."""
BUSY_SECONDS = 5.0
_NORMAL = 1
READER_CACHE_KB = 16_000
_ROWS_AT_ONCE = 128
"""Of up to fourteen columns, where SQLite takes 32,766 values."""
FULL_BELOW_BYTES = 1 << 20


class DatabaseError(Exception):
    """The plant's file cannot be used; the message names the file and the remedy."""


class DatabaseMissing(DatabaseError):
    """There is no file yet."""


class DatabaseFull(DatabaseError):
    """The disk has no space left."""


class DatabaseReadOnly(DatabaseError):
    """The file or its folder cannot be written."""


class DatabaseLocked(DatabaseError):
    """Another program holds the file."""


class DatabaseDamaged(DatabaseError):
    """The file's content is damaged, or it never was an SQLite file."""


class DatabaseForeign(DatabaseError):
    """The file belongs to another program."""


class DatabaseNewer(DatabaseError):
    """The file was written by a newer version of this program."""


class DatabaseInterrupted(DatabaseError):
    """A query was cancelled from another thread."""


_KINDS: dict[int, tuple[type[DatabaseError], str]] = {
    sqlite3.SQLITE_FULL: (DatabaseFull, "the disk is full: free some space"),
    sqlite3.SQLITE_READONLY: (
        DatabaseReadOnly,
        "cannot be written: give this user the right to write it and its folder",
    ),
    sqlite3.SQLITE_PERM: (DatabaseReadOnly, "cannot be written: give this user the right to write it and its folder"),
    sqlite3.SQLITE_CANTOPEN: (DatabaseReadOnly, "cannot be opened: check that its folder exists and may be written"),
    sqlite3.SQLITE_BUSY: (DatabaseLocked, "is locked by another program: close it (a database browser, a backup, ...)"),
    sqlite3.SQLITE_LOCKED: (
        DatabaseLocked,
        "is locked by another program: close it (a database browser, a backup, ...)",
    ),
    sqlite3.SQLITE_CORRUPT: (DatabaseDamaged, "is damaged: move it away, or restore a backup"),
    sqlite3.SQLITE_NOTADB: (DatabaseDamaged, "is no SQLite file: move it away, or restore a backup"),
    sqlite3.SQLITE_INTERRUPT: (DatabaseInterrupted, "the query was cancelled"),
    sqlite3.SQLITE_IOERR: (DatabaseError, "the disk failed: check its cable, its health and the system's log"),
}


# Where a damaged name stands in SQLite's own message, Python cannot read that message.
_FAILURES = (sqlite3.Error, UnicodeDecodeError)
_NOT_UTF8 = "Could not decode to UTF-8"


def translate(error: sqlite3.Error | UnicodeDecodeError, path: Path) -> DatabaseError | None:
    """Return what an error of SQLite means for `path`, None where it is a fault of the program itself."""
    if isinstance(error, UnicodeDecodeError) or str(error).startswith(_NOT_UTF8):
        return DatabaseDamaged(f"{path}: {_KINDS[sqlite3.SQLITE_CORRUPT][1]} ({error})")
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code not in _KINDS:
        return None
    kind, remedy = _KINDS[code]
    if code == sqlite3.SQLITE_IOERR and free_bytes(path) < FULL_BELOW_BYTES:
        kind, remedy = _KINDS[sqlite3.SQLITE_FULL]
    return kind(f"{path}: {remedy} ({error})")


class PlantCursor(sqlite3.Cursor):
    """A cursor whose errors are DatabaseErrors."""

    connection: PlantConnection

    def execute(self, sql: str, parameters: Any = (), /) -> Self:  # noqa: ANN401 - as in sqlite3
        """Execute one statement."""
        try:
            return super().execute(sql, parameters)
        except _FAILURES as error:
            self.connection.fail(error)

    def executemany(self, sql: str, parameters: Any, /) -> Self:  # noqa: ANN401 - as in sqlite3
        """Execute one statement for many rows."""
        try:
            return super().executemany(sql, parameters)
        except _FAILURES as error:
            self.connection.fail(error)

    def __next__(self) -> Any:  # noqa: ANN401 - as in sqlite3
        try:
            return super().__next__()
        except _FAILURES as error:
            self.connection.fail(error)

    def fetchone(self) -> Any:  # noqa: ANN401 - as in sqlite3
        """Return the next row or None."""
        try:
            return super().fetchone()
        except _FAILURES as error:
            self.connection.fail(error)

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        """Return so many of the rows that are left."""
        try:
            return super().fetchmany(size)
        except _FAILURES as error:
            self.connection.fail(error)

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        try:
            return super().fetchall()
        except _FAILURES as error:
            self.connection.fail(error)


class PlantConnection(sqlite3.Connection):
    """A connection to the plant's file whose errors are DatabaseErrors; transactions are begun explicitly."""

    path: Path = Path()

    def cursor(self, factory: Any = PlantCursor) -> Any:  # noqa: ANN401 - as in sqlite3
        """Return a cursor."""
        return super().cursor(factory)

    def execute(self, sql: str, parameters: Any = (), /) -> PlantCursor:  # noqa: ANN401 - as in sqlite3
        """Execute one statement on a new cursor."""
        cursor: PlantCursor = self.cursor()
        return cursor.execute(sql, parameters)

    def fetch(self, sql: str, parameters: Any = (), /) -> list[Any]:  # noqa: ANN401 - as in sqlite3
        """Return all rows of one statement: less than half the calls of `execute(...).fetchall()`."""
        try:
            return super().cursor().execute(sql, parameters).fetchall()
        except _FAILURES as error:
            self.fail(error)

    def executemany(self, sql: str, parameters: Any, /) -> PlantCursor:  # noqa: ANN401 - as in sqlite3
        """Execute one statement for many rows on a new cursor."""
        cursor: PlantCursor = self.cursor()
        return cursor.executemany(sql, parameters)

    def commit(self) -> None:
        """End the transaction durably."""
        try:
            super().commit()
        except _FAILURES as error:
            self.fail(error)

    def fail(self, error: sqlite3.Error | UnicodeDecodeError) -> NoReturn:
        """Raise what `error` means for this file."""
        meaning = translate(error, self.path)
        if meaning is None:
            raise error
        raise meaning from error


def open_writer(path: Path) -> PlantConnection:
    """Return the one writing connection to the plant's file, which is made where it is missing.

    Raise a DatabaseError where it cannot be written, is locked, damaged, or not ours.
    """
    _check_engine()
    connection = _connect(path, is_read_only=False)
    try:
        if _is_empty(connection):
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        _check_owner(connection)
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> PlantConnection:
    """Return a connection that can only read; raise DatabaseMissing where there is no file, else as open_writer."""
    _check_engine()
    if not path.exists():
        raise DatabaseMissing(f"{path}: does not exist yet: start the collector of this plant")
    connection = _connect(path, is_read_only=True)
    try:
        connection.execute("PRAGMA query_only = ON")
        connection.execute(f"PRAGMA cache_size = {-READER_CACHE_KB}")
        _check_owner(connection)
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def unhurried(connection: PlantConnection) -> Iterator[None]:
    """Let transactions in the block reach the disk with the next hurried one instead of each by itself.

    For what can be done again: a power cut takes the newest transactions of the WAL, never one and not those behind it.
    What is acknowledged to somebody outside must not be committed here.
    """
    (level,) = connection.execute("PRAGMA synchronous").fetchone()
    connection.execute(f"PRAGMA synchronous = {min(level, _NORMAL)}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA synchronous = {level}")


class transaction:  # noqa: N801 - it is used as a statement
    """Hold one transaction over the block: committed durably at its end, undone by an error; part of an outer one.

    A class, since a record of the audit trail takes 40 us in all, of which a generator and its frame would be five.
    """

    __slots__ = ("_connection", "_is_outer")

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Prepare; it begins with the block."""
        self._connection = connection
        self._is_outer = False

    def __enter__(self) -> None:
        """Begin, unless one is open."""
        if not self._connection.in_transaction:
            self._is_outer = True
            _do(self._connection, "BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        """Commit, or undo."""
        if not self._is_outer:
            return
        if kind is None:
            try:
                _do(self._connection, "COMMIT")
            except BaseException:
                self._undo()
                raise
        else:
            self._undo()

    def _undo(self) -> None:
        with contextlib.suppress(sqlite3.Error, DatabaseError):
            self._connection.rollback()


def _do(connection: sqlite3.Connection, statement: str) -> None:
    if isinstance(connection, PlantConnection):
        connection.fetch(statement)
    else:
        connection.execute(statement)


def insert_rows(connection: PlantConnection, into: str, rows: Sequence[Sequence[object]]) -> None:
    """Insert rows of one length; `into` is an SQL statement up to its VALUES.

    Many rows go by one statement: `executemany` lets other threads have their turn with each row, and where one of
    them computes each row then waits for it.
    """
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[first : first + _ROWS_AT_ONCE]
        marks = f"({','.join('?' * len(part[0]))})"
        connection.execute(f"{into} VALUES {','.join([marks] * len(part))}", [*chain.from_iterable(part)])


def has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Return whether the file has that table already."""
    return bool(connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (name,)).fetchall())


def _check_engine() -> None:
    """Refuse a second SQLite library in this process (two on one file lose locks) and one without STRICT tables."""
    engine = getattr(sqlite_utils.utils, "sqlite3", None)
    if engine is not sqlite3:
        raise DatabaseError(f"sqlite-utils uses {engine} instead of Python's sqlite3: uninstall pysqlite3 and sqlean")
    if sqlite3.sqlite_version_info < OLDEST_ENGINE:
        raise DatabaseError(f"SQLite {sqlite3.sqlite_version} is too old: install a Python with SQLite 3.37 or newer")


def _connect(path: Path, *, is_read_only: bool) -> PlantConnection:
    target = path.resolve().as_uri() + (_reading_mode(path) if is_read_only else "?mode=rwc")
    try:
        connection = sqlite3.connect(
            target, timeout=BUSY_SECONDS, isolation_level=None, factory=PlantConnection, uri=True
        )
    except sqlite3.Error as error:
        raise translate(error, path) or error from error
    connection.path = path
    return connection


def _reading_mode(path: Path) -> str:
    """Return how to read: a WAL file at rest in a folder that cannot be written can only be read as immutable."""
    may_write = os.access(path.parent, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
    is_at_rest = not path.with_name(path.name + "-wal").exists()
    return "?mode=ro&immutable=1" if is_at_rest and not may_write else "?mode=ro"


def _check_owner(connection: PlantConnection) -> None:
    if not _is_empty(connection) and _application_of(connection) != APPLICATION_ID:
        raise DatabaseForeign(
            f"{connection.path}: belongs to another program: move it away, or choose another plant folder"
        )


def _prepare(connection: PlantConnection) -> None:
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise DatabaseError(f"{connection.path}: its disk cannot hold a WAL file: move the plant to a local disk")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute(f"PRAGMA journal_size_limit = {WAL_KEPT_BYTES}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")
    # some builds overwrite with zeros whatever is deleted: the journal would be written twice
    connection.execute("PRAGMA secure_delete = OFF")
    with transaction(connection):
        if _application_of(connection) != APPLICATION_ID:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")


def _is_empty(connection: PlantConnection) -> bool:
    return bool(connection.execute("SELECT count(*) = 0 FROM sqlite_schema").fetchone()[0])


def _application_of(connection: PlantConnection) -> int:
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def free_bytes(path: Path) -> int:
    """Return the bytes that are free on the disk of `path`; few where the disk does not say."""
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return FULL_BELOW_BYTES
