"""Draws the courses of key values on paper: in black and grey, with their limits, hatched where nothing is known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPen, QPolygonF

from app.report.document import Chart

COLUMNS, ROWS = 2, 7
PER_PAGE = COLUMNS * ROWS
_BAND, _LINE, _DIM, _UNKNOWN = QColor("#c4c8cc"), QColor("#111417"), QColor("#4f5965"), QColor("#9aa1a8")


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where values and steps lie on the paper."""

    plot: QRectF
    low: float
    high: float
    steps: int

    def x(self, step: float) -> float:
        return self.plot.left() + self.plot.width() * step / self.steps

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.plot.bottom() - self.plot.height() * min(1.0, max(0.0, share))


def draw_charts(painter: QPainter, charts: Sequence[Chart], room: QRectF, title: str, font: QFont) -> None:
    """Draw as many as a page takes, under a title; lengths are those of the painter."""
    painter.save()
    head = QFont(font)
    head.setPointSizeF(font.pointSizeF() * 1.45)
    head.setBold(True)
    painter.setFont(head)
    painter.setPen(_LINE)
    top = painter.fontMetrics().height() * 1.4
    painter.drawText(QRectF(room.left(), room.top(), room.width(), top), int(Qt.AlignmentFlag.AlignLeft), title)
    painter.setFont(font)
    width, height = room.width() / COLUMNS, (room.height() - top) / ROWS
    for place, chart in enumerate(charts):
        row, column = divmod(place, COLUMNS)
        at = QRectF(room.left() + column * width, room.top() + top + row * height, width, height)
        _draw(painter, chart, at.adjusted(0, 0, -width * 0.03, -height * 0.08))
    painter.restore()


def _draw(painter: QPainter, chart: Chart, room: QRectF) -> None:
    line = painter.fontMetrics().height()
    painter.setPen(_LINE)
    name = painter.fontMetrics().elidedText(chart.title, Qt.TextElideMode.ElideRight, int(room.width()))
    painter.drawText(QRectF(room.left(), room.top(), room.width(), line), int(Qt.AlignmentFlag.AlignLeft), name)
    left = line * 3.6
    plot = QRectF(room.left() + left, room.top() + line * 1.15, room.width() - left, room.height() - line * 2.4)
    scale = _scale(chart, plot)
    _draw_axes(painter, chart, room, scale)
    if scale.high > scale.low:
        _draw_unknown(painter, chart, scale)
        _draw_course(painter, chart, scale)
        _draw_limits(painter, chart, scale)
    else:
        painter.setPen(_DIM)
        painter.drawText(plot, int(Qt.AlignmentFlag.AlignCenter), chart.nothing)


def _scale(chart: Chart, plot: QRectF) -> _Scale:
    """Return a scale over the values, and over limits that are near them."""
    lows = [value for value in chart.lows if value is not None]
    highs = [value for value in chart.highs if value is not None]
    if not lows:
        return _Scale(plot, 0.0, 0.0, max(1, len(chart.lows)))
    low, high = min(lows), max(highs)
    room = (high - low) or max(abs(high), 1.0) * 0.1
    for limit in chart.limits:
        if low - 2 * room <= limit <= high + 2 * room:
            low, high = min(low, limit), max(high, limit)
    margin = ((high - low) or room) * 0.06
    return _Scale(plot, low - margin, high + margin, len(chart.lows))


def _draw_axes(painter: QPainter, chart: Chart, room: QRectF, scale: _Scale) -> None:
    plot, line = scale.plot, painter.fontMetrics().height()
    painter.setPen(QPen(_DIM, 0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(plot)
    label = QRectF(room.left(), 0, plot.left() - room.left() - line * 0.3, line)
    if scale.high > scale.low:
        lowest = min(value for value in chart.lows if value is not None)
        highest = max(value for value in chart.highs if value is not None)
        ends = [scale.y(highest) - line / 2, scale.y(lowest) - line / 2]
        if ends[1] - ends[0] < line:  # a value that hardly moves: both are told all the same
            ends = [sum(ends) / 2 - line / 2, sum(ends) / 2 + line / 2]
        for value, top in zip((chart.highest, chart.lowest), ends, strict=True):
            painter.drawText(label.translated(0, top), int(Qt.AlignmentFlag.AlignRight), value)
    below = QRectF(plot.left(), plot.bottom() + line * 0.1, plot.width(), line)
    painter.drawText(below, int(Qt.AlignmentFlag.AlignLeft), chart.begins)
    painter.drawText(below, int(Qt.AlignmentFlag.AlignRight), chart.ends)


def _draw_unknown(painter: QPainter, chart: Chart, scale: _Scale) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(_UNKNOWN, Qt.BrushStyle.BDiagPattern))
    for first, last, is_known in _runs(chart):
        if not is_known:
            painter.drawRect(
                QRectF(scale.x(first), scale.plot.top(), scale.x(last) - scale.x(first), scale.plot.height())
            )


def _draw_course(painter: QPainter, chart: Chart, scale: _Scale) -> None:
    for first, last, is_known in _runs(chart):
        if not is_known:
            continue
        steps = range(first, last)
        upper = [QPointF(scale.x(step + 0.5), scale.y(chart.highs[step] or 0.0)) for step in steps]
        lower = [QPointF(scale.x(step + 0.5), scale.y(chart.lows[step] or 0.0)) for step in steps]
        painter.setPen(QPen(_LINE, scale.plot.height() * 0.012))
        painter.setBrush(_BAND)
        painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))


def _draw_limits(painter: QPainter, chart: Chart, scale: _Scale) -> None:
    pen = QPen(_LINE, scale.plot.height() * 0.012, Qt.PenStyle.DashLine)
    painter.setPen(pen)
    for limit in chart.limits:
        if scale.low < limit < scale.high:
            painter.drawLine(QPointF(scale.plot.left(), scale.y(limit)), QPointF(scale.plot.right(), scale.y(limit)))


def _runs(chart: Chart) -> list[tuple[int, int, bool]]:
    """Return the stretches of steps in which the value was known, and of those in which it was not."""
    found: list[tuple[int, int, bool]] = []
    for step, value in enumerate(chart.lows):
        is_known = value is not None and math.isfinite(value)
        if found and found[-1][2] == is_known:
            found[-1] = (found[-1][0], step + 1, is_known)
        else:
            found.append((step, step + 1, is_known))
    return found
