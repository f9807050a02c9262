"""Which of the curves of a plot is meant at a place: the one that passes nearest there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect

from widgets.theme import theme
from widgets.trend.pen import TrendPen
from widgets.trend.trend_plot import PlotFrame

NEAR = 20
"""How far from a curve a finger may be, px."""


def nearest_tag(frame: PlotFrame | None, pens: Sequence[TrendPen], place: QPointF) -> str:
    """Return the tag whose curve is nearest to a place of the plot, "" where none passes by."""
    if frame is None or place.x() > frame.geometry.now_x:
        return ""
    instant = frame.geometry.time(place.x())
    found = [(abs(y - place.y()), pen.tag.name) for pen in pens if (y := _height(frame, pen, instant)) is not None]
    distance, name = min(found, default=(0.0, ""))
    return name if distance <= theme().px(NEAR) else ""


def newest_places(frame: PlotFrame | None, pens: Sequence[TrendPen]) -> list[tuple[QRect, str]]:
    """Return where the curves of tags end, px of the plot, each with its tag."""
    if frame is None:
        return []
    side, places = theme().px(NEAR), []
    for pen in pens:
        y = _height(frame, pen, frame.geometry.end)
        if y is not None and frame.geometry.plot.top() <= y <= frame.geometry.plot.bottom():
            left = round(frame.geometry.now_x) - side
            places.append((QRect(left, round(y) - side // 2, side, side), pen.tag.name))
    return places


def _height(frame: PlotFrame, pen: TrendPen, instant: int) -> float | None:
    found = pen.trace.at(instant - (frame.earlier if pen.is_earlier else 0))
    return frame.scale_of(pen.tag).y(found[0]) if found is not None else None
