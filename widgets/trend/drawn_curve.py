"""The curves of a plot in one frame, and what they are drawn as: the columns of all are reckoned together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from app.model.block import ValueArray
from widgets.trend.bars import Bars
from widgets.trend.decimate import Columns, IndexArray, chain
from widgets.trend.geometry import Geometry
from widgets.trend.growing_columns import GrowingColumns
from widgets.trend.span_curve import Lines, SpanCurve, bar_ends, spans_of

REACH = 4.0
"""So many px from its middle a column is drawn at most, with the end of its line."""
BAND = 8.0
"""A curve whose columns are in the mean higher than this, px, is a band."""
HALF = 0.500_001
"""Bars begin at whole device pixels, those that would begin half way at the next one, however they were reckoned."""


@dataclass(frozen=True, slots=True)
class DrawnCurve:
    """One curve in a frame: its columns in view, each the `parts`-th part of one of the scale's, out of `source`."""

    curve: SpanCurve
    columns: Columns
    source: GrowingColumns
    scale: Geometry
    parts: int

    @property
    def is_band(self) -> bool:
        """Whether it is so noisy that it covers what lies beneath it."""
        thick = (self.columns.high - self.columns.low).sum() * self.scale.plot.height() / self.scale.values.span
        return bool(thick > BAND * len(self.columns))

    def x(self, index: int) -> float:
        """Return the middle of a column, px."""
        first = self.scale.start // (self.scale.column_ns // self.parts)
        return self.scale.plot.left() + (index - first + 0.5) / self.parts

    def begin_of(self, left: float) -> int:
        """Return the row of the column before those drawn right of `left`, px: a line leads there from it."""
        first = self.scale.start // (self.scale.column_ns // self.parts)
        index = first + (left - REACH - self.scale.plot.left()) * self.parts - 0.5
        return max(int(self.columns.index.searchsorted(index)) - 1, 0)


def hold_shapes(drawn: Sequence[DrawnCurve], *, ratio: float) -> None:
    """Have each curve hold what is drawn of it.

    Bars stand in whole device pixels, `ratio` of which are a px.
    """
    if not drawn:
        return
    parts = [each.columns for each in drawn]
    edges = np.cumsum([0, *(len(part) for part in parts)])
    owner = np.repeat(np.arange(len(drawn)), np.diff(edges))
    whole = chain(*parts)
    severed = whole.severed.copy()
    severed[edges[:-1][edges[:-1] < len(severed)]] = True
    x = _x(drawn, whole.index, owner)
    low, high, first, last = _heights(drawn, np.array((whole.low, whole.high, whole.first, whole.last)), owner)
    screen = Columns(whole.index, low, high, first, last, whole.doubtful, severed)
    stepped = np.array([each.curve.is_stepped for each in drawn])
    spans = spans_of(screen, x, is_stepped=stepped[owner] if stepped.any() else False)
    widths = np.array([each.curve.bar_width(ratio) for each in drawn])
    width = widths[owner[spans.bars]]
    top, bottom = np.round(bar_ends(screen, spans.bars, width) * ratio) / ratio
    begin = np.floor((x[spans.bars] - width / 2) * ratio + HALF) / ratio
    pieces = np.searchsorted(spans.bars, edges)
    of_line = owner[spans.rows]
    lines = within(spans.lines, drawn[0].scale.plot)
    for number, each in enumerate(drawn):
        piece, chosen = slice(pieces[number], pieces[number + 1]), of_line == number
        bars = Bars(begin[piece], top[piece], bottom[piece], float(widths[number]))
        each.curve.hold(bars, lines[chosen], spans.doubtful[chosen])


def within(lines: Lines, plot: QRectF) -> Lines:
    """Return lines (x and y of both ends, shape (n, 4)) without what lies far beside the plot.

    To a value that has held for a year leads a line of a million pixels, of which Qt knows no place any more.
    """
    left, right = beside(plot)
    ends = lines[:, 0::2]
    if not len(lines) or (ends.min() >= left and ends.max() <= right):
        return lines
    x0, y0, x1, y1 = lines.T
    slope = np.divide(y1 - y0, x1 - x0, out=np.zeros(len(lines)), where=x1 != x0)  # what stands upright has none
    begin, end = np.clip(x0, left, right), np.clip(x1, left, right)
    return np.array((begin, y0 + slope * (begin - x0), end, y0 + slope * (end - x0))).T


def beside(plot: QRectF) -> tuple[float, float]:
    """Return how far to the left and to the right of a plot lines are drawn, px."""
    return plot.left() - plot.width(), plot.right() + plot.width()


def _of_rows(values: Sequence[float] | IndexArray | ValueArray, owner: NDArray[np.intp]) -> ValueArray | IndexArray:
    """Return the value of the curve of each row; where all curves have the same, one for all rows."""
    each = np.asarray(values)
    return each[owner] if (each != each[0]).any() else each[:1]


def _x(drawn: Sequence[DrawnCurve], index: IndexArray, owner: NDArray[np.intp]) -> ValueArray:
    first = np.array([each.scale.start // (each.scale.column_ns // each.parts) for each in drawn], np.int64)
    x: ValueArray = (index - _of_rows(first, owner) + 0.5) / _of_rows([each.parts for each in drawn], owner)
    x += drawn[0].scale.plot.left()
    return x


def _heights(drawn: Sequence[DrawnCurve], values: ValueArray, owner: NDArray[np.intp]) -> ValueArray:
    """Return the heights of values, shape (4, n), each on the scale of its curve, as `Geometry.heights` does."""
    plot = drawn[0].scale.plot
    scale = plot.height() / np.array([each.scale.values.span for each in drawn])
    foot = plot.bottom() + np.array([each.scale.values.low for each in drawn]) * scale
    values *= -_of_rows(scale, owner)
    values += _of_rows(foot, owner)
    np.maximum(values, plot.top() - plot.height(), out=values)
    return np.minimum(values, plot.bottom() + plot.height(), out=values)
