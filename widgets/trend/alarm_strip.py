"""A strip at the foot of a plot: when alarms of its tag stood, and until when nobody had acknowledged them.

High while unacknowledged, low once acknowledged, an empty frame while hidden; the sign of the priority stands at the
start where there is room, since colour alone tells nothing to many.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from widgets.alarm.shape import paint_shape
from widgets.theme import theme
from widgets.trend.alarm_spans import AlarmSpan
from widgets.trend.geometry import Geometry
from widgets.trend.plot import NOWHERE, PlotItem

LEVEL = 12
HIGH, LOW, SIGN, ROOM = 6, 3, 12, 22
LEAST = 2  # px: an alarm of a second is seen in a month


class AlarmStrip(PlotItem):
    """The most urgent is painted last, over the others."""

    def __init__(self) -> None:
        super().__init__(level=LEVEL)
        self._geometry: Geometry | None = None
        self._spans: Sequence[AlarmSpan] = ()

    def follow(self, geometry: Geometry, spans: Sequence[AlarmSpan], *, view: QRectF) -> None:
        """Take what is to be shown."""
        self.set_extent(view if spans else NOWHERE)
        self._geometry, self._spans = geometry, spans

    def draw(self, painter: QPainter) -> None:
        if self._geometry is None:
            return
        for span in sorted(self._spans, key=lambda span: (-span.priority, span.start)):
            _paint(painter, span, self._geometry)


def _paint(painter: QPainter, span: AlarmSpan, geometry: Geometry) -> None:
    look, plot = theme(), geometry.history
    left = max(geometry.x(span.start), plot.left())
    right = min(geometry.x(span.end) if span.end else plot.right(), plot.right())
    if right < plot.left() or left > plot.right():
        return
    right = max(right, left + LEAST)
    seen = min(max(geometry.x(span.seen), left), right) if span.seen else right
    high, low, color = look.px(HIGH), look.px(LOW), look.priority(span.priority)
    if span.is_hidden:
        painter.setPen(QPen(look.color("process_line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(left, plot.bottom() - high, right - left, high - 1))
        return
    painter.fillRect(QRectF(left, plot.bottom() - high, seen - left, high), color)
    painter.fillRect(QRectF(seen, plot.bottom() - low, right - seen, low), color)
    if right - left >= look.px(ROOM) and geometry.x(span.start) >= plot.left():
        side = look.px(SIGN)
        paint_shape(painter, QRectF(left, plot.bottom() - high - side, side, side), priority=span.priority)
