"""The alarms page lists what stands, what is hidden and what was, and is worked by the keyboard alone."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QWidget
from pytestqt.qtbot import QtBot

from app.alarm.journal import JournalEntry
from app.alarm.journal_search import JournalPage
from app.model import clock
from app.model.alarm import AlarmEvent, AlarmState, Hold, Priority
from app.model.alarm_command import AlarmAction, AlarmCommand, AlarmRefusal, RefusalCode
from app.model.journal_search import JournalSearch
from app.model.work_order import WorkSource
from app.pubsub.frame import AlarmsChanged, CommandDone
from tests.widgets import plant
from tests.widgets.alarm.test_banner import Sent
from widgets import number
from widgets.alarm.acknowledgement import AcknowledgeDialog, Acknowledgement
from widgets.alarm.deed_dialog import DeedDialog
from widgets.alarm.delegate import PADDING
from widgets.alarm.page import AlarmPage
from widgets.alarm.wording import why_no_alarm
from widgets.feed import Feed
from widgets.model.alarm_column import Column
from widgets.model.alarm_group import Grouping
from widgets.model.hidden_table import HiddenColumn
from widgets.model.journal_table import JournalQuery
from widgets.navigation import Navigation
from widgets.preference import Preferences
from widgets.theme import SEMIBOLD, theme
from widgets.translation import Language, local, set_language


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
    def read(query: JournalQuery) -> JournalPage:
        asked.append(query)
        return JournalPage((JournalEntry(1, plant.NOW, plant.alarm("AC01.T_D")),))

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
    acknowledge = page.active.buttons[AlarmAction.ACKNOWLEDGE]
    assert not acknowledge.isEnabled()
    page.active.view.selectRow(1)
    assert acknowledge.isEnabled()
    acknowledge.click()
    dialog = next(widget for widget in QApplication.topLevelWidgets() if isinstance(widget, AcknowledgeDialog))
    assert dialog.name.text() == "L. Chen"
    dialog.comment.setText("door was open")
    dialog.accept()
    assert sent.orders == [(["F01.T.H"], "L. Chen", "door was open")]


def test_that_work_can_be_asked_for_because_of_one_alarm(qtbot: QtBot, page: AlarmPage, feed: Feed) -> None:
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"), plant.alarm("F01.T", priority=Priority.MEDIUM)))])
    assert not page.active.work.isEnabled()
    page.active.view.selectRow(1)
    with qtbot.waitSignal(page.active._navigation.work_asked) as asked:
        page.active.work.click()
    assert asked.args is not None
    (request,) = asked.args
    assert (request.equipment, request.source, request.reference) == ("F01", WorkSource.ALARM, "F01.T.H")
    page.active.view.selectAll()
    assert not page.active.work.isEnabled()


def test_that_a_plant_without_alarms_says_where_they_are_set_up() -> None:
    told = why_no_alarm(replace(plant.plant(), alarms=()), is_filtered=False)
    assert "The sheet Alarms of Engineering (Ctrl+K)" in told
    of_device = replace(plant.plant().connections[0], alarms=True)
    assert (
        why_no_alarm(replace(plant.plant(), alarms=(), connections=(of_device,)), is_filtered=False)
        == "No alarm stands"
    )


def test_that_acknowledged_alarms_offer_no_acknowledgement(page: AlarmPage, feed: Feed) -> None:
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D", state=AlarmState.ACKNOWLEDGED),))])
    page.active.view.selectRow(0)
    assert not page.active.buttons[AlarmAction.ACKNOWLEDGE].isEnabled()
    assert page.active.buttons[AlarmAction.SHELVE].isEnabled()


def test_that_an_empty_list_says_why(page: AlarmPage, feed: Feed) -> None:
    assert page.active.nothing.text() == "No alarm stands"
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),))])
    assert not page.active.nothing.isVisible()
    page.active.filter.text.setText("furnace")
    assert page.active.nothing.text() == "The filter hides all alarms"
    assert page.tabs[0].text() == "Active alarms: 1"


def test_that_the_filter_goes_to_the_journal(qtbot: QtBot, page: AlarmPage, asked: list[JournalQuery]) -> None:
    with clock.frozen(plant.NOW):
        page.journal.text.setText(" furnace ")
        page.journal.person.setText("Li")
        page.journal.priority.setCurrentIndex(1)
        page.journal.area.choose("air")
        page.journal.period.choice.setCurrentIndex(2)
        page.journal.event_kind.setCurrentIndex(1)
        qtbot.waitUntil(lambda: bool(asked) and bool(asked[-1].search.events))
    assert asked[-1].search == JournalSearch(
        text="furnace",
        person="Li",
        priorities=frozenset({Priority.CRITICAL, Priority.HIGH}),
        events=frozenset({AlarmEvent.RAISE}),
        equipment=frozenset({"air", "AC01", "AC02", "AR01"}),
        start=plant.NOW - 8 * 3_600 * clock.NS_PER_S,
    )
    QTest.keyClick(page.journal.view, Qt.Key.Key_Escape)
    assert page.journal.search() == JournalSearch()


def test_that_a_line_of_the_journal_leads_to_its_instant(qtbot: QtBot, page: AlarmPage, navigation: Navigation) -> None:
    qtbot.waitUntil(lambda: page.journal.table.rowCount() == 1)
    page.show_tab(2)
    page.journal.view.selectRow(0)
    with qtbot.waitSignal(navigation.instant_asked) as told:
        QTest.keyClick(page.journal.view, Qt.Key.Key_Return)
    assert told.args == [plant.NOW]
    assert navigation.tag == "AC01.T_D"


def test_that_filtered_lines_are_exported_and_hold_no_formula(qtbot: QtBot, page: AlarmPage, tmp_path: Path) -> None:
    evil = structs.replace(plant.alarm("AC01.T_D"), event=AlarmEvent.COMMENT, by="Li", comment="=HYPERLINK(1)")
    pages = {0: JournalPage((JournalEntry(9, plant.NOW, evil),), before=9), 9: JournalPage((JournalEntry(3, 7, evil),))}
    page.journal._read = lambda query: pages[query.before]
    file = tmp_path / "alarms.csv"
    page.journal.export_to(file)
    qtbot.waitUntil(lambda: page.journal.told.text() == "2 lines exported to alarms.csv")
    rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
    assert [row["number"] for row in rows] == ["9", "3"]
    assert rows[0]["time_utc"] == "2026-11-24T14:32:07.000000+00:00"
    assert rows[1]["time_utc"] == "1970-01-01T00:00:00.000000+00:00"
    assert rows[0]["Comment"] == "'=HYPERLINK(1)"
    assert rows[0]["Tag"] == "AC01.T_D"
    assert rows[0]["Event"] == "Commented"
    page.journal.export_to(tmp_path / "no" / "alarms.csv")
    qtbot.waitUntil(lambda: page.journal.told.text().startswith("Not exported: "))


@pytest.mark.parametrize("words", ["en", "zh"])
@pytest.mark.parametrize("width", [1_350, 1_900])
def test_that_all_heads_of_columns_can_be_read_on_any_screen(
    page: AlarmPage, feed: Feed, qapp: QApplication, width: int, words: Language
) -> None:
    feed.receive([AlarmsChanged((plant.alarm("P01.VIB"),))])
    page.resize(width, 700)
    set_language(words)
    qapp.processEvents()
    head = page.active.view.horizontalHeader()
    metrics = QFontMetrics(theme().font("small"))
    for column in page.active.view.shown_columns():
        title = str(page.active.table.headerData(column, Qt.Orientation.Horizontal))
        assert head.sectionSize(column) >= metrics.horizontalAdvance(title) + 12, title
    assert head.length() == page.active.view.viewport().width()


def test_that_a_narrow_list_is_scrolled_to_who_acknowledged_and_cuts_no_state(
    page: AlarmPage, feed: Feed, qapp: QApplication
) -> None:
    feed.receive([AlarmsChanged((plant.alarm("P01.VIB", state=AlarmState.RETURNED),))])
    view = page.active.view
    view.setFixedWidth(970)  # what is left of 1,280 px beside the sheet of an alarm
    qapp.processEvents()
    state = str(view.model().index(0, Column.STATE).data())
    bold = QFontMetrics(theme().font("body", weight=SEMIBOLD))
    assert view.columnWidth(Column.STATE) >= bold.horizontalAdvance(state) + 2 * PADDING
    messages = [local(alarm.message) for alarm in feed.plant.alarms]
    widest = max(bold.horizontalAdvance(message) for message in messages)
    assert view.columnWidth(Column.MESSAGE) >= widest + 2 * PADDING, "what has happened is never shortened"
    assert view.columnViewportPosition(Column.LIMIT) + view.columnWidth(Column.LIMIT) <= view.viewport().width()
    assert view.columnViewportPosition(Column.COMMENT) >= view.viewport().width()
    assert view.horizontalScrollBar().maximum() > 0


def test_that_a_double_click_leads_to_the_tag(
    qtbot: QtBot, page: AlarmPage, feed: Feed, navigation: Navigation
) -> None:
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),))])
    with qtbot.waitSignal(navigation.tag_changed) as told:
        page.active.view.doubleClicked.emit(page.active.table.index(0, 4))
    assert told.args == ["AC01.T_D"]


def test_that_the_journal_is_renewed_after_alarms_changed(
    qtbot: QtBot, page: AlarmPage, feed: Feed, asked: list[JournalQuery]
) -> None:
    page.show_tab(2)
    qtbot.waitUntil(lambda: page.journal.table.rowCount() == 1 and not page.journal.table.is_searching)
    before = len(asked)
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),))])
    qtbot.waitUntil(lambda: len(asked) > before, timeout=4000)


class Commanded:
    """Stands for the collector: remembers what was to be done to alarms."""

    def __init__(self, feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commands: list[AlarmCommand] = []
        self._feed = feed
        monkeypatch.setattr(feed.requests, "act_on_alarms", self._act)

    def _act(self, command: AlarmCommand, *, operator: str) -> int:
        assert operator == "L. Chen"
        self.commands.append(command)
        return 1_000 + len(self.commands)


@pytest.fixture
def commanded(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> Commanded:
    return Commanded(feed, monkeypatch)


def press(page: AlarmPage, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(page.active.view, key)


def deed_dialog() -> DeedDialog:
    found = [
        widget for widget in QApplication.topLevelWidgets() if isinstance(widget, DeedDialog) and widget.isVisible()
    ]
    assert len(found) == 1
    return found[0]


def test_that_several_alarms_are_shelved_by_the_keyboard_with_one_dialog(
    page: AlarmPage, feed: Feed, commanded: Commanded
) -> None:
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"), plant.alarm("F01.T"), plant.alarm("P01.VIB")))])
    page.active.view.setFocus()
    page.active.view.selectRow(0)
    QTest.keyClick(page.active.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    with clock.frozen(plant.NOW):
        press(page, Qt.Key.Key_S)
        dialog = deed_dialog()
        assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled(), "without a reason"
        dialog.reason.setText("sensor is being changed")
        dialog.time.setCurrentIndex(1)
        dialog.one_shot.setChecked(True)
        dialog.accept()
    (command,) = commanded.commands
    assert command.action is AlarmAction.SHELVE
    assert command.alarms == tuple(record.alarm for record in page.active.table.rows[:2])
    assert (command.reason, command.is_one_shot) == ("sensor is being changed", True)
    assert command.until == plant.NOW + 30 * 60 * clock.NS_PER_S


def test_that_the_longest_time_is_left_to_the_collectors_clock(
    page: AlarmPage, feed: Feed, commanded: Commanded
) -> None:
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),))])
    page.active.view.selectRow(0)
    page.active.act(AlarmAction.SHELVE)
    dialog = deed_dialog()
    dialog.reason.setText("known")
    dialog.time.setCurrentIndex(dialog.time.count() - 1)
    assert dialog.time.currentText() == "8 h, the longest allowed"
    dialog.accept()
    assert commanded.commands[0].until == 0


def test_that_keys_group_filter_and_lead_to_the_trend(
    qtbot: QtBot, page: AlarmPage, feed: Feed, navigation: Navigation
) -> None:
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"), plant.alarm("F01.T", priority=Priority.MEDIUM)))])
    page.active.view.selectRow(0)
    raised = page.active.table.rows[0].raised
    with qtbot.waitSignal(navigation.instant_asked) as told:
        press(page, Qt.Key.Key_Return)
    assert told.args == [raised]
    assert navigation.tag == "AC01.T_D"
    press(page, Qt.Key.Key_E)
    assert [record.tag for record in page.active.table.rows] == ["AC01.T_D"]
    press(page, Qt.Key.Key_Escape)
    page.activateWindow()
    page.active.view.setFocus()
    QTest.keyClick(page.active.view, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert [record.tag for record in page.active.table.rows] == ["F01.T"]
    press(page, Qt.Key.Key_Escape, Qt.Key.Key_G)
    assert page.active.table.grouping is Grouping.EQUIPMENT
    page.active.view.selectRow(0)
    press(page, Qt.Key.Key_Left)
    assert page.active.table.rowCount() == 3, "two heads, one of them open"
    assert [record.tag for record in page.active.selected()] == ["AC01.T_D"], "a head stands for its group"


def test_that_hidden_alarms_are_counted_down_and_brought_back_by_one_key(
    page: AlarmPage, feed: Feed, commanded: Commanded
) -> None:
    with clock.frozen(plant.NOW) as advance:
        hold = Hold(plant.NOW, plant.NOW + 600 * clock.NS_PER_S, "M. Wang", "valve stuck")
        shelved = structs.replace(plant.alarm("AC01.T_D"), state=AlarmState.SHELVED, shelf=hold, hidden_raises=2)
        designed = structs.replace(plant.alarm("F01.T"), state=AlarmState.SUPPRESSED, suppressed_by=("AC01.T_D.H",))
        feed.receive([AlarmsChanged((shelved, designed))])
        page.show_tab(1)
        table = page.hidden.table
        assert page.tabs[1].text() == "Shelved and suppressed: 2"
        assert [record.tag for record in table.rows] == ["AC01.T_D", "F01.T"], "what has an end comes first"
        assert table.index(0, HiddenColumn.LEFT).data() == "10:00 min"
        advance(541 * clock.NS_PER_S)
        assert table.index(0, HiddenColumn.LEFT).data() == "59 s"
        assert table.index(0, HiddenColumn.REASON).data() == "valve stuck"
        assert table.index(1, HiddenColumn.REASON).data() == "Discharge temperature high"
    page.hidden.view.selectAll()
    QTest.keyClick(page.hidden.view, Qt.Key.Key_U)
    assert [(each.action, each.alarms) for each in commanded.commands] == [(AlarmAction.UNSHELVE, ("AC01.T_D.H",))]
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),))])
    assert [record.tag for record in table.rows] == ["F01.T"]


def test_that_the_second_is_told_who_was_first_and_when(
    qtbot: QtBot, page: AlarmPage, feed: Feed, commanded: Commanded
) -> None:
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),))])
    page.active.view.selectRow(0)
    page.active.act(AlarmAction.SHELVE)
    dialog = deed_dialog()
    dialog.reason.setText("known")
    dialog.accept()
    refusal = AlarmRefusal("AC01.T_D.H", RefusalCode.ALREADY, "already shelved", by="M. Wang", at=plant.NOW)
    with (
        clock.frozen(plant.NOW + clock.NS_PER_S),
        qtbot.waitSignal(page.active.acknowledgement.refused) as told,
    ):
        feed.receive([CommandDone(1_001, done=False, reason="already shelved", refusals=(refusal,))])
    when = number.time_of_day(plant.NOW)
    assert told.args == [f"Not done: Discharge temperature high: already done by M. Wang at {when}"]


def test_that_the_choice_of_columns_is_remembered(page: AlarmPage, tmp_path: Path, feed: Feed) -> None:
    page.active.columns.toggle(Column.EQUIPMENT)
    page.active.columns.toggle(Column.CAUSE)
    page.active.columns.toggle(Column.MESSAGE)
    page.active.view.horizontalHeader().moveSection(4, 1)
    page.active.columns.set_touch_rows(True)
    page.active.acknowledgement.preferences.save()
    window = QWidget()
    again = AlarmPage(
        feed,
        Navigation(feed.plant),
        acknowledgement=Acknowledgement(feed, Preferences(tmp_path / "window.ini"), window),
        read_journal=lambda _: JournalPage(()),
    )
    shown = again.active.view.shown_columns()
    assert shown == page.active.view.shown_columns()
    assert shown[:2] == [Column.PRIORITY, Column.TAG]
    assert Column.EQUIPMENT not in shown
    assert shown[-1] == Column.CAUSE
    assert Column.MESSAGE in shown, "an alarm without its message could not be understood"
    assert again.active.view.verticalHeader().defaultSectionSize() == 52
