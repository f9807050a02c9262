"""The border to pyqtgraph, which carries no types: its pixel plane and its items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QGraphicsObject,
    QGraphicsScene,
    QGraphicsView,
    QStyleOptionGraphicsItem,
    QWidget,
)

if TYPE_CHECKING:

    class _View(QGraphicsView):
        def __init__(self, *, useOpenGL: bool, background: QColor | None) -> None: ...  # noqa: N803 - pyqtgraph's name
        def addItem(self, item: QGraphicsObject) -> None: ...

    class _Item(QGraphicsObject): ...

else:
    from pyqtgraph import GraphicsObject as _Item
    from pyqtgraph import GraphicsView as _View

WHEEL_STEP = 120
NOWHERE = QRectF()
"""The extent of a layer that has nothing to draw: it is not asked to."""


class PlotItem(_Item):
    """One layer of a plot: `draw` paints it in the pixels of the view."""

    def __init__(self, *, level: int) -> None:
        super().__init__()
        self.setZValue(level)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self._extent = QRectF()

    def set_extent(self, extent: QRectF) -> None:
        """Say within which pixels the layer paints."""
        if extent != self._extent:
            self.prepareGeometryChange()
            self._extent = extent

    def draw(self, painter: QPainter) -> None:
        """Paint the layer."""
        raise NotImplementedError

    def boundingRect(self) -> QRectF:
        return self._extent

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002 - Qt's
        self.draw(painter)


class PlotView(_View):
    """A plane whose coordinates are its pixels; it tells what the pointer does there and draws its layers."""

    resized = Signal()
    wheel_turned = Signal(float, float)  # x in px, steps away from the user
    pressed = Signal(float)  # x in px
    dragged = Signal(float)  # x in px, after a press
    cursor_moved = Signal(object)  # x in px, None outside
    reset_asked = Signal()
    marked = Signal(float, float)  # x in px where a drag with Shift began, and where it is

    def __init__(self) -> None:
        super().__init__(useOpenGL=False, background=None)
        self.setCacheMode(QGraphicsView.CacheModeFlag(0))  # the lowest layer is the ground, and paper has its own
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)  # `refresh` says what and when
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # the lowest layer covers the plane, and a handful of layers needs no index
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.scene().setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)
        self.viewport().setAcceptDrops(False)  # what is dropped on a plot is for its pane
        self.setAcceptDrops(False)
        self._dragged_from: float | None = None
        self._marks_from: float | None = None

    def add(self, item: PlotItem) -> None:
        """Put a layer onto the plane."""
        self.addItem(item)

    def refresh(self) -> None:
        """Paint all layers again, once, when the event loop comes to it."""
        self.viewport().update()

    def refresh_at(self, *places: QRectF) -> None:
        """Paint all layers again at some places, px."""
        for place in places:
            if not place.isEmpty():
                self.viewport().update(place.toAlignedRect())

    def resizeEvent(self, event: QResizeEvent | None) -> None:  # pyqtgraph itself calls it with None
        super().resizeEvent(event)  # type: ignore[arg-type]
        if event is not None:
            self.resized.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.wheel_turned.emit(event.position().x(), event.angleDelta().y() / WHEEL_STEP)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
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
        if self._marks_from is not None:
            self.marked.emit(self._marks_from, x)
        elif self._dragged_from is not None and x != self._dragged_from:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(x)
        self.cursor_moved.emit(x)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = self._marks_from = None
        self.unsetCursor()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._dragged_from = None
        self.reset_asked.emit()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.cursor_moved.emit(None)
