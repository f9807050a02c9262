from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app import database, wal_index, write_ahead
from app.database import open_writer
from app.wal_index import waiting_pages

_TRY_LOCK = """
import fcntl, sys
with open(sys.argv[1], "r+b") as index:
    try:
        fcntl.lockf(index, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 128)
    except BlockingIOError:
        print("held")
"""
"""128 is the byte whose lock tells that somebody uses the index (SQLite, os_unix.c, UNIX_SHM_DMS)."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


def test_that_pages_wait_until_a_checkpoint(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        connection.execute("CREATE TABLE thing (content BLOB)")
        connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
        connection.execute("INSERT INTO thing VALUES (zeroblob(?))", (20 * database.PAGE_BYTES,))
        assert 20 <= waiting_pages(path) < 30
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        assert waiting_pages(path) == 0
        connection.execute("INSERT INTO thing VALUES (1)")
        assert 0 < waiting_pages(path) < 5


def test_that_pages_of_a_transaction_that_was_undone_do_not_wait(path: Path) -> None:
    with closing(open_writer(path)) as connection:
        write_ahead.reserve_wal(connection)
        assert waiting_pages(path) < 10


def test_that_nothing_waits_where_there_is_no_wal(path: Path) -> None:
    assert waiting_pages(path) == 0


def test_that_a_new_index_is_read_after_the_former_one_has_gone(path: Path) -> None:
    for _ in range(3):
        with closing(open_writer(path)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS thing (content BLOB)")
            connection.execute("INSERT INTO thing VALUES (1)")
            assert waiting_pages(path) > 0
        assert waiting_pages(path) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX, which end with any handle")
class TestPosix:
    def test_that_looking_into_the_index_keeps_the_locks_of_this_process(self, path: Path) -> None:
        index = path.with_name(path.name + "-shm")
        with closing(open_writer(path)):
            for _ in range(3):
                waiting_pages(path)
            command = [sys.executable, "-c", _TRY_LOCK, str(index)]
            done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=30)
        assert done.stdout == "held\n"

    def test_that_handles_of_files_that_are_gone_are_let_go(self, tmp_path: Path) -> None:
        before = len(list(Path("/dev/fd").iterdir()))
        for number in range(5):
            path = tmp_path / f"{number}.sqlite"
            with closing(open_writer(path)):
                waiting_pages(path)
        assert len(list(Path("/dev/fd").iterdir())) <= before + 1
        assert sum(tmp_path in path.parents for path in wal_index._HANDLES) == 1
