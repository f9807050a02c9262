"""A process picture, live: it paints again only where something differs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import cast

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QSizePolicy, QToolTip, QWidget

from app.model import clock
from app.model.picture import Picture, Pipe, Readout, Symbol
from app.model.picture_parts import with_parts
from widgets.drag.value_drag import ValueDrag
from widgets.explain.subject import Subject, of_tag
from widgets.feed import Feed
from widgets.guarded_event import guarded_event
from widgets.keyboard.reading_order import following
from widgets.number import Reading, reading_of
from widgets.picture.item_state import ItemAlarms
from widgets.picture.plane import Plane, fitted
from widgets.picture.room import Boxes
from widgets.picture.scene import MOST_PLACES, REACH, PictureScene
from widgets.picture.spreading import spread
from widgets.picture.stops import Stop
from widgets.theme import theme
from widgets.translation import language, local, tr

MARGIN = 4
FOCUS = 2
OPENING_KEYS = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}


class PictureView(QWidget):
    """Scales with its place and keeps its proportions; a click on an item, or Return, asks for its equipment.

    The arrows come to each item and each value that stands alone; Return on one that can be written asks to write it.
    Values can be dragged from it.
    """

    equipment_asked = Signal(str)
    write_asked = Signal(str)  # the tag of a value that can be written

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._alarms = ItemAlarms(feed)
        self._picture: Picture | None = None
        self._selected = ""
        self._focused: Symbol | Readout | None = None
        self._phase = True
        self._scene: PictureScene | None = None
        self._scene_of: tuple[object, ...] = ()
        self._has_other_alarms = False
        self._pressed: QPointF | None = None
        self.drag = ValueDrag(self, self.tags_at)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(200, 130)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # the scene brings the ground of a panel along
        feed.blinked.connect(self._blink)
        feed.alarms_changed.connect(self._note_alarms)

    def show_picture(self, picture: Picture) -> None:
        """Show another picture, with its parts as they are now."""
        self._picture = with_parts(picture, self._feed.plant)
        self._focused = None
        self._scene = None
        self.setAccessibleName(tr("Process picture: {name}", name=local(picture.title)))
        self.update()

    def select(self, equipment: str) -> None:
        """Frame the items of the present equipment."""
        if equipment != self._selected:
            self._selected = equipment
            self._light()

    def refresh(self) -> None:
        """Paint again where a shown value, state or alarm differs; called by a frame clock."""
        if self._scene is not None and self.isVisible():
            other, self._has_other_alarms = self._has_other_alarms, False
            self._repaint(self._scene.renew(has_other_alarms=other))

    def symbol_at(self, place: QPointF) -> Symbol | None:
        """Return the item of an equipment at a place of the widget."""
        scene = self._present()
        return scene.symbol_at(place) if scene is not None else None

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._scene = None  # what is out of view keeps no pixmaps

    def sizeHint(self) -> QSize:
        return QSize(theme().px(430), theme().px(290))

    def paintEvent(self, event: QPaintEvent) -> None:
        scene = self._present()
        with QPainter(self) as painter:
            if scene is None:
                painter.fillRect(event.rect(), theme().color("panel"))
            else:
                scene.paint(painter, self._boxes(scene, event), phase=self._phase)
                self._paint_focus(painter)

    def _paint_focus(self, painter: QPainter) -> None:
        """Frame the value that the keyboard is on; that of an item belongs to its body."""
        stop = self._stop() if isinstance(self._focused, Readout) else None
        if stop is not None:
            painter.setPen(QPen(theme().color("accent"), FOCUS))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(stop.place.adjusted(-4, -2, 4, 2), 4, 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position() if event.button() is Qt.MouseButton.LeftButton else None

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for what was clicked: only here is it known that nothing was dragged."""
        pressed, self._pressed = self._pressed, None
        if pressed is None or (event.position() - pressed).manhattanLength() >= QApplication.startDragDistance():
            return
        writable = self.writable_at(event.position())
        if writable:
            self.write_asked.emit(writable)
            return
        symbol = self.symbol_at(event.position())
        if symbol is not None:
            self.equipment_asked.emit(symbol.equipment)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_item = self.symbol_at(event.position()) is not None or bool(self.writable_at(event.position()))
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_item else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        stop, stops = self._stop(), self.stops()
        places = [each.place for each in stops]
        at = following(places, stops.index(stop) if stop is not None else -1, event.key())
        if at is not None:
            self._focused = stops[at].of
            self._light()
            self.update()
        elif stop is not None and event.key() in OPENING_KEYS:
            self._open(stop.of)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:  # its own menu, after which it goes on from here
            self._focused = None
        self._light()
        self.update()

    def inputMethodQuery(self, query: Qt.InputMethodQuery) -> object:
        """Return where the keyboard stands: the menu key opens the menu there."""
        stop = self._stop()
        if query is Qt.InputMethodQuery.ImCursorRectangle and stop is not None:
            return stop.place.toRect()
        return super().inputMethodQuery(query)

    def stops(self) -> list[Stop]:
        """Return where the arrow keys come to."""
        scene = self._present()
        return scene.stops() if scene is not None else []

    def _stop(self) -> Stop | None:
        """Return the one that the keyboard is on."""
        return next((stop for stop in self.stops() if stop.of is self._focused), None) if self._focused else None

    def _open(self, focused: Symbol | Readout) -> None:
        """Ask to write what can be written, else for the equipment."""
        if isinstance(focused, Symbol):
            self.equipment_asked.emit(focused.equipment)
            return
        scene, tag = self._present(), self._feed.tags[focused.tag]
        if scene is not None and scene.can_write(focused):
            self.write_asked.emit(focused.tag)
        elif tag.equipment:
            self.equipment_asked.emit(tag.equipment)

    @guarded_event
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
            value = self._reading(symbol.value)
            return f"{name}\n{value.full}" if value is not None else name
        scene = self._present()
        if scene is None:
            return ""
        readout = scene.readout_at(place)
        if readout is not None:
            tag, told = self._feed.tags[readout.tag], self._reading(readout.tag)
            tip = f"{local(tag.title)} ({tag.name})\n{told.full if told is not None else ''}"
            return f"{tip}\n{tr('Click to write')}" if self.writable_at(place) else tip
        near = (pipe for pipe in scene.picture.pipes if _is_near(pipe, place, self._plane(scene.picture)))
        return next((local(pipe.medium) for pipe in near), "")

    def shown_at(self, place: QPointF | None) -> Subject | None:
        """Return the value at a place: that of an item, or a value that stands alone; None: of the item in focus."""
        scene = self._present()
        if scene is None:
            return None
        if place is not None:
            return of_tag(next(iter(self._names_at(scene, place)), ""))
        stop = self._stop()
        known = [name for name in stop.tags if name in self._feed.tags] if stop is not None else []
        return of_tag(next(iter(known), ""))

    def shown_places(self) -> Iterator[tuple[QRect, Subject]]:
        """Yield where items and values stand."""
        for stop in self.stops():
            subject = self.shown_at(stop.place.center())
            if subject is not None:
                yield stop.place.toAlignedRect(), subject

    def tags_at(self, place: QPointF) -> list[str]:
        """Return the tags at a place that a trend can show: of a value, else all of an item."""
        scene, tags = self._present(), self._feed.tags
        return [name for name in self._names_at(scene, place) if not tags[name].is_text] if scene is not None else []

    def _names_at(self, scene: PictureScene, place: QPointF) -> list[str]:
        """Return the tags at a place, the most telling first: of a value, else those that an item shows."""
        readout = scene.readout_at(place)
        return [readout.tag] if readout is not None else self._names_of(scene.symbol_at(place))

    def _names_of(self, symbol: Symbol | None) -> list[str]:
        names = (symbol.value, symbol.level, symbol.running) if symbol is not None else ()
        return [name for name in dict.fromkeys(names) if name in self._feed.tags]

    def _reading(self, name: str) -> Reading | None:
        """Return how the newest value of a tag is written, None where the plant has no such tag."""
        tag, feed = self._feed.tags.get(name), self._feed
        if tag is None:
            return None
        return reading_of(feed.value(tag.handle), tag=tag, now=clock.now_ns(), is_linked=feed.is_linked)

    def writable_at(self, place: QPointF) -> str:
        """Return the tag of a value there that can be written, "" for none."""
        scene = self._present()
        readout = scene.readout_at(place, writable=True) if scene is not None else None
        return readout.tag if readout is not None else ""

    def _plane(self, picture: Picture) -> Plane:
        margin = theme().px(MARGIN)
        return fitted(picture, QRectF(self.rect()).adjusted(margin, margin, -margin, -margin))

    def _present(self) -> PictureScene | None:
        """Return the scene of the present picture, size and look; made anew where one of them is another."""
        picture, look, ratio = self._picture, theme(), self.devicePixelRatioF()
        if picture is None or self.size().isEmpty():
            return None
        wanted = (self.size(), ratio, look.name, look.scale, language())
        if self._scene is None or wanted != self._scene_of:
            self._scene_of, self._has_other_alarms = wanted, False
            plane = self._plane(picture)
            shown = spread(picture, plane, self._feed)
            self._scene = PictureScene(
                shown, plane=plane, size=self.size(), ratio=ratio, feed=self._feed, alarms=self._alarms
            )
            self._scene.light(self._lit(picture))
        return self._scene

    def _lit(self, picture: Picture) -> dict[int, bool]:
        """Return the items of the present equipment, and the one that the keyboard is on (True)."""
        return {
            place: symbol is self._focused
            for place, symbol in enumerate(picture.symbols)
            if symbol is self._focused or (self._selected and symbol.equipment == self._selected)
        }

    def _light(self) -> None:
        if self._scene is not None and self._picture is not None:
            self._repaint(self._scene.light(self._lit(self._picture)))

    def _repaint(self, boxes: Boxes) -> None:
        """Paint these places (px of the device) again, once, when the event loop comes to it."""
        if len(boxes) > MOST_PLACES:
            self.update()
            return
        ratio = self.devicePixelRatioF()
        for left, top, right, bottom in (boxes / ratio).tolist():
            self.update(
                QRectF(left, top, right - left, bottom - top).adjusted(-REACH, -REACH, REACH, REACH).toAlignedRect()
            )

    def _boxes(self, scene: PictureScene, event: QPaintEvent) -> Boxes:
        """Return which places an event wants painted, px of the device."""
        rects: list[QRect] = [event.region().boundingRect()]
        if event.region().rectCount() <= MOST_PLACES:
            rects = list(cast("Iterable[QRect]", event.region()))  # which the stubs do not know
        if rects[0].contains(self.rect()):
            return scene.whole
        edges = [(each.left(), each.top(), each.left() + each.width(), each.top() + each.height()) for each in rects]
        return np.array(edges, np.float64) * self.devicePixelRatioF()

    def _note_alarms(self, _: object) -> None:
        self._has_other_alarms = True

    def _blink(self, phase: bool) -> None:  # noqa: FBT001 - a slot of Feed.blinked
        self._phase = phase
        if self._scene is not None and self.isVisible():
            for place in self._scene.blinking():
                self.update(place.adjusted(-1, -1, 1, 1).toAlignedRect())


def _is_near(pipe: Pipe, place: QPointF, plane: Plane) -> bool:
    points = [plane.point(point) for point in pipe.points]
    return any(_distance(place, start, end) < 6 for start, end in pairwise(points))


def _distance(place: QPointF, start: QPointF, end: QPointF) -> float:
    along, to = end - start, place - start
    length = QPointF.dotProduct(along, along)
    share = min(max(QPointF.dotProduct(to, along) / length, 0.0), 1.0) if length else 0.0
    gap = to - along * share
    return math.hypot(gap.x(), gap.y())
