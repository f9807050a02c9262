"""What stands still in a plot: ground, normal band, value axis and limits, painted once into a pixmap."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from app.model.alarm import Priority
from app.model.tag import TagDefinition, TagKind
from widgets.number import value_text
from widgets.rule import draw_level, draw_upright
from widgets.theme import Token, theme
from widgets.translation import language, tr
from widgets.trend.geometry import Geometry
from widgets.trend.limit_line import LimitLine
from widgets.trend.plot import PlotItem
from widgets.trend.tick_text import fitted
from widgets.trend.value_range import Extent, ticks, whole_ticks

LEVEL = 0
TICK_DISTANCE = 38


@dataclass(frozen=True, slots=True)
class GroundLook:
    """Everything that the ground depends on; equal looks give equal pixels.

    `size`, `ratio`: of the view, px and device pixels per px. `active`: the limits whose alarm is active, with the
    alarm's priority.
    """

    size: tuple[int, int]
    ratio: float
    plot: QRectF
    now_x: float
    values: Extent
    tag: str
    lines: tuple[LimitLine, ...]
    active: tuple[tuple[float, Priority], ...]
    theme: str
    scale: float
    language: str
    is_fixed: bool = False


class Ground(PlotItem):
    """The lowest layer of a plot."""

    def __init__(self) -> None:
        super().__init__(level=LEVEL)
        self._look: GroundLook | None = None
        self._shown: tuple[Geometry, TagDefinition] | None = None
        self.is_printed = False
        self._pixmap = QPixmap()

    def follow(
        self,
        geometry: Geometry,
        *,
        tag: TagDefinition,
        lines: tuple[LimitLine, ...],
        active: tuple[tuple[float, Priority], ...],
        view: QRectF,
        ratio: float,
        is_fixed: bool = False,
    ) -> None:
        """Take what is to be shown; the pixmap is painted anew only where something differs."""
        self.set_extent(view)
        present = theme()
        look = GroundLook(
            (math.ceil(view.width()), math.ceil(view.height())),
            ratio,
            geometry.plot,
            geometry.now_x,
            geometry.values,
            tag.name,
            lines,
            active,
            f"{present.name} {present.color('panel').name()}",
            present.scale,
            language(),
            is_fixed,
        )
        self._shown = (geometry, tag)
        if look != self._look:
            self._look = look
            self._pixmap = _paint(look, geometry, tag)

    def draw(self, painter: QPainter) -> None:
        if self.is_printed and self._look is not None and self._shown is not None:
            _paint_onto(painter, self._look, *self._shown)  # a pixmap of the screen would be blurred on paper
            return
        painter.drawPixmap(0, 0, self._pixmap)


def _paint(look: GroundLook, geometry: Geometry, tag: TagDefinition) -> QPixmap:
    width, height = look.size
    pixmap = QPixmap(math.ceil(width * look.ratio), math.ceil(height * look.ratio))
    pixmap.setDevicePixelRatio(look.ratio)
    pixmap.fill(theme().color("panel"))
    with QPainter(pixmap) as painter:
        _paint_onto(painter, look, geometry, tag)
    return pixmap


def _paint_onto(painter: QPainter, look: GroundLook, geometry: Geometry, tag: TagDefinition) -> None:
    painter.fillRect(QRectF(0, 0, *look.size), theme().color("panel"))
    painter.fillRect(geometry.plot, theme().color("plot"))
    _paint_band(painter, geometry, tag)
    _paint_ahead(painter, geometry)
    if tag.is_text:
        _paint_words(painter, geometry)
    else:
        _paint_axis(painter, geometry, tag, ink="accent" if look.is_fixed else "dim")
        _paint_limits(painter, geometry, look)


def _paint_band(painter: QPainter, geometry: Geometry, tag: TagDefinition) -> None:
    plot = geometry.plot
    if math.isnan(tag.normal_low) and math.isnan(tag.normal_high):
        return
    top = plot.top() if math.isnan(tag.normal_high) else max(plot.top(), geometry.y(tag.normal_high))
    bottom = plot.bottom() if math.isnan(tag.normal_low) else min(plot.bottom(), geometry.y(tag.normal_low))
    if bottom > top:
        painter.fillRect(QRectF(plot.left(), top, plot.width(), bottom - top), theme().color("normal_band"))


def _paint_ahead(painter: QPainter, geometry: Geometry) -> None:
    if geometry.ahead_ns:
        ground = QColor(theme().color("forecast_ground"))
        ground.setAlphaF(0.75)
        painter.fillRect(geometry.ahead, ground)


def _paint_words(painter: QPainter, geometry: Geometry) -> None:
    """Say that texts have no curve, and where they are to be found."""
    look, plot = theme(), geometry.plot
    painter.setFont(look.font("small"))
    painter.setPen(look.color("dim"))
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    words = tr("A text has no curve: its newest value stands above, the former ones are in the history")
    painter.drawText(plot.adjusted(look.px(8), 0, -look.px(8), 0), int(flags), words)


def _paint_axis(painter: QPainter, geometry: Geometry, tag: TagDefinition, *, ink: Token) -> None:
    look, plot = theme(), geometry.plot
    is_switch = tag.kind is TagKind.DISCRETE and geometry.values.span < 8
    marks = ticks(geometry.values, max(2, int(plot.height() / look.px(TICK_DISTANCE))))
    if is_switch:
        marks = whole_ticks(geometry.values)
    room = plot.left() - look.px(8)
    texts, font = fitted(marks, look.font("tiny"), room)
    if is_switch:
        texts = [value_text(value, tag=tag) for value in marks.values]
    painter.setFont(font)
    height = QFontMetricsF(font).height()
    for value, text in zip(marks.values, texts, strict=True):
        y = geometry.y(value)
        draw_level(painter, y, (plot.left(), plot.right()), look.color("grid"))
        if plot.top() + height / 2 < y < plot.bottom():
            painter.setPen(look.color(ink))
            place = QRectF(0, y - height / 2, room, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, text)
    draw_level(painter, plot.bottom(), (plot.left(), plot.right()), look.color("line"))
    draw_upright(painter, plot.left(), (plot.top(), plot.bottom()), look.color("line"))


def _paint_limits(painter: QPainter, geometry: Geometry, look: GroundLook) -> None:
    plot, active = geometry.plot, dict(look.active)
    for line in look.lines:
        if not geometry.values.low <= line.value <= geometry.values.high:
            continue
        priority = active.get(line.value)
        pen = QPen(theme().color("limit") if priority is None else theme().priority(priority))
        pen.setWidthF(1.0 if priority is None else 1.6)
        pen.setDashPattern([6, 3])
        draw_level(painter, geometry.y(line.value), (plot.left(), plot.right()), pen)
