"""The window is drawn larger or smaller in steps, and never larger than the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.widgets import screen
from tests.widgets.text_room import faults, painted_texts
from widgets.size import SIZES, fitting, stepped

LARGE = QSize(3840, 2160)


def test_that_steps_lead_through_all_sizes_and_back() -> None:
    scale, seen = SIZES[0], [SIZES[0]]
    for _ in SIZES[1:]:
        scale = stepped(scale, 1, LARGE)
        seen.append(scale)
    assert tuple(seen) == SIZES
    assert stepped(scale, 1, LARGE) == SIZES[-1], "there is none beyond the largest"
    assert stepped(scale, -len(SIZES), LARGE) == SIZES[0]
    assert stepped(scale, 0, LARGE) == 1.0


@pytest.mark.parametrize(("screen", "most"), [((1920, 1080), 1.5), ((1280, 720), 1.0), ((1024, 600), 0.85)])
def test_that_nothing_is_drawn_larger_than_the_screen(screen: tuple[int, int], most: float) -> None:
    assert fitting(2.0, QSize(*screen)) == most
    assert stepped(most, 1, QSize(*screen)) == most


@pytest.mark.qt_log_ignore("does not support")
def test_that_a_window_over_the_whole_of_a_4k_monitor_at_100_percent_has_room_for_its_texts(
    qtbot: QtBot, tmp_path: Path
) -> None:
    window = screen.window(tmp_path)
    qtbot.addWidget(window)
    window.resize(LARGE)
    window.show()
    screen.bad_day(window.feed)
    for page in ("equipment", "alarms"):
        window.navigation.open_page(page)
        QApplication.processEvents()
        with painted_texts() as texts:
            picture = window.grab()
        assert picture.size() == LARGE, "nothing makes it larger, or keeps it smaller"
        assert not faults(window, texts)
    window.feed.close()
