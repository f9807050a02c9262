"""A process picture at one size and look: its tags are read in columns, and all of a kind is painted in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen

from app.model.alarm import AlarmState
from app.model.picture import Picture, Readout, Symbol
from widgets.alarm.shape import paint_shape
from widgets.feed import Feed
from widgets.hatching import hatching
from widgets.keyboard.reading_order import in_reading_order
from widgets.number_column import QualityCode
from widgets.picture.columns import PictureColumns
from widgets.picture.item import (
    BADGE,
    alarm_squares,
    is_framed,
    item_name,
    lettering,
    name_place,
    paint_alarm,
    paint_name,
)
from widgets.picture.item_state import ItemAlarm, ItemAlarms
from widgets.picture.layers import StillLayers
from widgets.picture.limit_bar import limit_bars
from widgets.picture.plane import Plane
from widgets.picture.room import Boxes, meets
from widgets.picture.running_numbers import DIM, INKS, ON_RUNNING, ON_STOPPED, TEXT, RunningNumbers
from widgets.picture.stops import Stop
from widgets.picture.symbol_columns import SymbolColumns
from widgets.picture.value_place import readout_rect
from widgets.theme import theme
from widgets.translation import local

Flags = NDArray[np.bool_]


MOST_PLACES = 60
"""More places than this are painted as one: to clip to each of them would cost more."""
REACH = 4.0
"""So many px of the widget the frame of a value and the edge of an item lie beyond their boxes."""


class PictureScene:
    """`renew` takes what has changed, `paint` draws what is there; both know what lies where.

    Boxes are px of the device, `ratio` of them to one px of the widget.
    """

    def __init__(
        self, picture: Picture, *, plane: Plane, size: QSize, ratio: float, feed: Feed, alarms: ItemAlarms
    ) -> None:
        self.picture, self._plane, self._ratio, self._alarms_of = picture, plane, ratio, alarms
        self._columns = PictureColumns(
            feed,
            [*(each.tag for each in picture.readouts), *(each.value for each in picture.symbols)],
            [name for each in picture.symbols for name in (each.running, each.level)],
        )
        self._columns.renew()
        self._symbols = SymbolColumns(picture, self._columns)
        self._symbols.renew()
        self.whole: Boxes = np.array([[0.0, 0.0, size.width() * ratio + 1, size.height() * ratio + 1]])
        bars = limit_bars(picture, feed, plane)
        self.layers = StillLayers(picture, plane, size, ratio, bars)
        self.numbers = RunningNumbers(picture, plane, self._columns, self._symbols, ratio=ratio, bars=bars)
        self._writable = _writable(self.numbers, feed)
        self._labeled = [
            at for at, each in enumerate(self.numbers.readouts) if local(each.label) or at in self.numbers.bars
        ]
        self._label_of = [self.numbers.places[place] for place in self._labeled]
        self._named = [place for place, each in enumerate(picture.symbols) if each.level and item_name(each)]
        self._lines = np.full(len(picture.symbols), np.nan)
        self._lit: Mapping[int, bool] = {}
        self._alarms: dict[int, ItemAlarm] = {}
        self._readout_alarms: dict[int, ItemAlarm] = {}
        self._order: list[int] = []
        values = [readout_rect(each, feed.tags.get(each.tag), plane) for each in self.numbers.readouts]
        names = [
            name_place(each, self._symbols.state(place), plane, lettering(plane))
            for place, each in enumerate(picture.symbols)
            if item_name(each)
        ]
        self._kept = (_boxes([*values, *names], ratio), _boxes(values, ratio))
        self._begin()

    def _begin(self) -> None:
        self.layers.paint_all([self._symbols.state(place) for place in range(len(self.picture.symbols))], set(), {})
        self._take_alarms()
        self._set_numbers()
        self.layers.mend({}, self._labels(), {})
        self._lines = self.layers.level_lines(self._symbols.level)

    def light(self, lit: Mapping[int, bool]) -> Boxes:
        """Lay a ground under items, True: with the frame of the keyboard; return where that differs."""
        self._lit = dict(lit)
        return self.layers.mend({}, self._labels(), self._lit)

    def renew(self, *, has_other_alarms: bool) -> Boxes:
        """Take the newest values; return the places to be painted again."""
        changed = self._columns.renew()
        has_other_alarms = has_other_alarms and self._take_alarms()
        if not has_other_alarms and not changed.any():
            return np.empty((0, 4))
        slow = self._symbols.renew()
        lines = self.layers.level_lines(self._symbols.level)
        moved = ~((lines == self._lines) | (np.isnan(lines) & np.isnan(self._lines)))
        before, self._lines = self._lines, lines
        slow |= moved & self.layers.crowded
        former = self.numbers.boxes
        differs = self._set_numbers() | changed[self.numbers.column]
        states = {place: self._symbols.state(place) for place in np.flatnonzero(slow).tolist()}
        mended = self.layers.mend(states, self._labels(), self._lit)
        if has_other_alarms or np.count_nonzero(differs) + np.count_nonzero(moved) > MOST_PLACES:
            return self.whole
        return np.concatenate(
            (mended, former[differs], self.numbers.boxes[differs], self._bands(np.flatnonzero(moved), before))
        )

    def paint(self, painter: QPainter, boxes: Boxes, *, phase: bool) -> None:
        """Paint what lies in some places, to which the painter is clipped."""
        bodies = self._within(self.layers.extent_boxes, boxes)
        painter.save()
        painter.scale(1 / self._ratio, 1 / self._ratio)
        painter.drawPixmap(0, 0, self.layers.ground)
        filled = bodies & np.isfinite(self._symbols.level) & ~self.layers.crowded
        self.layers.draw_levels(painter, self._lines, np.flatnonzero(filled))
        painter.restore()
        for place in self._named:
            if filled[place]:
                paint_name(painter, self.picture.symbols[place], self._symbols.state(place), self._plane)
        numbers = self._within(self.numbers.boxes, boxes)
        self._hatch(painter, numbers)
        painter.save()
        painter.scale(1 / self._ratio, 1 / self._ratio)
        self.numbers.draw(painter, numbers)
        painter.restore()
        self._frame(painter, numbers)
        self._point(painter, numbers)
        self._paint_alarms(painter, phase=phase)

    def symbol_at(self, place: QPointF) -> Symbol | None:
        """Return the item of an equipment there."""
        pairs = reversed(list(zip(self.picture.symbols, self.layers.extents, strict=True)))
        return next((symbol for symbol, extent in pairs if symbol.equipment and extent.contains(place)), None)

    def readout_at(self, place: QPointF, *, writable: bool = False) -> Readout | None:
        """Return the live value that is shown there; `writable`: of those alone that can be written."""
        x, y = place.x() * self._ratio, place.y() * self._ratio
        for at, readout in enumerate(self.numbers.readouts):
            if self.numbers.has_room[at] and (self._writable[at] or not writable):
                left, top, right, bottom = self.numbers.boxes[at].tolist()
                if left <= x <= right and top <= y <= bottom:
                    return readout
        return None

    def stops(self) -> list[Stop]:
        """Return where the arrow keys come to, in reading order."""
        symbols = zip(self.picture.symbols, self.layers.extents, strict=True)
        items = [Stop(symbol, extent) for symbol, extent in symbols if symbol.equipment]
        shown = enumerate(self.numbers.readouts)
        stops = items + [Stop(each, self._place(at)) for at, each in shown if self.numbers.has_room[at]]
        return [stops[at] for at in in_reading_order([stop.place for stop in stops])]

    def can_write(self, readout: Readout) -> bool:
        """Return whether a value that stands alone can be written."""
        return any(each is readout and self._writable[at] for at, each in enumerate(self.numbers.readouts))

    def blinking(self) -> list[QRectF]:
        """Return the places of what blinks, px of the widget."""
        return [
            square
            for square, _, alarm in (*self._symbol_alarms(), *self._number_alarms())
            if alarm.state is AlarmState.UNACKNOWLEDGED
        ]

    def _take_alarms(self) -> bool:
        """Take the alarms that stand; return whether they are others."""
        readouts, before = self.numbers.readouts, (self._alarms, self._readout_alarms)
        self._alarms = _standing(self._alarms_of.of_symbols(self.picture))
        self._readout_alarms = _standing([self._alarms_of.of_tag(readout.tag) for readout in readouts])
        self._order = sorted(range(len(readouts)), key=lambda at: at not in self._readout_alarms)
        return before != (self._alarms, self._readout_alarms)

    def _set_numbers(self) -> Flags:
        squares = [square for square, _, _ in self._symbol_alarms()]
        taken = _boxes(squares, self._ratio)
        room = theme().px(BADGE - 4) + 2
        before = dict.fromkeys(self._readout_alarms, room * self._ratio)
        return self.numbers.renew(self._inks(), taken=taken, order=self._order, before=before)

    def _inks(self) -> NDArray[np.intp]:
        numbers, symbols = self.numbers, self._symbols
        count = len(numbers.readouts)
        quality = self._columns.quality[numbers.column]
        ink = np.where(quality >= QualityCode.STALE, DIM, TEXT)
        is_dark = symbols.is_stopped[numbers.items] | (symbols.level[numbers.items] < 0.5)
        ink[count:] = np.where(numbers.is_below, TEXT, np.where(is_dark, ON_STOPPED, ON_RUNNING))
        return ink

    def _labels(self) -> set[int]:
        """Return which readouts have their label: those that are shown."""
        has_room = self.numbers.has_room[self._labeled].tolist()
        return {place for place, is_shown in zip(self._label_of, has_room, strict=True) if is_shown}

    def _bands(self, places: NDArray[np.intp], before: NDArray[np.float64]) -> Boxes:
        """Return between which heights the surfaces of vessels have moved; the whole of one with a name in it."""
        bands = self.layers.bodies[places].copy()
        first, second = before[places], self._lines[places]
        is_plain = np.isfinite(first) & np.isfinite(second) & ~np.isin(places, self._named)
        bands[is_plain, 1] = np.minimum(first, second)[is_plain]
        bands[is_plain, 3] = np.maximum(first, second)[is_plain]
        return bands

    def _within(self, boxes: Boxes, chosen: Boxes) -> Flags:
        edge = REACH * self._ratio * np.array([-1, -1, 1, 1])
        return np.ones(len(boxes), bool) if chosen is self.whole else meets(boxes, chosen + edge)

    def _hatch(self, painter: QPainter, chosen: Flags) -> None:
        """Hatch readouts that are stale or bad."""
        untrue = chosen & self.numbers.has_room & (self.numbers.ink == DIM)
        if untrue.any():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(hatching())
            painter.drawRects([self._place(at) for at in np.flatnonzero(untrue).tolist()])

    def _frame(self, painter: QPainter, chosen: Flags) -> None:
        """Frame values that can be written, as entries are framed."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("accent"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for at in np.flatnonzero(self._writable & self.numbers.has_room & chosen).tolist():
            painter.drawRoundedRect(self._place(at).adjusted(-2.5, -0.5, 2.5, 0.5), 3, 3)

    def _point(self, painter: QPainter, chosen: Flags) -> None:
        """Let the bars of values point at them, in the colour of the value, or of its alarm where one stands."""
        numbers, look = self.numbers, theme()
        values = self._columns.known[numbers.column] if numbers.bars else ()
        for at, bar in numbers.bars.items():
            if chosen[at] and numbers.has_room[at]:
                alarm = self._readout_alarms.get(at)
                is_active = alarm is not None and alarm.state.is_active
                color = look.priority(alarm.priority) if alarm is not None and is_active else None
                bar.paint_pointer(painter, float(values[at]), color or look.color(INKS[numbers.ink[at]][0]))

    def _paint_alarms(self, painter: QPainter, *, phase: bool) -> None:
        for square, _, alarm in self._number_alarms():
            paint_shape(painter, square, priority=alarm.priority, state=alarm.state, phase=phase)
        for square, extent, alarm in self._symbol_alarms():
            paint_alarm(painter, extent, square, alarm, phase=phase)

    def _symbol_alarms(self) -> list[tuple[QRectF, QRectF, ItemAlarm]]:
        """Return square, extent and alarm of each symbol that has one."""
        return [
            (self._alarm_square(place, extent, framed=is_framed(alarm)), extent, alarm)
            for place, alarm in self._alarms.items()
            for extent in (self.layers.extents[place],)
        ]

    def _alarm_square(self, place: int, extent: QRectF, *, framed: bool) -> QRectF:
        """Return the first corner at which the shape of an alarm covers no value and no name, else no value."""
        squares = alarm_squares(self.picture.symbols[place], extent, self._plane, framed=framed)
        boxes = _boxes(squares, self._ratio)
        free = [np.flatnonzero(~meets(boxes, kept)) for kept in self._kept]
        return squares[int(next((places[0] for places in free if len(places)), 0))]

    def _number_alarms(self) -> list[tuple[QRectF, QRectF, ItemAlarm]]:
        """Return the same of each readout that is shown and has one."""
        side, found = theme().px(BADGE - 4), []
        for at, alarm in self._readout_alarms.items():
            if self.numbers.has_room[at]:
                place = self._place(at)
                square = QRectF(place.left() - side - 2, place.center().y() - side / 2, side, side)
                found.append((square, place, alarm))
        return found

    def _place(self, at: int) -> QRectF:
        """Return the place of a number, px of the widget."""
        left, top, right, bottom = (self.numbers.boxes[at] / self._ratio).tolist()
        return QRectF(left, top, right - left, bottom - top)


def _writable(numbers: RunningNumbers, feed: Feed) -> Flags:
    """Return which numbers can be written: only readouts."""
    can = [feed.tags[each.tag].write is not None and not feed.plant.is_read_only for each in numbers.readouts]
    return np.array(can + [False] * len(numbers.items), bool)


def _standing(alarms: Sequence[ItemAlarm | None]) -> dict[int, ItemAlarm]:
    return {place: alarm for place, alarm in enumerate(alarms) if alarm is not None}


def _boxes(rects: Sequence[QRectF], ratio: float) -> Boxes:
    return np.array([_edges(rect, ratio) for rect in rects], np.float64).reshape(-1, 4)


def _edges(rect: QRectF, ratio: float) -> tuple[float, float, float, float]:
    return rect.left() * ratio, rect.top() * ratio, rect.right() * ratio, rect.bottom() * ratio
