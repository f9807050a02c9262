"""One pen of a plot: a vertical span per column and the lines between them, from one preallocated array."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.model.block import ValueArray
from widgets.drawn_array import LineArray, RectArray
from widgets.trend.bars import bar_rects
from widgets.trend.decimate import Columns, Mask
from widgets.trend.geometry import Geometry
from widgets.trend.plot import PlotItem

LEVEL = 20
DOUBTFUL_ALPHA = 0.55
TALL = 2.0
"""A good column whose values spread over more px than this is a bar: upright edges need no smoothing."""
_DASH = 3


class SpanCurve(PlotItem):
    """The curve of one tag.

    Where all is good it is solid; where something is doubtful (StatusCode uncertain, or bad samples in a column) it is
    dashed and dimmer; where there is no value there is no line. With `is_stepped` a value holds until the next one.
    """

    def __init__(self, *, is_stepped: bool = False, level: int = LEVEL) -> None:
        super().__init__(level=level)
        self.color = QColor()
        self.width = 1.5
        self._is_stepped = is_stepped
        self._clip = QRectF()
        self._solid = LineArray()
        self._doubtful = LineArray()
        self._bars = RectArray()

    @property
    def lines(self) -> tuple[int, int]:
        """Return how many lines are solid and how many are dashed."""
        return len(self._solid), len(self._doubtful)

    def follow(self, columns: Columns, geometry: Geometry, *, parts: int = 1) -> None:
        """Take the columns to draw, each the `parts`-th part of one of the geometry's."""
        self._clip = geometry.history
        self.set_extent(geometry.plot)
        first = geometry.start // (geometry.column_ns // parts)
        x = geometry.plot.left() + (columns.index - first + 0.5) / parts
        low, high, start, end = geometry.heights(
            np.array((columns.low, columns.high, columns.first, columns.last), np.float64)
        )
        screen = Columns(columns.index, low, high, start, end, columns.doubtful, columns.severed)
        is_bar = (np.abs(screen.high - screen.low) > TALL) & ~screen.doubtful
        self._bars_of(screen, x, np.flatnonzero(is_bar))
        lines, doubtful = self._segments(screen, x, is_bar)
        _fill(self._solid, lines, ~doubtful)
        _fill(self._doubtful, lines, doubtful)

    def draw(self, painter: QPainter) -> None:
        painter.setClipRect(self._clip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self.color, self.width)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        painter.setPen(pen)
        self._solid.draw(painter)
        self._draw_bars(painter)
        if len(self._doubtful):
            color = QColor(self.color)
            color.setAlphaF(DOUBTFUL_ALPHA)
            pen.setColor(color)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([_DASH, _DASH])
            painter.setPen(pen)
            self._doubtful.draw(painter)

    def _draw_bars(self, painter: QPainter) -> None:
        """Draw the bars as filled rectangles: smoothed lines of 2 px take ten times as long."""
        if len(self._bars):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.color)
            self._bars.draw(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _bars_of(self, screen: Columns, x: ValueArray, rows: NDArray[np.intp]) -> None:
        """Fill the bars, as wide as the line and as much longer at each end as its square cap."""
        width = max(1.0, round(self.width))
        top = np.minimum(screen.low[rows], screen.high[rows]) - width / 2
        bottom = np.maximum(screen.low[rows], screen.high[rows]) + width / 2
        rects = bar_rects(x[rows] - width / 2, top, bottom, width=width)
        self._bars.resize(len(rects))[:] = rects

    def _segments(self, screen: Columns, x: ValueArray, is_bar: Mask) -> tuple[NDArray[np.float64], Mask]:
        """Return all lines, float64 of shape (m, 4), and which of them are doubtful; the values of `screen` are px."""
        is_joined = ~screen.severed[1:]
        has_neighbour = np.zeros(len(screen), np.bool_)
        has_neighbour[1:] = is_joined
        has_neighbour[:-1] |= is_joined
        joined = np.flatnonzero(is_joined & ~_touching(screen, is_bar)) + 1
        before = joined - 1
        is_flat = screen.low == screen.high
        tall = np.flatnonzero(~is_flat & ~is_bar)
        alone = np.flatnonzero(is_flat & ~has_neighbour)
        parts = [
            (tall, _lines(x[tall], screen.low[tall], x[tall], screen.high[tall])),
            (alone, _lines(x[alone] - 1, screen.low[alone], x[alone] + 1, screen.low[alone])),
        ]
        if self._is_stepped:
            parts += [
                (joined, _lines(x[before], screen.last[before], x[joined], screen.last[before])),
                (joined, _lines(x[joined], screen.last[before], x[joined], screen.first[joined])),
            ]
        else:
            parts.append((joined, _lines(x[before], screen.last[before], x[joined], screen.first[joined])))
        lines = np.concatenate([part for _, part in parts])
        doubtful = np.concatenate([screen.doubtful[rows] for rows, _ in parts])
        return lines, doubtful


def _touching(screen: Columns, is_bar: Mask) -> Mask:
    """Return which columns but the first are bars beside a bar they touch: the line between them would be unseen."""
    top, bottom = np.minimum(screen.low, screen.high), np.maximum(screen.low, screen.high)
    is_beside = is_bar[1:] & is_bar[:-1] & (np.diff(screen.index) == 1)
    touching: Mask = is_beside & (top[1:] <= bottom[:-1]) & (top[:-1] <= bottom[1:])
    return touching


def _lines(*ends: ValueArray) -> NDArray[np.float64]:
    return np.column_stack(ends)


def _fill(target: LineArray, lines: NDArray[np.float64], chosen: Mask) -> None:
    number = int(np.count_nonzero(chosen))
    array = target.resize(number)
    if number == len(lines):
        array[:] = lines
    elif number:
        array[:] = lines[chosen]
