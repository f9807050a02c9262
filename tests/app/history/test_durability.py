from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app import database, write_ahead
from app.database import DatabaseFull, DatabaseLocked, open_writer
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model.block import Block, block_of
from tests.app.history.plant import tag
from tests.small_disk import mounted

TAGS = 20


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB of its own."""
    with mounted(tmp_path / "disk", "4m") as disk:
        yield disk


def test_that_a_full_disk_loses_nothing_that_was_stored(small_disk: Path) -> None:
    path = small_disk / "history.sqlite"
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(1_500_000))
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, [tag(handle) for handle in range(TAGS)])
        stored = _write_until_full(writer)
        assert stored > 10
        for _ in range(3):
            with pytest.raises(DatabaseFull, match="free some space"):
                writer.write(_large(stored))
        _assert_stored(path, stored)
        ballast.unlink()
        for number in range(stored, stored + 5):
            writer.write(_large(number))
        _assert_stored(path, stored + 5)
        with closing(sqlite3.connect(path)) as check:
            assert check.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_that_a_file_at_its_limit_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, [tag(handle) for handle in range(TAGS)])
        connection.execute("PRAGMA max_page_count = 100")
        stored = _write_until_full(writer)
        _assert_stored(path, stored)
        connection.execute("PRAGMA max_page_count = 1000000")
        writer.write(_large(stored))
        _assert_stored(path, stored + 1)


def _large(number: int) -> Block:
    return block_of(np.tile(np.arange(TAGS), 50), np.repeat(np.arange(50) + number * 50, TAGS), float(number))


def _write_until_full(writer: HistoryWriter) -> int:
    """Return how many batches were stored."""
    for number in range(10_000):
        try:
            writer.write(_large(number))
        except DatabaseFull:
            return number
    pytest.fail("the disk never became full")


def _assert_stored(path: Path, batches: int) -> None:
    with HistoryReader(path) as reader:
        for handle in range(TAGS):
            series = reader.raw(f"T{handle}", 0, 1 << 60)
            assert np.array_equal(series.value, np.repeat(np.arange(float(batches)), 50))


def test_that_a_locked_file_is_told_and_written_once_it_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    path = tmp_path / "history.sqlite"
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, [tag(handle) for handle in range(TAGS)])
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(DatabaseLocked, match="close it"):
                writer.write(_large(0))
        assert writer.write(_large(0)) == TAGS * 50


def test_that_the_wal_is_brought_into_the_file_before_it_grows_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_ahead, "WAL_IDLE_PAGES", 50)
    path = tmp_path / "history.sqlite"
    wal = tmp_path / "history.sqlite-wal"
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, [tag(handle) for handle in range(300)])
        chance = np.random.default_rng(1)
        for number in range(100):
            writer.write(block_of(np.arange(300), number, chance.random(300)))
            write_ahead.checkpoint(connection)
        assert wal.stat().st_size < 100 * database.PAGE_BYTES
        assert path.stat().st_size > 50 * database.PAGE_BYTES
