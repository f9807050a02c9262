"""The plane on which a trend is painted: layers of its own, in the pixels of the widget."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

WHEEL_STEP = 120
NOWHERE = QRectF()
"""The extent of a layer that has nothing to draw: it is not asked to."""


class PlotItem:
    """One layer of a plot, above those of a lower `level`: `draw` paints it in the pixels of the view."""

    def __init__(self, *, level: int) -> None:
        self.level = level
        self.extent = QRectF()

    def set_extent(self, extent: QRectF) -> None:
        """Say within which pixels the layer paints."""
        self.extent = extent

    def draw(self, painter: QPainter) -> None:
        """Paint the layer; the painter is clipped to what has to be painted, and its state is the layer's own."""
        raise NotImplementedError


class PlotView(QWidget):
    """A plane whose coordinates are its pixels; it tells what the pointer does there and draws its layers.

    The lowest layer covers it.
    """

    resized = Signal()
    wheel_turned = Signal(float, float)  # x in px, steps away from the user
    pressed = Signal(float)  # x in px
    dragged = Signal(float)  # x in px, after a press
    cursor_moved = Signal(object)  # x in px, None outside
    reset_asked = Signal()
    marked = Signal(float, float)  # x in px where a drag with Shift began, and where it is

    def __init__(self) -> None:
        super().__init__()
        self._layers: list[PlotItem] = []
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self._dragged_from: float | None = None
        self._marks_from: float | None = None
        self._axis_from: QPointF | None = None

    def is_axis(self, x: float) -> bool:
        """Return whether there is a value axis at a place, px."""
        del x
        return False

    def turn_axis(self, place: QPointF, steps: float) -> None:
        """Take a turn of the wheel over a value axis, steps away from the user."""

    def drag_axis(self, place: QPointF, down: float) -> None:
        """Take a drag over a value axis, px down."""

    def reset_axis(self, place: QPointF) -> None:
        """Take a double press on a value axis."""

    def add(self, item: PlotItem) -> None:
        """Put a layer onto the plane."""
        self._layers.append(item)
        self._layers.sort(key=lambda layer: layer.level)

    def refresh(self) -> None:
        """Paint all layers again, once, when the event loop comes to it."""
        self.update()

    def refresh_at(self, *places: QRectF) -> None:
        """Paint all layers again at some places, px."""
        for place in places:
            if not place.isEmpty():
                self.update(place.toAlignedRect())

    def paintEvent(self, event: QPaintEvent) -> None:
        region, bounds = event.region(), QRectF(event.rect())
        with QPainter(self) as painter:
            for layer in self._layers:
                if layer.extent.intersects(bounds):
                    painter.save()
                    painter.setClipRegion(region)
                    layer.draw(painter)
                    painter.restore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / WHEEL_STEP
        if self.is_axis(event.position().x()):
            self.turn_axis(event.position(), steps)
        else:
            self.wheel_turned.emit(event.position().x(), steps)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.is_axis(event.position().x()):
            self._axis_from = event.position()
        elif event.button() is Qt.MouseButton.LeftButton:
            self._dragged_from = event.position().x()
            self._marks_from = None
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._marks_from, self._dragged_from = self._dragged_from, None
                event.accept()
                return
            self.pressed.emit(self._dragged_from)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if self._axis_from is not None:
            begun, self._axis_from = self._axis_from, QPointF(self._axis_from.x(), event.position().y())
            self.drag_axis(begun, event.position().y() - begun.y())
            event.accept()
            return
        if self._marks_from is not None:
            self.marked.emit(self._marks_from, x)
        elif self._dragged_from is not None and x != self._dragged_from:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(x)
        self.cursor_moved.emit(x)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = self._marks_from = self._axis_from = None
        self.unsetCursor()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = self._axis_from = None
        if self.is_axis(event.position().x()):
            self.reset_axis(event.position())
        else:
            self.reset_asked.emit()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.cursor_moved.emit(None)
