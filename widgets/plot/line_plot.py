"""A plot of curves over frequency, value or time: known lines and limits in it, a cursor with its harmonics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QKeyEvent, QPainterPath, QTransform
from PySide6.QtWidgets import QWidget

from widgets import number
from widgets.plot.axis import marks_of
from widgets.plot.column import Column
from widgets.plot.curve import Curve, Mark, Stretch
from widgets.plot.library import InfiniteLine, LinearRegionItem, PlotDataItem, ScatterPlotItem, TextItem
from widgets.plot.plot import Plot
from widgets.theme import SEMIBOLD, theme
from widgets.translation import tr

_HARMONICS = 8
_SIGN = 10
"""Half the size of a record's sign, px at scale 1."""
_REACH = 6
"""How far from a press the line may be that it means, px at scale 1."""
_LIFT = 0.05
"""How high the number of a harmonic stands, of the height: above the noise."""
_PER_PIXEL = 1.5
_LONGEST_STRETCH = 40
"""A place on the screen is made of so small a part of a curve, or a smaller one."""
_KEY_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_GROUND, _LIMIT, _MARK, _CURSOR, _FORMER, _CURVE, _TEXT = range(7)


class LinePlot(Plot):
    """Shows what it is given; `cursor_moved` tells where the cursor stands, None where there is none."""

    cursor_moved = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.readout: Callable[[float], str] = self._value_text
        self.has_harmonics = False
        self._x_text: Callable[[float], str] = lambda x: f"{x:g}"
        self.x_head = ""
        self.has_times = False
        """Whether the level axis is s since 1970 UTC."""
        self._curves: tuple[Curve, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self._limits: tuple[Mark, ...] = ()
        self._stretches: tuple[Stretch, ...] = ()
        self._stretch_names: list[tuple[Stretch, TextItem]] = []
        self._cursor: float | None = None
        self._cursor_lines: list[InfiniteLine] = []
        self._cursor_names: list[TextItem] = []
        self._mark_names: list[tuple[Mark, TextItem]] = []
        self._limit_names: list[tuple[Mark, TextItem]] = []
        self.box.setMouseEnabled(x=True, y=False)

    @property
    def x_text(self) -> Callable[[float], str]:
        """What stands at a round number of the level axis."""
        return self._x_text

    @x_text.setter
    def x_text(self, text: Callable[[float], str]) -> None:
        self._x_text = text
        self.x_axis.marks = marks_of(text)

    @property
    def cursor_at(self) -> float | None:
        """Return where the cursor stands."""
        return self._cursor

    @property
    def curves(self) -> tuple[Curve, ...]:
        """Return what is shown."""
        return self._curves

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Return the known lines."""
        return self._marks

    def show_curves(
        self,
        curves: Sequence[Curve],
        *,
        marks: Sequence[Mark] = (),
        limits: Sequence[Mark] = (),
        stretches: Sequence[Stretch] = (),
        span: tuple[float, float] | None = None,
    ) -> None:
        """Show curves, known lines and limits of y; the zoom stays where `span` does."""
        ends = [(float(each.x[0]), float(each.x[-1])) for each in curves if len(each.x)]
        whole = span or (min((low for low, _ in ends), default=0.0), max((high for _, high in ends), default=1.0))
        if whole[0] >= whole[1]:
            whole = (whole[0] - 0.5, whole[0] + 0.5)
        self._curves, self._marks, self._limits = tuple(curves), tuple(marks), tuple(limits)
        self._stretches = tuple(stretches)
        self._is_empty = not ends
        self._see(whole, is_growing=self.has_times)
        self._redraw()
        self._tell()

    def move_cursor(self, x: float | None) -> None:
        """Put the cursor somewhere, or away."""
        if x is not None:
            low, high = self._whole[0]
            x = float(min(max(x, low), high))
        if x != self._cursor:
            self._cursor = x
            self._place_cursor()
            self._tell()
            self.cursor_moved.emit(x)

    def reset(self) -> None:
        self.box.setXRange(*self._whole[0], padding=0)

    def zoom(self, factor: float) -> None:
        self.box.scaleBy(x=factor)

    def columns(self) -> list[Column]:
        found = []
        for curve in self._curves:
            x = Column(self.x_head, curve.x)
            if self.has_times:
                x = Column(self.x_head, np.round(curve.x * 1e9).astype(np.int64), is_time=True)
            head = curve.head or self.title
            found += [x, Column(tr("{title} (compared with)", title=head) if curve.is_former else head, curve.y)]
        return found

    def heights(self) -> tuple[float, float]:
        """Return the ends of the upright axis for what is in view: from zero, or as far below it as above."""
        seen = []
        for curve in self._curves:
            first, last = np.searchsorted(curve.x, self.span)
            seen.append(curve.y[max(0, first - 1) : last + 1])
        values = np.concatenate(seen) if seen else np.zeros(1)
        values = values[np.isfinite(values)]
        top = float(values.max()) if len(values) else 1.0
        bottom = float(values.min()) if len(values) else 0.0
        top = max(top, min((each.at for each in self._limits if each.at > top), default=top))
        if bottom >= 0.0:
            return 0.0, 1.08 * top or 1.0
        size = max(top, -bottom)
        return -1.05 * size, 1.05 * size

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEY_STEPS.get(Qt.Key(event.key()))
        if step is not None and self._cursor is not None:
            self.move_cursor(self._cursor + step * self._step())
        elif event.key() == Qt.Key.Key_Escape and self._cursor is not None:
            self.move_cursor(None)
        else:
            super().keyPressEvent(event)

    def _press(self, place: QPointF) -> None:
        self.move_cursor(self._snapped(place.x()))

    def told_at(self, place: QPointF) -> str:
        return self.readout(min(max(place.x(), self._whole[0][0]), self._whole[0][1]))

    def _pan(self, across: float, up: float) -> None:
        super()._pan(across, 0.0 * up)

    def _tell(self) -> None:
        self._readout.set_text("" if self._cursor is None or self._is_empty else self.readout(self._cursor))

    def _value_text(self, x: float) -> str:
        """Return a place of the level axis and what the curve is there."""
        curve = self._main()
        if curve is None:
            return self.x_text(x)
        y = float(curve.y[int(np.argmin(np.abs(curve.x - x)))])
        return f"{self.x_text(float(f'{x:.4g}'))}   {number.number(y, decimals=3)}"

    def _main(self) -> Curve | None:
        return next((each for each in self._curves if not each.is_former and len(each.x)), None)

    def _step(self) -> float:
        curve = self._main()
        return float(curve.x[1] - curve.x[0]) if curve is not None and len(curve.x) > 1 else 1.0

    def _snapped(self, x: float) -> float:
        """Return the highest value within a few pixels of x, which is what a finger means."""
        curve = self._main()
        if curve is None:
            return x
        low, high = self.span
        slack = theme().px(_REACH) / max(1.0, self.box.width()) * (high - low)
        first, last = np.searchsorted(curve.x, (x - slack, x + slack))
        if first == last:
            return float(curve.x[int(np.argmin(np.abs(curve.x - x)))])
        return float(curve.x[first + int(np.argmax(curve.y[first:last]))])

    def _draw(self) -> None:
        for curve in self._curves:
            self._draw_curve(curve)
        self._draw_stretches()
        self._draw_marks()
        self._draw_limits()
        self._cursor_lines, self._cursor_names = [], []

    def _draw_curve(self, curve: Curve) -> None:
        look = theme()
        color = QColor(look.pen(3 if curve.is_former else int(curve.is_second)))
        style = Qt.PenStyle.DashLine if curve.is_former and curve.has_points else Qt.PenStyle.SolidLine
        if curve.is_former:
            color.setAlpha(150)
        # the library leaves out what is left over behind the last whole stretch: a line there would be lost
        ends = (0, len(curve.x) // _LONGEST_STRETCH)
        x, y = (np.pad(each, ends, mode="edge") for each in (curve.x, curve.y))
        item = PlotDataItem(x, y, pen=self.stroke(color, 1, style), antialias=True, autoDownsampleFactor=_PER_PIXEL)
        if curve.is_filled:
            ground = QColor(color)
            ground.setAlpha(70)
            item.setFillLevel(0.0)
            item.setFillBrush(ground)
        self._add(item, level=_FORMER if curve.is_former else _CURVE)
        item.setDownsampling(auto=True, method="peak")  # the lowest and the highest of each stretch: no line is lost
        item.setClipToView(True)
        if curve.has_points:
            signs = curve.signs or ("•",) * len(curve.x)
            points = ScatterPlotItem(
                curve.x,
                curve.y,
                size=look.px(1.3 * _SIGN),
                symbol=[_outline(sign, look.family) for sign in signs],
                pen=None,
                brush=look.color("text"),
            )
            self._add(points, level=_CURVE)

    def _draw_stretches(self) -> None:
        look = theme()
        self._stretch_names = []
        ground, edge = QBrush(look.color("selection")), self.stroke(look.color("selection"))
        for each in self._stretches:
            self._add(LinearRegionItem((each.start, each.end), brush=ground, pen=edge, movable=False), level=_GROUND)
            self._stretch_names.append((each, self._name(each.name, look.font("tiny"))))

    def _draw_marks(self) -> None:
        look = theme()
        self._mark_names = []
        for mark in sorted(self._marks, key=lambda each: (not each.is_strong, each.at)):
            style = Qt.PenStyle.SolidLine if mark.is_strong else Qt.PenStyle.DotLine
            pen = self.stroke(look.color("accent" if mark.is_strong else "process_line"), 1, style)
            self._add(InfiniteLine(mark.at, angle=90, pen=pen), level=_MARK)
            font = look.font("tiny", weight=SEMIBOLD) if mark.is_strong else look.font("tiny")
            self._mark_names.append((mark, self._name(mark.name, font, is_strong=mark.is_strong)))

    def _draw_limits(self) -> None:
        look = theme()
        self._limit_names = []
        for limit in self._limits:
            self._add(
                InfiniteLine(limit.at, angle=0, pen=self.stroke(look.color("limit"), 1, Qt.PenStyle.DashLine)),
                level=_LIMIT,
            )
            self._limit_names.append((limit, self._name(limit.name, look.font("tiny"))))

    def _draw_cursor(self) -> None:
        """Make the cursor and its harmonics; most plots never have one."""
        look = theme()
        count = _HARMONICS if self.has_harmonics else 1
        pens = [self.stroke(look.color("text"))] + [self.stroke(look.color("dim"), 1, Qt.PenStyle.DashLine)] * (
            count - 1
        )
        self._cursor_lines = [InfiniteLine(0.0, angle=90, pen=pen) for pen in pens]
        for line in self._cursor_lines:
            self._add(line, level=_CURSOR)
        self._cursor_names = [self._name(str(k), look.font("tiny"), anchor=(0.0, 1.0)) for k in range(2, count + 1)]

    def _name(
        self, text: str, font: QFont, *, is_strong: bool = False, anchor: tuple[float, float] = (0.0, 0.0)
    ) -> TextItem:
        item = TextItem(text, color=theme().color("text" if is_strong else "dim"), anchor=anchor)
        item.setFont(font)
        self._add(item, level=_TEXT)
        return item

    def _fit(self) -> None:
        self.box.setYRange(*self.heights(), padding=0)
        self._place_marks()
        self._place_stretches()
        self._place_limits()
        self._place_cursor()

    def _place_cursor(self) -> None:
        """Put the cursor and its harmonics where they are; what is out of view is not drawn."""
        (left, right), (low, high) = self.box.viewRange()
        at = self._cursor
        if at is not None and not self._cursor_lines:
            self._draw_cursor()
        for k, line in enumerate(self._cursor_lines, 1):
            is_seen = at is not None and (k == 1 or at > 0.0) and bool(left <= k * at <= right)
            line.setVisible(is_seen)
            if is_seen and at is not None:
                line.setValue(k * at)
            if k > 1:
                name = self._cursor_names[k - 2]
                has_room = at is not None and at / (right - left) * self.box.width() >= name.boundingRect().width()
                name.setVisible(is_seen and has_room)
                if is_seen and at is not None:
                    name.setPos(k * at, low + _LIFT * (high - low))

    def _place_marks(self) -> None:
        """Name known lines, strong ones first; a name that would lie over another one is left out, its line stays."""
        taken: list[tuple[float, float]] = []
        (low, high), (_, top) = self.box.viewRange()
        width = self.box.width()
        for mark, name in self._mark_names:
            at = (mark.at - low) / (high - low) * width
            ends = (at, at + name.boundingRect().width())
            is_free = not any(ends[0] < other[1] and other[0] < ends[1] for other in taken)
            is_shown = bool(low <= mark.at <= high and is_free and ends[1] <= width)
            name.setVisible(is_shown)
            if is_shown:
                taken.append(ends)
                name.setPos(mark.at, top)

    def _place_stretches(self) -> None:
        """Name stretches that are wide enough for their name."""
        (left, right), (_, top) = self.box.viewRange()
        for each, name in self._stretch_names:
            start, end = max(each.start, left), min(each.end, right)
            name.setVisible(bool((end - start) / (right - left) * self.box.width() >= name.boundingRect().width()))
            name.setPos(start, top)

    def _place_limits(self) -> None:
        (left, right), (bottom, top) = self.box.viewRange()
        for limit, name in self._limit_names:
            name.setVisible(bool(bottom <= limit.at <= top))
            anchor = self.anchor_of(limit.name, limit.at)
            name.setAnchor(anchor)
            name.setPos(right if anchor[0] else left, limit.at)

    def anchor_of(self, name: str, at: float) -> tuple[float, float]:
        """Return which corner of the name of a limit at height `at` stands at its line's end: where no sign lies.

        (0, 1): the lower left one, at the left end above the line; (1, 0): the upper right one.
        """
        look = theme()
        metrics = QFontMetrics(look.font("tiny"))
        width, height = metrics.horizontalAdvance(name) + look.px(8), metrics.height() + look.px(4)
        (left, right), (bottom, top) = self.box.viewRange()
        wide, high = self.box.width(), self.box.height()
        slack = look.px(_SIGN)
        signed = [curve for curve in self._curves if curve.has_points]
        x = np.concatenate([each.x for each in signed]) if signed else np.zeros(0)
        y = np.concatenate([each.y for each in signed]) if signed else np.zeros(0)
        across, up = (x - left) / (right - left) * wide, (top - y) / (top - bottom) * high
        line = (top - at) / (top - bottom) * high

        def is_free(anchor: tuple[float, float]) -> bool:
            box = QRectF(anchor[0] * (wide - width), line - anchor[1] * height, width, height)
            if box.top() < 0.0 or box.bottom() > high:
                return False
            box.adjust(-slack, -slack, slack, slack)
            return not np.any((box.left() < across) & (across < box.right()) & (box.top() < up) & (up < box.bottom()))

        return next(filter(is_free, ((0.0, 1.0), (1.0, 1.0), (0.0, 0.0), (1.0, 0.0))), (0.0, 1.0))


@cache
def _outline(sign: str, family: str) -> QPainterPath:
    """Return a sign as an outline of size 1 around its middle."""
    font = QFont(family)
    font.setPixelSize(100)
    path = QPainterPath()
    path.addText(0, 0, font, sign)
    box = path.boundingRect()
    path.translate(-box.center())
    size = max(box.width(), box.height(), 1.0) * (2.0 if sign == "•" else 1.0)
    return QTransform.fromScale(1.0 / size, 1.0 / size).map(path)
