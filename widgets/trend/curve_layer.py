"""All curves of a plot in one layer: while time goes on, what is there moves to the left and only the new is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from app.model.block import ValueArray
from widgets.trend.bars import rects_of
from widgets.trend.decimate import Columns, IndexArray, chain
from widgets.trend.geometry import Geometry
from widgets.trend.growing_columns import GrowingColumns, Tail
from widgets.trend.plot import PlotItem
from widgets.trend.span_curve import SpanCurve, bar_ends, spans_of
from widgets.trend.value_range import Extent

LEVEL = 20
_REACH = 4.0
"""So many px from its middle a column is drawn at most, with the end of its line."""


@dataclass(frozen=True, slots=True)
class DrawnCurve:
    """One curve in a frame: its columns in view, each the `parts`-th part of one of the scale's, out of `source`."""

    curve: SpanCurve
    columns: Columns
    source: GrowingColumns
    scale: Geometry
    parts: int

    def x(self, index: int) -> float:
        """Return the middle of a column, px."""
        first = self.scale.start // (self.scale.column_ns // self.parts)
        return self.scale.plot.left() + (index - first + 0.5) / self.parts

    def right_of(self, left: float) -> Columns:
        """Return the columns that are drawn right of `left`, px, and the one before, from which a line leads there."""
        first = self.scale.start // (self.scale.column_ns // self.parts)
        index = first + (left - _REACH - self.scale.plot.left()) * self.parts - 0.5
        begin = max(int(np.searchsorted(self.columns.index, index)) - 1, 0)
        return self.columns.part(begin, len(self.columns))


@dataclass(frozen=True, slots=True)
class _Look:
    """What makes another picture of the same samples."""

    plot: QRectF
    now_x: float
    column_ns: int
    ratio: float
    curves: tuple[tuple[int, int, int, Extent, QColor, float], ...]


