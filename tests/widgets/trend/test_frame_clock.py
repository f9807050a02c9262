"""Charts are drawn in turn, a few times a second, and only while they are seen."""

from __future__ import annotations

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from widgets.trend.frame_clock import FrameClock


def test_that_each_chart_is_served_once_per_frame_in_turn(qtbot: QtBot) -> None:
    owner = QObject()
    served: list[int] = []
    ticker = FrameClock(owner, interval_ms=5)
    ticker.set_refreshers([lambda: served.append(0), lambda: served.append(1), lambda: served.append(2)])
    ticker.start()
    qtbot.waitUntil(lambda: len(served) >= 9, timeout=5_000)
    ticker.stop()
    assert served[:9] == [0, 1, 2] * 3


def test_that_a_stopped_clock_serves_nobody(qtbot: QtBot) -> None:
    owner = QObject()
    served: list[int] = []
    ticker = FrameClock(owner, interval_ms=1)
    ticker.set_refreshers([lambda: served.append(0)])
    ticker.start()
    ticker.stop()
    qtbot.wait(20)
    assert served == []
