"""The log knows each version of each process picture, by whomever it was changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.audit.journal import AuditJournal
from app.audit.pictures import log_pictures, note_pictures
from app.audit.search import AuditQuery, search_all
from app.database import open_writer
from app.model.audit import AuditRecord


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[AuditJournal]:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        yield AuditJournal(connection)


def newest(journal: AuditJournal) -> AuditRecord:
    return next(line.record for line in search_all(journal.connection, AuditQuery()) if line.record is not None)


def test_that_a_plant_without_pictures_leaves_no_trace(journal: AuditJournal, tmp_path: Path) -> None:
    assert log_pictures(journal, tmp_path / "pictures", window="collector") == 0


def test_that_each_change_by_hand_is_noted_once_with_its_difference(journal: AuditJournal, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    path = folder / "air.toml"
    path.write_text("title = 'A'\nsize = [1, 1]\n", encoding="utf-8")
    for expected in (1, 0):
        assert log_pictures(journal, folder, window="collector") == expected
    assert (newest(journal).subject, newest(journal).outcome) == ("pictures/air.toml", "first")
    path.write_text("title = 'B'\nsize = [1, 1]\n", encoding="utf-8")
    for expected in (1, 0):
        assert log_pictures(journal, folder, window="collector") == expected
    record = newest(journal)
    assert (record.outcome, record.detail.splitlines()[1:]) == ("changed", ["-title = 'A'", "+title = 'B'"])


def test_that_a_picture_that_was_taken_away_and_came_back_is_noted(journal: AuditJournal, tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    path = folder / "air.toml"
    path.write_text("title = 'A'\n", encoding="utf-8")
    log_pictures(journal, folder, window="collector")
    path.unlink()
    for expected in (1, 0):
        assert log_pictures(journal, folder, window="collector") == expected
    assert newest(journal).outcome == "removed"
    path.write_text("title = 'A'\n", encoding="utf-8")
    assert log_pictures(journal, folder, window="collector") == 1


def test_that_it_is_noted_beside_a_collector_and_signed(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "air.toml").write_text("title = 'A'\n", encoding="utf-8")
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        AuditJournal(connection)
        assert note_pictures(tmp_path / "history.sqlite", window="collector") == 1
        assert note_pictures(tmp_path / "history.sqlite", window="collector") == 0
    assert (tmp_path / "history.checkpoints").exists()
