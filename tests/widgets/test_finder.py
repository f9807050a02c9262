"""The search finds by any part of a name, in either language, the best hit first."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.widgets import plant, screen
from widgets.finder import Finder, Target, find, targets_of
from widgets.navigation import Navigation, PageFactory

# what the platform without a display cannot do for a popup
pytestmark = pytest.mark.qt_log_ignore("does not support raise", "does not support grabbing the keyboard")


@pytest.fixture
def navigation(qtbot: QtBot) -> Navigation:
    return Navigation(plant.plant())


@pytest.fixture
def targets(navigation: Navigation) -> list[Target]:
    pages = [PageFactory("alarms", lambda: "Alarms", lambda feed, navigation: QWidget())]
    return targets_of(plant.plant(), navigation, pages, [])


def titles(targets: list[Target], text: str) -> list[str]:
    return [target.title for target in find(targets, text)]


def test_that_an_exact_name_comes_first(targets: list[Target]) -> None:
    assert titles(targets, "p01")[0] == "Cooling pump P01"
    assert titles(targets, "alarms")[0] == "Alarms"


def test_that_all_words_must_be_found_in_any_order(targets: list[Target]) -> None:
    assert titles(targets, "temperature furnace") == ["Furnace temperature"]
    assert titles(targets, "temperature nowhere") == []


def test_that_chinese_names_are_found_while_the_screens_are_english(targets: list[Target]) -> None:
    assert titles(targets, "排气温度") == ["Discharge temperature"]


def test_that_tags_are_found_by_their_identifier(targets: list[Target], navigation: Navigation) -> None:
    hit = find(targets, "ac01.p_d")[0]
    hit.open()
    assert (navigation.page, navigation.equipment, navigation.tag) == ("equipment", "AC01", "AC01.P_D")


def test_that_arrows_choose_and_enter_opens(qtbot: QtBot, targets: list[Target], navigation: Navigation) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    finder = Finder(targets, window)
    finder.appear(QPoint(400, 100))
    finder.field.setText("compressor")
    assert finder.list.currentRow() == 0
    qtbot.keyClick(finder.field, Qt.Key.Key_Down)  # type: ignore[no-untyped-call] # pytest-qt's keys
    assert finder.list.currentRow() == 1
    chosen: Target = finder.list.currentItem().data(Qt.ItemDataRole.UserRole)
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    assert navigation.equipment == chosen.detail


def test_that_nothing_found_is_said(qtbot: QtBot, targets: list[Target]) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    finder = Finder(targets, window)
    finder.appear(QPoint(400, 100))
    finder.search("no such thing")
    assert finder.nothing.isVisible()
    assert not finder.list.isVisible()
    finder.close()


def test_that_actions_of_the_window_can_be_found(qtbot: QtBot, tmp_path: Path) -> None:
    window = screen.window(tmp_path)
    qtbot.addWidget(window)
    actions = [target.title for target in window._actions()]
    assert "Switch between dark and light" in actions
    assert "Acknowledge all in view" in actions
