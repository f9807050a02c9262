"""One pen of a plot: a bar per column where it is noisy, and lines elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.model.block import ValueArray
from widgets.drawn_array import LineArray, RectArray
from widgets.trend.bars import Bars, no_bars
from widgets.trend.decimate import Columns, Mask

Lines = NDArray[np.float64]
Line = tuple[float, float, float, float]
"""x and y of both ends, px."""
DOUBTFUL_ALPHA = 0.55
TALL = 2.0
"""A good column whose values spread over more px than this is a bar: upright edges need no smoothing."""
_DASH = 3


class SpanCurve:
    """The curve of one tag, `color` and `width` (px) of its line.

    Where all is good it is solid; where something is doubtful (StatusCode uncertain, or bad samples in a column) it is
    dashed and dimmer; where there is no value there is no line. With `is_stepped` a value holds until the next one.
    """

    def __init__(self, *, is_stepped: bool = False) -> None:
        self.color = QColor()
        self.width = 1.5
        self.is_stepped = is_stepped
        self._solid = LineArray()
        self._doubtful = LineArray()
        self._bars = no_bars()
        self._few_bars: Sequence[QRectF] = ()
        self._rects = RectArray()

    @property
    def lines(self) -> tuple[int, int]:
        """Return how many lines are solid and how many are dashed."""
        return len(self._solid), len(self._doubtful)

    def bar_width(self, ratio: float) -> float:
        """Return how wide a bar is, px: as wide as the line, in whole device pixels, `ratio` of which are a px."""
        return max(1, round(self.width * ratio)) / ratio

    @property
    def bars(self) -> Bars:
        """Return what is drawn as bars."""
        return self._bars

    def hold(self, bars: Bars, lines: Lines, doubtful: Mask) -> None:
        """Take what is to be drawn: bars, and lines (x and y of both ends)."""
        self._bars, self._few_bars = bars, ()
        _fill(self._solid, lines, ~doubtful)
        _fill(self._doubtful, lines, doubtful)

    def hold_few(self, bars: Sequence[QRectF], solid: Sequence[Line], doubtful: Sequence[Line]) -> None:
        """Take what is to be drawn of some columns: bars, and solid and dashed lines."""
        self._bars, self._few_bars = no_bars(), bars
        for target, lines in ((self._solid, solid), (self._doubtful, doubtful)):
            array = target.resize(len(lines))
            if lines:
                array[:] = lines

    def draw_bars(self, painter: QPainter) -> None:
        """Fill the bars: upright edges need no smoothing, and smoothed lines of 2 px take ten times as long."""
        for rect in self._few_bars:
            painter.fillRect(rect, self.color)
        if not len(self._bars):
            return
        self._rects.resize(len(self._bars))[:] = self._bars.rects()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.color)
        self._rects.draw(painter)

    def draw_lines(self, painter: QPainter) -> None:
        """Draw the lines."""
        if not len(self._solid) and not len(self._doubtful):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if len(self._solid):
            painter.setPen(self._pen())
            self._solid.draw(painter)
        if len(self._doubtful):
            color = QColor(self.color)
            color.setAlphaF(DOUBTFUL_ALPHA)
            pen = self._pen()
            pen.setColor(color)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setDashPattern([_DASH, _DASH])
            painter.setPen(pen)
            self._doubtful.draw(painter)

    def _pen(self) -> QPen:
        pen = QPen(self.color, self.width)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        return pen


@dataclass(frozen=True, slots=True)
class Spans:
    """What columns are drawn as. `bars`: the rows that are bars; `lines`: shape (m, 4), px; `rows`: of each line.

    `doubtful`: which lines are, shape (m,).
    """

    bars: NDArray[np.intp]
    lines: Lines
    rows: NDArray[np.intp]
    doubtful: Mask


def spans_of(screen: Columns, x: ValueArray, *, is_stepped: bool | Mask) -> Spans:
    """Return bars and lines of columns whose values are px already and which stand at `x`, shape (n,).

    `is_stepped`: whether a value holds until the next one; of each row where it differs.
    """
    is_bar = (np.abs(screen.high - screen.low) > TALL) & ~screen.doubtful
    is_joined = ~screen.severed[1:]
    has_neighbour = np.zeros(len(screen), np.bool_)
    has_neighbour[1:] = is_joined
    has_neighbour[:-1] |= is_joined
    joined = np.flatnonzero(is_joined & ~_touching(screen, is_bar)) + 1
    is_flat = screen.low == screen.high
    tall = np.flatnonzero(~is_flat & ~is_bar)
    alone = np.flatnonzero(is_flat & ~has_neighbour)
    slanted, stepped = (joined, joined[:0]) if is_stepped is False else (joined[:0], joined)
    if not isinstance(is_stepped, bool):
        slanted, stepped = joined[~is_stepped[joined]], joined[is_stepped[joined]]
    before, held = slanted - 1, screen.last[stepped - 1]
    rows = np.concatenate((tall, alone, slanted, stepped, stepped))
    lines = np.concatenate(
        (
            _lines(x[tall], screen.low[tall], x[tall], screen.high[tall]),
            _lines(x[alone] - 1, screen.low[alone], x[alone] + 1, screen.low[alone]),
            _lines(x[before], screen.last[before], x[slanted], screen.first[slanted]),
            _lines(x[stepped - 1], held, x[stepped], held),
            _lines(x[stepped], held, x[stepped], screen.first[stepped]),
        )
    )
    return Spans(np.flatnonzero(is_bar), lines, rows, screen.doubtful[rows])


def bar_ends(screen: Columns, rows: NDArray[np.intp], width: ValueArray) -> ValueArray:
    """Return top and bottom of bars, shape (2, n), as much longer as the square cap of a line of their width."""
    low, high = screen.low[rows], screen.high[rows]
    return np.array((np.minimum(low, high) - width / 2, np.maximum(low, high) + width / 2))


def _touching(screen: Columns, is_bar: Mask) -> Mask:
    """Return which columns but the first are bars beside a bar they touch: the line between them would be unseen."""
    top, bottom = np.minimum(screen.low, screen.high), np.maximum(screen.low, screen.high)
    is_beside = is_bar[1:] & is_bar[:-1] & (np.diff(screen.index) == 1)
    touching: Mask = is_beside & (top[1:] <= bottom[:-1]) & (top[:-1] <= bottom[1:])
    return touching


def _lines(*ends: ValueArray) -> Lines:
    return np.array(ends).T


def _fill(target: LineArray, lines: Lines, chosen: Mask) -> None:
    number = int(np.count_nonzero(chosen))
    array = target.resize(number)
    if number == len(lines):
        array[:] = lines
    elif number:
        array[:] = lines[chosen]
