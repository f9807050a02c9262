"""A process picture, live: what changes seldom is one pixmap, values and alarms are painted upon it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from app.model import clock
from app.model.picture import Picture, Pipe, Readout, Symbol
from widgets.feed import Feed
from widgets.number import Reading
from widgets.picture.item import (
    alarm_extent,
    item_extent,
    paint_moving,
    paint_readout,
    paint_selection,
    paint_still,
    readout_extent,
)
from widgets.picture.item_state import ItemReader, ItemState
from widgets.picture.plane import Plane, fitted
from widgets.theme import theme
from widgets.translation import language, local, tr

MARGIN = 4
_ARROW = 9


class PictureView(QWidget):
    """Scales with its place and keeps its proportions; a click on an item, or Return, asks for its equipment."""

    equipment_asked = Signal(str)
    write_asked = Signal(str)  # the tag of a value that can be written

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._reader = ItemReader(feed)
        self._picture: Picture | None = None
        self._selected = ""
        self._focused = -1
        self._phase = True
        self._still = QPixmap()
        self._still_key: tuple[object, ...] = ()
        self._shown: tuple[object, ...] = ()
        self._states: list[ItemState] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 130)
        feed.blinked.connect(self._blink)

    def show_picture(self, picture: Picture) -> None:
        """Show another picture."""
        self._picture = picture
        self._focused = -1
        self._still_key = self._shown = ()
        self._states = None
        self.setAccessibleName(tr("Process picture: {name}", name=local(picture.title)))
        self.update()

    def select(self, equipment: str) -> None:
        """Frame the items of the present equipment."""
        if equipment != self._selected:
            self._selected = equipment
            self.update()

    def refresh(self) -> None:
        """Paint again where a shown value, state or alarm differs; called by a frame clock."""
        if self._picture is None or not self.isVisible():
            return
        shown = self._present(self._picture)
        if shown != self._shown:
            self._shown = shown
            self.update()

    def symbol_at(self, place: QPointF) -> Symbol | None:
        """Return the item of an equipment at a place of the widget."""
        if self._picture is None:
            return None
        plane = self._plane(self._picture)
        states = self._reader.states(self._picture, now=clock.now_ns())
        for symbol, state in reversed(list(zip(self._picture.symbols, states, strict=True))):
            extent = item_extent(symbol, state, plane)
            if symbol.equipment and extent.contains(place):
                return symbol
        return None

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._states = None

    def sizeHint(self) -> QSize:
        return QSize(theme().px(430), theme().px(290))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._picture is None:
            return
        now = clock.now_ns()
        plane = self._plane(self._picture)
        states = self._known_states(self._picture, now)
        with QPainter(self) as painter:
            self._paint_selection(painter, self._picture, states, plane)
            painter.drawPixmap(0, 0, self._still_pixmap(self._picture, states, plane))
            self._paint_readouts(painter, self._picture, states, plane, now)
            for symbol, state in zip(self._picture.symbols, states, strict=True):
                paint_moving(painter, symbol, state, plane, phase=self._phase)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        writable = self.writable_at(event.position())
        if writable and event.button() is Qt.MouseButton.LeftButton:
            self.write_asked.emit(writable)
            return
        symbol = self.symbol_at(event.position())
        if symbol is not None and event.button() is Qt.MouseButton.LeftButton:
            self.equipment_asked.emit(symbol.equipment)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_item = self.symbol_at(event.position()) is not None or bool(self.writable_at(event.position()))
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_item else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        items = self._items()
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right} and items:
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._focused = (self._focused + step) % len(items)
            self.update()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and 0 <= self._focused < len(items):
            self.equipment_asked.emit(items[self._focused].equipment)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._focused = -1
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.tip_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def tip_at(self, place: QPointF) -> str:
        """Return what a tool tip says there: an item's equipment and value, a value's tag, or a pipe's medium."""
        symbol = self.symbol_at(place)
        if symbol is not None:
            names = {each.id: each.name for each in self._feed.plant.equipment}
            name = local(names[symbol.equipment]) if symbol.equipment in names else symbol.equipment
            value = self._reader.reading(symbol.value, now=clock.now_ns()) if symbol.value else None
            return f"{name}\n{value.full}" if value is not None else name
        if self._picture is None:
            return ""
        plane = self._plane(self._picture)
        for readout in self._picture.readouts:
            tag, told = self._reader.tag(readout.tag), self._reader.reading(readout.tag, now=clock.now_ns())
            if tag is not None and told is not None and readout_extent(readout, told, plane).contains(place):
                tip = f"{local(tag.title)} ({tag.name})\n{told.full}"
                return f"{tip}\n{tr('Click to write')}" if self.writable_at(place) else tip
        near = (pipe for pipe in self._picture.pipes if _is_near(pipe, place, plane))
        return next((local(pipe.medium) for pipe in near), "")

    def writable_at(self, place: QPointF) -> str:
        """Return the tag of a value there that can be written, "" for none."""
        if self._picture is None:
            return ""
        plane, now = self._plane(self._picture), clock.now_ns()
        states = self._known_states(self._picture, now)
        shown = self._legible(self._picture, states, plane, now)
        at = (each.tag for each, told in shown if readout_extent(each, told, plane).contains(place))
        return next((tag for tag in at if self._is_writable(tag)), "")

    def _is_writable(self, name: str) -> bool:
        tag = self._reader.tag(name)
        return tag is not None and tag.write is not None and not self._feed.plant.is_read_only

    def _items(self) -> list[Symbol]:
        symbols: Sequence[Symbol] = self._picture.symbols if self._picture is not None else ()
        return [symbol for symbol in symbols if symbol.equipment]

    def _plane(self, picture: Picture) -> Plane:
        margin = theme().px(MARGIN)
        return fitted(picture, QRectF(self.rect()).adjusted(margin, margin, -margin, -margin))

    def _known_states(self, picture: Picture, now: int) -> Sequence[ItemState]:
        """What the last refresh has compared; without one, as in the first paint, what there is now."""
        return self._states if self._states is not None else self._reader.states(picture, now=now)

    def _present(self, picture: Picture) -> tuple[object, ...]:
        now = clock.now_ns()
        self._states = states = self._reader.states(picture, now=now)
        values = tuple(
            (self._reader.reading(readout.tag, now=now), self._reader.tag_alarm(readout.tag))
            for readout in picture.readouts
        )
        return (*states, *values)

    def _still_pixmap(self, picture: Picture, states: Sequence[ItemState], plane: Plane) -> QPixmap:
        look, ratio = theme(), self.devicePixelRatioF()
        slow = tuple((state.motion, state.level, state.is_doubtful, state.value is None) for state in states)
        key = (picture, slow, self.size(), ratio, look.name, look.scale, language())
        if key != self._still_key:
            self._still_key = key
            self._still = QPixmap(math.ceil(self.width() * ratio), math.ceil(self.height() * ratio))
            self._still.setDevicePixelRatio(ratio)
            self._still.fill(Qt.GlobalColor.transparent)
            with QPainter(self._still) as painter:
                for pipe in picture.pipes:
                    _paint_pipe(painter, pipe, plane)
                for symbol, state in zip(picture.symbols, states, strict=True):
                    paint_still(painter, symbol, state, plane)
        return self._still

    def _paint_readouts(
        self, painter: QPainter, picture: Picture, states: Sequence[ItemState], plane: Plane, now: int
    ) -> None:
        for readout, told in self._legible(picture, states, plane, now):
            alarm = self._reader.tag_alarm(readout.tag)
            paint_readout(painter, readout, told, plane, alarm=alarm, phase=self._phase)
            if self._is_writable(readout.tag):
                _paint_frame(painter, readout_extent(readout, told, plane))

    def _legible(
        self, picture: Picture, states: Sequence[ItemState], plane: Plane, now: int
    ) -> list[tuple[Readout, Reading]]:
        """Return the values that have room: in a small picture those in alarm first, and none over another."""
        taken = [
            alarm_extent(symbol, state, state.alarm, plane)
            for symbol, state in zip(picture.symbols, states, strict=True)
            if state.alarm is not None
        ]
        seen: list[tuple[Readout, Reading]] = []
        for readout in sorted(picture.readouts, key=lambda each: self._reader.tag_alarm(each.tag) is None):
            told = self._reader.reading(readout.tag, now=now)
            if told is not None:
                place = readout_extent(readout, told, plane).adjusted(1, 1, -1, -1)
                if not any(place.intersects(other) for other in taken):
                    taken.append(place)
                    seen.append((readout, told))
        return seen

    def _paint_selection(self, painter: QPainter, picture: Picture, states: Sequence[ItemState], plane: Plane) -> None:
        items = self._items()
        focused = items[self._focused] if 0 <= self._focused < len(items) else None
        for symbol, state in zip(picture.symbols, states, strict=True):
            if symbol is focused or (self._selected and symbol.equipment == self._selected):
                paint_selection(painter, item_extent(symbol, state, plane), has_focus=symbol is focused)

    def _blink(self, phase: bool) -> None:  # noqa: FBT001 - a slot of Feed.blinked
        self._phase = phase
        if self.isVisible():
            self.update()


