"""Drawings of further plant items, in the same grey: machines, vessels, fittings and electric parts (ISO 10628-2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF

from widgets.theme import SEMIBOLD, theme


class Colors(Protocol):
    """What a drawing needs of its Ink."""

    @property
    def fill(self) -> QColor: ...
    @property
    def edge(self) -> QColor: ...
    @property
    def detail(self) -> QColor: ...
    @property
    def width(self) -> float: ...


Draw = Callable[[QPainter, QRectF, Colors], None]


def _square(rect: QRectF) -> QRectF:
    side = min(rect.width(), rect.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(rect.center())
    return square


def _fine(painter: QPainter, ink: Colors) -> None:
    painter.setPen(QPen(ink.detail, ink.width, j=Qt.PenJoinStyle.MiterJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _letter(painter: QPainter, rect: QRectF, ink: Colors, letter: str) -> None:
    font = QFont(theme().font("body", weight=SEMIBOLD))
    font.setPixelSize(max(round(rect.height() * 0.3), 6))
    painter.setFont(font)
    painter.setPen(ink.detail)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, letter)


def _fan(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """A circle with two lines that open in the direction of flow."""
    circle = _square(rect)
    painter.drawEllipse(circle)
    center, r = circle.center(), circle.width() / 2
    _fine(painter, ink)
    for side in (-1, 1):
        painter.drawLine(
            QPointF(center.x() - r * 0.94, center.y() + side * r * 0.33),
            QPointF(center.x() + r * 0.87, center.y() + side * r * 0.5),
        )


def _motor(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    circle = _square(rect)
    painter.drawEllipse(circle)
    _letter(painter, circle.translated(0, -circle.height() * 0.29), ink, "M")


def _indicator(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """An instrument: a circle with a line through it (ISA-5.1)."""
    circle = _square(rect)
    painter.drawEllipse(circle)
    _fine(painter, ink)
    painter.drawLine(QPointF(circle.left(), circle.center().y()), QPointF(circle.right(), circle.center().y()))


def _conveyor(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """A belt around two pulleys."""
    radius = min(rect.height() / 2, rect.width() / 4)
    painter.drawRoundedRect(rect, radius, radius)
    _fine(painter, ink)
    for x in (rect.left() + radius, rect.right() - radius):
        painter.drawEllipse(QPointF(x, rect.center().y()), radius * 0.55, radius * 0.55)


def _column(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """A slim vessel with trays."""
    radius = min(rect.width() / 2, rect.height() * 0.12)
    painter.drawRoundedRect(rect, radius, radius)
    _fine(painter, ink)
    for share in (0.25, 0.4, 0.6, 0.75):
        y = rect.top() + rect.height() * share
        painter.drawLine(QPointF(rect.left(), y), QPointF(rect.right(), y))


def _cyclone(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """A cylinder above a cone."""
    waist = rect.top() + rect.height() * 0.45
    painter.drawPolygon(
        QPolygonF(
            [
                rect.topLeft(),
                rect.topRight(),
                QPointF(rect.right(), waist),
                QPointF(rect.center().x() + rect.width() * 0.1, rect.bottom()),
                QPointF(rect.center().x() - rect.width() * 0.1, rect.bottom()),
                QPointF(rect.left(), waist),
            ]
        )
    )
    _fine(painter, ink)
    painter.drawLine(QPointF(rect.left(), waist), QPointF(rect.right(), waist))


def _boiler(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """A vessel with a flame below."""
    painter.drawRoundedRect(rect, 6, 6)
    _fine(painter, ink)
    flame = QPainterPath(QPointF(rect.center().x(), rect.top() + rect.height() * 0.55))
    foot, half = rect.bottom() - rect.height() * 0.08, rect.width() * 0.16
    flame.cubicTo(
        QPointF(rect.center().x() + half * 1.6, foot - rect.height() * 0.2),
        QPointF(rect.center().x() + half, foot),
        QPointF(rect.center().x(), foot),
    )
    flame.cubicTo(
        QPointF(rect.center().x() - half, foot),
        QPointF(rect.center().x() - half * 1.6, foot - rect.height() * 0.2),
        flame.elementAt(0),
    )
    painter.drawPath(flame)


def _heat_exchanger(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """A circle with the zigzag of the stream that gives or takes heat."""
    painter.drawEllipse(rect)
    _fine(painter, ink)
    x, y, w, h = rect.center().x(), rect.center().y(), rect.width() * 0.28, rect.height() * 0.22
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(rect.left(), y),
                QPointF(x - w, y),
                QPointF(x - w * 0.4, y - h),
                QPointF(x + w * 0.4, y + h),
                QPointF(x + w, y),
                QPointF(rect.right(), y),
            ]
        )
    )


def _bow_tie(painter: QPainter, body: QRectF) -> None:
    middle = body.center()
    painter.drawPolygon(QPolygonF([body.topLeft(), middle, body.bottomLeft()]))
    painter.drawPolygon(QPolygonF([body.topRight(), middle, body.bottomRight()]))


def _control_valve(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """A valve with the dome of its actuator."""
    del ink
    body = QRectF(rect.left(), rect.center().y() - rect.height() * 0.2, rect.width(), rect.height() * 0.4)
    _bow_tie(painter, body)
    dome = QRectF(rect.center().x() - rect.width() * 0.25, rect.top(), rect.width() * 0.5, rect.height() * 0.36)
    painter.drawLine(body.center(), QPointF(rect.center().x(), dome.center().y()))
    painter.drawPie(dome, 0, 180 * 16)


def _check_valve(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """Two triangles of which one is filled: it lets through towards that one."""
    painter.drawPolygon(QPolygonF([rect.topLeft(), rect.center(), rect.bottomLeft()]))
    painter.setBrush(ink.edge)
    painter.drawPolygon(QPolygonF([rect.topRight(), rect.center(), rect.bottomRight()]))


def _three_way_valve(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    del ink
    body = QRectF(rect.left(), rect.center().y() - rect.height() * 0.22, rect.width(), rect.height() * 0.44)
    _bow_tie(painter, body)
    middle, half = body.center(), rect.width() * 0.22
    painter.drawPolygon(
        QPolygonF([middle, QPointF(middle.x() - half, rect.bottom()), QPointF(middle.x() + half, rect.bottom())])
    )


def paint_agitator(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """Draw shaft and blades upon a vessel that is drawn already."""
    _fine(painter, ink)
    x, low = rect.center().x(), rect.bottom() - rect.height() * 0.22
    half = rect.width() * 0.26
    painter.drawLines(
        [
            QLineF(x, rect.top(), x, low),
            QLineF(x - half, low - rect.height() * 0.05, x + half, low + rect.height() * 0.05),
            QLineF(x - half, low + rect.height() * 0.05, x + half, low - rect.height() * 0.05),
        ]
    )


def _breaker(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """A square with a cross."""
    square = _square(rect)
    painter.drawRect(square)
    _fine(painter, ink)
    inner = square.adjusted(
        square.width() * 0.28, square.width() * 0.28, -square.width() * 0.28, -square.width() * 0.28
    )
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())


def _text(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """Nothing: a text is its label alone."""
    del painter, rect, ink


def _frame(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """A thin line around what belongs together."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(ink.edge, max(1.0, ink.width / 2), Qt.PenStyle.DashLine))
    painter.drawRoundedRect(rect, 4, 4)


def _part(painter: QPainter, rect: QRectF, ink: Colors) -> None:
    """The picture of a class that is not there: a frame around two shapes."""
    _frame(painter, rect, ink)
    side = min(rect.width(), rect.height()) * 0.34
    painter.setPen(QPen(ink.edge, ink.width))
    painter.setBrush(ink.fill)
    center = rect.center()
    painter.drawEllipse(QPointF(center.x() - side * 0.6, center.y()), side / 2, side / 2)
    painter.drawRect(QRectF(center.x() + side * 0.2, center.y() - side / 2, side * 0.8, side))


FURTHER: Mapping[str, Draw] = {
    "fan": _fan,
    "motor": _motor,
    "indicator": _indicator,
    "conveyor": _conveyor,
    "column": _column,
    "cyclone": _cyclone,
    "boiler": _boiler,
    "heat_exchanger": _heat_exchanger,
    "control_valve": _control_valve,
    "check_valve": _check_valve,
    "three_way_valve": _three_way_valve,
    "breaker": _breaker,
    "text": _text,
    "frame": _frame,
    "part": _part,
}
