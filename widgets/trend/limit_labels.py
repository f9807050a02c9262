"""The names of the limits in a plot, each on its own line and none upon another."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from app.model.alarm import Priority
from app.model.tag import TagDefinition
from widgets.number import number
from widgets.theme import SEMIBOLD, theme
from widgets.trend.geometry import Geometry
from widgets.trend.limit_line import LimitLine, line_name
from widgets.trend.plot import NOWHERE, PlotItem

LEVEL = 25
COVER = 0.65


def limit_label(line: LimitLine, tag: TagDefinition) -> str:
    """Return name and value, "HH 7.1", with no more decimals than the limit has."""
    fitting = (k for k in range(tag.decimals) if round(line.value, k) == round(line.value, tag.decimals))
    return f"{line_name(line)} {number(line.value, decimals=next(fitting, tag.decimals))}"


class LimitLabels(PlotItem):
    """A layer above the curves: a name stays legible where a curve runs through it, and the curve shimmers through."""

    def __init__(self) -> None:
        super().__init__(level=LEVEL)
        self._geometry: Geometry | None = None
        self._labels: list[tuple[float, str, Priority | None]] = []

    def follow(
        self,
        geometry: Geometry,
        *,
        tag: TagDefinition,
        lines: tuple[LimitLine, ...],
        active: tuple[tuple[float, Priority], ...],
    ) -> None:
        """Take the limits of a tag; `active`: those whose alarm is active, with its priority."""
        self.set_extent(geometry.plot if lines else NOWHERE)
        self._geometry = geometry
        urgent = dict(active)
        labels = [(line.value, limit_label(line, tag), urgent.get(line.value)) for line in lines]
        # active limits come first, so that they keep the best place
        self._labels = sorted(labels, key=lambda label: label[2] is None)

    def draw(self, painter: QPainter) -> None:
        if self._geometry is None:
            return
        look, geometry, plot = theme(), self._geometry, self._geometry.history
        font = look.font("small", weight=SEMIBOLD)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        ground = QColor(look.color("plot"))
        ground.setAlphaF(COVER)
        taken: list[QRectF] = []
        for value, text, priority in self._labels:
            if geometry.values.low <= value <= geometry.values.high:
                start = QPointF(plot.left() + look.px(8), geometry.y(value))
                place = _free_place(metrics, text, start, plot, taken)
                taken.append(place)
                painter.fillRect(place, ground)
                painter.setPen(_label_color(priority))
                painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def _label_color(priority: Priority | None) -> QColor:
    """Return the colour of a name: that of the active alarm, where it can be read on this theme's ground."""
    look = theme()
    if priority is None:
        return look.color("dim")
    return look.priority(priority) if look.is_dark else look.color("text")


def _free_place(metrics: QFontMetricsF, text: str, start: QPointF, plot: QRectF, taken: list[QRectF]) -> QRectF:
    """Return where a label stands: on its line, under it at the top edge, farther right where another one stands."""
    width, height = metrics.horizontalAdvance(text) + 2, metrics.height()
    top = start.y() - height - 1
    place = QRectF(start.x(), top if top > plot.top() else start.y() + 1, width, height)
    while any(place.intersects(other) for other in taken) and place.right() < plot.right():
        place.translate(width + 8, 0)
    return place
