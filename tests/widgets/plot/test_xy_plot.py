"""One signal over another: its points, its straight line, its limits and what is read out."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model.clock import NS_PER_S
from tests.widgets.plot.hand import press, turn_wheel
from widgets.plot.xy_plot import Colouring, XYPlot

COUNT = 2_000
TIME = 1_700_000_000 * NS_PER_S + NS_PER_S * np.arange(COUNT, dtype=np.int64)
X = np.linspace(10.0, 20.0, COUNT)
Y = 3.0 + 0.5 * X


@pytest.fixture
def plot(qtbot: QtBot) -> XYPlot:
    made = XYPlot()
    qtbot.addWidget(made)
    made.resize(640, 420)
    made.show_pairs(X, Y, TIME)
    made.show()
    QApplication.processEvents()
    return made


def test_that_the_straight_line_is_told_with_what_it_explains(plot: XYPlot) -> None:
    assert plot._readout.text == "y = 3 + 0.5 x   R² = 1.00"
    plot.show_pairs(X, -Y, TIME)
    assert plot.line_text() == "y = −3 − 0.5 x   R² = 1.00"
    plot.show_pairs(X, np.ones(COUNT), TIME)
    assert plot.line_text() == ""


def test_that_a_press_tells_when_a_point_was_and_the_arrows_go_on_in_time(plot: XYPlot) -> None:
    press(plot, float(X[500]), 2, y=float(Y[500]))
    assert plot.chosen is not None
    assert abs(plot.chosen - TIME[500]) < 30 * NS_PER_S
    assert plot._readout.text.startswith("2023-11-14")
    before = plot.chosen
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.chosen == before + NS_PER_S
    press(plot, 11.0, y=12.0)
    assert plot.chosen is None
    assert plot._readout.text.startswith("y = ")


def test_that_pairs_without_a_value_are_left_out_and_none_at_all_is_told(plot: XYPlot) -> None:
    x = np.where(np.arange(COUNT) % 2, np.nan, X)
    plot.show_pairs(x, Y, TIME)
    assert len(plot) == COUNT // 2
    plot.nothing = "Nothing with a value in this time"
    plot.show_pairs(np.full(COUNT, np.nan), Y, TIME)
    assert plot._nothing.isVisible()


def test_that_the_wheel_zooms_both_axes_and_home_shows_all(plot: XYPlot) -> None:
    whole = plot.box.viewRange()
    turn_wheel(plot, 15.0, 3)
    (left, right), (low, high) = plot.box.viewRange()
    assert right - left < whole[0][1] - whole[0][0]
    assert high - low < whole[1][1] - whole[1][0]
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert plot.box.viewRange() == whole


def test_that_limits_are_drawn_where_they_are_near_and_others_do_not_press_the_points_together(plot: XYPlot) -> None:
    plot.show_pairs(X, Y, TIME, limits_x=[(21.0, "H"), (1_000.0, "HH")], limits_y=[(7.0, "L")])
    assert [(is_level, value) for is_level, value, _ in plot._limit_names] == [(False, 21.0), (True, 7.0)]
    assert plot.span[1] < 30.0


@pytest.mark.parametrize("colouring", list(Colouring))
def test_that_every_point_has_one_colour_and_later_ones_are_stronger(plot: XYPlot, colouring: Colouring) -> None:
    x = np.concatenate([X, np.full(COUNT, 15.0)])
    y = np.concatenate([Y, np.full(COUNT, 10.0)])
    plot.show_pairs(x, y, np.concatenate([TIME, TIME + COUNT * NS_PER_S]))
    plot.colour_by(colouring)
    steps = plot._steps()
    rows = np.concatenate([each for _, each in steps])
    assert sorted(rows.tolist()) == list(range(2 * COUNT))
    strength = [color.alphaF() for color, _ in steps]
    assert strength == sorted(strength)
    assert len(steps) > 1
    strongest = set(steps[-1][1].tolist())
    assert 2 * COUNT - 1 in strongest
    assert 0 not in strongest
