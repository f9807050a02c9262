"""The value axes of pens in another unit than the first of their pane: at the right, in the colours of the pens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from app.model.tag import TagDefinition, TagKind
from app.model.unit_symbol import unit_symbol
from widgets.number import value_text
from widgets.rule import draw_level, draw_upright
from widgets.theme import SEMIBOLD, theme
from widgets.trend.geometry import Geometry
from widgets.trend.plot import NOWHERE, PlotItem
from widgets.trend.tick_text import fitted
from widgets.trend.value_range import Extent, ticks, whole_ticks

LEVEL = 11
WIDTH = 46
TICK_DISTANCE = 40
FEW_STATES = 8


def axis_key(tag: TagDefinition) -> tuple[str, bool]:
    """Return what tags must have in common to share an axis: their unit, and whether they are states."""
    return tag.unit, tag.kind is TagKind.DISCRETE


@dataclass(frozen=True, slots=True)
class ValueAxis:
    """One further axis: `tag`: the first that is measured by it, `pen`: its number, `extent`: its range.

    `is_fixed`: whether somebody has chosen it.
    """

    tag: TagDefinition
    pen: int
    extent: Extent
    is_fixed: bool = False

    def scale(self, geometry: Geometry) -> Geometry:
        """Return the scales of a plot with this axis in place of its first."""
        return replace(geometry, values=self.extent)


class ValueAxes(PlotItem):
    """Paints the further axes beside the plot, from its right edge on."""

    def __init__(self) -> None:
        super().__init__(level=LEVEL)
        self._geometry: Geometry | None = None
        self._axes: Sequence[ValueAxis] = ()

    def follow(self, geometry: Geometry, axes: Sequence[ValueAxis], *, view: QRectF) -> None:
        """Take what is to be shown."""
        self.set_extent(view if axes else NOWHERE)
        self._geometry, self._axes = geometry, axes

    def draw(self, painter: QPainter) -> None:
        if self._geometry is None:
            return
        for place, axis in enumerate(self._axes):
            _paint(painter, axis, axis.scale(self._geometry), self._geometry.plot.right() + place * theme().px(WIDTH))


def _paint(painter: QPainter, axis: ValueAxis, geometry: Geometry, left: float) -> None:
    look, plot = theme(), geometry.plot
    is_switch = axis.tag.kind is TagKind.DISCRETE and axis.extent.span < FEW_STATES
    marks = ticks(axis.extent, max(2, int(plot.height() / look.px(TICK_DISTANCE))))
    if is_switch:
        marks = whole_ticks(axis.extent)
    texts, font = fitted(marks, look.font("tiny"), look.px(WIDTH - 8))
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    draw_upright(painter, left + 1, (plot.top(), plot.bottom()), look.pen(axis.pen))
    foot = metrics.height()
    for value, fitting in zip(marks.values, texts, strict=True):
        y = geometry.y(value)
        if not plot.top() + foot / 2 < y < plot.bottom():
            continue
        draw_level(painter, y, (left + 1, left + look.px(4)), look.pen(axis.pen))
        painter.setPen(look.color("accent" if axis.is_fixed else "dim"))
        text = value_text(value, tag=axis.tag) if is_switch else fitting
        room = QRectF(left + look.px(7), y - foot / 2, look.px(WIDTH - 8), foot)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, shown)
    painter.setFont(look.font("tiny", weight=SEMIBOLD))
    painter.setPen(look.pen(axis.pen))
    room = QRectF(left + look.px(2), plot.bottom() + look.px(4), look.px(WIDTH - 3), look.px(16))
    unit = QFontMetricsF(painter.font()).elidedText(
        unit_symbol(axis.tag.unit), Qt.TextElideMode.ElideRight, room.width()
    )
    painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, unit)
