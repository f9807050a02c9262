"""The course of a health as a low strip: 0 to 100 from bottom to top, the abnormal half below a line."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from app.model.clock import NS_PER_S
from widgets.prediction.health_course import HealthCourse
from widgets.theme import theme

LONGEST_NS = 3_600 * NS_PER_S
SHORTEST_NS = 60 * NS_PER_S
ABNORMAL_BELOW = 50.0


def paint_course(painter: QPainter, place: QRectF, course: HealthCourse, *, now: int) -> None:
    """Draw what is known of the last hour, over at least a minute; `now`: int64 ns UTC at the right end."""
    look = theme()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.color("plot"))
    painter.drawRoundedRect(place, 3, 3)
    pen = QPen(look.color("limit"), 1)
    pen.setDashPattern([4, 3])
    painter.setPen(pen)
    middle = place.bottom() - ABNORMAL_BELOW / 100 * place.height()
    painter.drawLine(QPointF(place.left(), middle), QPointF(place.right(), middle))
    span = min(max(now - course.begin if course.begin else 0, SHORTEST_NS), LONGEST_NS)
    painter.setPen(QPen(look.pen(0), 1.5 * look.scale))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in course_lines(course.since(now - span), place, now=now, span=span):
        painter.drawPolyline(line)


def course_lines(changes: Sequence[tuple[int, float]], place: QRectF, *, now: int, span: int) -> list[QPolygonF]:
    """Return the steps of a health within `place`, one line for each stretch in which it was known."""
    lines: list[QPolygonF] = []
    is_open = False
    for (time, value), (end, _) in zip(changes, [*changes[1:], (now, 0.0)], strict=True):
        if math.isnan(value):
            is_open = False
            continue
        if not is_open:
            lines.append(QPolygonF())
            is_open = True
        y = place.bottom() - value / 100 * place.height()
        for instant in (time, end):
            lines[-1].append(QPointF(place.right() - (now - instant) / span * place.width(), y))
    return lines
