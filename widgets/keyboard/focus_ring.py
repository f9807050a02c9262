"""The ring around what has the keyboard: seen in every theme, around everything, from the first Tab to the next click.

Pressed buttons, lists and plots look alike with and without the keyboard; a ring that belongs to none of them does not.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from widgets.theme import theme

WIDTH = 2
"""Px at scale 1 (WCAG 2.2, 2.4.13: at least 2 px around the whole of it)."""
_MOVES = {QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Hide, QEvent.Type.Show}


class FocusRing(QWidget):
    """Lies over a window without taking a press; one for each window, made by `Keyboard`."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._around: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def around(self) -> QWidget | None:
        """Return what it is around, None for nothing."""
        return self._around

    def show_around(self, widget: QWidget | None) -> None:
        """Go around a widget of this window, None: nowhere."""
        before = self._around
        if before is not None and before is not widget and isValid(before):
            before.removeEventFilter(self)
        if widget is not None and widget is not self._around:
            widget.installEventFilter(self)
        self._around = widget
        self.place()
        QTimer.singleShot(0, self, self.place)  # a scrolled page moves only now to where it is seen

    def place(self) -> None:
        """Lie around what of it is seen."""
        widget = self._around
        if widget is None or not isValid(widget) or not widget.isVisible():
            self.hide()
            return
        seen = widget.visibleRegion().boundingRect()
        window = widget.window()
        edge = theme().px(WIDTH)
        around = QRect(widget.mapTo(window, seen.topLeft()), seen.size()).adjusted(-edge, -edge, edge, edge)
        self.setGeometry(around.intersected(window.rect()))
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._around and event.type() in _MOVES:
            self.place()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        edge = theme().px(WIDTH)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().color("accent"), edge))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge / 2, edge / 2, -edge / 2, -edge / 2), 3, 3)


class Keyboard(QObject):
    """Knows whether a window and its dialogs are worked by keys: from the first Tab to the next press."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._is_used = False
        QApplication.instance().focusChanged.connect(self._follow)  # type: ignore[union-attr] # there is one

    def use(self) -> None:
        """Show where the keyboard is: it was moved by Tab."""
        self._is_used = True
        self._show(self._window.focusWidget())

    def _follow(self, _: QWidget | None, focused: QWidget | None) -> None:
        is_pressed = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        self._is_used = self._is_used and not is_pressed
        self._show(focused)

    def _show(self, focused: QWidget | None) -> None:
        top = focused.window() if focused is not None else None
        if top is None or not self._is_mine(top):
            return
        ring = top.findChild(FocusRing, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if ring is None and self._is_used:
            ring = FocusRing(top)
        if ring is not None:
            is_whole = focused is None or focused.size() == top.size()  # around a whole window it would tell nothing
            ring.show_around(focused if self._is_used and not is_whole else None)

    def _is_mine(self, top: QWidget) -> bool:
        owner: QWidget | None = top
        while owner is not None and owner is not self._window:
            owner = owner.parentWidget()
        return owner is not None
