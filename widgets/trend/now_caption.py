"""The words on both sides of now: what has been, and what is only foretold and on which clock."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from widgets.theme import BOLD, Token, theme
from widgets.translation import tr
from widgets.trend.geometry import Geometry
from widgets.trend.plot import NOWHERE, PlotItem

LEVEL = 26
COVER = 0.75


class NowCaption(PlotItem):
    """A layer above curve and forecast, so that both captions stay legible."""

    def __init__(self, *, time_scale: float) -> None:
        super().__init__(level=LEVEL)
        self._time_scale = time_scale
        self._geometry: Geometry | None = None
        self._signs: tuple[QRectF, ...] = ()

    def follow(self, geometry: Geometry, *, signs: Sequence[QRectF] = ()) -> None:
        """Take the scale to be shown. `signs`: of marks, to which "now" gives way: the line at it says as much."""
        self.set_extent(geometry.plot if geometry.ahead_ns else NOWHERE)
        self._geometry, self._signs = geometry, tuple(signs)

    def draw(self, painter: QPainter) -> None:
        geometry, look = self._geometry, theme()
        if geometry is None or not geometry.ahead_ns:
            return
        font = look.font("tiny", weight=BOLD)
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        top, gap = geometry.plot.top() + look.px(5), look.px(6)
        now = tr("now")
        before = QPointF(geometry.now_x - gap - metrics.horizontalAdvance(now), top)
        room = QRectF(before, QPointF(geometry.now_x - gap, top + metrics.height()))
        if not any(sign.intersects(room) for sign in self._signs):
            _write(painter, before, now, metrics, ground="plot", token="dim")
        after = forecast_caption(self._time_scale, metrics, room=geometry.ahead.width() - gap - 2)
        _write(painter, QPointF(geometry.now_x + gap, top), after, metrics, ground="forecast_ground", token="forecast")


def forecast_caption(time_scale: float, metrics: QFontMetricsF, *, room: float) -> str:
    """Return the words right of now: with the plant's clock, "forecast ×300", where `room` px hold them."""
    caption = tr("forecast")
    if time_scale == 1:
        return caption
    clocked = f"{caption}  ×{time_scale:g}"
    return clocked if metrics.horizontalAdvance(clocked) <= room else caption


def _write(
    painter: QPainter, corner: QPointF, text: str, metrics: QFontMetricsF, *, ground: Token, token: Token
) -> None:
    look = theme()
    color = QColor(look.color(ground))
    color.setAlphaF(COVER)
    place = QRectF(corner.x() - 2, corner.y(), metrics.horizontalAdvance(text) + 4, metrics.height())
    painter.fillRect(place, color)
    painter.setPen(look.color(token))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
