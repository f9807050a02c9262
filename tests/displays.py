"""The displays that tests draw on: one as most have it, and beside it others of every usual scale."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from widgets.display import Display

RATIOS = (1.25, 1.5, 1.75, 2.0)
DISPLAYS = (Display(800, 800), *(Display(round(2560 * ratio), round(1440 * ratio), ratio) for ratio in RATIOS))
APART = 10_000
WITHIN = QPoint(20, 20)


def display(ratio: float) -> QScreen:
    """Return the first display of a ratio."""
    return next(each for each in QGuiApplication.screens() if each.devicePixelRatio() == ratio)


def bring(window: QWidget, ratio: float) -> None:
    """Bring a window to the display of a ratio, as large as it is; it has that ratio once events are handled."""
    window.move(display(ratio).geometry().topLeft() + WITHIN)
