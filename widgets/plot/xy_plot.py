"""One signal over another: a point for each instant, coloured by its age or by how many lie close to it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum, auto
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import QWidget

from widgets import number
from widgets.plot.column import Column
from widgets.plot.library import InfiniteLine, PlotDataItem, ScatterPlotItem, TextItem
from widgets.plot.pairs import StraightLine, neighbours, ranks, straight_line
from widgets.plot.plot import Plot
from widgets.theme import theme
from widgets.translation import tr
from widgets.trend.value_range import Extent, rounded

STEPS = 8
PALEST = 0.18
NEAR = 0.5
"""A limit farther from the points than this share of their range is not shown with them."""
_REACH = 14
_POINT, _RING = 3.0, 13.0
_LIMIT, _POINTS, _LINE, _CHOSEN = range(4)
_KEY_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class Colouring(Enum):
    """What the colour of a point says: AGE, the older the paler; DENSITY, the more beside it the stronger."""

    AGE = auto()
    DENSITY = auto()


class XYPlot(Plot):
    """Shows pairs of values; a press tells of the nearest point when it was, the arrow keys go on from it in time."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = ("", "")
        self._x, self._y, self._time = np.empty(0), np.empty(0), np.empty(0, np.int64)
        self._limits: tuple[tuple[tuple[float, str], ...], tuple[tuple[float, str], ...]] = ((), ())
        self._colouring = Colouring.AGE
        self._chosen: int | None = None
        self._limit_names: list[tuple[bool, float, TextItem]] = []
        self.line: StraightLine | None = None

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self._x)

    @property
    def chosen(self) -> int | None:
        """Return the time of the point that is read out, int64 ns UTC."""
        return None if self._chosen is None else int(self._time[self._chosen])

    def show_pairs(
        self,
        x: NDArray[np.float64],
        y: NDArray[np.float64],
        time: NDArray[np.int64],
        *,
        limits_x: Sequence[tuple[float, str]] = (),
        limits_y: Sequence[tuple[float, str]] = (),
    ) -> None:
        """Take values of the same instants (int64 ns UTC), oldest first, and limits with their names.

        Pairs with a NaN are left out.
        """
        is_whole = np.isfinite(x) & np.isfinite(y)
        self._x, self._y, self._time = x[is_whole], y[is_whole], time[is_whole]
        self._chosen = None
        self.line = straight_line(self._x, self._y)
        self._is_empty = not len(self._x)
        if self._is_empty:
            self._limits = ((), ())
        else:
            across, near_x = _around(self._x, limits_x)
            up, near_y = _around(self._y, limits_y)
            self._limits = (near_x, near_y)
            self._see(across, up)
        self._redraw()
        self._tell()

    def colour_by(self, colouring: Colouring) -> None:
        """Colour the points by something else."""
        self._colouring = colouring
        self._redraw()

    def columns(self) -> list[Column]:
        return [
            Column(tr("Time"), self._time, is_time=True),
            Column(self.names[0], self._x),
            Column(self.names[1], self._y),
        ]

    def choose(self, place: int | None) -> None:
        """Read out the point at a place of the series, None for none."""
        self._chosen = place
        self._redraw()
        self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEY_STEPS.get(Qt.Key(event.key()))
        if step is not None and self._chosen is not None:
            self.choose(min(max(self._chosen + step, 0), len(self._x) - 1))
        elif event.key() == Qt.Key.Key_Escape and self._chosen is not None:
            self.choose(None)
        else:
            super().keyPressEvent(event)

    def _press(self, place: QPointF) -> None:
        (left, right), (low, high) = self.box.viewRange()
        across = (self._x - place.x()) / (right - left) * self.box.width()
        up = (self._y - place.y()) / (high - low) * self.box.height()
        distance = np.hypot(across, up)
        nearest = int(np.argmin(distance)) if len(distance) else 0
        is_near = len(distance) > 0 and distance[nearest] <= theme().px(_REACH)
        self.choose(nearest if is_near else None)

    def _tell(self) -> None:
        """Write the values of the chosen point, or without one the straight line."""
        if self._chosen is not None:
            x, y = float(self._x[self._chosen]), float(self._y[self._chosen])
            when = number.day_and_time(int(self._time[self._chosen]))
            self._readout.set_text(f"{when}   {_short(y)} · {_short(x)}")
        elif self.line is not None:
            self._readout.set_text(self.line_text())
        else:
            self._readout.set_text("")

    def line_text(self) -> str:
        """Return the straight line as a formula, with what it explains; "" where there is none."""
        if self.line is None:
            return ""
        sign = "+" if self.line.slope >= 0 else number.MINUS
        return f"y = {_short(self.line.offset)} {sign} {_short(abs(self.line.slope))} x   R² = {self.line.r2:.2f}"

    def _draw(self) -> None:
        self._draw_limits()
        for color, rows in self._steps():
            self._draw_points(self._x[rows], self._y[rows], color)
        if self.line is not None:
            ends = np.array([self._x.min(), self._x.max()])
            pen = self.stroke(theme().color("text"), 1, Qt.PenStyle.DashLine)
            heights = self.line.offset + self.line.slope * ends
            self._add(PlotDataItem(ends, heights, pen=pen, antialias=True), level=_LINE)
        if self._chosen is not None:
            place = slice(self._chosen, self._chosen + 1)
            hair = self.stroke(theme().color("dim"))
            self._add(InfiniteLine(self._x[self._chosen], angle=90, pen=hair), level=_CHOSEN)
            self._add(InfiniteLine(self._y[self._chosen], angle=0, pen=hair), level=_CHOSEN)
            ring = self.stroke(theme().color("text"), 2)
            size = theme().px(_RING)
            self._add(
                ScatterPlotItem(self._x[place], self._y[place], size=size, symbol="o", pen=ring, brush=None),
                level=_CHOSEN,
            )

    def _draw_points(self, x: NDArray[np.float64], y: NDArray[np.float64], color: QColor) -> None:
        size = theme().px(_POINT)
        self._add(ScatterPlotItem(x, y, size=size, symbol="o", pen=None, brush=QBrush(color)), level=_POINTS)

    def _steps(self) -> list[tuple[QColor, NDArray[np.int64]]]:
        """Return the colours, palest first, each with the rows of its points."""
        if self._colouring is Colouring.AGE:
            edges = np.linspace(0, len(self._x), STEPS + 1).astype(int)
            rows = [np.arange(first, last) for first, last in pairwise(edges.tolist())]
        else:
            rank = ranks(neighbours(self._x, self._y), STEPS)
            rows = [np.flatnonzero(rank == step) for step in range(STEPS)]
        return [(_shade(step, self._colouring), each) for step, each in enumerate(rows) if len(each)]

    def _draw_limits(self) -> None:
        look = theme()
        self._limit_names = []
        pen = self.stroke(look.color("limit"), 1, Qt.PenStyle.DashLine)
        for is_level, limits in enumerate(self._limits):
            for value, name in limits:
                self._add(InfiniteLine(value, angle=0 if is_level else 90, pen=pen), level=_LIMIT)
                item = TextItem(name, color=look.color("dim"), anchor=(1.0, 1.0) if is_level else (0.0, 0.0))
                item.setFont(look.font("tiny"))
                self._add(item, level=_LINE)
                self._limit_names.append((bool(is_level), value, item))

    def _fit(self) -> None:
        (_, right), (_, top) = self.box.viewRange()
        for is_level, value, item in self._limit_names:
            item.setPos(*((right, value) if is_level else (value, top)))


def _around(
    values: NDArray[np.float64], limits: Sequence[tuple[float, str]]
) -> tuple[tuple[float, float], tuple[tuple[float, str], ...]]:
    """Return the ends of an axis for values and those of their limits that are near, and these."""
    seen = Extent(float(values.min()), float(values.max()))
    slack = NEAR * seen.span
    near = tuple(limit for limit in limits if seen.low - slack <= limit[0] <= seen.high + slack)
    whole = rounded(seen.with_values(*(value for value, _ in near)))
    return (whole.low, whole.high), near


def _shade(step: int, colouring: Colouring) -> QColor:
    """Return the colour of a step: of the pen, from pale to full; density goes on to the colour of letters."""
    look = theme()
    color = QColor(look.pen(0))
    share = step / (STEPS - 1)
    if colouring is Colouring.DENSITY:
        color = _mixed(color, look.color("text"), max(0.0, 2.0 * share - 1.0))
        share = min(1.0, 2.0 * share)
    color.setAlphaF(PALEST + (1.0 - PALEST) * share)
    return color


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    parts = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*(round(a + (b - a) * share) for a, b in parts))


def _short(value: float) -> str:
    return f"{value:.4g}".replace("-", number.MINUS)
