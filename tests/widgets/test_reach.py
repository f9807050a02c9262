"""Every page is worked by the keyboard alone, and at the touch size by a finger in a glove."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.plant.demo import demo_plant
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from tests.widgets.keys import let_go
from tests.widgets.reach import too_small, unreached
from widgets import theme
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.pages import pages_of
from widgets.pictures import settle
from widgets.preference import Preferences
from widgets.theme import GLOVE, TOUCH_SCALE

pytestmark = pytest.mark.qt_log_ignore("does not support raise")


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


def test_that_every_page_and_panel_is_worked_by_keys_alone_and_by_gloves(window: MainWindow) -> None:
    found: dict[str, list[str]] = {}
    for page in window.pages:
        window.navigation.open_page(page.key)
        settle(shortest_ms=20)
        found[page.key] = [*unreached(window), *too_small(window, GLOVE)]
    window.navigation.open_page("cases")
    for kind in ("alarms", "trend", "values", "picture", "help"):
        window.docks.open(kind)
    settle(shortest_ms=20)
    found["panels"] = [*unreached(window), *too_small(window, GLOVE)]
    assert {key: faults for key, faults in found.items() if faults} == {}
    assert len(found) > 12, "every page was looked at"


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
