"""Where times and values stand in a plot: pixels of history to the left of now, of the forecast to its right."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QRectF

from app.model.block import ValueArray
from widgets.trend.value_range import Extent

PARTS = 4
"""A column may be divided in this many parts where samples are sparse."""


@dataclass(frozen=True, slots=True)
class Geometry:
    """The scales of one plot.

    `plot`: the ground of curve and forecast, px. `now_x`: where the history ends. `start`: int64 ns UTC of the left
    edge, a multiple of `column_ns`, the time of one pixel. `now`: int64 ns UTC, whole seconds. `ahead_ns`: wall clock
    ns shown right of now, 0 for no forecast. `values`: the range of the value axis.
    """

    plot: QRectF
    now_x: float
    start: int
    column_ns: int
    now: int
    ahead_ns: int
    values: Extent

    @property
    def columns(self) -> int:
        """Return the number of pixel columns of the history."""
        return int(self.now_x - self.plot.left())

    @property
    def end(self) -> int:
        """Return the instant at the right end of the history, int64 ns UTC."""
        return self.start + self.columns * self.column_ns

    @property
    def history(self) -> QRectF:
        """Return the ground of the history, px."""
        return QRectF(self.plot.left(), self.plot.top(), self.now_x - self.plot.left(), self.plot.height())

    @property
    def ahead(self) -> QRectF:
        """Return the ground of the forecast, px."""
        return QRectF(self.now_x, self.plot.top(), self.plot.right() - self.now_x, self.plot.height())

    def x(self, time: int) -> float:
        """Return the place of an instant on the history's scale."""
        return self.plot.left() + (time - self.start) / self.column_ns

    def x_ahead(self, time: int) -> float:
        """Return the place of an instant ahead of now on the forecast's scale."""
        return self.now_x + (time - self.now) / self.ahead_ns * (self.plot.right() - self.now_x)

    def earlier(self, shift: int) -> Geometry:
        """Return the scales on which what was about `shift` ns earlier stands at the same places, by whole columns."""
        return replace(self, start=self.start - round(shift / self.column_ns) * self.column_ns)

    def time(self, x: float) -> int:
        """Return the instant at a place of the history."""
        return self.start + round((x - self.plot.left()) * self.column_ns)

    def y(self, value: float) -> float:
        """Return the height of a value, px from the top."""
        return self.plot.bottom() - (value - self.values.low) / self.values.span * self.plot.height()

    def heights(self, values: ValueArray) -> ValueArray:
        """Return the heights of values (float64, any shape), kept near the plot so that no line is endless."""
        scale = self.plot.height() / self.values.span
        far = self.plot.height()
        heights: ValueArray = values * -scale
        heights += self.plot.bottom() + self.values.low * scale
        np.maximum(heights, self.plot.top() - far, out=heights)
        return np.minimum(heights, self.plot.bottom() + far, out=heights)


def column_width(span: int, columns: int) -> int:
    """Return the ns of one pixel column so that `columns` of them show about `span` ns."""
    width = max(span // max(columns, 1), PARTS)
    return width - width % PARTS


def left_edge(end: int, columns: int, width: int) -> int:
    """Return where `columns` whole columns begin, the last of which holds the instant `end`."""
    return (end // width + 1 - columns) * width
