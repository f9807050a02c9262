"""The journal is read page by page in the background, from the newest line down."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.alarm.journal import JournalEntry
from app.alarm.journal_search import JournalPage
from app.model.alarm import AlarmState, Priority
from app.model.journal_search import JournalSearch
from app.plant.folder import PlantFolder
from tests.widgets import plant
from widgets.feed import Feed
from widgets.model.journal_table import PAGE, JournalColumn, JournalQuery, JournalTable


class Journal:
    """A journal of `length` lines that notes what was asked of it."""

    def __init__(self, length: int) -> None:
        self.length = length
        self.asked: list[JournalQuery] = []
        self.error: Exception | None = None
        self.found = PAGE  # how many lines are found in the time of one page

    def read(self, query: JournalQuery) -> JournalPage:
        self.asked.append(query)
        if self.error is not None:
            raise self.error
        newest = min(self.length, query.before - 1) if query.before else self.length
        record = plant.alarm("AC01.T_D", state=AlarmState.RETURNED, value=104.8)
        numbers = range(newest, max(0, newest - min(query.limit, self.found)), -1)
        entries = tuple(JournalEntry(number, plant.NOW, record) for number in numbers)
        return JournalPage(entries, numbers[-1] if numbers and numbers[-1] > 1 else 0)


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return plant.feed(tmp_path)


def table_of(qtbot: QtBot, feed: Feed, journal: Journal) -> JournalTable:
    table = JournalTable(feed, journal.read)
    table.choose(JournalSearch())
    qtbot.waitUntil(lambda: table.rowCount() > 0)
    return table


def test_that_older_pages_come_as_one_scrolls_down(qtbot: QtBot, feed: Feed) -> None:
    journal = Journal(PAGE + 5)
    table = table_of(qtbot, feed, journal)
    assert table.rowCount() == PAGE
    assert table.canFetchMore()
    table.fetchMore()
    qtbot.waitUntil(lambda: table.rowCount() == PAGE + 5)
    assert not table.canFetchMore()
    numbers = [entry.number for entry in table.entries]
    assert numbers == list(range(PAGE + 5, 0, -1))


def test_that_a_line_says_what_happened_then(qtbot: QtBot, feed: Feed) -> None:
    table = table_of(qtbot, feed, Journal(1))
    assert table.index(0, JournalColumn.EVENT).data() == "Returned"
    assert table.index(0, JournalColumn.VALUE).data() == "104.8 °C"
    assert table.index(0, JournalColumn.EQUIPMENT).data() == "Compressor AC01"


def test_that_new_lines_come_in_at_the_top(qtbot: QtBot, feed: Feed) -> None:
    journal = Journal(3)
    table = table_of(qtbot, feed, journal)
    journal.length = 5
    table.renew()
    qtbot.waitUntil(lambda: table.rowCount() == 5)
    assert [entry.number for entry in table.entries] == [5, 4, 3, 2, 1]


def test_that_more_new_lines_than_a_page_leave_no_gap(qtbot: QtBot, feed: Feed) -> None:
    journal = Journal(3)
    table = table_of(qtbot, feed, journal)
    journal.length = 2 * PAGE
    table.renew()
    qtbot.waitUntil(lambda: table.rowCount() == PAGE)
    assert [entry.number for entry in table.entries] == list(range(2 * PAGE, PAGE, -1))


def test_that_the_choice_is_left_to_the_journal(qtbot: QtBot, feed: Feed) -> None:
    journal = Journal(3)
    table = table_of(qtbot, feed, journal)
    wanted = JournalSearch(text="furnace", person="Li", priorities=frozenset({Priority.HIGH}))
    table.choose(wanted)
    qtbot.waitUntil(lambda: len(journal.asked) == 2)
    assert journal.asked[1] == JournalQuery(wanted)


def test_that_a_search_that_finds_little_goes_on_until_a_page_is_full(qtbot: QtBot, feed: Feed) -> None:
    journal = Journal(1_000)
    journal.found = 30
    table = table_of(qtbot, feed, journal)
    qtbot.waitUntil(lambda: not table.is_searching)
    assert table.rowCount() == 210, "seven times 30"
    assert [entry.number for entry in table.entries] == list(range(1_000, 790, -1))
    table.fetchMore()
    qtbot.waitUntil(lambda: table.rowCount() == 420)


def test_that_lines_stay_in_view_until_the_new_search_has_found_some(qtbot: QtBot, feed: Feed) -> None:
    journal = Journal(5)
    table = table_of(qtbot, feed, journal)
    with qtbot.assertNotEmitted(table.modelReset):
        journal.length = 2
        table.choose(JournalSearch(text="furnace"))
        assert table.rowCount() == 5
        qtbot.waitUntil(lambda: table.rowCount() == 2)


def test_that_a_journal_that_cannot_be_read_is_told(qtbot: QtBot, feed: Feed) -> None:
    journal = Journal(3)
    journal.error = sqlite3.DatabaseError("history.sqlite: is damaged")
    table = JournalTable(feed, journal.read)
    with qtbot.waitSignal(table.failed) as told:
        table.choose(JournalSearch())
    assert told.args == ["history.sqlite: is damaged"]
    assert not table.canFetchMore()


def test_that_a_line_written_under_a_former_name_says_what_it_is_called_now(
    qtbot: QtBot, feed: Feed, tmp_path: Path
) -> None:
    tags = [
        replace(tag, name="T-101", former=(tag.name,)) if tag.name == "AC01.T_D" else tag for tag in feed.plant.tags
    ]
    renamed = Feed(replace(feed.plant, tags=tuple(tags)), PlantFolder(tmp_path))
    table = table_of(qtbot, renamed, Journal(1))
    assert table.index(0, JournalColumn.TAG).data() == "AC01.T_D, now T-101"
    assert table.index(0, JournalColumn.VALUE).data() == "104.8 °C"
    renamed.close()
