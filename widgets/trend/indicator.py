"""The moving analogue indicator (ISA-101): where a value stands between its limits, read at a glance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.model.tag import TagDefinition, TagKind
from widgets.theme import theme
from widgets.trend.limit_line import LimitLine, reference_extent
from widgets.trend.value_range import Extent

MARGIN = 0.25


@dataclass(frozen=True, slots=True)
class IndicatorScale:
    """What stands still on an indicator: its extent, the normal band (NaN: open) and the limits, in the tag's unit."""

    extent: Extent
    normal: Extent
    limits: tuple[float, ...]


def indicator_scale(tag: TagDefinition, lines: Sequence[LimitLine]) -> IndicatorScale | None:
    """Return the scale of a tag: its limits with some room, within its EURange; None for a switch or no range."""
    if tag.kind is TagKind.DISCRETE:
        return None
    reference = reference_extent(tag, lines)
    normal = Extent(tag.normal_low, tag.normal_high)
    limits = tuple(line.value for line in lines)
    if reference is None or reference.span <= 0:
        if not (math.isfinite(tag.low) and math.isfinite(tag.high)):
            return None
        return IndicatorScale(Extent(tag.low, tag.high), normal, limits)
    room = MARGIN * reference.span
    extent = Extent(max(reference.low - room, tag.low), min(reference.high + room, tag.high))
    return IndicatorScale(extent, normal, limits) if extent.span > 0 else None


def paint_indicator(painter: QPainter, rect: QRectF, *, scale: IndicatorScale, value: float, color: QColor) -> None:
    """Draw the indicator into `rect`; NaN has no pointer, and a value beyond the scale stands at its end."""
    look = theme()
    bar = QRectF(rect.left(), rect.bottom() - look.px(9), rect.width(), look.px(8))
    painter.save()
    paint_track(painter, bar, scale)
    if not math.isnan(value):
        _paint_pointer(painter, QPointF(place_on(bar, scale, value), bar.bottom() + 2), color)
    painter.restore()


def paint_track(painter: QPainter, bar: QRectF, scale: IndicatorScale) -> None:
    """Draw what stands still on an indicator: its track, the normal range, the limits."""
    look = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color("track"))
    painter.drawRoundedRect(bar, 2, 2)
    painter.setBrush(_normal_color())
    painter.drawRect(_normal_part(bar, scale))
    painter.setPen(QPen(look.color("limit"), look.px(2)))
    for limit in scale.limits:
        x = place_on(bar, scale, limit)
        painter.drawLine(QPointF(x, bar.top() - 2), QPointF(x, bar.bottom() + 2))


def _normal_color() -> QColor:
    color = QColor(theme().color("dim"))
    color.setAlphaF(0.45)
    return color


def _normal_part(bar: QRectF, scale: IndicatorScale) -> QRectF:
    left = bar.left() if math.isnan(scale.normal.low) else place_on(bar, scale, scale.normal.low)
    right = bar.right() if math.isnan(scale.normal.high) else place_on(bar, scale, scale.normal.high)
    if math.isnan(scale.normal.low) and math.isnan(scale.normal.high):
        right = left
    return QRectF(left, bar.top(), max(0.0, right - left), bar.height())


def place_on(bar: QRectF, scale: IndicatorScale, value: float) -> float:
    """Return where a value stands on a bar, px; one beyond the scale stands at its end."""
    share = (value - scale.extent.low) / scale.extent.span
    return bar.left() + min(max(share, 0.0), 1.0) * bar.width()


def _paint_pointer(painter: QPainter, foot: QPointF, color: QColor) -> None:
    look = theme()
    top = foot.y() - look.px(16)
    half = look.px(5)
    painter.setPen(QPen(color, look.px(2)))
    painter.drawLine(QPointF(foot.x(), top + half), foot)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(
        QPolygonF([QPointF(foot.x() - half, top), QPointF(foot.x() + half, top), QPointF(foot.x(), top + look.px(8))])
    )
