"""The forecast in a plot: its band beyond now, a flag where it meets the limit, or why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QPolygonF

from app.model.clock import NS_PER_S
from app.model.forecast import Forecast, ForecastDefinition, ForecastState
from widgets.feed import Feed
from widgets.prediction.wording import band_text, crossing, headline, horizon_s
from widgets.theme import BOLD, theme
from widgets.translation import tr
from widgets.trend.chip import chip_size, paint_chip
from widgets.trend.geometry import Geometry
from widgets.trend.plot import NOWHERE, PlotItem
from widgets.trend.time_axis import ahead_extent

LEVEL = 15
_SMALLEST_SHARE = 0.02
_WITH_BAND = {ForecastState.FORECAST, ForecastState.BEYOND_HORIZON, ForecastState.AT_LIMIT}


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is to be shown ahead of one tag: its definition, and the forecast where one was made.

    `told`: int64 ns UTC, from which the time to it is counted in words.
    """

    definition: ForecastDefinition
    forecast: Forecast | None
    told: int

    @property
    def is_ahead(self) -> bool:
        """Whether a crossing is named, so that its limit belongs into the picture."""
        return self.forecast is not None and bool(self.forecast.p50)


def seconds_ahead(outlook: Outlook | None, *, now: int, time_scale: float) -> float:
    """Return how much plant time is worth showing ahead: the band's late edge with some room, at most the horizon."""
    if outlook is None:
        return 0.0
    horizon = horizon_s(outlook.definition)
    if outlook.forecast is None or outlook.forecast.state is not ForecastState.FORECAST:
        return ahead_extent(horizon)
    times = crossing(outlook.forecast, now=now, time_scale=time_scale)
    late = horizon if math.isnan(times.p90) else times.p90
    shown = min(max(late, 1.4 * times.p50 if not math.isnan(times.p50) else late), horizon)
    return ahead_extent(max(1.1 * shown, _SMALLEST_SHARE * horizon))


def outlook_of(feed: Feed, tag: str, *, told: int) -> Outlook | None:
    """Return what is ahead of a tag, None where no forecast is set up for it; `told`: see Countdown."""
    definition = next((each for each in feed.plant.forecasts if each.tag == tag), None)
    return None if definition is None else Outlook(definition, feed.forecasts.get(definition.id), told)


