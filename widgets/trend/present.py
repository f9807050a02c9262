"""The present in a plot: a dot on the newest value, or hatching and words where that value must not look live."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from widgets.hatching import hatching
from widgets.number import Quality
from widgets.theme import SEMIBOLD, theme
from widgets.trend.chip import chip_size, paint_chip
from widgets.trend.geometry import Geometry
from widgets.trend.plot import PlotItem

LEVEL = 30
_LEAST_HATCH = 28


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest sample of the tag: `time` int64 ns UTC, 0 for none; `value` NaN for none; `note`: what is wrong."""

    time: int
    value: float
    quality: Quality
    note: str


class Present(PlotItem):
    """The layer at the right end of the curve."""

    def __init__(self) -> None:
        super().__init__(level=LEVEL)
        self._geometry: Geometry | None = None
        self._newest: Newest | None = None
        self._color = QColor()
        self._is_live = True

    def follow(self, geometry: Geometry, newest: Newest, *, color: QColor, is_live: bool) -> None:
        """Take the newest sample and the colour of its dot."""
        self.set_extent(geometry.plot)
        self._geometry, self._newest, self._color, self._is_live = geometry, newest, color, is_live

    @property
    def place(self) -> QRectF:
        """Return the place of the dot, empty where there is none."""
        geometry, newest = self._geometry, self._newest
        if geometry is None or newest is None or not self._is_live or newest.value != newest.value:
            return QRectF()
        x, radius = min(geometry.x(newest.time), geometry.now_x), theme().px(4) + 2
        return QRectF(x - radius, geometry.y(newest.value) - radius, 2 * radius, 2 * radius)

    def draw(self, painter: QPainter) -> None:
        geometry, newest = self._geometry, self._newest
        if geometry is None or newest is None or not self._is_live:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_untrue = newest.quality in {Quality.STALE, Quality.BAD}
        if is_untrue:
            self._draw_hatch(painter, geometry, newest)
        if newest.value == newest.value:
            self._draw_dot(painter, geometry, newest, is_hollow=is_untrue)
        if newest.note:
            self._draw_note(painter, geometry, newest.note)

    def _draw_dot(self, painter: QPainter, geometry: Geometry, newest: Newest, *, is_hollow: bool) -> None:
        look = theme()
        x = min(geometry.x(newest.time), geometry.now_x)
        place = QPointF(x, geometry.y(newest.value))
        if not geometry.history.adjusted(0, -6, 6, 6).contains(place):
            return
        radius = look.px(4)
        painter.setPen(QPen(self._color if is_hollow else look.color("plot"), 1.5))
        painter.setBrush(look.color("plot") if is_hollow else self._color)
        painter.drawEllipse(place, radius, radius)

    def _draw_hatch(self, painter: QPainter, geometry: Geometry, newest: Newest) -> None:
        plot = geometry.history
        last = geometry.x(newest.time) if newest.time else plot.left()
        left = max(plot.left(), min(last, plot.right() - theme().px(_LEAST_HATCH)))
        painter.fillRect(QRectF(left, plot.top(), plot.right() - left, plot.height()), hatching())

    def _draw_note(self, painter: QPainter, geometry: Geometry, note: str) -> None:
        look, plot = theme(), geometry.history
        font = look.font("small", weight=SEMIBOLD)
        size = chip_size(note, font)
        corner = QPointF(plot.right() - size.width() - look.px(6), plot.top() + look.px(26))
        paint_chip(painter, QRectF(corner, size), note, font)
