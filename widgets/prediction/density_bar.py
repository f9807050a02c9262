"""When a limit will be reached, as a bar: densest in the middle of the forecast's band, from now to a round time."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QLinearGradient, QPainter, QPen

from widgets.number import duration
from widgets.prediction.wording import Crossing, band_edges
from widgets.theme import BOLD, REGULAR, theme

HEIGHT = 30


def paint_density(painter: QPainter, rect: QRectF, times: Crossing, *, scale_s: float) -> None:
    """Draw early edge, middle and late edge of a crossing into `rect`; `scale_s`: plant seconds of its whole width.

    An edge that is not known runs to the end of the bar.
    """
    look = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    bar = QRectF(rect.left(), rect.top() + look.px(2), rect.width(), look.px(8))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color("track"))
    painter.drawRoundedRect(bar, 4, 4)
    early, middle, late = (_place(bar, time, scale_s) for time in (times.p10, times.p50, times.p90))
    _paint_band(painter, bar, early, middle, late)
    if not math.isnan(times.p50):
        painter.setPen(QPen(look.color("text"), look.px(3)))
        painter.drawLine(QPointF(middle, bar.top() - look.px(2)), QPointF(middle, bar.bottom() + look.px(2)))
    numbers = band_edges(times)
    end = (bar.right(), duration(scale_s), False)
    marks = [(middle, numbers[1], True), (early, numbers[0], False), (late, numbers[2], False), end]
    _paint_marks(painter, rect, bar, marks)


def _place(bar: QRectF, seconds: float, scale_s: float) -> float:
    if math.isnan(seconds) or scale_s <= 0:
        return bar.right()
    return bar.left() + min(max(seconds / scale_s, 0.0), 1.0) * bar.width()


def _paint_band(painter: QPainter, bar: QRectF, early: float, middle: float, late: float) -> None:
    solid = theme().color("forecast")
    thin = QColor(solid)
    thin.setAlphaF(0.3)
    left, right = min(early, bar.right() - 4), max(late, early + 4)
    shades = QLinearGradient(left, 0, right, 0)
    shades.setColorAt(0, thin)
    shades.setColorAt(min(max((middle - left) / (right - left), 0.01), 0.99), solid)
    shades.setColorAt(1, thin)
    painter.setBrush(shades)
    painter.drawRoundedRect(QRectF(left, bar.top(), right - left, bar.height()), 4, 4)


def _paint_marks(painter: QPainter, rect: QRectF, bar: QRectF, marks: list[tuple[float, str, bool]]) -> None:
    """Write numbers below the bar, the first ones first; one that would touch another is left out."""
    look = theme()
    taken: list[QRectF] = []
    for x, text, is_strong in marks:
        font = look.font("tiny", weight=BOLD if is_strong else REGULAR)
        place = _under(rect, bar, x, text, font)
        if text and not any(place.adjusted(-5, 0, 5, 0).intersects(other) for other in taken):
            taken.append(place)
            painter.setFont(font)
            painter.setPen(look.color("text" if is_strong else "dim"))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _under(rect: QRectF, bar: QRectF, x: float, text: str, font: QFont) -> QRectF:
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(text) + 2
    left = min(max(x - width / 2, rect.left()), rect.right() - width)
    return QRectF(left, bar.bottom() + theme().px(3), width, metrics.height())
