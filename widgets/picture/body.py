"""The drawings of plant items, in the grey of ISA-101: one function per kind of symbol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from app.model.picture_port import ROUND
from widgets.picture.symbol_bodies import FURTHER, paint_agitator


@dataclass(frozen=True, slots=True)
class Ink:
    """The colours of one drawing. `fill`: of the body; `empty`: of a vessel above its level; `edge`: of outlines.

    `detail`: of lines within the body. `width`: of lines, px. `level`: 0..1, how full a vessel is, None: not known.
    """

    fill: QColor
    empty: QColor
    edge: QColor
    detail: QColor
    width: float
    level: float | None = None


Draw = Callable[[QPainter, QRectF, Ink], None]


def paint_body(painter: QPainter, kind: str, rect: QRectF, ink: Ink, *, turn: int = 0) -> None:
    """Draw an item of `kind` into `rect`; a kind without a drawing of its own is a plain box.

    `turn`: degrees clockwise, 0, 90, 180 or 270; the drawing fills `rect` then too.
    """
    painter.save()
    if turn:
        center = rect.center()
        painter.translate(center)
        painter.rotate(turn)
        painter.translate(-center)
        rect = rect if turn == 180 else _lying(rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink.edge, ink.width, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(ink.fill)
    _DRAWINGS.get(kind, _box)(painter, rect, ink)
    painter.restore()


def _lying(rect: QRectF) -> QRectF:
    """Return a rectangle as high as another one is wide, around the same middle."""
    turned = rect.transposed()
    turned.moveCenter(rect.center())
    return turned


def outline(kind: str, rect: QRectF) -> QPainterPath:
    """Return the shape that a body fills: where it is clicked, and where hatching lies."""
    path = QPainterPath()
    if kind in ROUND:
        path.addEllipse(_square(rect))
    elif kind in VESSELS:
        radius = _vessel_radius(rect)
        path.addRoundedRect(rect, radius, radius)
    elif kind == "tower":
        path.addPolygon(_tower_polygon(rect))
    else:
        path.addRoundedRect(rect, 4, 4)
    return path


VESSELS = frozenset({"tank", "receiver", "agitator"})
"""Kinds that are filled up to their level."""


def _square(rect: QRectF) -> QRectF:
    side = min(rect.width(), rect.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(rect.center())
    return square


def _box(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    del ink
    painter.drawRoundedRect(rect, 4, 4)


def _compressor(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    """A circle with two lines that close up in the direction of flow (ISO 10628-2)."""
    circle = _square(rect)
    painter.drawEllipse(circle)
    center, r = circle.center(), circle.width() / 2
    painter.setPen(QPen(ink.detail, ink.width))
    for side in (-1, 1):
        painter.drawLine(
            QPointF(center.x() - r * 0.87, center.y() + side * r * 0.5),
            QPointF(center.x() + r * 0.94, center.y() + side * r * 0.33),
        )


def _pump(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    """A circle with a filled triangle in the direction of flow (ISO 10628-2)."""
    circle = _square(rect)
    painter.drawEllipse(circle)
    center, r = circle.center(), circle.width() / 2
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.detail)
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(center.x() - r * 0.35, center.y() - r * 0.52),
                QPointF(center.x() - r * 0.35, center.y() + r * 0.52),
                QPointF(center.x() + r * 0.6, center.y()),
            ]
        )
    )


def _vessel_radius(rect: QRectF) -> float:
    return min(rect.width() / 2, rect.height() * 0.16)


def _vessel(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    """A vessel with round ends; what fills it stands at its level."""
    path = outline("tank", rect)
    if ink.level is None:
        painter.drawPath(path)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink.empty)
    painter.drawPath(path)
    painter.save()
    height = rect.height() * min(max(ink.level, 0.0), 1.0)
    painter.setClipRect(
        QRectF(rect.left(), rect.bottom() - height, rect.width(), height), Qt.ClipOperation.IntersectClip
    )
    painter.setBrush(ink.fill)
    painter.drawPath(path)
    painter.restore()
    painter.setPen(QPen(ink.edge, ink.width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _tower_polygon(rect: QRectF) -> QPolygonF:
    waist = rect.width() * 0.16
    return QPolygonF(
        [
            QPointF(rect.left() + waist, rect.top()),
            QPointF(rect.right() - waist, rect.top()),
            QPointF(rect.right(), rect.bottom()),
            QPointF(rect.left(), rect.bottom()),
        ]
    )


def _tower(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    """A cooling tower: its shell, the fan above, the falling water."""
    painter.drawPolygon(_tower_polygon(rect))
    painter.setPen(QPen(ink.detail, ink.width))
    y = rect.top() + rect.height() * 0.16
    half = rect.width() * 0.2
    painter.drawLine(QPointF(rect.center().x() - half, y), QPointF(rect.center().x() + half, y))
    painter.drawLine(QPointF(rect.center().x(), rect.top()), QPointF(rect.center().x(), y))
    painter.setPen(QPen(ink.detail, ink.width, Qt.PenStyle.DotLine))
    for share in (0.3, 0.5, 0.7):
        x = rect.left() + rect.width() * share
        painter.drawLine(QPointF(x, rect.top() + rect.height() * 0.74), QPointF(x, rect.bottom() - ink.width))


def _furnace(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    """A box with a door and the heating element below it."""
    painter.drawRoundedRect(rect, 3, 3)
    painter.setPen(QPen(ink.detail, ink.width, j=Qt.PenJoinStyle.MiterJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    left, step = rect.left() + rect.width() * 0.14, rect.width() * 0.72 / 8
    low, high = rect.bottom() - rect.height() * 0.12, rect.bottom() - rect.height() * 0.26
    painter.drawPolyline(QPolygonF([QPointF(left + k * step, high if k % 2 else low) for k in range(9)]))
    door = QRectF(0, 0, rect.width() * 0.5, ink.width)
    door.moveCenter(QPointF(rect.center().x(), rect.top() + rect.height() * 0.12))
    painter.drawLine(door.topLeft(), door.topRight())


def _filter(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    """A box with a dashed diagonal: the filter cloth."""
    painter.drawRect(rect)
    pen = QPen(ink.detail, ink.width)
    pen.setDashPattern([3, 2.5])
    painter.setPen(pen)
    painter.drawLine(rect.bottomLeft(), rect.topRight())


def _dryer(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    """A box with two columns that take turns."""
    painter.drawRoundedRect(rect, rect.width() * 0.1, rect.width() * 0.1)
    painter.setPen(QPen(ink.detail, ink.width))
    y = rect.top() + rect.height() * 0.14
    painter.drawLines(
        [
            QLineF(rect.left() + rect.width() * 0.2, y, rect.right() - rect.width() * 0.2, y),
            QLineF(rect.center().x(), y, rect.center().x(), y + rect.height() * 0.12),
        ]
    )


def _meter(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    """A circle with a scale; its value is written below the scale."""
    circle = _square(rect)
    painter.drawEllipse(circle)
    r = circle.width() / 2
    painter.setPen(QPen(ink.detail, ink.width))
    painter.drawArc(circle.adjusted(r * 0.2, r * 0.2, -r * 0.2, -r * 0.2), 40 * 16, 100 * 16)


def _transformer(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    """Two circles that overlap (IEC 60617, 06-09-01)."""
    radius = min(rect.width() / 2, rect.height() / 3.2)
    offset = radius * 0.6
    for center in (rect.center() - QPointF(0, offset), rect.center() + QPointF(0, offset)):
        painter.drawEllipse(center, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink.edge, ink.width))
    painter.drawEllipse(rect.center() - QPointF(0, offset), radius, radius)


def _valve(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    """Two triangles, point to point, and the stem (ISO 10628-2)."""
    center = rect.center()
    body = QRectF(rect.left(), center.y() - rect.height() * 0.2, rect.width(), rect.height() * 0.5)
    middle = body.center()
    painter.drawPolygon(QPolygonF([body.topLeft(), middle, body.bottomLeft()]))
    painter.drawPolygon(QPolygonF([body.topRight(), middle, body.bottomRight()]))
    painter.setPen(QPen(ink.edge, ink.width))
    painter.drawLine(middle, QPointF(middle.x(), rect.top()))
    half = rect.width() * 0.22
    painter.drawLine(QPointF(middle.x() - half, rect.top()), QPointF(middle.x() + half, rect.top()))


def _agitator(painter: QPainter, rect: QRectF, ink: Ink) -> None:
    """A vessel that is stirred."""
    _vessel(painter, rect, ink)
    paint_agitator(painter, rect, ink)


_DRAWINGS: Mapping[str, Draw] = {
    "compressor": _compressor,
    "pump": _pump,
    "tank": _vessel,
    "receiver": _vessel,
    "tower": _tower,
    "furnace": _furnace,
    "filter": _filter,
    "dryer": _dryer,
    "meter": _meter,
    "transformer": _transformer,
    "valve": _valve,
    "agitator": _agitator,
    **FURTHER,
}

KINDS = frozenset(_DRAWINGS)
"""Kinds of symbols that have a drawing of their own."""
