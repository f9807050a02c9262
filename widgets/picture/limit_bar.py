"""The bar below a value of a picture: where it stands between its limits (ISA-101's moving analogue indicator)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF

from app.model.picture import Picture
from widgets.feed import Feed
from widgets.picture.item import lettering
from widgets.picture.plane import Plane
from widgets.theme import theme
from widgets.trend.indicator import IndicatorScale, indicator_scale, paint_track, place_on
from widgets.trend.limit_line import limit_lines

HEIGHT, GAP, POINTER = 6, 4, 9
"""Of the bar, above it, and the height of its pointer, px at scale 1."""
LETTERS_WIDE = 2.7
"""So many times as wide as the letters above it are high."""
LEAST_FOR_BARS = 0.55
"""Below this factor of a picture its values stand without bars."""


@dataclass(frozen=True, slots=True)
class LimitBar:
    """`rect`: where it stands, px of the widget; `scale`: its extent, normal range and limits."""

    rect: QRectF
    scale: IndicatorScale

    @property
    def room(self) -> QRectF:
        """Return its place with that of the pointer at either end."""
        half = theme().px(POINTER) / 2
        return self.rect.adjusted(-half, -2, half, half)

    def paint(self, painter: QPainter) -> None:
        """Paint what stands still."""
        paint_track(painter, self.rect, self.scale)

    def paint_pointer(self, painter: QPainter, value: float, color: QColor) -> None:
        """Point at a value; one beyond the scale stands at its end, NaN has no pointer."""
        if math.isnan(value):
            return
        x, side = place_on(self.rect, self.scale, value), theme().px(POINTER)
        tip = QPointF(x, self.rect.center().y() - 1)
        low = self.rect.bottom() + side / 2 - 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawPolygon(QPolygonF([tip, QPointF(x + side / 2, low), QPointF(x - side / 2, low)]))


def limit_bars(picture: Picture, feed: Feed, plane: Plane) -> Mapping[int, LimitBar]:
    """Return the bar of each readout that has one, by its place in the picture.

    Tags without numbers or a range have none, nor has a small picture, where bars would lie upon their neighbours.
    """
    look = theme()
    if plane.factor / look.scale < LEAST_FOR_BARS:
        return {}
    letters = QFontMetricsF(lettering(plane)).height()
    below, width = letters / 2 - 1, letters * LETTERS_WIDE
    bars = {}
    for place, readout in enumerate(picture.readouts):
        tag = feed.tags.get(readout.tag) if readout.indicator else None
        scale = indicator_scale(tag, limit_lines(feed.plant, tag.name)) if tag is not None and not tag.is_text else None
        if scale is not None:
            center = plane.point(readout.at)
            left, top = center.x() - width / 2, center.y() + below + look.px(GAP) / 2
            bars[place] = LimitBar(QRectF(left, top, width, look.px(HEIGHT)), scale)
    return bars
