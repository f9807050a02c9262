"""A window comes back where it stood on these screens, also after a crash, and never out of reach."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.displays import display
from widgets.page_desktop import page_preferences
from widgets.preference import Preferences
from widgets.sound.annunciator import MUTE
from widgets.window_place import HEAD, WindowPlace, fit, fitting, screen_set, within_reach

LEFT, RIGHT = QRect(0, 0, 1920, 1080), QRect(1920, 0, 1920, 1080)


def test_that_a_window_on_any_screen_stays_where_it_is() -> None:
    for place in (QRect(100, 100, 1600, 900), QRect(2000, 50, 1600, 900), QRect(1500, 20, 1600, 900)):
        assert within_reach(place, [LEFT, RIGHT]) == place


def test_that_a_window_of_a_screen_that_is_gone_is_brought_back_whole() -> None:
    lost = QRect(2000, 50, 2400, 900)
    found = within_reach(lost, [LEFT])
    assert LEFT.contains(found)
    assert found.width() == LEFT.width()
    assert LEFT.contains(within_reach(QRect(100, -2_000, 800, 600), [LEFT]))
    assert LEFT.contains(within_reach(QRect(1_900, 100, 800, 600), [LEFT])), "20 px are too few to take hold of"


def test_that_a_window_that_nobody_has_placed_is_whole_on_a_small_screen_and_in_the_middle_of_a_large_one() -> None:
    small, large = QRect(0, 0, 1366, 768), QRect(1920, 0, 3840, 2160)
    assert fitting(QSize(1600, 900), small) == QRect(0, 0, 1366, 768 - HEAD)
    found = fitting(QSize(1600, 900), large)
    assert found.size() == QSize(1600, 900)
    assert abs(found.center().x() - large.center().x()) <= 1


def test_that_the_first_window_of_a_plant_fits_its_screen(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    screen = window.screen().availableGeometry()
    window.resize(screen.size() * 2)
    fit(window)
    assert screen.contains(window.geometry())


def test_that_the_place_is_kept_while_the_window_is_open_and_for_these_screens(qtbot: QtBot, tmp_path: Path) -> None:
    preferences = Preferences(tmp_path / "window.ini")
    window = QWidget()
    qtbot.addWidget(window)
    place = WindowPlace(window, preferences)
    window.show()
    window.setGeometry(40, 60, 500, 400)
    qtbot.waitUntil(lambda: not preferences.geometry_on(screen_set()).isEmpty(), timeout=20_000)
    assert place._settled.isActive() is False
    other = QWidget()
    qtbot.addWidget(other)
    WindowPlace(other, Preferences(tmp_path / "window.ini")).restore()
    assert other.geometry().size() == window.geometry().size(), "as if the program had been killed"


def test_that_the_window_of_a_page_begins_with_it_and_leaves_the_sound_to_the_first(tmp_path: Path) -> None:
    first = Preferences(tmp_path / "window.ini")
    first.theme, first.page = "light", "overview"
    first.save()
    own = page_preferences(tmp_path, "trends")
    assert (own.theme, own.page, own.is_on(MUTE)) == ("light", "trends", True)
    own.theme = "dark"
    own.save()
    assert page_preferences(tmp_path, "trends").theme == "dark", "it keeps what it was made to be"
    assert not Preferences(tmp_path / "window.ini").is_on(MUTE)


@pytest.mark.parametrize("ratio", [1.25, 1.5, 2.0])
def test_that_a_window_comes_back_to_the_display_it_was_on_at_its_scale(
    qtbot: QtBot, tmp_path: Path, ratio: float
) -> None:
    at = display(ratio).geometry()
    wanted = QRect(at.left() + 301, at.top() + 77, 1001, 603)
    assert restored(qtbot, tmp_path, wanted) == (wanted, ratio)


def test_that_a_window_whose_monitor_is_gone_stands_whole_on_the_first(qtbot: QtBot, tmp_path: Path) -> None:
    beyond = max(each.geometry().right() for each in QGuiApplication.screens()) + 5_000
    place, ratio = restored(qtbot, tmp_path, QRect(beyond, 300, 700, 500))
    assert QGuiApplication.primaryScreen().availableGeometry().contains(place)
    assert place.size() == QSize(700, 500)
    assert ratio == 1.0


def test_that_a_window_stands_whole_where_the_scale_of_its_monitor_was_doubled(qtbot: QtBot, tmp_path: Path) -> None:
    at = display(2.0).geometry()
    place, ratio = restored(qtbot, tmp_path, QRect(at.topLeft() + QPoint(40, 60), at.size() * 1.8))
    assert at.contains(place), "it was as large at 100 %"
    assert ratio == 2.0


def restored(qtbot: QtBot, folder: Path, former: QRect) -> tuple[QRect, float]:
    """Return where a window comes back, and the ratio that it is drawn at, after one that stood at `former`."""
    window, preferences = QWidget(), Preferences(folder / "window.ini")
    qtbot.addWidget(window)
    window.setGeometry(former)
    WindowPlace(window, preferences).save()
    again = QWidget()
    qtbot.addWidget(again)
    WindowPlace(again, Preferences(folder / "window.ini")).restore()
    again.show()
    QApplication.processEvents()
    return again.geometry(), again.devicePixelRatioF()
