"""Marks on the time axis where somebody did something: a letter in a frame, and in words beside the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from widgets.rule import draw_upright
from widgets.theme import SEMIBOLD, theme
from widgets.trend.chip import chip_size, paint_chip
from widgets.trend.deeds import Deed
from widgets.trend.geometry import Geometry
from widgets.trend.plot import NOWHERE, PlotItem

LEVEL = 41  # over the cursor's line, which would strike the words through
SIDE = 15
NEAR = 9
"""A cursor within so many px has the deed told in words."""


class DeedMarks(PlotItem):
    """The letters stand on the axis, each over a thin rule; where many fall together the newest is seen."""

    def __init__(self) -> None:
        super().__init__(level=LEVEL)
        self._geometry: Geometry | None = None
        self._deeds: Sequence[Deed] = ()
        self._words = ""
        self._instant: int | None = None

    def near(self, geometry: Geometry, deeds: Sequence[Deed], instant: int | None) -> list[Deed]:
        """Return the deeds that stand where the cursor does."""
        if instant is None:
            return []
        return [deed for deed in deeds if abs(geometry.x(deed.time) - geometry.x(instant)) <= theme().px(NEAR)]

    def follow(
        self, geometry: Geometry, deeds: Sequence[Deed], instant: int | None, *, words: str, view: QRectF
    ) -> None:
        """Take the deeds to be shown, oldest first, and what is said of those near the cursor."""
        self.set_extent(view if deeds else NOWHERE)
        self._geometry, self._deeds, self._instant, self._words = geometry, deeds, instant, words

    def draw(self, painter: QPainter) -> None:
        geometry = self._geometry
        if geometry is None:
            return
        look, plot = theme(), geometry.history
        side = look.px(SIDE)
        font = look.font("tiny", weight=SEMIBOLD)
        painter.setFont(font)
        for deed in self._deeds:
            x = geometry.x(deed.time)
            if not plot.left() <= x <= plot.right():
                continue
            dotted = QPen(look.color("process_line"), 1, Qt.PenStyle.DotLine)
            draw_upright(painter, x, (plot.top(), plot.bottom() - side), dotted)
            frame = QRectF(x - side / 2, plot.bottom() - side - 1, side, side)
            painter.setPen(QPen(look.color("process_line"), 1.2))
            painter.setBrush(look.color("raised"))
            painter.drawRoundedRect(frame, 2, 2)
            painter.setPen(look.color("text"))
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, deed.kind.value)
        if self._words and self._instant is not None:
            size = chip_size(self._words, font)
            width = min(size.width(), plot.width())
            left = min(max(geometry.x(self._instant) - width / 2, plot.left()), plot.right() - width)
            place = QRectF(left, plot.bottom() - side - size.height() - look.px(6), width, size.height())
            paint_chip(painter, place, self._words, font)
