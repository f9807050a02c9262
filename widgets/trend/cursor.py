"""The cursor that all plots of a page share: one instant, and the value that each tag had then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from app.model.clock import NS_PER_S
from widgets.number import day_and_millisecond as fine_moment
from widgets.number import moment
from widgets.rule import draw_upright
from widgets.theme import SEMIBOLD, theme
from widgets.trend.chip import chip_size, paint_chip
from widgets.trend.geometry import Geometry
from widgets.trend.plot import NOWHERE, PlotItem

LEVEL = 40
FINE_NS = 60 * NS_PER_S
"""In a stretch so short, instants are told apart by their milliseconds."""


@dataclass(frozen=True)
class CursorValue:
    """The value of one pen at the cursor: how it is written, its height in px (None outside the plot), its colour."""

    text: str
    y: float | None
    color: QColor


class CursorLine(PlotItem):
    """The topmost layer; it shows nothing while there is no cursor."""

    def __init__(self) -> None:
        super().__init__(level=LEVEL)
        self._geometry: Geometry | None = None
        self._instant: int | None = None
        self._values: Sequence[CursorValue] = ()

    def follow(self, geometry: Geometry, instant: int | None, values: Sequence[CursorValue], *, view: QRectF) -> None:
        """Take the instant, int64 ns UTC, and what the pens had then, the first one's on top."""
        self.set_extent(view if instant is not None else NOWHERE)
        self._geometry, self._instant, self._values = geometry, instant, values

    def draw(self, painter: QPainter) -> None:
        geometry, instant = self._geometry, self._instant
        if geometry is None or instant is None or not geometry.start <= instant <= geometry.end:
            return
        look, plot = theme(), geometry.history
        x = geometry.x(instant)
        draw_upright(painter, x, (plot.top(), plot.bottom()), look.color("dim"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = plot.top() + look.px(24)
        beside = look.px(6) if len(self._values) > 1 else None  # several would hide the line they stand on
        for value in self._values:
            if value.y is not None:
                painter.setBrush(value.color)
                painter.setPen(QPen(look.color("plot"), 1))
                painter.drawEllipse(QPointF(x, value.y), look.px(3), look.px(3))
            place = self._draw_tag(painter, value.text, x, QRectF(plot.left(), top, plot.width(), 0), beside)
            if len(self._values) > 1:
                painter.fillRect(QRectF(place.left(), place.top(), look.px(3), place.height()), value.color)
            top = place.bottom() + look.px(2)
        below = QRectF(plot.left(), plot.bottom() + look.px(2), plot.width(), 0)
        text = fine_moment(instant) if geometry.end - geometry.start < FINE_NS else moment(instant, now=geometry.now)
        self._draw_tag(painter, text, x, below)

    @staticmethod
    def _draw_tag(painter: QPainter, text: str, x: float, row: QRectF, beside: float | None = None) -> QRectF:
        font = theme().font("tiny", weight=SEMIBOLD)
        size = chip_size(text, font)
        left = x - size.width() / 2 if beside is None else x + beside
        left = min(max(left, row.left()), row.right() - size.width())
        place = QRectF(QPointF(left, row.top()), size)
        paint_chip(painter, place, text, font)
        return place
