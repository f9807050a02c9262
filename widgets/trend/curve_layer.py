"""All curves of a plot in one layer: while time goes on, what is there moves to the left and only the new is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from widgets.trend.bar_picture import CURVES, BarPicture
from widgets.trend.curve_tail import hold_tail
from widgets.trend.drawn_curve import REACH, DrawnCurve, hold_shapes
from widgets.trend.geometry import Geometry
from widgets.trend.growing_columns import Tail
from widgets.trend.plot import PlotItem
from widgets.trend.value_range import Extent

LEVEL = 20
_ROWS_PER_PIXEL = 0.15
"""A row of a bar costs as much as a seventh part of a pixel of a picture of all bars."""
_FEW_PX = 40.0
"""Up to this width the columns of a strip are sooner calculated one by one."""


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

    Bands, which are noisy, lie below all others; of each kind the first curve lies on top. `is_printed`: lines are
    wanted, no pixels.
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
        self._ratio = 1.0
        self._bands: Sequence[bool] = ()
        self._held_from = math.inf  # right of it curves hold what is drawn, but for the stale ones
        self._stale: set[int] = set()
        self._pictures: Sequence[BarPicture] | None = None

    def forget(self) -> None:
        """Draw anew at the next frame: other curves are shown."""
        self._look = self._pixmap = self._pictures = None
        self._drawn = self._bands = ()

    def follow(self, drawn: Sequence[DrawnCurve], geometry: Geometry, *, ratio: float) -> QRectF | None:
        """Take the curves to be shown; return where they differ from what was, px, None for everywhere."""
        self.set_extent(geometry.plot)
        look, tails = _look(drawn, geometry, ratio), [(len(each.source.columns), each.source.tail) for each in drawn]
        shift = (geometry.start - self._start) // geometry.column_ns
        goes_on = look == self._look and not self.is_printed and 0 <= shift < geometry.columns // 2
        before = self._tails
        self._look, self._start, self._tails, self._drawn = look, geometry.start, tails, drawn
        self._ground, self._ratio = geometry.history, ratio
        self._pictures = None
        if not goes_on or shift:
            bands = [each.is_band for each in drawn]
            goes_on = goes_on and bands == self._bands
            self._bands = bands
        if not goes_on or not (shift * ratio).is_integer():
            self._pixmap = None
            self._hold_all(drawn)
            return None
        return self._go_on(drawn, shift, before, ratio)

    def draw(self, painter: QPainter) -> None:
        if self._pixmap is not None:
            painter.drawPixmap(self._ground.topLeft(), self._pixmap)
            return
        painter.setClipRect(self._ground, Qt.ClipOperation.IntersectClip)
        if self._pictures is None:
            self._pictures = self._pictures_of_bands()
        self._draw_curves(painter, self._pictures)

    def _draw_curves(self, painter: QPainter, pictures: Sequence[BarPicture]) -> None:
        """Draw bands, out of pictures where there are any, and above them the others, which they would hide."""
        for picture in pictures:
            picture.draw(painter)
        for is_band in (True, False):
            for each, kind in reversed(list(zip(self._drawn, self._bands, strict=True))):
                if kind is is_band:
                    if not (is_band and pictures):
                        each.curve.draw_bars(painter)
                    each.curve.draw_lines(painter)

    def _pictures_of_bands(self) -> Sequence[BarPicture]:
        """Return the bars of all bands as pictures, the lowest first; none where they are sooner drawn one by one."""
        ground = self._ground
        bands = [each.curve for each, is_band in zip(self._drawn, self._bands, strict=True) if is_band]
        height = sum(each.bars.height * each.bars.width for each in bands) / 2
        if self.is_printed or height < _ROWS_PER_PIXEL * ground.width() * ground.height():
            return ()
        groups = [bands[place : place + CURVES] for place in range(0, len(bands), CURVES)]
        return [
            BarPicture([each.bars for each in group], [each.color for each in group], ground=ground, ratio=self._ratio)
            for group in reversed(groups)
        ]

    def _go_on(
        self, drawn: Sequence[DrawnCurve], shift: int, before: Sequence[tuple[int, Tail]], ratio: float
    ) -> QRectF | None:
        pixmap = self._pixmap
        if pixmap is None:
            size = self._ground.size() * ratio
            self._pixmap = pixmap = QPixmap(math.ceil(size.width()), math.ceil(size.height()))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            self._hold_all(drawn)
            with QPainter(pixmap) as painter:
                painter.translate(-self._ground.topLeft())
                self._draw_curves(painter, self._pictures_of_bands())
            return None
        changes = [_first_change(each, tail) for each, tail in zip(drawn, before, strict=True)]
        self._stale.update(number for number, change in enumerate(changes) if change < math.inf)
        left = min(changes, default=math.inf)
        if shift:
            self._held_from = math.inf
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
            self._hold_from(drawn, left)
            self._draw_curves(painter, ())

    def _hold_from(self, drawn: Sequence[DrawnCurve], left: float) -> None:
        """Have curves hold what is drawn of them right of `left`; those that hold it already are left alone."""
        if self._ground.right() - left > _FEW_PX:
            self._hold_all(drawn)
            return
        stale: Iterable[int] = self._stale
        if left < self._held_from:
            self._held_from, stale = left, range(len(drawn))
        for number in stale:
            hold_tail(drawn[number], self._held_from, ratio=self._ratio)
        self._stale.clear()

    def _hold_all(self, drawn: Sequence[DrawnCurve]) -> None:
        hold_shapes(drawn, ratio=self._ratio)
        self._held_from = math.inf
        self._stale.clear()

    def _right_of(self, left: float) -> QRectF:
        return QRectF(left, self._ground.top(), self._ground.right() - left, self._ground.height())


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
    return drawn.x(int(index[max(number - 2, 0)])) - REACH if number else -math.inf
