"""Level and upright lines that fill whole pixels of the device: equally thick and sharp at every ratio of a screen.

At 125 or 150 % a line of one px is one pixel thick in one place and two in another, as the pixels happen to lie: of
two limits one would look more important.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen


def draw_level(painter: QPainter, y: float, ends: tuple[float, float], pen: QPen | QColor) -> None:
    """Draw a level line whose middle is nearest to `y`, px, from the left to the right one of `ends`."""
    matrix = painter.deviceTransform()
    middle, width = snapped(y, QPen(pen).widthF(), scale=matrix.m22(), shift=matrix.dy())
    with _jagged(painter):
        if isinstance(pen, QColor):
            painter.fillRect(QRectF(ends[0], middle - width / 2, ends[1] - ends[0], width), pen)
        else:
            painter.setPen(_widened(pen, width))
            painter.drawLine(QPointF(ends[0], middle), QPointF(ends[1], middle))


def draw_upright(painter: QPainter, x: float, ends: tuple[float, float], pen: QPen | QColor) -> None:
    """Draw an upright line whose middle is nearest to `x`, px, from the upper to the lower one of `ends`."""
    matrix = painter.deviceTransform()
    middle, width = snapped(x, QPen(pen).widthF(), scale=matrix.m11(), shift=matrix.dx())
    with _jagged(painter):
        if isinstance(pen, QColor):
            painter.fillRect(QRectF(middle - width / 2, ends[0], width, ends[1] - ends[0]), pen)
        else:
            painter.setPen(_widened(pen, width))
            painter.drawLine(QPointF(middle, ends[0]), QPointF(middle, ends[1]))


def snapped(middle: float, width: float, *, scale: float, shift: float) -> tuple[float, float]:
    """Return middle and width, px, of the whole pixels that are nearest to a line.

    `scale`, `shift`: of the device, pixels per px and pixels. A line is one pixel wide at least.
    """
    if scale <= 0:  # turned or mirrored: there are no rows of pixels to follow
        return middle, width
    pixels = max(1, math.ceil(width * scale - 0.5))  # of 1.5 one: a line that is to stand out stays the thicker one
    first = math.floor(middle * scale + shift - pixels / 2 + 0.5)
    return (first + pixels / 2 - shift) / scale, pixels / scale


def _widened(pen: QPen, width: float) -> QPen:
    """Return a pen of another width whose dashes are as long as before."""
    drawn = QPen(pen)
    drawn.setCapStyle(Qt.PenCapStyle.FlatCap)
    if pen.style() is not Qt.PenStyle.SolidLine:
        drawn.setDashPattern([length * pen.widthF() / width for length in pen.dashPattern()])
    drawn.setWidthF(width)
    return drawn


@contextmanager
def _jagged(painter: QPainter) -> Iterator[None]:
    """Cover pixels wholly or not at all, also those at the ends of a line."""
    is_smooth = painter.testRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    yield
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, is_smooth)
