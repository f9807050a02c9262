"""One signal over another: a point for each instant, the older the paler, so that a drift is seen as one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.number import number
from widgets.theme import SEMIBOLD, theme
from widgets.trend.value_range import Extent, rounded, ticks

LEFT, RIGHT, TOP, BOTTOM = 64, 12, 26, 40
AGES = 8
OLDEST = 0.15
TICK_DISTANCE = 60


class XYPlot(QWidget):
    """Shows pairs of values; `title_x`, `title_y` name the axes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.title_x = self.title_y = ""
        self._x = self._y = np.empty(0)

    def __len__(self) -> int:
        """Return the number of points."""
        return len(self._x)

    def show_pairs(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> None:
        """Take values of the same instants, oldest first; pairs with a NaN are left out."""
        is_whole = np.isfinite(x) & np.isfinite(y)
        self._x, self._y = x[is_whole], y[is_whole]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        area = QRectF(self.rect()).adjusted(look.px(LEFT), look.px(TOP), -look.px(RIGHT), -look.px(BOTTOM))
        with QPainter(self) as painter:
            painter.fillRect(area, look.color("plot"))
            painter.setFont(look.font("tiny", weight=SEMIBOLD))
            painter.setPen(look.color("dim"))
            painter.drawText(QPointF(look.px(6), look.px(16)), self.title_y)
            foot = QRectF(area.left(), area.bottom() + look.px(18), area.width(), look.px(18))
            painter.drawText(foot, Qt.AlignmentFlag.AlignRight, self.title_x)
            if not len(self._x):
                return
            across = rounded(Extent(float(self._x.min()), float(self._x.max())))
            up = rounded(Extent(float(self._y.min()), float(self._y.max())))
            self._paint_grid(painter, area, across, up)
            self._paint_points(painter, area, across, up)

    @staticmethod
    def _paint_grid(painter: QPainter, area: QRectF, across: Extent, up: Extent) -> None:
        look = theme()
        painter.setFont(look.font("tiny"))
        marks = ticks(across, max(2, int(area.width() / look.px(TICK_DISTANCE))))
        for value in marks.values:
            x = area.left() + (value - across.low) / across.span * area.width()
            painter.setPen(look.color("grid"))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
            painter.setPen(look.color("dim"))
            place = QRectF(x - 40, area.bottom() + look.px(3), 80, look.px(16))
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, number(value, decimals=marks.decimals))
        marks = ticks(up, max(2, int(area.height() / look.px(TICK_DISTANCE))))
        for value in marks.values:
            y = area.bottom() - (value - up.low) / up.span * area.height()
            painter.setPen(look.color("grid"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(look.color("dim"))
            place = QRectF(0, y - look.px(8), area.left() - look.px(6), look.px(16))
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(place, flags, number(value, decimals=marks.decimals))

    def _paint_points(self, painter: QPainter, area: QRectF, across: Extent, up: Extent) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = area.left() + (self._x - across.low) / across.span * area.width()
        y = area.bottom() - (self._y - up.low) / up.span * area.height()
        for age, rows in enumerate(np.array_split(np.arange(len(x)), AGES), 1):
            color = QColor(theme().pen(0))
            color.setAlphaF(OLDEST + (1 - OLDEST) * age / AGES)
            pen = QPen(color, theme().px(3))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints([QPointF(float(a), float(b)) for a, b in zip(x[rows], y[rows], strict=True)])
