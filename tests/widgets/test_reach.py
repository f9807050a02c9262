"""Every page is worked by the keyboard alone, and at the touch size by a finger in a glove."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDeadlineTimer, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.plant.demo import demo_plant
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from tests.widgets.keys import let_go
from tests.widgets.reach import nameless, too_small, unreached
from widgets import theme
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.pages import pages_of
from widgets.pictures import settle
from widgets.preference import Preferences
from widgets.screen import open_dialogs
from widgets.screens import screens_of
from widgets.theme import GLOVE, TOUCH_SCALE

ENOUGH_MS = 20_000
pytestmark = pytest.mark.qt_log_ignore("does not support")


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    """The window on the demo plant at the touch size."""
    theme.apply(qapp, theme.load("dark", scale=TOUCH_SCALE))
    folder, plant = PlantFolder(tmp_path / "plant"), demo_plant()
    folder.path.mkdir()
    write_plant(folder.configuration, plant)
    preferences = Preferences(tmp_path / "window.ini")
    preferences.language = "en"
    window = MainWindow(Feed(plant, folder), preferences=preferences, pages=lambda deeds: pages_of(folder, deeds))
    window.resize(1920, 1080)
    window.show()
    yield window
    let_go()
    window.close()
    window.feed.close()
    window.deleteLater()


def lasting_faults(shown: QWidget) -> list[str]:
    """Return what is wrong with a page or dialog; one that still reads has other widgets a moment later."""
    longest = QDeadlineTimer(ENOUGH_MS)
    while True:
        settle(shortest_ms=10)
        found = [*unreached(shown), *too_small(shown, GLOVE), *nameless(shown)]
        if not found or longest.hasExpired():
            return found


class Outside(QObject):
    """Notes what comes up as a window of its own: it would flash over the work and take the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(type(watched).__name__)
        return False


@pytest.fixture
def outside(qapp: QApplication) -> Iterator[Outside]:
    outside = Outside()
    yield outside
    qapp.removeEventFilter(outside)


def test_that_every_page_and_panel_is_worked_by_keys_alone_and_by_gloves(
    window: MainWindow, qapp: QApplication, outside: Outside
) -> None:
    found: dict[str, list[str]] = {}
    for page in window.pages:
        qapp.installEventFilter(outside)
        window.navigation.open_page(page.key)
        qapp.removeEventFilter(outside)
        focused = window.focusWidget()
        assert focused is not None, page.key
        assert window.page(page.key).isAncestorOf(focused) or window.tree.isAncestorOf(focused), page.key
        found[page.key] = lasting_faults(window)
    assert outside.shown == []
    window.navigation.open_page("cases")
    for kind in ("alarms", "trend", "values", "picture", "help"):
        window.docks.open(kind)
    found["panels"] = lasting_faults(window)
    assert {key: faults for key, faults in found.items() if faults} == {}
    assert len(found) > 12, "every page was looked at"


DIALOGS = (
    "alarms-shelve", "connection-modbus", "equipment-time", "explain-tag", "faceplate", "faceplate-method",
    "handover-note", "maintenance-request", "models-learn", "operator", "search", "sign-in",
)  # fmt: skip


def test_that_dialogs_are_worked_by_keys_alone_and_by_gloves(window: MainWindow) -> None:
    found: dict[str, list[str]] = {}
    opened = 0
    for screen in (each for each in screens_of(window) if each.name in DIALOGS):
        for step in screen.steps:
            step()
        for dialog in open_dialogs(window):
            opened += 1
            found[screen.name] = lasting_faults(dialog)
            dialog.close()
    assert {key: faults for key, faults in found.items() if faults} == {}
    assert opened > 8, "the others have nothing to be about in a plant that stands"


def test_that_what_no_key_comes_to_or_no_glove_hits_is_found(qtbot: QtBot) -> None:
    window, left_out, small = QWidget(), QPushButton("left out"), QPushButton("small")
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for button in (left_out, small, QPushButton("right")):
        button.setMinimumHeight(60)
        column.addWidget(button)
    left_out.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    small.setFixedHeight(20)
    window.show()
    assert unreached(window) == ["QWidget/QPushButton 'left out'"]
    assert too_small(window, GLOVE) == ["QWidget/QPushButton 'small': 20 px"]
    assert nameless(window) == []
    left_out.setText("")
    assert nameless(window) == ["QWidget/QPushButton ''"], "a screen reader would have no word for it"
