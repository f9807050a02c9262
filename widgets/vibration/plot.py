"""A plot of curves over frequency or time: known lines and limits in it, a cursor with its harmonics, zoom by wheel."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.theme import SEMIBOLD, theme

Numbers = NDArray[np.float64]

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 10, 26, 22
_ZOOM = 0.8
_HARMONICS = 8
_SIGN = 10
"""Half the size of a record's sign, px at scale 1."""
_KEY_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True, slots=True)
class Curve:
    """`x`, `y`: float64, shape (n,), x rising. `is_former`: of a record that is compared with, drawn dashed behind.

    `has_points`: each value has a sign of its own, from `signs`, or a dot.
    """

    x: Numbers
    y: Numbers
    is_former: bool = False
    has_points: bool = False
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """Something known at a place of an axis, with its name; `is_strong`: a hint stands on it."""

    at: float
    name: str
    is_strong: bool = False


class LinePlot(QWidget):
    """Draws what it is given; `cursor_moved` tells where the cursor stands, None where there is none."""

    cursor_moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.title = ""
        self.readout: Callable[[float], str] = lambda x: f"{x:g}"
        self.x_text: Callable[[float], str] = lambda x: f"{x:g}"
        self.has_harmonics = False
        self.nothing = ""
        self._curves: tuple[Curve, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._limits: tuple[Mark, ...] = ()
        self._span = (0.0, 1.0)
        self._whole = (0.0, 1.0)
        self._cursor: float | None = None

    @property
    def cursor_at(self) -> float | None:
        """Return where the cursor stands."""
        return self._cursor

    @property
    def span(self) -> tuple[float, float]:
        """Return the stretch of the axis that is in view."""
        return self._span

    def show_curves(
        self,
        curves: Sequence[Curve],
        *,
        marks: Sequence[Mark] = (),
        limits: Sequence[Mark] = (),
        span: tuple[float, float] | None = None,
    ) -> None:
        """Show curves, known lines and limits of y; the zoom stays where `span` does."""
        ends = [(float(each.x[0]), float(each.x[-1])) for each in curves if len(each.x)]
        whole = span or (min((low for low, _ in ends), default=0.0), max((high for _, high in ends), default=1.0))
        if whole[0] >= whole[1]:
            whole = (whole[0] - 0.5, whole[0] + 0.5)
        if whole != self._whole:
            self._whole = self._span = whole
        self._curves, self._marks, self._limits = tuple(curves), tuple(marks), tuple(limits)
        self.update()

    def move_cursor(self, x: float | None) -> None:
        """Put the cursor somewhere, or away."""
        if x is not None:
            x = min(max(x, self._whole[0]), self._whole[1])
        if x != self._cursor:
            self._cursor = x
            self.cursor_moved.emit(x)
            self.update()

    def reset(self) -> None:
        """Show the whole axis again."""
        self._span = self._whole
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme().px(420), theme().px(200))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.move_cursor(self._snapped(self._value_at(event.position().x())))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.move_cursor(self._value_at(event.position().x()))
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.reset()
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        middle = self._value_at(event.position().x())
        factor = _ZOOM ** (event.angleDelta().y() / 120)
        low, high = (middle + (edge - middle) * factor for edge in self._span)
        low, high = max(low, self._whole[0]), min(high, self._whole[1])
        if high - low > 1e-3 * (self._whole[1] - self._whole[0]):
            self._span = (low, high)
            self.update()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEY_STEPS.get(Qt.Key(event.key()))
        if step is not None and self._cursor is not None:
            self.move_cursor(self._cursor + step * self._step())
        elif event.key() == Qt.Key.Key_Escape and self._cursor is not None:
            self.move_cursor(None)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), look.color("plot"))
            painter.setFont(look.font("small", weight=SEMIBOLD))
            painter.setPen(look.color("text"))
            heading = QRectF(look.px(8), 0, self.width() - look.px(16), look.px(_TOP))
            told = "" if self._cursor is None else self.readout(self._cursor)
            metrics = QFontMetrics(painter.font())
            room = int(heading.width()) - (metrics.horizontalAdvance(told) + look.px(12) if told else 0)
            title = metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, room)
            painter.drawText(heading, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, title)
            if not any(len(each.x) for each in self._curves):
                painter.setPen(look.color("dim"))
                painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, self.nothing)
                return
            painter.drawText(heading, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, told)
            low, high = self._heights()
            self._draw_grid(painter, low, high)
            painter.setClipRect(self._area())
            self._draw_limits(painter, low, high)
            self._draw_marks(painter)
            self._draw_cursor(painter)
            for curve in sorted(self._curves, key=lambda each: not each.is_former):
                self._draw_curve(painter, curve, low, high)

    def _area(self) -> QRectF:
        px = theme().px
        return QRectF(
            px(_LEFT), px(_TOP), max(1, self.width() - px(_LEFT + _RIGHT)), max(1, self.height() - px(_TOP + _BOTTOM))
        )

    def _x(self, value: float) -> float:
        area, (low, high) = self._area(), self._span
        return area.left() + (value - low) / (high - low) * area.width()

    def _value_at(self, x: float) -> float:
        area, (low, high) = self._area(), self._span
        return low + (x - area.left()) / area.width() * (high - low)

    def _step(self) -> float:
        curve = next((each for each in self._curves if not each.is_former and len(each.x) > 1), None)
        return float(curve.x[1] - curve.x[0]) if curve is not None else 1.0

    def _snapped(self, x: float) -> float:
        """Return the highest value within a few pixels of x, which is what a finger means."""
        curve = next((each for each in self._curves if not each.is_former and len(each.x)), None)
        if curve is None:
            return x
        slack = theme().px(6) / self._area().width() * (self._span[1] - self._span[0])
        first, last = np.searchsorted(curve.x, (x - slack, x + slack))
        if first == last:
            return float(curve.x[int(np.argmin(np.abs(curve.x - x)))])
        return float(curve.x[first + int(np.argmax(curve.y[first:last]))])

    def _heights(self) -> tuple[float, float]:
        seen = []
        for curve in self._curves:
            first, last = np.searchsorted(curve.x, self._span)
            seen.append(curve.y[max(0, first - 1) : last + 1])
        values = np.concatenate(seen) if seen else np.zeros(1)
        values = values[np.isfinite(values)]
        top = float(values.max()) if len(values) else 1.0
        bottom = float(values.min()) if len(values) else 0.0
        if self._limits:
            above = [each.at for each in self._limits if each.at > top]
            top = max(top, min(above) if above else top)
        if bottom >= 0.0:
            return 0.0, 1.08 * top or 1.0
        size = max(top, -bottom)
        return -1.05 * size, 1.05 * size

    def _draw_grid(self, painter: QPainter, low: float, high: float) -> None:
        look, area = theme(), self._area()
        metrics = QFontMetrics(look.font("tiny"))
        painter.setFont(look.font("tiny"))
        for y in _ticks(low, high, max(2, int(area.height() / look.px(34)))):
            at = area.bottom() - (y - low) / (high - low) * area.height()
            painter.setPen(QPen(look.color("grid"), 1))
            painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at))
            painter.setPen(look.color("dim"))
            box = QRectF(0, at - look.px(8), area.left() - look.px(5), look.px(16))
            if box.top() < look.px(_TOP):  # where the title stands
                continue
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{y:g}")
        width = look.px(84)
        for x in _ticks(*self._span, max(2, int(area.width() / width))):
            at = self._x(x)
            painter.setPen(QPen(look.color("grid"), 1))
            painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
            painter.setPen(look.color("dim"))
            text = self.x_text(x)
            half = metrics.horizontalAdvance(text) / 2 + 2
            left = min(max(at - half, area.left() - look.px(4)), self.width() - 2 * half)
            box = QRectF(left, area.bottom(), 2 * half, look.px(_BOTTOM))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_limits(self, painter: QPainter, low: float, high: float) -> None:
        look, area = theme(), self._area()
        painter.setFont(look.font("tiny"))
        for limit in self._limits:
            at = area.bottom() - (limit.at - low) / (high - low) * area.height()
            if not area.top() <= at <= area.bottom():
                continue
            painter.setPen(QPen(look.color("limit"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at))
            painter.setPen(look.color("dim"))
            painter.drawText(self._place_of(limit.name, at, low, high), limit.name)

    def _place_of(self, name: str, at: float, low: float, high: float) -> QPointF:
        """Return where the name of a limit at height `at` stands: at its left or right end, where no sign lies."""
        look, area = theme(), self._area()
        metrics = QFontMetrics(look.font("tiny"))
        width, height = metrics.horizontalAdvance(name), metrics.height()
        lefts = (area.left() + look.px(4), area.right() - width - look.px(4))
        places = [QPointF(x, y) for y in (at - look.px(3), at + height) for x in lefts]
        signs = [
            QPointF(self._x(float(x)), area.bottom() - (float(y) - low) / (high - low) * area.height())
            for curve in self._curves
            if curve.has_points
            for x, y in zip(curve.x, curve.y, strict=True)
        ]
        slack = look.px(_SIGN)

        def is_free(place: QPointF) -> bool:
            box = QRectF(place.x(), place.y() - height, width, height).adjusted(-slack, -slack, slack, slack)
            return not any(box.contains(sign) for sign in signs)

        return next(filter(is_free, places), places[0])

    def _draw_marks(self, painter: QPainter) -> None:
        """Draw known lines, strong ones first; a name that would lie over another one is left out, its line stays."""
        look, area = theme(), self._area()
        taken: list[tuple[float, float]] = []
        for mark in sorted(self._marks, key=lambda each: (not each.is_strong, each.at)):
            at = self._x(mark.at)
            if not area.left() <= at <= area.right():
                continue
            style = Qt.PenStyle.SolidLine if mark.is_strong else Qt.PenStyle.DotLine
            painter.setPen(QPen(look.color("accent" if mark.is_strong else "process_line"), 1, style))
            painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
            font = look.font("tiny", weight=SEMIBOLD) if mark.is_strong else look.font("tiny")
            width = QFontMetrics(font).horizontalAdvance(mark.name)
            ends = (at + 2, at + 6 + width)
            if any(ends[0] < other[1] and other[0] < ends[1] for other in taken) or ends[1] > area.right():
                continue
            taken.append(ends)
            painter.setFont(font)
            painter.setPen(look.color("text" if mark.is_strong else "dim"))
            painter.drawText(QPointF(at + 3, area.top() + look.px(11)), mark.name)

    def _draw_curve(self, painter: QPainter, curve: Curve, low: float, high: float) -> None:
        look, area = theme(), self._area()
        first, last = np.searchsorted(curve.x, self._span)
        part = slice(max(0, int(first) - 1), int(last) + 1)
        x, y = _thinned(curve.x[part], curve.y[part], 2 * int(area.width()))
        at = area.left() + (x - self._span[0]) / (self._span[1] - self._span[0]) * area.width()
        up = area.bottom() - (y - low) / (high - low) * area.height()
        points = [QPointF(a, b) for a, b in zip(at.tolist(), up.tolist(), strict=True) if math.isfinite(b)]
        pen = QPen(look.pen(3 if curve.is_former else 0), 1)
        pen.setStyle(Qt.PenStyle.DashLine if curve.is_former and curve.has_points else Qt.PenStyle.SolidLine)
        if curve.is_former:
            faded = QColor(look.pen(3))
            faded.setAlpha(150)
            pen.setColor(faded)
        painter.setPen(pen)
        painter.drawPolyline(QPolygonF(points))
        if curve.has_points:
            painter.setFont(look.font("small"))
            painter.setPen(look.color("text"))
            signs = curve.signs[part] if curve.signs else ()
            for place, point in enumerate(points):
                box = QRectF(point.x() - 10, point.y() - 10, 20, 20)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, signs[place] if place < len(signs) else "•")

    def _draw_cursor(self, painter: QPainter) -> None:
        if self._cursor is None:
            return
        look, area = theme(), self._area()
        painter.setPen(QPen(look.color("text"), 1))
        at = self._x(self._cursor)
        painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()))
        if not self.has_harmonics or self._cursor <= 0.0:
            return
        painter.setPen(QPen(look.color("dim"), 1, Qt.PenStyle.DashLine))
        painter.setFont(look.font("tiny"))
        for k in range(2, _HARMONICS + 1):
            at = self._x(k * self._cursor)
            if at > area.right():
                return
            painter.drawLine(QPointF(at, area.top() + look.px(14)), QPointF(at, area.bottom()))
            painter.drawText(QPointF(at + 3, area.bottom() - look.px(3)), str(k))


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Return round numbers from `low` to `high`, `most` of them or a few more."""
    width = (high - low) / most
    if width <= 0.0 or not math.isfinite(width):
        return []
    unit = 10.0 ** math.floor(math.log10(width))
    step = next(unit * each for each in (1.0, 2.0, 5.0, 10.0) if unit * each >= width * (1.0 - 1e-9))
    return [round(k * step, 12) for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _thinned(x: Numbers, y: Numbers, most: int) -> tuple[Numbers, Numbers]:
    """Return no more than about `most` points, the lowest and the highest of each stretch, so that no line is lost."""
    size = math.ceil(2 * len(x) / max(2, most))
    if size <= 2:
        return x, y
    count = len(x) // size
    stretch = y[: count * size].reshape(count, size)
    base = np.arange(count) * size
    places = np.sort(np.concatenate([base + stretch.argmin(axis=1), base + stretch.argmax(axis=1)]))
    return x[places], y[places]
