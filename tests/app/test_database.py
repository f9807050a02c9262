from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app import database, write_ahead
from app.database import (
    APPLICATION_ID,
    DatabaseDamaged,
    DatabaseError,
    DatabaseForeign,
    DatabaseFull,
    DatabaseLocked,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseReadOnly,
    open_reader,
    open_writer,
    transaction,
)
from app.migration import migrate


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a plant?#%" / "history.sqlite"


@pytest.fixture(autouse=True)
def _folder(path: Path) -> None:
    path.parent.mkdir()


@pytest.fixture
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)


def first_version() -> Migrations:
    migrations = Migrations("store")

    @migrations(name="one")
    def one(opened: Database) -> None:
        opened.execute("CREATE TABLE thing (name TEXT)")

    return migrations


def second_version() -> Migrations:
    migrations = first_version()

    @migrations(name="two")
    def two(opened: Database) -> None:
        opened.execute("ALTER TABLE thing ADD COLUMN size INTEGER")

    return migrations


def insert_and_fail(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        connection.execute("INSERT INTO thing VALUES ('undone')")
    raise ZeroDivisionError


def test_that_a_new_file_is_durable_and_marked_as_ours(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        values = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "page_size", "application_id", "foreign_keys")
        }
    assert values == {
        "journal_mode": "wal",
        "synchronous": 2,
        "page_size": 4096,
        "application_id": APPLICATION_ID,
        "foreign_keys": 1,
    }
    assert [entry.name for entry in path.parent.iterdir()] == ["history.sqlite"]


def test_that_a_reader_cannot_write(path: Path) -> None:
    with closing(open_writer(path)) as writer:
        migrate(writer, first_version())
        with closing(open_reader(path)) as reader, pytest.raises(DatabaseReadOnly, match=r"history\.sqlite"):
            reader.execute("INSERT INTO thing VALUES ('x')")


def test_that_a_reader_sees_what_is_committed_while_the_writer_goes_on(path: Path) -> None:
    with closing(open_writer(path)) as writer:
        migrate(writer, first_version())
        with closing(open_reader(path)) as reader:
            with transaction(writer):
                writer.execute("INSERT INTO thing VALUES ('x')")
                assert reader.execute("SELECT count(*) FROM thing").fetchone() == (0,)
            assert reader.execute("SELECT count(*) FROM thing").fetchone() == (1,)


def test_that_a_missing_file_is_told_to_a_reader(path: Path) -> None:
    with pytest.raises(DatabaseMissing, match="start the collector"):
        open_reader(path)
    assert not path.exists()


