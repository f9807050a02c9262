"""The alarms page lists what stands and what was, and acknowledges what was selected."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.alarm.journal import JournalEntry
from app.model.alarm import AlarmState, Priority
from app.pubsub.frame import AlarmsChanged
from tests.widgets import plant
from tests.widgets.alarm.test_banner import Sent
from widgets.alarm.acknowledgement import AcknowledgeDialog, Acknowledgement
from widgets.alarm.page import AlarmPage
from widgets.feed import Feed
from widgets.model.alarm_table import Column
from widgets.model.journal_table import JournalQuery
from widgets.navigation import Navigation
from widgets.preference import Preferences
from widgets.theme import theme
from widgets.translation import Language, set_language


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return plant.feed(tmp_path)


@pytest.fixture
def asked() -> list[JournalQuery]:
    return []


@pytest.fixture
def navigation(feed: Feed) -> Navigation:
    return Navigation(feed.plant)


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path, feed: Feed, navigation: Navigation, asked: list[JournalQuery]) -> AlarmPage:
    def read(query: JournalQuery) -> Sequence[JournalEntry]:
        asked.append(query)
        return [JournalEntry(1, plant.NOW, plant.alarm("AC01.T_D"))]

    preferences = Preferences(tmp_path / "window.ini")
    preferences.operator = "L. Chen"
    window = QWidget()
    qtbot.addWidget(window)
    page = AlarmPage(feed, navigation, acknowledgement=Acknowledgement(feed, preferences, window), read_journal=read)
    qtbot.addWidget(page)
    page.resize(1350, 600)
    page.show()
    return page


def test_that_selected_alarms_are_acknowledged_with_a_comment(
    page: AlarmPage, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = Sent(feed, monkeypatch)
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"), plant.alarm("F01.T", priority=Priority.MEDIUM)))])
    assert not page.acknowledge.isEnabled()
    page.active_view.selectRow(1)
    assert page.acknowledge.isEnabled()
    page.acknowledge.click()
    dialog = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, AcknowledgeDialog))
    assert dialog.name.text() == "L. Chen"
    dialog.comment.setText("door was open")
    dialog.accept()
    assert sent.orders == [(["F01.T.H"], "L. Chen", "door was open")]


def test_that_acknowledged_alarms_offer_no_acknowledgement(page: AlarmPage, feed: Feed) -> None:
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D", state=AlarmState.ACKNOWLEDGED),))])
    page.active_view.selectRow(0)
    assert not page.acknowledge.isEnabled()


def test_that_an_empty_list_says_why(page: AlarmPage, feed: Feed) -> None:
    assert page.nothing.text() == "No alarm stands"
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),))])
    assert not page.nothing.isVisible()
    page.filter.setText("furnace")
    assert page.nothing.text() == "The filter hides all alarms"
    assert page.tabs[0].text() == "Active alarms: 1"


def test_that_one_filter_serves_both_lists(qtbot: QtBot, page: AlarmPage, asked: list[JournalQuery]) -> None:
    page.filter.setText("furnace")
    page.priority.setCurrentIndex(1)
    qtbot.waitUntil(lambda: bool(asked) and asked[-1].priority is Priority.HIGH)
    assert asked[-1].alarms == ("F01.T.H",)
    page.filter.setText("no such thing")
    qtbot.waitUntil(lambda: asked[-1].alarms == ("",))


@pytest.mark.parametrize("words", ["en", "zh"])
@pytest.mark.parametrize("width", [1_350, 1_900])
def test_that_all_heads_of_columns_can_be_read_on_any_screen(
    page: AlarmPage, feed: Feed, qapp: QApplication, width: int, words: Language
) -> None:
    feed.receive([AlarmsChanged((plant.alarm("P01.VIB"),))])
    page.resize(width, 700)
    set_language(words)
    qapp.processEvents()
    head = page.active_view.horizontalHeader()
    metrics = QFontMetrics(theme().font("small"))
    for column in Column:
        title = str(page.table.headerData(column, Qt.Orientation.Horizontal))
        assert head.sectionSize(column) >= metrics.horizontalAdvance(title) + 12, title
    assert head.length() == page.active_view.viewport().width()


def test_that_a_double_click_leads_to_the_tag(
    qtbot: QtBot, page: AlarmPage, feed: Feed, navigation: Navigation
) -> None:
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),))])
    with qtbot.waitSignal(navigation.tag_changed) as told:
        page.active_view.doubleClicked.emit(page.table.index(0, 4))
    assert told.args == ["AC01.T_D"]


def test_that_the_journal_is_renewed_after_alarms_changed(
    qtbot: QtBot, page: AlarmPage, feed: Feed, asked: list[JournalQuery]
) -> None:
    qtbot.waitUntil(lambda: page.journal.rowCount() == 1)
    before = len(asked)
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),))])
    qtbot.waitUntil(lambda: len(asked) > before, timeout=4000)
