"""The two marks A and B between which statistics are told: a line each, and the ground between them tinted."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from widgets.rule import draw_upright
from widgets.theme import SEMIBOLD, theme
from widgets.trend.chip import chip_size, paint_chip
from widgets.trend.geometry import Geometry
from widgets.trend.plot import NOWHERE, PlotItem

LEVEL = 38
GROUND = 0.10
NAMES = ("A", "B")


class MarkLines(PlotItem):
    """Shows nothing while there are no marks."""

    def __init__(self) -> None:
        super().__init__(level=LEVEL)
        self._geometry: Geometry | None = None
        self._marks: tuple[int, ...] = ()

    def follow(self, geometry: Geometry, marks: tuple[int, ...], *, view: QRectF) -> None:
        """Take the marks, int64 ns UTC, in the order of time."""
        self.set_extent(view if marks else NOWHERE)
        self._geometry, self._marks = geometry, marks

    def signs(self) -> list[QRectF]:
        """Return where the signs of the marks in view stand, which other words give way to."""
        geometry = self._geometry
        if geometry is None:
            return []
        plot, font = geometry.history, theme().font("tiny", weight=SEMIBOLD)
        found = []
        for name, mark in zip(NAMES, self._marks, strict=False):
            x, size = geometry.x(mark), chip_size(name, font)
            if plot.left() <= x <= plot.right():
                left = min(max(x - size.width() / 2, plot.left()), plot.right() - size.width())
                found.append(QRectF(QPointF(left, plot.top() + theme().px(1)), size))
        return found

    def draw(self, painter: QPainter) -> None:
        geometry = self._geometry
        if geometry is None or not self._marks:
            return
        look, plot = theme(), geometry.history
        places = [geometry.x(mark) for mark in self._marks]
        if len(places) == len(NAMES):
            left, right = max(places[0], plot.left()), min(places[1], plot.right())
            ground = QColor(look.color("accent"))
            ground.setAlphaF(GROUND)
            if right > left:
                painter.fillRect(QRectF(left, plot.top(), right - left, plot.height()), ground)
        font = look.font("tiny", weight=SEMIBOLD)
        in_view = [(name, x) for name, x in zip(NAMES, places, strict=False) if plot.left() <= x <= plot.right()]
        for (name, x), sign in zip(in_view, self.signs(), strict=True):
            draw_upright(painter, x, (plot.top(), plot.bottom()), QPen(look.color("accent"), 1.4))
            paint_chip(painter, sign, name, font, token="accent")
