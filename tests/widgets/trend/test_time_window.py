"""All trends of a page show one stretch of time."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.clock import NS_PER_S
from widgets.trend.time_window import SHORTEST_NS, TimeWindow

T0 = 1_795_530_727 * NS_PER_S
HOUR = 3_600 * NS_PER_S


def test_that_a_live_window_runs_with_the_clock() -> None:
    window = TimeWindow(HOUR)
    with clock.frozen(T0) as advance:
        assert window.edges(clock.now_ns()) == (T0 - HOUR, T0)
        advance(NS_PER_S)
        assert window.edges(clock.now_ns())[1] == T0 + NS_PER_S


def test_that_panning_leaves_live_and_double_click_comes_back(qtbot: QtBot) -> None:
    window = TimeWindow(HOUR)
    with clock.frozen(T0), qtbot.waitSignal(window.changed):
        window.pan(HOUR // 2)
    assert not window.is_live
    assert window.edges(T0) == (T0 - HOUR - HOUR // 2, T0 - HOUR // 2)
    window.go_live()
    assert window.is_live


def test_that_nothing_after_now_can_be_panned_into_view() -> None:
    window = TimeWindow(HOUR)
    with clock.frozen(T0):
        window.pan(-HOUR)
        assert window.edges(T0)[1] == T0


def test_that_zooming_keeps_the_instant_under_the_pointer() -> None:
    window = TimeWindow(HOUR)
    around = T0 - HOUR // 2
    with clock.frozen(T0):
        window.zoom(0.5, around=around, share=0.5)
        start, end = window.edges(T0)
    assert end - start == HOUR // 2
    assert start + (end - start) // 2 == around


def test_that_a_grabbed_instant_stays_under_the_pointer() -> None:
    window = TimeWindow(HOUR)
    with clock.frozen(T0):
        window.place(T0 - 2 * HOUR, share=0.25)
        start, end = window.edges(T0)
    assert start + (end - start) // 4 == T0 - 2 * HOUR


def test_that_zooming_near_now_stays_live() -> None:
    window = TimeWindow(HOUR)
    with clock.frozen(T0):
        window.zoom(0.5, around=T0 - HOUR // 100, share=0.99)
    assert window.is_live


def test_that_the_span_has_a_shortest_length() -> None:
    window = TimeWindow(HOUR)
    with clock.frozen(T0):
        for _ in range(100):
            window.zoom(0.1, around=T0 - NS_PER_S, share=1.0)
    assert window.span == SHORTEST_NS


def test_that_a_new_range_keeps_the_middle_of_a_paused_window() -> None:
    window = TimeWindow(HOUR)
    with clock.frozen(T0):
        window.pan(10 * HOUR)
        before = sum(window.edges(T0)) // 2
        window.set_span(4 * HOUR)
        assert sum(window.edges(T0)) // 2 == before


def test_that_the_cursor_is_told_once(qtbot: QtBot) -> None:
    window = TimeWindow(HOUR)
    with qtbot.waitSignal(window.cursor_moved):
        window.move_cursor(T0)
    with qtbot.assertNotEmitted(window.cursor_moved):
        window.move_cursor(T0)