class ForecastBand(PlotItem):
    """The layer right of now."""

    def __init__(self, *, time_scale: float) -> None:
        super().__init__(level=LEVEL)
        self._time_scale = time_scale
        self._geometry: Geometry | None = None
        self._outlook: Outlook | None = None

    def follow(self, geometry: Geometry, outlook: Outlook | None) -> None:
        """Take what is to be shown."""
        self.set_extent(geometry.plot if geometry.ahead_ns else NOWHERE)
        self._geometry, self._outlook = geometry, outlook

    def draw(self, painter: QPainter) -> None:
        geometry, outlook = self._geometry, self._outlook
        if geometry is None or not geometry.ahead_ns:
            return
        if outlook is None:
            self._draw_words(painter, geometry, tr("no forecast set up"))
            return
        forecast = outlook.forecast
        if forecast is None or forecast.state not in _WITH_BAND or math.isnan(forecast.level):
            self._draw_words(painter, geometry, self._headline(outlook))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(geometry.ahead)
        self._draw_band(painter, geometry, forecast)
        painter.restore()
        if forecast.state is ForecastState.BEYOND_HORIZON:
            self._draw_words(painter, geometry, self._headline(outlook))
        else:
            self._draw_flag(painter, geometry, outlook, forecast)

    def _headline(self, outlook: Outlook) -> str:
        return headline(outlook.definition, outlook.forecast, now=outlook.told, time_scale=self._time_scale)

    def _draw_band(self, painter: QPainter, geometry: Geometry, forecast: Forecast) -> None:
        look = theme()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("forecast_band"))
        early, late = (self._line(geometry, forecast, slope) for slope in (forecast.slope_p10, forecast.slope_p90))
        painter.drawPolygon(QPolygonF([early[0], early[1], late[1], late[0]]))
        pen = QPen(look.color("forecast"), 1.6)
        pen.setDashPattern([5, 3])
        painter.setPen(pen)
        painter.drawLine(*_within(geometry.plot, *self._line(geometry, forecast, forecast.slope)))

    def _line(self, geometry: Geometry, forecast: Forecast, slope: float) -> tuple[QPointF, QPointF]:
        begin = forecast.level + slope * (geometry.now - forecast.made) / NS_PER_S
        end = begin + slope * geometry.ahead_ns / NS_PER_S
        far = geometry.plot.height() * 50
        heights = (min(max(geometry.y(value), -far), far) for value in (begin, end))
        first, last = heights
        return QPointF(geometry.now_x, first), QPointF(geometry.plot.right(), last)

    def _draw_flag(self, painter: QPainter, geometry: Geometry, outlook: Outlook, forecast: Forecast) -> None:
        """Mark where the middle meets the limit and say when; beside the plot's edge where that is not in view."""
        look, plot = theme(), geometry.ahead
        limit_y = geometry.y(outlook.definition.limit)
        x = geometry.x_ahead(forecast.p50) if forecast.p50 else plot.right()
        is_seen = forecast.p50 and plot.left() <= x <= plot.right() and plot.top() <= limit_y <= plot.bottom()
        if is_seen:
            _draw_diamond(painter, QPointF(x, limit_y))
        text = band_text(outlook.definition, forecast, now=outlook.told, time_scale=self._time_scale)
        font = look.font("tiny", weight=BOLD)
        size = chip_size(text, font)
        width, height = size.width(), size.height()
        # never over the newest value, unless the ground is too narrow
        left = min(max(x - width / 2, plot.left() + look.px(5)), plot.right() - width - 2)
        y = min(max(limit_y, plot.top()), plot.bottom())
        above = y - height - look.px(8)
        top = above if above > plot.top() + look.px(22) else min(y + look.px(8), plot.bottom() - height - 2)
        paint_chip(painter, QRectF(left, max(top, plot.top() + look.px(22)), width, height), text, font)

    def _draw_words(self, painter: QPainter, geometry: Geometry, words: str) -> None:
        look, ground = theme(), geometry.ahead
        font = look.font("tiny")
        size = chip_size(words, font)
        metrics = QFontMetricsF(font)
        longest = max(metrics.horizontalAdvance(word) for word in words.split())
        # a ground that is narrower than a word gives way to it
        room = max(ground.width() - look.px(12), longest + look.px(4))
        width = min(size.width(), room)
        wrapped = metrics.boundingRect(QRectF(0, 0, width, 1e6), Qt.TextFlag.TextWordWrap, words)
        left = min(ground.left() + look.px(6), ground.right() - width - 1)
        place = QRectF(left, ground.top() + look.px(26), width, wrapped.height() + look.px(6))
        paint_chip(painter, place, words, font, token="dim")


def _within(plot: QRectF, start: QPointF, end: QPointF) -> tuple[QPointF, QPointF]:
    """Return a line cut off where it leaves the plot: dashes that nobody sees take time too."""
    rise = end.y() - start.y()
    if plot.top() <= end.y() <= plot.bottom() or not rise:
        return start, end
    edge = plot.top() if end.y() < plot.top() else plot.bottom()
    share = min(max((edge - start.y()) / rise, 0.0), 1.0)
    return start, start + (end - start) * share


def _draw_diamond(painter: QPainter, center: QPointF) -> None:
    look = theme()
    r = look.px(5)
    corners = [QPointF(0, -r), QPointF(r, 0), QPointF(0, r), QPointF(-r, 0)]
    painter.setPen(QPen(look.color("plot"), 1))
    painter.setBrush(look.color("text"))
    painter.drawPolygon(QPolygonF([center + corner for corner in corners]))