@pytest.mark.parametrize("content", [b"nonsense " * 1000, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_that_a_file_of_nonsense_is_damaged_and_left_as_it_was(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for opened in (open_writer, open_reader):
        with pytest.raises(DatabaseDamaged, match=r"history\.sqlite.*move it away"):
            opened(path)
    assert path.read_bytes() == content


def test_that_an_empty_file_is_taken(path: Path) -> None:
    path.touch()
    with closing(open_reader(path)) as reader:
        assert reader.execute("SELECT count(*) FROM sqlite_schema").fetchone() == (0,)
    open_writer(path).close()


def test_that_a_database_of_another_program_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
        other.commit()
    before = path.read_bytes()
    for opened in (open_writer, open_reader):
        with pytest.raises(DatabaseForeign, match="another program"):
            opened(path)
    assert path.read_bytes() == before


def test_that_a_folder_in_place_of_the_file_or_none_is_named(path: Path) -> None:
    path.mkdir()
    with pytest.raises(DatabaseReadOnly, match="check that its folder exists"):
        open_writer(path)
    with pytest.raises(DatabaseReadOnly, match="check that its folder exists"):
        open_writer(path.parent / "none" / "history.sqlite")


@pytest.mark.usefixtures("_hasty")
def test_that_a_lock_of_another_program_is_named_and_passes(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        migrate(connection, first_version())
        hold = "import sqlite3,sys; c=sqlite3.connect(sys.argv[1],isolation_level=None); c.execute('BEGIN EXCLUSIVE');"
        hold += "print('held',flush=True); sys.stdin.read()"
        command = [sys.executable, "-c", hold, str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "held\n"
            with pytest.raises(DatabaseLocked, match="close it"), transaction(connection):
                connection.execute("INSERT INTO thing VALUES ('x')")
            with pytest.raises(DatabaseLocked, match="close it"):
                open_writer(path)
            with closing(open_reader(path)) as reader:
                assert reader.execute("SELECT count(*) FROM thing").fetchone() == (0,)
            other.communicate("")
        with transaction(connection):
            connection.execute("INSERT INTO thing VALUES ('x')")
        assert connection.execute("SELECT count(*) FROM thing").fetchone() == (1,)


def test_that_a_full_file_is_named_and_writing_goes_on_after(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        migrate(connection, first_version())
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        with pytest.raises(DatabaseFull, match="free some space"), transaction(connection):
            connection.executemany("INSERT INTO thing VALUES (?)", (("x" * 1000,) for _ in range(100)))
        assert not connection.in_transaction
        connection.execute("PRAGMA max_page_count = 1000000")
        with transaction(connection):
            connection.executemany("INSERT INTO thing VALUES (?)", (("x" * 1000,) for _ in range(100)))
        assert connection.execute("SELECT count(*) FROM thing").fetchone() == (100,)


def test_that_damage_found_while_reading_is_named(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        migrate(connection, first_version())
        connection.executemany("INSERT INTO thing VALUES (?)", (("x" * 1000,) for _ in range(100)))
    content = bytearray(path.read_bytes())
    content[8192 * 3 :] = b"\xa5" * (len(content) - 8192 * 3)
    path.write_bytes(content)
    with closing(open_reader(path)) as reader, pytest.raises(DatabaseDamaged, match="restore a backup"):
        reader.execute("SELECT * FROM thing").fetchall()
    with closing(open_reader(path)) as reader, pytest.raises(DatabaseDamaged, match="restore a backup"):
        reader.fetch("SELECT * FROM thing")


def test_that_text_that_is_none_is_damage_and_has_a_remedy(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        migrate(connection, first_version())
        connection.execute("INSERT INTO thing VALUES (CAST(x'75C56E' AS TEXT))")
    with closing(open_reader(path)) as reader:
        for read in (
            lambda: reader.fetch("SELECT * FROM thing"),
            lambda: reader.execute("SELECT * FROM thing").fetchone(),
        ):
            with pytest.raises(DatabaseDamaged, match=r"history.sqlite: is damaged: .*restore a backup"):
                read()


def test_that_a_damaged_name_of_a_table_is_damage_and_has_a_remedy(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        migrate(connection, first_version())
    content = path.read_bytes()
    path.write_bytes(content.replace(b"thing", b"t\xc5ing").replace(b"CREATE TABLE t", b"CREATE XABLE t"))
    with pytest.raises(DatabaseDamaged, match="restore a backup"), closing(open_reader(path)) as reader:
        reader.fetch("SELECT * FROM thing")


@pytest.fixture
def unprivileged_folder() -> Iterator[Path]:
    """A folder that this process may read but not write, also where the tests run as root."""
    if os.name == "nt":
        pytest.skip("Windows has no POSIX modes")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    is_root = os.geteuid() == 0
    path = folder / "history.sqlite"
    with closing(open_writer(path)) as connection:
        migrate(connection, first_version())
        connection.execute("INSERT INTO thing VALUES ('x')")
    path.chmod(0o644)
    folder.chmod(0o555)
    if is_root:
        os.seteuid(65_534)
    yield folder
    if is_root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_that_a_read_only_file_is_named_and_can_be_read(unprivileged_folder: Path) -> None:
    path = unprivileged_folder / "history.sqlite"
    with closing(open_reader(path)) as reader:
        assert reader.execute("SELECT * FROM thing").fetchall() == [("x",)]
    with pytest.raises(DatabaseReadOnly, match="cannot be"):
        open_writer(path)
    with pytest.raises(DatabaseReadOnly, match="cannot be"):
        open_writer(unprivileged_folder / "new.sqlite")


def test_that_a_fault_of_the_program_stays_what_it_is(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        with pytest.raises(sqlite3.OperationalError, match="syntax error"):
            connection.execute("SELEKT")
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            connection.execute("SELECT * FROM elsewhere")
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            connection.fetch("SELECT * FROM elsewhere")


def test_that_transactions_nest_and_undo(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        migrate(connection, first_version())
        with transaction(connection), transaction(connection):
            connection.execute("INSERT INTO thing VALUES ('kept')")
        with pytest.raises(ZeroDivisionError), transaction(connection):
            insert_and_fail(connection)
        assert connection.execute("SELECT name FROM thing").fetchall() == [("kept",)]


def test_that_an_older_file_is_copied_before_it_is_migrated(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        migrate(connection, first_version())
        connection.execute("INSERT INTO thing VALUES ('old')")
        assert not list(path.parent.glob("*.before-*"))
        migrate(connection, second_version())
        assert connection.execute("SELECT name, size FROM thing").fetchall() == [("old", None)]
        migrate(connection, second_version())
    with closing(open_reader(path.with_name("history.sqlite.before-two"))) as copy:
        assert copy.execute("SELECT * FROM thing").fetchall() == [("old",)]
    assert not list(path.parent.glob("*.new"))


def test_that_a_migration_that_fails_changes_nothing(path: Path) -> None:
    broken = first_version()

    @broken(name="two")
    def two(opened: Database) -> None:
        opened.execute("DROP TABLE thing")
        raise ZeroDivisionError

    with closing(open_writer(path)) as connection:
        migrate(connection, first_version())
        connection.execute("INSERT INTO thing VALUES ('old')")
        with pytest.raises(ZeroDivisionError):
            migrate(connection, broken)
        assert connection.execute("SELECT * FROM thing").fetchall() == [("old",)]
        migrate(connection, second_version())


def test_that_a_newer_file_is_refused(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        migrate(connection, second_version())
        with pytest.raises(DatabaseNewer, match=r"newer version.*two"):
            migrate(connection, first_version())


def test_that_there_must_be_room_for_the_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_writer(path)) as connection:
        migrate(connection, first_version())
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100))
        with pytest.raises(DatabaseFull, match="must be copied before"):
            migrate(connection, second_version())


def test_that_a_disk_error_without_space_counts_as_full(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert type(database.translate(error, path)) is DatabaseError
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100))
    assert type(database.translate(error, path)) is DatabaseFull


def test_that_two_engines_in_one_process_are_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sqlite_utils.utils.sqlite3", SimpleNamespace())
    with pytest.raises(DatabaseError, match="uninstall pysqlite3"):
        open_writer(path)


def test_that_an_old_engine_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 9))
    with pytest.raises(DatabaseError, match="too old"):
        open_reader(path)


def test_that_a_reader_may_be_interrupted_from_another_thread(path: Path) -> None:
    open_writer(path).close()
    with closing(open_reader(path)) as reader:
        timer = threading.Timer(0.1, reader.interrupt)
        timer.start()
        endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
        with pytest.raises(database.DatabaseInterrupted):
            reader.execute(endless)
        timer.join()


def test_that_a_reserved_wal_keeps_its_length_and_holds_nothing(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        connection.execute("CREATE TABLE content (value INTEGER)")
        write_ahead.reserve_wal(connection)
        wal = path.with_name(path.name + "-wal")
        assert wal.stat().st_size > 0.99 * write_ahead.WAL_RESERVE
        connection.execute("INSERT INTO content VALUES (7)")
        write_ahead.reserve_wal(connection)
        assert wal.stat().st_size < 2 * write_ahead.WAL_RESERVE
        assert not database.has_table(connection, "reserve")
        with closing(open_reader(path)) as reader:
            assert reader.execute("SELECT value FROM content").fetchall() == [(7,)]
            assert not database.has_table(reader, "reserve")
    with closing(open_writer(path)) as connection:
        assert connection.execute("SELECT value FROM content").fetchall() == [(7,)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_that_room_kept_for_commits_is_not_stored_and_what_waits_is(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        connection.execute("CREATE TABLE t (x BLOB)")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        stored = write_ahead.stored_bytes(path)
        assert stored == path.stat().st_size
        write_ahead.reserve_wal(connection)
        assert write_ahead.stored_bytes(path) - stored < 100_000
        connection.execute("INSERT INTO t VALUES (zeroblob(1000000))")
        assert 1_000_000 < write_ahead.stored_bytes(path) - stored < 1_200_000
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        assert write_ahead.stored_bytes(path) == path.stat().st_size
    assert write_ahead.stored_bytes(path.with_name("missing.sqlite")) == 0


def test_that_damage_met_while_rows_are_iterated_is_told_as_such(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        connection.execute("CREATE TABLE thing (content BLOB)")
        connection.executemany("INSERT INTO thing VALUES (?)", [(bytes(1_000),)] * 100)
    content = bytearray(path.read_bytes())
    last = len(content) - database.PAGE_BYTES
    content[last:] = b"\xff" * database.PAGE_BYTES
    path.write_bytes(content)
    with closing(open_reader(path)) as connection, pytest.raises(DatabaseDamaged, match="restore a backup"):
        for _ in connection.execute("SELECT content FROM thing"):
            pass
