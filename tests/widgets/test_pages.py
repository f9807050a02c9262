"""The pages of a plant read its own files, and a plant that has none yet is only empty."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.alarm.journal import AlarmJournal
from app.database import open_writer
from app.model.alarm import AlarmState, Priority
from app.model.journal_search import JournalSearch
from app.plant.folder import PlantFolder
from tests.widgets import plant
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.model.journal_table import JournalQuery
from widgets.navigation import Navigation
from widgets.pages import journal_of, pages_of
from widgets.preference import Preferences


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    return PlantFolder(tmp_path)


def test_that_a_plant_without_history_has_an_empty_journal(folder: PlantFolder) -> None:
    assert journal_of(folder)(JournalQuery()).entries == ()


def test_that_the_journal_is_read_from_the_plants_file(folder: PlantFolder) -> None:
    connection = open_writer(folder.history)
    journal = AlarmJournal(connection)
    journal.record([plant.alarm("AC01.T_D"), plant.alarm("F01.T", priority=Priority.MEDIUM)])
    journal.record([plant.alarm("AC01.T_D", state=AlarmState.ACKNOWLEDGED)])
    read = journal_of(folder)
    lines = [(entry.record.tag, entry.record.state) for entry in read(JournalQuery()).entries]
    assert lines == [
        ("AC01.T_D", AlarmState.ACKNOWLEDGED),
        ("F01.T", AlarmState.UNACKNOWLEDGED),
        ("AC01.T_D", AlarmState.UNACKNOWLEDGED),
    ]
    assert [entry.record.tag for entry in read(JournalQuery(JournalSearch(text="炉温"))).entries] == ["F01.T"]
    journal.record([plant.alarm("P01.VIB")])
    found = read(JournalQuery(JournalSearch(text="vibration"))).entries
    assert [entry.record.tag for entry in found] == ["P01.VIB"], "an alarm that is new since the last search"
    connection.close()


def test_that_every_page_can_be_built_for_a_plant_without_values(
    qtbot: QtBot, folder: PlantFolder, tmp_path: Path
) -> None:
    feed = plant.feed(folder.path)
    window = QWidget()
    qtbot.addWidget(window)
    acknowledgement = Acknowledgement(feed, Preferences(tmp_path / "window.ini"), window)
    pages = pages_of(folder, acknowledgement)
    assert len({page.key for page in pages}) == len(pages) >= 3
    for page in pages:
        built = page.build(feed, Navigation(feed.plant))
        qtbot.addWidget(built)
        built.resize(1200, 700)
        built.show()
        assert not built.grab().isNull()
