"""Random hands on plots: the handlers of the library, too, raise nothing, print nothing and warn of nothing."""

from __future__ import annotations

import random

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from widgets import theme
from widgets.plot.curve import Curve, Mark
from widgets.plot.line_plot import LinePlot
from widgets.plot.plot import Plot
from widgets.plot.xy_plot import Colouring, XYPlot

DEEDS = 40
BUTTONS = (Qt.MouseButton.LeftButton,) * 4 + (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)
KEYS = tuple(
    getattr(Qt.Key, f"Key_{name}") for name in ("Plus", "Minus", "Left", "Right", "Up", "Down", "Home", "Escape")
)


def show_something(plot: Plot, chance: random.Random) -> None:
    count = chance.choice((0, 1, 2, 700, 5_000))
    x = np.arange(float(count)) * chance.choice((1e-9, 1.0, 1e9))
    y = np.sin(np.arange(count)) * chance.choice((0.0, 1e-12, 1.0, -1e12))
    y[: count // 7] = np.nan
    if isinstance(plot, LinePlot):
        plot.has_harmonics = chance.random() < 0.5
        marks = [Mark(float(at), f"{at:g}") for at in x[:: max(1, count // 5)]]
        plot.show_curves([Curve(x, y, has_points=count < 1_000)], marks=marks, limits=[Mark(0.5, "H")])
    elif isinstance(plot, XYPlot):
        plot.show_pairs(x, y, np.arange(count, dtype=np.int64), limits_x=[(1.0, "H")], limits_y=[(0.5, "L")])
        plot.colour_by(chance.choice(list(Colouring)))


def do_something(plot: Plot, chance: random.Random) -> None:
    port = plot.view.viewport()
    at = QPoint(chance.randrange(max(1, port.width())), chance.randrange(max(1, port.height())))
    match chance.randrange(9):
        case 0:
            show_something(plot, chance)
        case 1 | 2:
            QTest.keyClick(plot, chance.choice(KEYS))
        case 3:
            turn = QPoint(0, 120 * chance.choice((-30, -1, 1, 30)))
            free, plain = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
            place = QPointF(at)
            event = QWheelEvent(place, place, QPoint(), turn, free, plain, Qt.ScrollPhase.NoScrollPhase, False)
            QApplication.sendEvent(port, event)
        case 4 | 5:
            button = chance.choice(BUTTONS)
            QTest.mousePress(port, button, pos=at)
            for _ in range(3):
                QTest.mouseMove(port, at + QPoint(chance.randrange(-90, 90), chance.randrange(-90, 90)))
                QTest.qWait(12)
            QTest.mouseRelease(port, button, pos=at)
        case 6:
            QTest.mouseClick(port, chance.choice(BUTTONS), pos=at)
        case 7:
            QTest.mouseDClick(port, chance.choice(BUTTONS), pos=at)
        case _:
            plot.resize(chance.choice((1, 40, 300, 900)), chance.choice((1, 40, 300, 900)))


@pytest.mark.parametrize("kind", [LinePlot, XYPlot])
def test_that_random_hands_find_no_fault_in_a_plot(
    qtbot: QtBot, qapp: QApplication, capfd: pytest.CaptureFixture[str], kind: type[Plot]
) -> None:
    chance = random.Random(7)
    plot = kind()
    plot.setMinimumSize(0, 0)
    qtbot.addWidget(plot)
    plot.show()
    for deed in range(DEEDS):
        do_something(plot, chance)
        if deed % 20 == 19:
            theme.apply(qapp, theme.load("light" if deed % 40 == 19 else "dark"))
        qapp.processEvents()
    assert "Error" not in capfd.readouterr().err
