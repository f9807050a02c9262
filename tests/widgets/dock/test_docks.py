"""Panels beside the page of a whole window: opened, moved by mouse and keys, closed, and back after a crash."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.widgets import screen
from tests.widgets.keys import let_go
from widgets.dock.alarm_content import AlarmContent
from widgets.dock.arrangement import Place
from widgets.dock.docks import MOST
from widgets.dock.panel import Panel
from widgets.dock.shade import place_at
from widgets.dock.value_content import ValueContent
from widgets.dock.window import PanelWindow
from widgets.drag.tag_mime import tag_mime
from widgets.explain.subject import Subject, SubjectKind
from widgets.findable import actions_of
from widgets.main_window import MainWindow
from widgets.translation import set_language

pytestmark = pytest.mark.qt_log_ignore("does not support raise")
ALT_SHIFT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = screen.window(tmp_path)
    qtbot.addWidget(window)
    window.resize(1600, 900)
    window.show()
    window.docks.restore()
    window.navigation.select_equipment("AC01")
    screen.bad_day(window.feed)
    yield window
    let_go()
    window.close()
    window.feed.close()


def opened(window: MainWindow, kind: str = "values") -> Panel:
    panel = window.docks.open(kind)
    assert panel is not None
    return panel


def press(panel: Panel, key: Qt.Key, modifier: Qt.KeyboardModifier = ALT_SHIFT) -> None:
    """Press a key where the keyboard is in a panel."""
    content = panel.content
    assert isinstance(content, ValueContent)
    QTest.keyClick(content.view, key, modifier)


def press_in(window: QWidget, sequence: str) -> None:
    """Offscreen windows are never active, so a shortcut is set off by itself."""
    found = [key for key in window.findChildren(QShortcut) if key.key() == QKeySequence(sequence) and key.isEnabled()]
    assert found, sequence
    found[0].activated.emit()


def place_of(panel: Panel) -> Place:
    return panel.place


def tags_in(panel: Panel) -> list[str]:
    assert isinstance(panel.content, ValueContent)
    return panel.content.names


def test_that_a_panel_stays_beside_whichever_page_is_in_view(window: MainWindow) -> None:
    panel = opened(window)
    assert panel.isVisible()
    window.navigation.open_page("alarms")
    window.navigation.select_equipment("P01")
    assert panel.isVisible()
    assert panel.mapTo(window, QPoint(0, 0)).x() > window.docks.pages.mapTo(window, QPoint(0, 0)).x()
    assert tags_in(panel) == ["AC01.T_D", "AC01.P_D", "AC01.RUN"], "what was kept in view stays in view"


def test_that_the_alarms_stand_below_once_and_nothing_hides_one(window: MainWindow) -> None:
    panel = opened(window, "alarms")
    assert panel.place is Place.BELOW
    assert opened(window, "alarms") is panel
    assert isinstance(panel.content, AlarmContent)
    assert panel.content.panel.table.rowCount() == len(window.feed.alarms)
    QTest.keyClick(panel.content.panel.view, Qt.Key.Key_E)
    assert panel.content.panel.table.rowCount() == len(window.feed.alarms)
    assert not panel.content.panel.filter.isVisible()
    assert panel.head.title.text == "Active alarms: 5"


def test_that_keys_move_a_panel_and_close_it(window: MainWindow) -> None:
    panel = opened(window)
    press(panel, Qt.Key.Key_Down)
    assert panel.place is Place.BELOW
    assert window.docks.area.panels(Place.BELOW) == [panel]
    assert not window.docks.area.beside.isVisible()
    press(panel, Qt.Key.Key_Up)
    assert isinstance(panel.window(), PanelWindow)
    press(panel, Qt.Key.Key_Right)
    assert panel.window() is window
    assert window.docks.area.panels(Place.BESIDE) == [panel]
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, PanelWindow) and each.isVisible()]
    press(panel, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    QApplication.processEvents()
    assert window.docks.panels == []
    assert not window.docks.area.beside.isVisible()


def test_that_keys_make_panels_larger_and_smaller_within_bounds(window: MainWindow) -> None:
    panel = opened(window)
    before = panel.width()
    press(panel, Qt.Key.Key_PageUp)
    assert panel.width() > before
    for _ in range(20):
        press(panel, Qt.Key.Key_PageUp)
    QApplication.processEvents()
    assert window.docks.area.room.width() > 200, "the page is never pushed out"


def test_that_a_panel_is_pulled_off_with_the_mouse_and_put_back(window: MainWindow) -> None:
    panel = opened(window)
    head, area = panel.head, window.docks.area

    def pull(to: QPoint, *, escape: bool = False) -> None:
        QTest.mousePress(head, Qt.MouseButton.LeftButton, pos=QPoint(20, 10))
        QTest.mouseMove(head, QPoint(60, 10))
        QTest.mouseMove(head, head.mapFromGlobal(to))
        if escape:
            QTest.keyClick(head, Qt.Key.Key_Escape)
        QTest.mouseRelease(head, Qt.MouseButton.LeftButton, pos=head.mapFromGlobal(to))

    pull(area.mapToGlobal(QPoint(area.width() // 2, area.height() - 20)), escape=True)
    assert place_of(panel) is Place.BESIDE, "Escape lets everything be"
    pull(area.mapToGlobal(QPoint(area.width() // 2, area.height() - 20)))
    assert place_of(panel) is Place.BELOW
    target = window.mapToGlobal(QPoint(300, 20))
    pull(target)
    assert place_of(panel) is Place.WINDOW
    assert (panel.window().pos() - target).manhattanLength() < 200, "where it was let go"
    pull(area.mapToGlobal(QPoint(area.width() - 20, area.height() // 2)))
    assert place_of(panel) is Place.BESIDE


def test_that_where_a_panel_goes_follows_the_nearer_edge() -> None:
    room = QRect(0, 0, 1_000, 800)
    for pointer, place in (
        (QPoint(990, 400), Place.BESIDE),
        (QPoint(500, 790), Place.BELOW),
        (QPoint(995, 700), Place.BESIDE),
        (QPoint(800, 795), Place.BELOW),
        (QPoint(300, 200), Place.WINDOW),
        (QPoint(1200, 400), Place.WINDOW),
    ):
        assert place_at(pointer, room) is place, pointer


def test_that_the_window_of_a_panel_has_the_keys_of_the_plant_window(window: MainWindow) -> None:
    panel = opened(window)
    window.docks.move(panel, Place.WINDOW)
    press_in(panel.window(), "Ctrl+2")
    assert window.navigation.page == "alarms"


def test_that_closing_its_window_closes_a_panel(window: MainWindow) -> None:
    panel = opened(window)
    window.docks.move(panel, Place.WINDOW)
    panel.window().close()
    assert window.docks.panels == []


def test_that_the_keyboard_goes_round_page_and_panels(window: MainWindow) -> None:
    first, second = opened(window), opened(window, "alarms")
    parts = window.docks._parts
    visited = []
    for _ in range(4):
        press_in(window, "Ctrl+Tab")
        visited.append(parts.present)
    assert visited == [None, first, second, None]
    press_in(window, "Ctrl+Shift+Tab")
    assert parts.present is second


def test_that_a_key_of_page_and_panel_works_where_the_keyboard_is(window: MainWindow) -> None:
    panel = opened(window)
    content = panel.content
    assert isinstance(content, ValueContent)
    content.take_focus()
    QTest.keyClick(content.view, Qt.Key.Key_Delete)
    assert content.names == ["AC01.P_D", "AC01.RUN"]
    QTest.keyClick(content.view, Qt.Key.Key_Return)
    assert window.navigation.tag == "AC01.P_D"


def test_that_there_is_a_bound_to_panels_and_it_is_told(window: MainWindow) -> None:
    window.resize(2200, 900)
    panels = [opened(window) for _ in range(2 * MOST)]
    assert [len(window.docks.area.panels(place)) for place in (Place.BESIDE, Place.BELOW)] == [MOST, MOST]
    assert opened(window).place is Place.WINDOW, "what has no room there gets a window"
    window.docks.move(panels[0], Place.BELOW)
    assert "close one first" in window.status.problem.text


def test_that_a_low_window_takes_fewer_panels(window: MainWindow) -> None:
    window.resize(1280, 720)
    QApplication.processEvents()
    places = [opened(window).place for _ in range(5)]
    assert places == [Place.BESIDE, Place.BESIDE, Place.BELOW, Place.BELOW, Place.WINDOW]


def test_that_panels_come_back_after_a_crash(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    beside, off, alarms = opened(window), opened(window), opened(window, "alarms")
    beside.content.show_tags(["T01.T"])
    window.docks.move(off, Place.WINDOW)
    off.window().setGeometry(80, 90, 500, 400)
    window.docks.area.set_share(Place.BELOW, 0.5)
    qtbot.waitUntil(lambda: not window.docks._settled.isActive(), timeout=20_000)  # and now it is killed
    again = screen.window(tmp_path)
    qtbot.addWidget(again)
    again.resize(1600, 900)
    again.show()
    qtbot.waitUntil(lambda: len(again.docks.panels) == 3, timeout=20_000)
    found = {panel.place: panel for panel in again.docks.panels}
    assert tags_in(found[Place.BESIDE]) == ["AC01.T_D", "AC01.P_D", "AC01.RUN", "T01.T"]
    assert found[Place.WINDOW].window().size().toTuple() == (500, 400)
    assert found[Place.BELOW].kind == alarms.kind
    assert again.docks.area.share(Place.BELOW) == 0.5
    again.close()
    again.feed.close()


def test_that_a_kept_panel_without_its_tags_comes_back_without_them(window: MainWindow) -> None:
    content = opened(window).content
    content.restore({"tags": ["GONE", "AC01.T_D", 7, "AC01.T_D"]})
    assert content.marks() == {"tags": ["AC01.T_D"]}
    content.restore({"tags": "AC01.T_D"})
    assert content.marks() == {"tags": []}


def test_that_values_are_written_with_what_is_wrong_with_them(window: MainWindow) -> None:
    content = opened(window).content
    assert isinstance(content, ValueContent)
    content.renew()
    assert content.table.rows[0].cells == ("Discharge temperature", "104.8 °C", "")
    window.feed.is_linked = False
    content.renew()
    assert "old" in content.table.rows[0].cells[2]


def test_that_tags_are_dragged_onto_a_list_of_values(window: MainWindow) -> None:
    panel = opened(window)
    panel.content.show_tags(["F01.T", "AC01.T_D", "NOWHERE"])
    assert tags_in(panel) == ["AC01.T_D", "AC01.P_D", "AC01.RUN", "F01.T"]
    assert tag_mime(["F01.T"]).hasText()
    assert panel.head.title.text == "Value list"


def test_that_any_value_can_be_kept_beside_the_page(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(window.explaining, "subject_at", lambda *_, **__: Subject(SubjectKind.TAG, "T01.T"))
    menu = window.explaining.menu_at(QPoint(5, 5))
    assert menu is not None
    next(action for action in menu.actions() if action.text() == "Keep its value beside the page").trigger()
    menu.close()
    assert [tags_in(panel) for panel in window.docks.panels] == [["T01.T"]]


def test_that_search_and_menu_offer_every_panel(window: MainWindow) -> None:
    titles = [target.title for target in actions_of(window)]
    for name in ("Alarm list", "Trend", "Value list", "Process picture"):
        assert f"Panel: {name}" in titles
    menu = window.docks.menu()
    entries = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert entries == ["Alarm list", "Trend", "Value list", "Process picture", "Help", "Close all panels"]
    menu.actions()[2].trigger()
    assert [panel.kind for panel in window.docks.panels] == ["values"]
    window.docks.clear()
    assert window.docks.panels == []
    menu.deleteLater()


def test_that_a_page_without_room_scrolls_and_has_all_of_it_without_panels(window: MainWindow) -> None:
    page = window.docks.pages
    page.setMinimumSize(1_100, 300)
    assert not window.docks.area.room.horizontalScrollBar().isVisible()
    opened(window)
    QApplication.processEvents()
    assert page.width() == 1_100
    assert window.docks.area.room.horizontalScrollBar().isVisible()
    window.docks.clear()
    QApplication.processEvents()
    assert not window.docks.area.room.horizontalScrollBar().isVisible()


def test_that_no_page_scrolls_for_the_texts_of_another_one(window: MainWindow) -> None:
    bar = window.docks.area.room.verticalScrollBar()
    tall, text = QWidget(), QLabel("many words " * 3_000)
    text.setWordWrap(True)
    QVBoxLayout(tall).addWidget(text)
    page = window.docks.pages
    window.stack.addWidget(tall)
    QApplication.processEvents()
    assert not bar.isVisible()
    window.stack.setCurrentWidget(tall)
    QApplication.processEvents()
    assert bar.isVisible(), "its own texts are not cut"
    window.stack.setCurrentWidget(page)
    QApplication.processEvents()
    assert not bar.isVisible()


def test_that_panels_below_have_room_where_a_tree_takes_some(window: MainWindow) -> None:
    window.navigation.open_page("alarms")  # a page without a tree
    window.resize(1280, 720)
    QApplication.processEvents()
    panels = [opened(window, kind) for kind in ("alarms", "values", "values")]
    for panel in panels:
        window.docks.move(panel, Place.BELOW)
    window.docks.open("values")
    window.navigation.open_page("equipment")
    QApplication.processEvents()
    row = window.docks.area.below
    assert all(row.rect().contains(panel.geometry()) for panel in window.docks.area.panels(Place.BELOW))
    assert len(window.docks.area.panels(Place.BELOW)) >= 2


def test_that_a_panel_speaks_the_language_of_the_window(window: MainWindow) -> None:
    panel = opened(window)
    set_language("zh")
    QApplication.processEvents()
    assert panel.head.title.text == "数值：空压机 AC01"
    assert panel.head.close_button.accessibleName() == "关闭面板"
    set_language("en")


def test_that_what_comes_after_a_panel_is_closed_does_not_come_to_it(window: MainWindow) -> None:
    """A lambda that is connected to the feed would keep the panel, and answer for it."""
    gone = [weakref.ref(opened(window, kind).content) for kind in ("alarms", "trend", "values", "help")]
    window.docks.clear()
    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert [each() for each in gone] == [None] * 4
    screen.bad_day(window.feed)


def test_that_closed_panels_leave_no_widget(window: MainWindow) -> None:
    def count() -> int:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return len(QApplication.allWidgets())

    def once() -> None:
        panel = opened(window)
        window.docks.move(panel, Place.WINDOW)
        window.docks.close(panel)
        window.docks.close(opened(window, "alarms"))
        QApplication.processEvents()

    once()
    before = count()
    for _ in range(5):
        once()
    assert count() == before


def test_that_a_trend_keeps_its_signals_and_its_time(window: MainWindow) -> None:
    panel = window.docks.open("trend", ["AC01.T_D", "AC01.P_D"])
    assert panel is not None
    assert panel.head.title.text == "Discharge temperature, Discharge pressure"
    kept = {"panes": [["P01.VIB", "P01.DP"], ["GONE"]], "span_s": 900}
    panel.content.restore(kept)
    assert panel.content.marks() == {"panes": [["P01.VIB", "P01.DP"]], "span_s": 900}
    panel.content.restore({"panes": 7, "span_s": "long"})
    assert panel.content.marks() == {"panes": [], "span_s": 900}


def test_that_a_plant_without_pictures_says_so_in_its_panel(window: MainWindow) -> None:
    panel = opened(window, "picture")
    panel.content.restore({"picture": "gone", "equipment": "AC01"})
    assert panel.head.title.text == "Process picture"
    assert panel.content.marks() == {}
