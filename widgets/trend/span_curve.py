"""One pen of a plot: a vertical span per column and the lines between them, from one preallocated array."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.model.block import ValueArray
from widgets.trend.decimate import Columns, Mask
from widgets.trend.geometry import Geometry
from widgets.trend.plot import LineArray, PlotItem

LEVEL = 20
DOUBTFUL_ALPHA = 0.55
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
        screen = replace(
            columns,
            low=geometry.heights(columns.low),
            high=geometry.heights(columns.high),
            first=geometry.heights(columns.first),
            last=geometry.heights(columns.last),
        )
        lines, doubtful = self._segments(screen, x)
        _fill(self._solid, lines, ~doubtful)
        _fill(self._doubtful, lines, doubtful)

    def draw(self, painter: QPainter) -> None:
        painter.setClipRect(self._clip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(self.color, self.width)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        painter.setPen(pen)
        self._solid.draw(painter)
        if len(self._doubtful):
            color = QColor(self.color)
            color.setAlphaF(DOUBTFUL_ALPHA)
            pen.setColor(color)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([_DASH, _DASH])
            painter.setPen(pen)
            self._doubtful.draw(painter)

    def _segments(self, screen: Columns, x: ValueArray) -> tuple[NDArray[np.float64], Mask]:
        """Return all lines, float64 of shape (m, 4), and which of them are doubtful; the values of `screen` are px."""
        joined = np.flatnonzero(~screen.severed[1:]) + 1
        before = joined - 1
        has_neighbour = np.zeros(len(screen), np.bool_)
        has_neighbour[joined] = has_neighbour[before] = True
        is_flat = screen.low == screen.high
        tall = np.flatnonzero(~is_flat)
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


def _lines(*ends: ValueArray) -> NDArray[np.float64]:
    return np.column_stack(ends)


def _fill(target: LineArray, lines: NDArray[np.float64], chosen: Mask) -> None:
    number = int(np.count_nonzero(chosen))
    array = target.resize(number)
    if number == len(lines):
        array[:] = lines
    elif number:
        array[:] = lines[chosen]
