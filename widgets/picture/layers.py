"""What of a picture changes seldom, painted once: pipes, bodies, names; beside it the same with every vessel full."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF, QRegion

from app.model.picture import Picture, Pipe
from widgets.drawn_array import FragmentArray
from widgets.picture.columns import Places
from widgets.picture.item import item_extent, paint_label, paint_selection, paint_still
from widgets.picture.item_state import ItemState
from widgets.picture.lettering import Lengths
from widgets.picture.limit_bar import LimitBar
from widgets.picture.plane import Plane
from widgets.picture.room import Boxes, meets
from widgets.theme import theme

_ARROW = 9
NO_BARS: Mapping[int, LimitBar] = MappingProxyType({})


class StillLayers:
    """Two pixmaps of the widget's size in px of the device: `ground`, with empty vessels, and one with full ones.

    What a vessel holds is copied from the second one: an edge at its level costs no drawing. Vessels that overlap are
    in `crowded` and drawn with their level. `extents`: where each item lies with its name, px of the widget;
    `extent_boxes`, `bodies`: this and its body alone in px of the device.
    """

    def __init__(
        self, picture: Picture, plane: Plane, size: QSize, ratio: float, bars: Mapping[int, LimitBar] = NO_BARS
    ) -> None:
        """Paint at a size and ratio; `bars`: of readouts, by their place in the picture, painted with their labels."""
        self._bars = bars
        self._picture, self._plane, self._ratio = picture, plane, ratio
        self._whole = QRect(0, 0, math.ceil(size.width() * ratio), math.ceil(size.height() * ratio))
        self._states: dict[int, ItemState] = {}
        self._labels: set[int] = set()
        self._lit: Mapping[int, bool] = {}
        self.extents: list[QRectF] = []
        self.extent_boxes: Boxes = np.empty((0, 4))
        self.ground = QPixmap()
        self._full = QPixmap()
        self._full_at = QPoint()
        self.bodies = np.array([_device(plane.rect(symbol), ratio) for symbol in picture.symbols], np.float64).reshape(
            -1, 4
        )
        left, top, right, bottom = self.bodies.T
        # of each whole vessel: its middle, and its place; the pixmap of full ones is not yet taken into account
        self._whole_levels = np.column_stack(
            ((left + right) / 2, (top + bottom) / 2, left, top, right - left, bottom - top)
        )
        self._bottoms = np.array([plane.rect(symbol).bottom() * ratio for symbol in picture.symbols])
        self._heights = np.array([plane.rect(symbol).height() * ratio for symbol in picture.symbols])
        self._fragments = FragmentArray()
        self.crowded = self._overlapping()

    def paint_all(self, states: Sequence[ItemState], labels: set[int], lit: Mapping[int, bool]) -> None:
        """Paint everything. `labels`: which readouts have theirs; `lit`: items on a ground, True: with a frame."""
        self._states, self._labels, self._lit = dict(enumerate(states)), labels, lit
        self.extents = [
            item_extent(symbol, state, self._plane) for symbol, state in zip(self._picture.symbols, states, strict=True)
        ]
        self.extent_boxes = np.array([_device(extent, self._ratio) for extent in self.extents], np.float64).reshape(
            -1, 4
        )
        self.ground = QPixmap(self._whole.size())
        self._paint(self.ground, QPoint(), _boxes_of(self._whole), level=0.0)
        chosen = [place for place, state in enumerate(states) if state.level is not None]
        if chosen:
            boxes = self.bodies[chosen]
            low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
            place = QRect(QPoint(*map(int, low)), QSize(*map(int, high - low))).intersected(self._whole)
            self._full_at, self._full = place.topLeft(), QPixmap(place.size())
            self._paint(self._full, self._full_at, _boxes_of(place), level=1.0)

    def mend(self, states: Mapping[int, ItemState], labels: set[int], lit: Mapping[int, bool]) -> Boxes:
        """Paint again where items, labels or grounds differ; return these places, px of the device."""
        items = set(states) | {place for place in set(lit) | set(self._lit) if lit.get(place) != self._lit.get(place)}
        written = labels ^ self._labels
        if not items and not written:
            return np.empty((0, 4))
        grows = any(state.level is not None and self._states[place].level is None for place, state in states.items())
        if grows or 4 * len(items) > len(self._states) + 40:
            self.paint_all(list({**self._states, **states}.values()), labels, lit)
            return _boxes_of(self._whole)
        before = [self.extents[place] for place in items]
        self._states.update(states)
        self._labels, self._lit = labels, lit
        for place, state in states.items():
            self.extents[place] = item_extent(self._picture.symbols[place], state, self._plane)
            self.extent_boxes[place] = _device(self.extents[place], self._ratio)
        room = self._plane.factor * 3 + 2
        rects = [rect.adjusted(-room, -room, room, room) for rect in [*before, *(self.extents[each] for each in items)]]
        rects += [self._label_place(place) for place in written]
        return self._repaint(np.array([_device(rect, self._ratio) for rect in rects], np.float64))

    def draw_levels(self, painter: QPainter, lines: Lengths, chosen: Places) -> None:
        """Fill the vessels at the places `chosen` up to their `lines`; the painter is in px of the device."""
        if not len(chosen) or self._full.isNull():
            return
        is_all = len(chosen) == len(self._whole_levels)
        whole = self._whole_levels if is_all else self._whole_levels[chosen]
        bottom = whole[:, 3] + whole[:, 5]
        top = np.minimum(np.maximum(lines if is_all else lines[chosen], whole[:, 3]), bottom)
        height = bottom - top
        rows = self._fragments.rows(len(whole))
        rows[:, :6] = whole
        rows[:, 1], rows[:, 3], rows[:, 5] = top + height / 2, top - self._full_at.y(), height
        rows[:, 2] -= self._full_at.x()
        self._fragments.draw(painter, self._full)

    def level_lines(self, levels: Lengths) -> Lengths:
        """Return where the surfaces of vessels stand, px of the device; NaN where no level is known."""
        lines: Lengths = np.floor(self._bottoms - self._heights * levels + 0.5)
        return lines

    def _overlapping(self) -> NDArray[np.bool_]:
        """Return which items with a level overlap another one of them, shape (symbols,)."""
        crowded = np.zeros(len(self._picture.symbols), bool)
        places = np.array([place for place, each in enumerate(self._picture.symbols) if each.level], np.intp)
        boxes = self.bodies[places]
        for at, place in enumerate(places.tolist()):
            crowded[place] = bool(np.count_nonzero(meets(boxes, boxes[at : at + 1])) > 1)
        return crowded

    def _repaint(self, boxes: Boxes) -> Boxes:
        self._paint(self.ground, QPoint(), boxes, level=0.0)
        if not self._full.isNull():
            self._paint(self._full, self._full_at, boxes, level=1.0)
        return boxes

    def _paint(self, target: QPixmap, at: QPoint, boxes: Boxes, *, level: float) -> None:
        """Paint some places (px of the device) of the pixmap whose corner stands `at`."""
        target.setDevicePixelRatio(self._ratio)
        with QPainter(target) as painter:
            painter.translate(QPointF(-at.x(), -at.y()) / self._ratio)
            painter.scale(1 / self._ratio, 1 / self._ratio)
            painter.setClipRegion(region_of(boxes))
            painter.fillRect(self._whole, theme().color("panel"))
            painter.scale(self._ratio, self._ratio)
            self._paint_items(painter, boxes, level)
        target.setDevicePixelRatio(1.0)

    def _paint_items(self, painter: QPainter, boxes: Boxes, level: float) -> None:
        picture, plane = self._picture, self._plane
        for place, has_focus in self._lit.items():
            paint_selection(painter, self.extents[place], has_focus=has_focus)
        for pipe in picture.pipes:
            _paint_pipe(painter, pipe, plane)
        for place in np.flatnonzero(meets(self.extent_boxes, boxes)).tolist():
            state = self._states[place]
            is_filled = state.level is not None and not self.crowded[place]
            shown = replace(state, level=level) if is_filled else state
            paint_still(painter, picture.symbols[place], shown, plane, has_name=not is_filled)
        for place in self._labels:
            bar = self._bars.get(place)
            if bar is not None:
                bar.paint(painter)
            paint_label(painter, picture.readouts[place], plane, below=bar.room.height() if bar is not None else 0.0)

    def _label_place(self, place: int) -> QRectF:
        center = self._plane.point(self._picture.readouts[place].at)
        half, height = theme().px(110), theme().px(60)
        return QRectF(center.x() - half, center.y() - height, 2 * half, 2 * height)


def region_of(boxes: Boxes) -> QRegion:
    """Return the region that boxes of whole px cover."""
    region = QRegion()
    for left, top, right, bottom in boxes.astype(int).tolist():
        region += QRect(left, top, right - left, bottom - top)
    return region


def _boxes_of(rect: QRect) -> Boxes:
    left, top = rect.left(), rect.top()
    return np.array([[left, top, left + rect.width(), top + rect.height()]], np.float64)


def _device(rect: QRectF, ratio: float) -> tuple[float, float, float, float]:
    """Return a place in whole px of the device, around all of it: left, top, right, bottom."""
    return (
        math.floor(rect.left() * ratio),
        math.floor(rect.top() * ratio),
        math.ceil(rect.right() * ratio),
        math.ceil(rect.bottom() * ratio),
    )


def _paint_pipe(painter: QPainter, pipe: Pipe, plane: Plane) -> None:
    look = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    points = [plane.point(point) for point in pipe.points]
    width = max(2.0, plane.factor * 6)
    color = QColor(pipe.color) if pipe.color else look.color("process_line")
    pen = QPen(color, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))
    if pipe.arrow and len(points) > 1:
        _paint_arrow(painter, points[-2], points[-1], width, color)


def _paint_arrow(painter: QPainter, before: QPointF, tip: QPointF, width: float, color: QColor) -> None:
    length = math.hypot(tip.x() - before.x(), tip.y() - before.y())
    if not length:
        return
    along = QPointF((tip.x() - before.x()) / length, (tip.y() - before.y()) / length)
    across = QPointF(-along.y(), along.x())
    size = max(float(theme().px(_ARROW)), width * 2)
    foot = tip - along * size * 0.4
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(QPolygonF([foot + along * size * 1.1, foot + across * size * 0.6, foot - across * size * 0.6]))
