"""Any stretch of time can be typed, and what was shown before comes back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.clock import NS_PER_S
from widgets.trend.range_bar import RangeBar
from widgets.trend.time_dialog import TimeDialog
from widgets.trend.time_window import TimeWindow

T0 = 1_795_530_727 * NS_PER_S
HOUR = 3_600 * NS_PER_S


def test_that_a_typed_stretch_is_shown_and_held(qtbot: QtBot) -> None:
    window = TimeWindow(HOUR)
    bar = RangeBar(window)
    qtbot.addWidget(bar)
    dialog = bar.ask_time()
    dialog.start.setText("2021-03-01 06:00")
    dialog.end.setText("2021-03-01 06:00:02.5")
    QTest.keyClick(dialog.end, Qt.Key.Key_Return)
    start = clock.instant_of("2021-03-01T06:00")
    assert window.edges(0) == (start, start + 5 * NS_PER_S // 2)
    assert bar.typed.isChecked()


def test_that_ten_years_up_to_now_run_with_the_clock(qtbot: QtBot) -> None:
    window = TimeWindow(HOUR)
    dialog = TimeDialog(window)
    qtbot.addWidget(dialog)
    dialog.length.setText("10 y")
    dialog.take()
    assert window.is_live
    assert window.span == 3_650 * 24 * HOUR


def test_that_a_stretch_that_ends_before_it_begins_leaves_the_dialog_open_with_the_reason(qtbot: QtBot) -> None:
    window = TimeWindow(HOUR)
    dialog = TimeDialog(window)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.start.setText("2021-03-02")
    dialog.end.setText("2021-03-01")
    dialog.take()
    assert dialog.isVisible()
    assert "not after" in dialog.message.text()
    assert window.span == HOUR


def test_that_back_and_forward_walk_through_what_was_shown(qtbot: QtBot) -> None:
    window = TimeWindow(HOUR)
    bar = RangeBar(window)
    qtbot.addWidget(bar)
    bar.show()
    bar.activateWindow()
    qtbot.waitUntil(bar.isActiveWindow)
    assert not bar.back.isEnabled()
    window.set_span(8 * HOUR)
    window.show(T0 - HOUR, T0)
    bar.back.click()
    assert (window.span, window.is_live) == (8 * HOUR, True)
    QTest.keyClick(bar, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: window.span == HOUR)  # a button that is pressed by its key stays down for a moment
    assert not bar.back.isEnabled()
    bar.forward.click()
    bar.forward.click()
    assert window.edges(0) == (T0 - HOUR, T0)
    assert not bar.forward.isEnabled()


def test_that_a_drag_of_many_steps_is_one_change_to_go_back_from(qtbot: QtBot) -> None:
    del qtbot
    window = TimeWindow(HOUR)
    with clock.frozen(T0) as advance:
        window.show(T0 - 5 * HOUR, T0 - 4 * HOUR)
        advance(10 * NS_PER_S)
        for step in range(50):
            window.place(T0 - 6 * HOUR - step * NS_PER_S, share=0.5)
            advance(NS_PER_S // 50)
        window.go_back()
        assert window.edges(0) == (T0 - 5 * HOUR, T0 - 4 * HOUR)
