"""The window on a plant: its keys, its pages, what it remembers, and that every text has room in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.model import clock
from tests.widgets import plant, screen
from tests.widgets.alarm.test_banner import Sent
from widgets import theme
from widgets.alarm.card import AlarmCard
from widgets.elided_label import ElidedLabel
from widgets.finder import Finder
from widgets.main_window import MainWindow
from widgets.translation import Language, set_language


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = screen.window(tmp_path)
    qtbot.addWidget(window)
    window.resize(1920, 1080)
    window.show()
    screen.bad_day(window.feed)
    yield window
    window.feed.close()


def press(window: MainWindow, sequence: str) -> None:
    """Offscreen windows are never active, so a shortcut is set off by itself."""
    wanted = QKeySequence(sequence)
    shortcuts = [key for key in window.findChildren(QShortcut) if key.key() == wanted]
    assert len(shortcuts) == 1, sequence
    shortcuts[0].activated.emit()


def test_that_keys_open_the_pages(window: MainWindow) -> None:
    press(window, "Ctrl+2")
    assert window.navigation.page == "alarms"
    assert window.stack.currentWidget() is window.page("alarms")
    assert [tab.isChecked() for tab in window.header.tabs] == [False, True]
    press(window, "Ctrl+1")
    assert window.navigation.page == "equipment"


def test_that_the_tree_stands_only_beside_pages_that_want_it(window: MainWindow) -> None:
    window.navigation.open_page("alarms")
    assert not window.side.isVisible()
    window.navigation.open_page("equipment")
    assert window.side.isVisible()


def test_that_f2_acknowledges_what_the_banner_shows(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    window.acknowledgement.set_operator("L. Chen")
    sent = Sent(window.feed, monkeypatch)
    press(window, "F2")
    assert sent.orders == [(["P01.VIB.H", "AC01.T_D.H", "P01.DP.H"], "L. Chen", "")]


def test_that_f11_fills_the_screen_and_returns(window: MainWindow) -> None:
    press(window, "F11")
    assert window.isFullScreen()
    press(window, "F11")
    assert not window.isFullScreen()


@pytest.mark.qt_log_ignore("does not support raise", "does not support grabbing the keyboard")
def test_that_the_search_finds_and_opens(qtbot: QtBot, window: MainWindow) -> None:
    press(window, "Ctrl+K")
    finder = window.findChild(Finder)
    assert isinstance(finder, Finder)
    finder.field.setText("油温")
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)  # type: ignore[no-untyped-call] # pytest-qt's keys
    assert window.navigation.equipment == "T01"
    assert window.navigation.tag == "T01.T"


def test_that_a_refused_acknowledgement_is_told_long_enough_to_be_read(window: MainWindow) -> None:
    with clock.frozen(plant.NOW) as advance:
        window.acknowledgement.refused.emit("Not acknowledged: it was raised anew")
        window.feed.alarms_changed.emit(())
        assert window.status.problem.text == "Not acknowledged: it was raised anew", "in a flood alarms always change"
        advance(15 * clock.NS_PER_S)
        window.feed.alarms_changed.emit(())
        assert window.status.problem.text == ""


def test_that_the_window_comes_back_as_it_was_left(qtbot: QtBot, tmp_path: Path, window: MainWindow) -> None:
    window.navigation.select_equipment("T01")
    window.navigation.open_page("alarms")
    window.switch_theme()
    window.switch_language()
    window.acknowledgement.set_operator("L. Chen")
    window.resize(1500, 900)
    window.close()
    from widgets.preference import Preferences

    again = MainWindow(window.feed, preferences=Preferences(tmp_path / "window.ini"), pages=screen.pages)
    qtbot.addWidget(again)
    assert (again.navigation.page, again.navigation.equipment) == ("alarms", "T01")
    assert (again.preferences.theme, again.preferences.language) == ("light", "zh")
    assert again.acknowledgement.operator == "L. Chen"
    assert again.preferences.geometry == window.saveGeometry()
    set_language("en")


def test_that_the_title_names_the_plant_in_the_present_language(qtbot: QtBot, window: MainWindow) -> None:
    assert window.windowTitle() == "Huangdao Heat-Treat – Foreshift"
    window.switch_language()
    qtbot.waitUntil(lambda: window.windowTitle() == "黄岛热处理厂 – Foreshift")


def test_that_everything_a_hand_can_reach_has_a_name(window: MainWindow) -> None:
    window.page("alarms")
    reachable = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not widget.objectName().startswith("qt_")
        and widget.window() is window
    ]
    nameless = [
        type(widget).__name__
        for widget in reachable
        if not widget.accessibleName()
        and not (isinstance(widget, QPushButton) and widget.text())
        and not (hasattr(widget, "text") and callable(widget.text) and widget.text())
    ]
    assert len(reachable) > 10
    assert nameless == []


def is_cut(widget: QWidget) -> bool:
    """Whether a widget's text does not fit into its place."""
    if isinstance(widget, (ElidedLabel, AlarmCard)):
        return widget.is_elided
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) > widget.height()
    if isinstance(widget, (QLabel, QPushButton)) and widget.text():
        lines = widget.text().split("\n")
        needed = max(QFontMetrics(widget.font()).horizontalAdvance(line) for line in lines)
        return needed > widget.width() or widget.sizeHint().height() > widget.height() + 1
    return widget.minimumSizeHint().isValid() and widget.width() < widget.minimumSizeHint().width()


def cut_texts(window: QWidget) -> list[str]:
    visible = [widget for widget in window.findChildren(QWidget) if widget.isVisible()]
    return [
        f"{type(widget).__name__} {getattr(widget, 'text', '')} {widget.accessibleName()!r}: {widget.size().toTuple()}"
        for widget in visible
        if is_cut(widget)
    ]


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
@pytest.mark.parametrize("words", ["en", "zh"])
@pytest.mark.parametrize("page", ["equipment", "alarms"])
def test_that_every_text_has_room(
    qapp: QApplication, window: MainWindow, size: tuple[int, int], words: Language, page: str
) -> None:
    set_language(words)
    window.acknowledgement.set_operator("Operator Name 1")
    window.resize(*size)
    window.navigation.open_page(page)
    for _ in range(3):
        qapp.processEvents()
    window.grab()
    assert window.width() == size[0]
    assert cut_texts(window) == []


def test_that_the_tree_names_have_room(qtbot: QtBot, qapp: QApplication, window: MainWindow) -> None:
    from widgets.equipment.tree import NARROW_BAR, NUMBER, SHAPE

    window.resize(1366, 768)
    qapp.processEvents()
    look = theme.theme()
    reserved = look.px(NARROW_BAR + NUMBER + SHAPE + 38)
    model, view = window.tree.model, window.tree.view
    for equipment in window.feed.equipment:
        index = model.index_of(equipment)
        needed = QFontMetrics(look.font("body", weight=theme.SEMIBOLD)).horizontalAdvance(index.data())
        assert needed <= view.visualRect(index).width() - reserved, equipment