def _paint_frame(painter: QPainter, place: QRectF) -> None:
    """Frame a value that can be written, as an entry is framed."""
    painter.setPen(QPen(theme().color("accent"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(place.adjusted(-2.5, -0.5, 2.5, 0.5), 3, 3)


def _paint_pipe(painter: QPainter, pipe: Pipe, plane: Plane) -> None:
    look = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    points = [plane.point(point) for point in pipe.points]
    width = max(2.0, plane.factor * 6)
    pen = QPen(look.color("process_line"), width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))
    if pipe.arrow and len(points) > 1:
        _paint_arrow(painter, points[-2], points[-1], width)


def _paint_arrow(painter: QPainter, before: QPointF, tip: QPointF, width: float) -> None:
    length = math.hypot(tip.x() - before.x(), tip.y() - before.y())
    if not length:
        return
    along = QPointF((tip.x() - before.x()) / length, (tip.y() - before.y()) / length)
    across = QPointF(-along.y(), along.x())
    size = max(float(theme().px(_ARROW)), width * 2)
    foot = tip - along * size * 0.4
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color("process_line"))
    painter.drawPolygon(QPolygonF([foot + along * size * 1.1, foot + across * size * 0.6, foot - across * size * 0.6]))


def _is_near(pipe: Pipe, place: QPointF, plane: Plane) -> bool:
    points = [plane.point(point) for point in pipe.points]
    return any(_distance(place, start, end) < 6 for start, end in pairwise(points))


def _distance(place: QPointF, start: QPointF, end: QPointF) -> float:
    along, to = end - start, place - start
    length = QPointF.dotProduct(along, along)
    share = min(max(QPointF.dotProduct(to, along) / length, 0.0), 1.0) if length else 0.0
    gap = to - along * share
    return math.hypot(gap.x(), gap.y())
