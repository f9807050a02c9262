"""The time axis of a plot: round times on the history's scale, days or hours ahead on the forecast's."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from app.model.clock import NS_PER_S
from widgets.theme import theme
from widgets.translation import tr
from widgets.trend.geometry import Geometry
from widgets.trend.plot import PlotItem
from widgets.trend.time_axis import TimeTick, ahead_ticks, time_ticks

LEVEL = 10
TICK_DISTANCE = 62


class TimeMarks(PlotItem):
    """Times below the plot, their grid lines, and the rule that says "now"."""

    def __init__(self, *, time_scale: float) -> None:
        super().__init__(level=LEVEL)
        self._time_scale = time_scale
        self._geometry: Geometry | None = None
        self._is_live = True
        self._has_forecast = False
        self._wanted = QRectF()
        self._ticks: list[TimeTick] = []
        self._ticks_of = (0, 0, 0)

    def follow(self, geometry: Geometry, *, view: QRectF, is_live: bool, has_forecast: bool) -> None:
        """Take the scale to be shown; without a forecast the time ahead has no numbers."""
        self.set_extent(view)
        self._geometry = geometry
        self._is_live = is_live
        self._has_forecast = has_forecast

    def draw(self, painter: QPainter) -> None:
        if self._geometry is None:
            return
        painter.setFont(theme().font("tiny"))
        self._wanted = painter.clipBoundingRect() if painter.hasClipping() else self.extent
        self._draw_past(painter, self._geometry)
        if self._geometry.ahead_ns and self._has_forecast:
            self._draw_ahead(painter, self._geometry)
        if self._is_live and self._geometry.ahead_ns:
            self._draw_now(painter, self._geometry)

    def _draw_past(self, painter: QPainter, geometry: Geometry) -> None:
        plot = geometry.history
        count = max(2, int(plot.width() / theme().px(TICK_DISTANCE)))
        wanted = (geometry.start, geometry.end, count)
        if wanted != self._ticks_of:
            self._ticks_of, self._ticks = wanted, time_ticks(*wanted)
        for tick in self._ticks:
            self._draw_tick(painter, geometry, geometry.x(tick.time), tick.label, plot.right())

    def _draw_ahead(self, painter: QPainter, geometry: Geometry) -> None:
        extent_s = geometry.ahead_ns / NS_PER_S * self._time_scale
        label = QFontMetricsF(painter.font()).horizontalAdvance(tr("+{n} d", n="00")) + theme().px(14)
        count = max(1, int(geometry.ahead.width() / label))
        for tick in ahead_ticks(extent_s, time_scale=self._time_scale, count=count):
            x = geometry.x_ahead(geometry.now + tick.time)
            self._draw_tick(painter, geometry, x, tick.label, geometry.plot.right() + theme().px(8))

    def _draw_tick(self, painter: QPainter, geometry: Geometry, x: float, label: str, right: float) -> None:
        look, plot = theme(), geometry.plot
        half = look.px(TICK_DISTANCE)
        if not self._wanted.left() - half <= x <= self._wanted.right() + half:
            return  # to lay out a label takes longer than all else of a new sample
        column = round(x) + 0.5
        painter.setPen(look.color("grid"))
        painter.drawLine(QPointF(column, plot.top()), QPointF(column, plot.bottom() - 1))
        width = QFontMetricsF(painter.font()).horizontalAdvance(label)
        if x + width / 2 <= right:
            painter.setPen(look.color("dim"))
            place = QRectF(x - width / 2 - 4, plot.bottom() + look.px(4), width + 8, look.px(16))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, label)

    @staticmethod
    def _draw_now(painter: QPainter, geometry: Geometry) -> None:
        column = round(geometry.now_x) + 0.5
        painter.setPen(theme().color("dim"))
        painter.drawLine(QPointF(column, geometry.plot.top()), QPointF(column, geometry.plot.bottom()))
