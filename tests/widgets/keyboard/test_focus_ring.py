"""Where the keyboard is can be seen, in every theme, around everything that it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QListWidget, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.widgets import screen
from widgets import theme
from widgets.keyboard.focus_ring import FocusRing
from widgets.main_window import MainWindow
from widgets.theme import ThemeName

pytestmark = pytest.mark.qt_log_ignore("does not support")
LEAST_CONTRAST = 3.0
"""WCAG 2.2, 2.4.13 Focus Appearance."""


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    window = screen.window(tmp_path)
    qtbot.addWidget(window)
    window.resize(1600, 900)
    window.show()
    window.activateWindow()
    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
        if QApplication.mouseButtons() & button:  # the hands of another test may have kept it pressed
            QTest.mouseRelease(window, button)
    screen.bad_day(window.feed)
    yield window
    window.feed.close()


def ring_of(window: QWidget) -> FocusRing | None:
    return window.findChild(FocusRing, options=Qt.FindChildOption.FindDirectChildrenOnly)


def luminance(color: QColor) -> float:
    """Return the relative luminance of WCAG."""
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def tab(window: QWidget) -> QWidget:
    present: QWidget | None = window.focusWidget()
    QTest.keyClick(window if present is None else present, Qt.Key.Key_Tab)
    QApplication.processEvents()
    focused = window.focusWidget()
    assert focused is not None
    return focused


@pytest.mark.parametrize("look", ["dark", "light"])
def test_that_the_ring_lies_around_everything_that_tab_comes_to(
    window: MainWindow, qapp: QApplication, look: ThemeName
) -> None:
    theme.apply(qapp, theme.load(look))
    assert ring_of(window) is None, "nobody has used the keyboard yet"
    for _ in range(25):
        focused = tab(window)
        ring = ring_of(window)
        assert ring is not None
        assert ring.around is focused
        inner = focused.rect().translated(focused.mapTo(window, focused.rect().topLeft()))
        assert ring.isVisible()
        assert ring.geometry().contains(inner.intersected(window.rect()).center())
        picture: QImage = window.grab(ring.geometry()).toImage()
        edge = [picture.pixelColor(picture.width() // 2, place) for place in (0, 1)]
        ground = theme.theme().color("panel")
        assert max(contrast(each, ground) for each in edge) > LEAST_CONTRAST


def test_that_a_press_of_the_pointer_takes_the_ring_away_and_tab_brings_it_back(window: MainWindow) -> None:
    tab(window)
    ring = ring_of(window)
    assert ring is not None
    QTest.mousePress(window.tree.filter, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert ring.isHidden()
    QTest.mouseRelease(window.tree.filter, Qt.MouseButton.LeftButton)
    tab(window)
    assert ring.isVisible()


def test_that_the_ring_goes_on_in_a_dialog_and_along_with_what_moves(window: MainWindow, qtbot: QtBot) -> None:
    tab(window)
    dialog = QDialog(window)
    column = QVBoxLayout(dialog)
    chosen, rows = QPushButton("chosen"), QListWidget()
    chosen.setCheckable(True)
    chosen.setChecked(True)
    for widget in (chosen, rows):
        column.addWidget(widget)
    dialog.show()
    dialog.activateWindow()
    chosen.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: ring_of(dialog) is not None, timeout=20_000)
    ring = ring_of(dialog)
    assert ring is not None
    assert ring.around is chosen
    before = ring.geometry()
    dialog.resize(dialog.width() + 200, dialog.height() + 100)
    qtbot.waitUntil(lambda: ring.geometry().width() > before.width(), timeout=20_000)
    chosen.hide()
    assert ring.isHidden() or ring.around is not chosen
    dialog.close()
    dialog.deleteLater()
