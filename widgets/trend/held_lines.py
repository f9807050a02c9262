"""Values that still hold: from the last sample of a curve a line to the right, as long as nothing else is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.model.tag import TagDefinition
from widgets.theme import theme
from widgets.trend.drawn_curve import DrawnCurve
from widgets.trend.geometry import Geometry
from widgets.trend.plot import NOWHERE, PlotItem
from widgets.trend.span_curve import DOUBTFUL_ALPHA

LEVEL = 19
SHORTEST = 2.0
"""A line shorter than this, px, would only hem the newest sample of a curve that goes on."""


class HeldLines(PlotItem):
    """The layer below the curves. A server that tells changes alone says nothing while a valve stays open."""

    def __init__(self) -> None:
        super().__init__(level=LEVEL)
        self._lines: list[tuple[float, float, float, QPen]] = []

    @property
    def place(self) -> QRectF:
        """Return the pixels of all lines, empty where there are none."""
        return self.extent

    def follow(
        self,
        drawn: Sequence[tuple[TagDefinition, DrawnCurve]],
        geometry: Geometry,
        *,
        holds: Callable[[TagDefinition], bool],
    ) -> None:
        """Take the curves of some tags; `holds`: whether the newest value of one may be believed now."""
        plot, right, lines = geometry.plot, geometry.now_x, []
        for tag, each in drawn:
            columns = each.source.columns
            if not len(columns):
                continue
            left = max(each.x(int(columns.index[-1])), plot.left())
            if left > right - SHORTEST or not each.source.is_whole or not holds(tag):
                continue
            y = each.scale.y(float(columns.last[-1]))
            if plot.top() <= y <= plot.bottom():
                lines.append((left, right, y, _pen(each, is_doubtful=bool(columns.doubtful[-1]))))
        self._lines = lines
        margin = theme().px(2)
        place = NOWHERE
        for left, end, y, _ in lines:
            place = place.united(QRectF(left, y - margin, end - left, 2 * margin))
        self.set_extent(place)

    def draw(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for left, right, y, pen in self._lines:
            painter.setPen(pen)
            painter.drawLine(QPointF(left, y), QPointF(right, y))


def _pen(drawn: DrawnCurve, *, is_doubtful: bool) -> QPen:
    color = QColor(drawn.curve.color)
    if is_doubtful:
        color.setAlphaF(DOUBTFUL_ALPHA)
    pen = QPen(color, drawn.curve.width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if is_doubtful:
        pen.setDashPattern([3, 3])
    return pen
