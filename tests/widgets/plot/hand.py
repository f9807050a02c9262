"""A hand on a plot: presses and the wheel at places of its axes, as they come from the window system."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from widgets.plot.plot import Plot


def place_of(plot: Plot, x: float, y: float | None = None) -> QPoint:
    """Return where a place of the axes is, in px of the view; without `y` in the middle of the height."""
    (_, _), (low, high) = plot.box.viewRange()
    place: QPoint = plot.view.mapFromScene(plot.box.mapViewToScene(QPointF(x, (low + high) / 2 if y is None else y)))
    return place


def press(plot: Plot, x: float, aside: int = 0, *, y: float | None = None) -> None:
    """Press `aside` px beside a place of the axes."""
    at = place_of(plot, x, y) + QPoint(aside, 0)
    QTest.mouseClick(plot.view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def turn_wheel(plot: Plot, x: float, steps: int) -> None:
    """Turn the wheel at a place of the axis."""
    at = QPointF(place_of(plot, x))
    event = QWheelEvent(
        at,
        QPointF(plot.view.viewport().mapToGlobal(at.toPoint())),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.view.viewport(), event)


def press_twice(plot: Plot) -> None:
    """Press twice in the middle, as fast as a double press is."""
    port = plot.view.viewport()
    at = port.rect().center()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(port, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at)


def drag(plot: Plot, x: float, pixels: int) -> None:
    """Press at a place of the axis and move so many px to the right."""
    port, at = plot.view.viewport(), place_of(plot, x)
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=at)
    for step in range(1, 5):
        QTest.mouseMove(port, at + QPoint(pixels * step // 4, 0))
        QTest.qWait(15)  # the library passes over moves that follow one another faster than a screen does
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at + QPoint(pixels, 0))
