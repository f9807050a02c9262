"""The sheet that is drawn on: the picture as operators will see it, with grid, selection and handles above it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.model.picture import Picture, Pipe, Readout
from app.model.picture_levels import instance
from app.model.picture_parts import with_parts
from app.model.picture_port import Point
from app.picture.arranging import GRID
from app.picture.drawing import layer_of
from app.picture.extent import Box
from app.picture.subject import Subject
from widgets.drag.tag_mime import tags_of
from widgets.feed import Feed
from widgets.picture.item_state import ItemAlarms
from widgets.picture.plane import Plane, fitted
from widgets.picture.scene import PictureScene
from widgets.picture_editor.edited import EditedPicture
from widgets.picture_editor.hitting import grips, room_of
from widgets.picture_editor.palette import SymbolPalette
from widgets.theme import theme

LEAST_FACTOR, MOST_FACTOR = 0.1, 6.0
ZOOM_STEP = 1.2
HANDLE = 8
REACH_PX = 8.0
"""So near, px, the pointer must come to a line or a handle."""
MARGIN = 24
LIVE_MS = 500
"""So often the values on the sheet are renewed."""


class Canvas(QWidget):
    """Shows `edited`; the wheel zooms at the pointer, the middle button moves the sheet.

    A hand gets presses and moves, places in picture units, and keys (`on_key`, True where it used one). `ghost` is
    drawn above all: what a drag would make; `guides`: what it is drawn to.
    """

    pressed = Signal(object, object)  # Point, Qt.KeyboardModifier
    dragged = Signal(object, object)
    released = Signal(object)
    double_clicked = Signal(object)
    picked = Signal(object)  # Point: of what a menu is asked
    dropped = Signal(object, object)  # Point, list[str]: tags from the tree or the head of a trend
    symbol_dropped = Signal(object, str)  # Point, the kind of a symbol from the palette
    menu_asked = Signal(QPoint)  # on the screen

    def __init__(self, feed: Feed, edited: EditedPicture, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._alarms = ItemAlarms(feed)
        self.edited = edited
        self.has_grid = True
        self.on_key: Callable[[QKeyEvent], bool] = lambda _: False
        self._plane: Plane | None = None
        self._scene: PictureScene | None = None
        self._grabbed: QPointF | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(LIVE_MS)
        self._clock.timeout.connect(self.refresh)
        self.ghost: list[QPolygonF] = []
        self.guides: list[QPolygonF] = []
        self.band: QRectF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAcceptDrops(True)

    def show_edited(self, edited: EditedPicture) -> None:
        """Draw on another picture."""
        self.edited = edited
        for signal in (edited.changed, edited.layers_changed):
            signal.connect(self.renew)
        edited.selection_changed.connect(self.update)
        self._plane = None
        self.renew()

    @property
    def subject(self) -> Subject:
        """Return the picture with the plant that its names mean."""
        return Subject(self.edited.picture, self._feed.plant)

    @property
    def plane(self) -> Plane:
        """Return how picture units become px, at first all of the picture."""
        if self._plane is None:
            room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
            self._plane = fitted(self.edited.drawing.head, room)
        return self._plane

    @property
    def reach(self) -> float:
        """Return how near the pointer must come, picture units."""
        return REACH_PX / max(self.plane.factor, 0.01)

    def place_of(self, at: QPointF) -> Point:
        """Return the place of the picture at a place of the widget."""
        plane = self.plane
        return (at.x() - plane.origin.x()) / plane.factor, (at.y() - plane.origin.y()) / plane.factor

    def middle(self) -> Point:
        """Return the place in the middle of what is in view."""
        return self.place_of(QPointF(self.rect().center()))

    def renew(self) -> None:
        """Draw anew what has changed."""
        self._scene = None
        self.update()

    def refresh(self) -> None:
        """Show the values as they are now: what is drawn is seen alive."""
        if self._scene is not None and len(self._scene.renew(has_other_alarms=True)):
            self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()

    def zoom(self, by: float, at: QPointF | None = None) -> None:
        """Enlarge, keeping what is `at` a place of the widget there; its middle where none is given."""
        fixed = QPointF(self.rect().center()) if at is None else at
        factor = min(max(self.plane.factor * by, LEAST_FACTOR), MOST_FACTOR)
        origin = fixed - (fixed - self.plane.origin) * (factor / self.plane.factor)
        self._plane = Plane(factor, origin)
        self.renew()

    def fit(self) -> None:
        """Show all of the picture."""
        self._plane = None
        self.renew()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        look = theme()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), look.color("background"))
            if self._scene is None:
                self._scene = self._made_scene()
            self._scene.paint(painter, self._scene.whole, phase=True)
            self._shade_outside(painter)
            if self.has_grid:
                self._paint_grid(painter)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_unknown(painter)
            self._paint_selection(painter)
            self._paint_ghost(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(ZOOM_STEP if event.angleDelta().y() > 0 else 1 / ZOOM_STEP, event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._grabbed = event.position()
        elif event.button() is Qt.MouseButton.LeftButton:
            self.pressed.emit(self.place_of(event.position()), event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            plane = self.plane
            self._plane = Plane(plane.factor, plane.origin + event.position() - self._grabbed)
            self._grabbed = event.position()
            self.renew()
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self.dragged.emit(self.place_of(event.position()), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.MiddleButton:
            self._grabbed = None
        elif event.button() is Qt.MouseButton.LeftButton:
            self.released.emit(self.place_of(event.position()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if tags_of(event.mimeData()) or SymbolPalette.kind_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        place, kind = self.place_of(event.position()), SymbolPalette.kind_of(event.mimeData())
        if kind:
            self.symbol_dropped.emit(place, kind)
        else:
            self.dropped.emit(place, tags_of(event.mimeData()))
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        event.acceptProposedAction()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done to what lies there, or to what is selected where it was asked by a key."""
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            self.picked.emit(self.place_of(QPointF(event.pos())))
        self.menu_asked.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.on_key(event):
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.double_clicked.emit(self.place_of(event.position()))

    def _made_scene(self) -> PictureScene:
        return PictureScene(
            self._seen(),
            plane=self.plane,
            size=self.size(),
            ratio=self.devicePixelRatioF(),
            feed=self._feed,
            alarms=self._alarms,
        )

    def _seen(self) -> Picture:
        """Return the picture without hidden layers and with its parts; a faceplate as its first equipment has it."""
        drawing, hidden = self.edited.drawing, self.edited.hidden
        items = tuple(item for item in drawing.items if layer_of(item.element) not in hidden)
        picture = replace(drawing, items=items).picture
        subject = self.subject
        if picture.equipment_class and subject.owners:
            owner = subject.equipment[subject.owners[0]]
            return instance(picture, self._feed.plant, owner.id, owner.name)
        return with_parts(picture, self._feed.plant)

    def _shade_outside(self, painter: QPainter) -> None:
        size = self.edited.drawing.head.size
        sheet = QRectF(self.plane.point((0.0, 0.0)), self.plane.point(size))
        painter.setPen(QPen(theme().color("line"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(sheet)

    def _paint_grid(self, painter: QPainter) -> None:
        """Mark every fifth line of the grid where two cross, so that the picture stays the picture."""
        plane, (width, height) = self.plane, self.edited.drawing.head.size
        step = GRID * (5 if plane.factor * GRID < 14 else 1)
        if plane.factor * step < 8:
            return
        painter.setPen(QPen(theme().color("line"), 1))
        bodies = [
            self._rect(room_of(each, self.subject)) for each in self.edited.drawing.symbols if each.kind != "frame"
        ]
        dots = [
            plane.point((x * step, y * step))
            for x in range(int(width / step) + 1)
            for y in range(int(height / step) + 1)
        ]
        painter.drawPoints(QPolygonF([dot for dot in dots if not any(body.contains(dot) for body in bodies)]))

    def _paint_unknown(self, painter: QPainter) -> None:
        """Show where values stand whose tag is not there yet."""
        subject, look = self.subject, theme()
        painter.setFont(look.font("small"))
        for item in self.edited.drawing.items:
            is_seen = layer_of(item.element) not in self.edited.hidden
            if isinstance(item.element, Readout) and is_seen and subject.tag(item.element.tag) is None:
                rect = self._rect(room_of(item.element, subject))
                painter.setPen(QPen(look.color("faint"), 1, Qt.PenStyle.DashLine))
                painter.drawRect(rect)
                painter.setPen(look.color("dim"))
                painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, item.element.tag or "?")

    def _paint_selection(self, painter: QPainter) -> None:
        look, subject, drawing = theme(), self.subject, self.edited.drawing
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(look.color("accent"), 1.4))
        for item in drawing.chosen(self.edited.selection):
            if isinstance(item.element, Pipe):
                painter.drawPolyline(QPolygonF([self.plane.point(point) for point in item.element.points]))
            else:
                painter.drawRect(self._rect(room_of(item.element, subject)).adjusted(-3, -3, 3, 3))
        painter.setBrush(look.color("panel"))
        side = look.px(HANDLE)
        for _, point in grips(drawing, self.edited.selection):
            at = self.plane.point(point)
            painter.drawRect(QRectF(at.x() - side / 2, at.y() - side / 2, side, side))

    def _paint_ghost(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().color("accent"), 1, Qt.PenStyle.DashLine))
        for polygon in self.ghost:
            painter.drawPolyline(polygon)
        painter.setPen(QPen(theme().color("accent"), 1, Qt.PenStyle.DotLine))
        for line in self.guides:
            painter.drawPolyline(line)
        if self.band is not None:
            corners = (self.band.topLeft(), self.band.bottomRight())
            painter.drawRect(QRectF(*(self.plane.point(_tuple(corner)) for corner in corners)))

    def _rect(self, box: Box) -> QRectF:
        return QRectF(self.plane.point((box.left, box.top)), self.plane.point((box.right, box.bottom)))


def _tuple(point: QPointF) -> Point:
    return point.x(), point.y()
