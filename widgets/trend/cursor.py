"""The cursor that all plots of a page share: one instant, and the value that each tag had then."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from widgets.number import moment
from widgets.theme import SEMIBOLD, theme
from widgets.trend.chip import chip_size, paint_chip
from widgets.trend.geometry import Geometry
from widgets.trend.plot import PlotItem

LEVEL = 40


class CursorLine(PlotItem):
    """The topmost layer; it shows nothing while there is no cursor."""

    def __init__(self) -> None:
        super().__init__(level=LEVEL)
        self._geometry: Geometry | None = None
        self._instant: int | None = None
        self._value = float("nan")
        self._text = ""

    def follow(self, geometry: Geometry, instant: int | None, *, value: float, text: str, view: QRectF) -> None:
        """Take the instant, int64 ns UTC, the value there (NaN for none) and how it is written."""
        self.set_extent(view)
        self._geometry, self._instant, self._value, self._text = geometry, instant, value, text

    def draw(self, painter: QPainter) -> None:
        geometry, instant = self._geometry, self._instant
        if geometry is None or instant is None or not geometry.start <= instant <= geometry.end:
            return
        look, plot = theme(), geometry.history
        x = round(geometry.x(instant)) + 0.5
        painter.setPen(QPen(look.color("dim"), 1))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if geometry.values.low <= self._value <= geometry.values.high:
            painter.setBrush(look.color("text"))
            painter.setPen(QPen(look.color("plot"), 1))
            painter.drawEllipse(QPointF(x, geometry.y(self._value)), look.px(3), look.px(3))
        self._draw_tag(painter, self._text, x, QRectF(plot.left(), plot.top() + look.px(24), plot.width(), 0))
        below = QRectF(plot.left(), plot.bottom() + look.px(2), plot.width(), 0)
        self._draw_tag(painter, moment(instant, now=geometry.now), x, below)

    @staticmethod
    def _draw_tag(painter: QPainter, text: str, x: float, row: QRectF) -> None:
        font = theme().font("tiny", weight=SEMIBOLD)
        size = chip_size(text, font)
        left = min(max(x - size.width() / 2, row.left()), row.right() - size.width())
        paint_chip(painter, QRectF(QPointF(left, row.top()), size), text, font)