class CurveLayer(PlotItem):
    """Draws curves at once, and out of a pixmap where two frames in a row differ by nothing but the time.

    The first curve lies on top. `is_printed`: lines are wanted, no pixels.
    """

    def __init__(self) -> None:
        super().__init__(level=LEVEL)
        self.is_printed = False
        self._drawn: Sequence[DrawnCurve] = ()
        self._look: _Look | None = None
        self._start = 0
        self._tails: list[tuple[int, Tail]] = []
        self._pixmap: QPixmap | None = None
        self._ground = QRectF()

    def forget(self) -> None:
        """Draw anew at the next frame: other curves are shown."""
        self._look = self._pixmap = None
        self._drawn = ()

    def follow(self, drawn: Sequence[DrawnCurve], geometry: Geometry, *, ratio: float) -> QRectF | None:
        """Take the curves to be shown; return where they differ from what was, px, None for everywhere."""
        self.set_extent(geometry.plot)
        look, tails = _look(drawn, geometry, ratio), [(len(each.source.columns), each.source.tail) for each in drawn]
        shift = (geometry.start - self._start) // geometry.column_ns
        goes_on = look == self._look and not self.is_printed and 0 <= shift < geometry.columns // 2
        before = self._tails
        self._look, self._start, self._tails, self._drawn = look, geometry.start, tails, drawn
        self._ground = geometry.history
        if not goes_on or not (shift * ratio).is_integer():
            self._pixmap = None
            for each in drawn:
                each.curve.follow(each.columns, each.scale, parts=each.parts)
            return None
        return self._go_on(drawn, shift, before, ratio)

    def draw(self, painter: QPainter) -> None:
        if self._pixmap is not None:
            painter.drawPixmap(self._ground.topLeft(), self._pixmap)
            return
        for each in reversed(self._drawn):
            each.curve.draw(painter)

    def _go_on(
        self, drawn: Sequence[DrawnCurve], shift: int, before: Sequence[tuple[int, Tail]], ratio: float
    ) -> QRectF | None:
        pixmap = self._pixmap
        if pixmap is None:
            size = self._ground.size() * ratio
            self._pixmap = pixmap = QPixmap(math.ceil(size.width()), math.ceil(size.height()))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            self._draw_from(pixmap, drawn, self._ground.left())
            return None
        left = min((_first_change(each, tail) for each, tail in zip(drawn, before, strict=True)), default=math.inf)
        if shift:
            pixmap.scroll(-round(shift * ratio), 0, pixmap.rect())
            left = min(left, self._ground.right() - shift)
        left = max(float(math.floor(left)) if math.isfinite(left) else left, self._ground.left())
        if left >= self._ground.right():
            return QRectF()
        self._draw_from(pixmap, drawn, left)
        return None if shift else self._right_of(left)

    def _draw_from(self, pixmap: QPixmap, drawn: Sequence[DrawnCurve], left: float) -> None:
        """Draw what lies right of `left` anew."""
        with QPainter(pixmap) as painter:
            painter.translate(-self._ground.topLeft())
            place = self._right_of(left)
            painter.setClipRect(place)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
            painter.fillRect(place, Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            hold_tails(drawn, left)
            for each in reversed(drawn):
                each.curve.draw(painter)

    def _right_of(self, left: float) -> QRectF:
        return QRectF(left, self._ground.top(), self._ground.right() - left, self._ground.height())


def hold_tails(drawn: Sequence[DrawnCurve], left: float) -> None:
    """Have each curve hold what lies right of `left`, px: the columns of all are reckoned together, as they are few."""
    tails = [each.right_of(left) for each in drawn]
    sizes = [len(tail) for tail in tails]
    owner = np.repeat(np.arange(len(drawn)), sizes)
    whole = chain(*tails)
    severed = whole.severed.copy()
    severed[[begin for begin in np.cumsum([0, *sizes[:-1]]).tolist() if begin < len(severed)]] = True
    x = _x(drawn, whole.index, owner)
    low, high, first, last = _heights(drawn, np.array((whole.low, whole.high, whole.first, whole.last)), owner)
    screen = Columns(whole.index, low, high, first, last, whole.doubtful, severed)
    spans = spans_of(screen, x, is_stepped=np.array([each.curve.is_stepped for each in drawn])[owner])
    width = np.array([each.curve.bar_width for each in drawn])[owner[spans.bars]]
    top, bottom = bar_ends(screen, spans.bars, width)
    bars = rects_of(x[spans.bars] - width / 2, np.round(top), np.round(bottom), width)
    of_bar, of_line = owner[spans.bars], owner[spans.rows]
    for number, each in enumerate(drawn):
        chosen = of_line == number
        each.curve.hold(bars[of_bar == number], spans.lines[chosen], spans.doubtful[chosen], each.scale)


def _x(drawn: Sequence[DrawnCurve], index: IndexArray, owner: NDArray[np.intp]) -> ValueArray:
    parts = np.array([each.parts for each in drawn])[owner]
    first = np.array([each.scale.start // (each.scale.column_ns // each.parts) for each in drawn], np.int64)[owner]
    x: ValueArray = drawn[0].scale.plot.left() + (index - first + 0.5) / parts
    return x


def _heights(drawn: Sequence[DrawnCurve], values: ValueArray, owner: NDArray[np.intp]) -> ValueArray:
    """Return the heights of values, shape (4, n), each on the scale of its curve, as `Geometry.heights` does."""
    plot = drawn[0].scale.plot
    scale = plot.height() / np.array([each.scale.values.span for each in drawn])
    foot = plot.bottom() + np.array([each.scale.values.low for each in drawn]) * scale
    heights: ValueArray = foot[owner] - values * scale[owner]
    return np.clip(heights, plot.top() - plot.height(), plot.bottom() + plot.height())


def _look(drawn: Sequence[DrawnCurve], geometry: Geometry, ratio: float) -> _Look:
    curves = tuple(
        (
            id(each.source),
            each.parts,
            each.scale.start - geometry.start,
            each.scale.values,
            each.curve.color,
            each.curve.width,
        )
        for each in drawn
    )
    return _Look(geometry.plot, geometry.now_x, geometry.column_ns, ratio, curves)


def _first_change(drawn: DrawnCurve, before: tuple[int, Tail]) -> float:
    """Return from where on a curve differs, px: from the column before the one that was the last."""
    number, _ = before
    if (len(drawn.source.columns), drawn.source.tail) == before:
        return math.inf
    index = drawn.source.columns.index
    return drawn.x(int(index[max(number - 2, 0)])) - _REACH if number else -math.inf
