"""Values that are dragged from where they are shown: onto trends, the tab of the trends, a process picture."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractScrollArea, QApplication, QWidget

from widgets.drag.tag_mime import drag_tags

Tags = Callable[[QPointF], Sequence[str]]


class ValueDrag(QObject):
    """Lets the pointer carry what a widget shows where it was pressed.

    `tags` returns the names of the tags at a place of the widget, none where nothing can be carried; it is asked
    before the widget hears of the press. Whatever a click does has to be done when the button is let go: after a drag
    it is not.
    """

    def __init__(self, source: QWidget, tags: Tags) -> None:
        super().__init__(source)
        self._source, self._tags = source, tags
        self._from = QPointF()
        self._carried: Sequence[str] = ()
        source.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            try:
                return self._take(event)
            except Exception as fault:  # noqa: BLE001 - the outermost place of a handler: it must not travel through Qt
                sys.excepthook(type(fault), fault, fault.__traceback__)
        return super().eventFilter(watched, event)

    def _take(self, event: QMouseEvent) -> bool:
        """Return whether the widget shall not hear of an event, because it was one of a drag."""
        if event.type() is QEvent.Type.MouseButtonPress:
            is_left = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
            self._from, self._carried = event.position(), self._tags(event.position()) if is_left else ()
        elif event.type() is QEvent.Type.MouseButtonRelease or not event.buttons() & Qt.MouseButton.LeftButton:
            self._carried = ()  # a release that came elsewhere is known by the next move
        elif event.type() is QEvent.Type.MouseMove and self._carried:
            if (event.position() - self._from).manhattanLength() >= QApplication.startDragDistance():
                carried, self._carried = self._carried, ()
                drag_tags(self._source, carried)
                self._let_go(event)
            return True
        return False

    def _let_go(self, event: QMouseEvent) -> None:
        """End the press, of which the widget would otherwise not hear: the drag has taken its end."""
        if isinstance(self._source, QAbstractButton):
            self._source.setDown(False)
            return
        parent = self._source.parentWidget()
        if isinstance(parent, QAbstractScrollArea):  # a list would go on choosing rows
            kind, left, none = QEvent.Type.MouseButtonRelease, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
            place = event.position()
            gone = QMouseEvent(kind, place, event.globalPosition(), left, none, Qt.KeyboardModifier.NoModifier)
            QApplication.sendEvent(self._source, gone)
