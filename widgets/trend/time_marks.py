"""The time axis of a plot: round times on the history's scale, days or hours ahead on the forecast's."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPaintEngine, QPainter, QPixmap

from app.model.clock import NS_PER_S
from widgets.rule import draw_upright
from widgets.theme import theme
from widgets.translation import tr
from widgets.trend.geometry import Geometry
from widgets.trend.plot import PlotItem
from widgets.trend.time_axis import TimeTick, ahead_ticks, time_ticks

LEVEL = 10
TICK_DISTANCE = 62
Label = tuple[float, str]
"""Where a label stands, px, and what it says."""


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
        self._row = QPixmap()
        self._row_of: tuple[object, ...] = ()

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
        places = [(geometry.x(tick.time), tick.label) for tick in self._ticks]
        near = [(x, label) for x, label in places if self._is_near(x)]
        self._draw_grid(painter, geometry, [x for x, _ in near])
        if near:
            self._draw_row(painter, geometry, places, plot.right())

    def _draw_ahead(self, painter: QPainter, geometry: Geometry) -> None:
        extent_s = geometry.ahead_ns / NS_PER_S * self._time_scale
        label = QFontMetricsF(painter.font()).horizontalAdvance(tr("+{n} d", n="00")) + theme().px(14)
        count = max(1, int(geometry.ahead.width() / label))
        ticks = ahead_ticks(extent_s, time_scale=self._time_scale, count=count)
        places = [(geometry.x_ahead(geometry.now + tick.time), tick.label) for tick in ticks]
        near = [(x, label) for x, label in places if self._is_near(x)]
        self._draw_grid(painter, geometry, [x for x, _ in near])
        _draw_labels(painter, geometry, near, geometry.plot.right() + theme().px(8))

    def _is_near(self, x: float) -> bool:
        """Return whether a label may have to be painted: to lay one out takes longer than all else of a new sample."""
        half = theme().px(TICK_DISTANCE)
        return self._wanted.left() - half <= x <= self._wanted.right() + half

    @staticmethod
    def _draw_grid(painter: QPainter, geometry: Geometry, places: Sequence[float]) -> None:
        plot = geometry.plot
        for x in places:
            draw_upright(painter, x, (plot.top(), plot.bottom() - 1), theme().color("grid"))

    def _draw_row(self, painter: QPainter, geometry: Geometry, places: Sequence[Label], right: float) -> None:
        """Draw the labels of the past out of a pixmap, which stays until a column is begun."""
        look, ratio, plot = theme(), painter.device().devicePixelRatioF(), geometry.plot
        if painter.paintEngine().type() is not QPaintEngine.Type.Raster or painter.deviceTransform().m11() != ratio:
            _draw_labels(painter, geometry, places, right)  # on paper letters are wanted, no pixels
            return
        row = QRectF(0, math.ceil(plot.bottom()) + look.px(2), math.ceil(right), look.px(20))
        wanted = (tuple(places), right, row, ratio, look)
        if wanted != self._row_of:
            self._row_of = wanted
            self._row = QPixmap((row.size() * ratio).toSize())
            self._row.setDevicePixelRatio(ratio)
            self._row.fill(look.color("panel"))
            with QPainter(self._row) as labels:
                labels.setFont(painter.font())
                labels.translate(-row.topLeft())
                _draw_labels(labels, geometry, places, right)
        painter.drawPixmap(row.topLeft(), self._row)

    @staticmethod
    def _draw_now(painter: QPainter, geometry: Geometry) -> None:
        draw_upright(painter, geometry.now_x, (geometry.plot.top(), geometry.plot.bottom()), theme().color("dim"))


def _draw_labels(painter: QPainter, geometry: Geometry, places: Sequence[Label], right: float) -> None:
    look, plot = theme(), geometry.plot
    metrics = QFontMetricsF(painter.font())
    painter.setPen(look.color("dim"))
    for x, label in places:
        width = metrics.horizontalAdvance(label)
        if x + width / 2 <= right:
            place = QRectF(x - width / 2 - 4, plot.bottom() + look.px(4), width + 8, look.px(16))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, label)
