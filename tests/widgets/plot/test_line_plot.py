"""Curves with known lines, limits and a cursor, on the library's view."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from tests.widgets.plot.hand import drag, place_of, press, press_twice, turn_wheel
from widgets.plot.curve import Curve, Mark, Stretch
from widgets.plot.line_plot import LinePlot

HZ = np.linspace(0.0, 1000.0, 5001)
LINE = Curve(HZ, np.where(np.abs(HZ - 250.0) < 0.15, 5.0, 0.1))


@pytest.fixture
def plot(qtbot: QtBot) -> LinePlot:
    made = LinePlot()
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show_curves([LINE], marks=[Mark(250.0, "1×")])
    made.show()
    QApplication.processEvents()
    return made


def test_that_the_wheel_keeps_the_place_under_the_pointer_and_ends_at_the_whole(plot: LinePlot) -> None:
    def place() -> float:
        return float(plot.box.mapViewToScene(QPointF(250.0, 0.0)).x())

    before = place()
    turn_wheel(plot, 250.0, 4)
    assert plot.span[1] - plot.span[0] < 500.0
    assert place() == pytest.approx(before, abs=2.0)
    turn_wheel(plot, 250.0, -40)
    assert plot.span == pytest.approx((0.0, 1000.0), abs=1e-6)


def test_that_a_drag_moves_what_is_in_view_and_not_beyond_its_ends(plot: LinePlot) -> None:
    plot.box.setXRange(200.0, 400.0, padding=0)
    drag(plot, 300.0, -100)
    low, high = plot.span
    assert high - low == pytest.approx(200.0)
    assert low == pytest.approx(200.0 + 100 / plot.box.width() * 200.0, abs=12.0)
    assert plot.cursor_at is None
    plot.reset()
    drag(plot, 300.0, -100)
    assert plot.span == pytest.approx((0.0, 1000.0), abs=1e-6)


def test_that_a_zoom_stays_while_the_same_stretch_is_shown_anew_and_ends_with_another(plot: LinePlot) -> None:
    plot.box.setXRange(200.0, 400.0, padding=0)
    plot.show_curves([replace(LINE)])
    assert plot.span == (200.0, 400.0)
    plot.show_curves([replace(LINE)], span=(0.0, 500.0))
    assert plot.span == (0.0, 500.0)


def test_that_a_zoom_over_time_stays_while_time_goes_on(plot: LinePlot) -> None:
    plot.has_times = True
    plot.show_curves([replace(LINE, x=HZ + 10.0)])
    assert plot.span == (10.0, 1010.0)
    plot.box.setXRange(200.0, 400.0, padding=0)
    plot.show_curves([replace(LINE, x=HZ + 20.0)])
    assert plot.span == (200.0, 400.0)
    plot.show_curves([replace(LINE, x=HZ + 300.0)])
    assert plot.span == (300.0, 1300.0)


def test_that_keys_zoom_move_and_show_everything_again(plot: LinePlot) -> None:
    for _ in range(5):
        QTest.keyClick(plot, Qt.Key.Key_Plus)
    low, high = plot.span
    assert high - low == pytest.approx(1000.0 * 0.8**5)
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.span[0] > low
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert plot.span == pytest.approx((0.0, 1000.0))


def test_that_the_arrows_move_the_cursor_where_there_is_one(plot: LinePlot) -> None:
    press(plot, 250.0, 4)
    assert plot.cursor_at == pytest.approx(250.0)
    assert plot._readout.text.endswith("5.000")
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.cursor_at == pytest.approx(250.2)
    assert plot._readout.text.endswith("0.100")
    assert plot.span == (0.0, 1000.0)
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.cursor_at is None
    assert plot._readout.text == ""


def test_that_a_double_press_shows_everything_again(plot: LinePlot) -> None:
    plot.box.setXRange(200.0, 400.0, padding=0)
    press_twice(plot)
    assert plot.span == pytest.approx((0.0, 1000.0))


def test_that_the_cursor_has_its_harmonics_as_far_as_they_are_in_view(plot: LinePlot) -> None:
    plot.has_harmonics = True
    plot.show_curves([LINE])
    plot.move_cursor(250.0)
    assert [line.value() for line in plot._cursor_lines if line.isVisible()] == [250.0, 500.0, 750.0, 1000.0]
    assert [name.toPlainText() for name in plot._cursor_names if name.isVisible()] == ["2", "3", "4"]
    plot.move_cursor(400.0)
    assert [line.value() for line in plot._cursor_lines if line.isVisible()] == [400.0, 800.0]


@pytest.mark.parametrize("count", [3_001, 100_000, 123_457])
def test_that_no_line_of_a_spectrum_is_lost_however_many_there_are(plot: LinePlot, count: int) -> None:
    x = np.linspace(0.0, 1000.0, count)
    y = np.full(count, 0.1)
    lines = [0, count // 3, count // 2 + 1, count - 1]
    y[lines] = (5.0, 4.0, 3.0, 2.0)
    plot.show_curves([Curve(x, y)])
    QApplication.processEvents()
    at, drawn = plot._items[0].curve.getData()
    for line in lines:
        seen = drawn == y[line]
        assert seen.any(), line
        assert abs(at[seen] - x[line]).min() <= 1000.0 / plot.box.width()
    assert len(drawn) < 20_000


def test_that_names_of_known_lines_do_not_stand_over_one_another_and_strong_ones_come_first(plot: LinePlot) -> None:
    plot.show_curves([LINE], marks=[Mark(249.0, "weak"), Mark(250.0, "strong", is_strong=True), Mark(700.0, "far")])
    assert {mark.name for mark, name in plot._mark_names if name.isVisible()} == {"strong", "far"}
    plot.box.setXRange(247.0, 253.0, padding=0)
    assert {mark.name for mark, name in plot._mark_names if name.isVisible()} == {"strong", "weak"}


def test_that_the_upright_axis_begins_at_zero_and_holds_the_next_limit(plot: LinePlot) -> None:
    plot.show_curves([LINE], limits=[Mark(2.0, "A"), Mark(7.1, "C"), Mark(20.0, "D")])
    assert plot.heights() == pytest.approx((0.0, 1.08 * 7.1))
    plot.show_curves([Curve(HZ, -LINE.y)])
    assert plot.heights() == pytest.approx((-5.25, 5.25))


def test_that_the_name_of_a_limit_gives_way_to_the_signs_of_records(plot: LinePlot) -> None:
    plot.resize(374, 210)
    x = np.array([0.0, 50.0, 100.0])

    def anchor(values: tuple[float, float, float]) -> tuple[float, float]:
        plot.show_curves([Curve(x, np.array(values), has_points=True)], limits=[Mark(7.1, "C | D  7.1")])
        QApplication.processEvents()
        return plot.anchor_of("C | D  7.1", 7.1)

    assert anchor((2.0, 2.0, 9.0)) == (0.0, 1.0)
    assert anchor((7.3, 2.0, 9.0)) == (1.0, 1.0)
    assert anchor((2.0, 2.0, 2.0)) == (0.0, 0.0), "above the line it would be cut"


def test_that_each_record_has_the_sign_of_its_zone(plot: LinePlot) -> None:
    signs = ("●", "◐", "▲", "■")
    plot.show_curves([Curve(np.arange(4.0), np.arange(4.0), has_points=True, signs=signs)])
    outlines = [spot.symbol() for spot in plot._items[1].points()]
    assert len({outline.elementCount() for outline in outlines}) == 4
    for outline in outlines:
        box = outline.boundingRect()
        assert max(box.width(), box.height()) == pytest.approx(1.0)
        assert (box.center().x(), box.center().y()) == pytest.approx((0.0, 0.0), abs=1e-6)


def test_that_nothing_to_be_shown_is_told_in_its_place(plot: LinePlot) -> None:
    plot.nothing = "Nothing is recorded yet"
    plot.show_curves([])
    assert plot._nothing.isVisible()
    assert not plot.view.isVisible()
    plot.move_cursor(3.0)
    assert plot._readout.text == ""


def test_that_a_stretch_is_named_where_its_name_has_room(plot: LinePlot) -> None:
    plot.show_curves([LINE], stretches=[Stretch(100.0, 400.0, "Flood"), Stretch(500.0, 501.0, "Flood")])
    assert [name.isVisible() for _, name in plot._stretch_names] == [True, False]
    plot.box.setXRange(499.0, 502.0, padding=0)
    assert [name.isVisible() for _, name in plot._stretch_names] == [False, True]


def test_that_a_pointer_is_told_what_the_curve_is_there(plot: LinePlot, monkeypatch: pytest.MonkeyPatch) -> None:
    assert plot.told_at(QPointF(250.0, 1.0)).endswith("5.000")
    plot.readout = lambda x: f"{x:.0f} Hz"
    assert plot.told_at(QPointF(2_000.0, 1.0)) == "1000 Hz"
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, text, widget: shown.append(text))
    at = plot.view.mapTo(plot, place_of(plot, 250.0))
    QApplication.sendEvent(plot, QHelpEvent(QEvent.Type.ToolTip, at, plot.mapToGlobal(at)))
    assert float(shown[0].removesuffix(" Hz")) == pytest.approx(250.0, abs=3.0)
