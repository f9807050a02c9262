"""The head of a panel: what it shows, and where it can go; it is pulled with the mouse, or worked by its buttons."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QWidget
from shiboken6 import isValid

from widgets.dock.arrangement import Place
from widgets.elided_label import ElidedLabel
from widgets.icon import IconButton
from widgets.theme import SEMIBOLD, theme
from widgets.translation import tr

BUTTON = 34
"""As high as every button of the design: at the touch size a finger in a glove hits it."""


class PanelHead(QFrame):
    """Tells where the panel is asked to go, and how far it is pulled."""

    place_asked = Signal(Place)
    close_asked = Signal()
    pulled = Signal(QPoint)  # the pointer, in global px
    let_go = Signal(QPoint)
    pull_ended = Signal()  # without a new place

    def __init__(self) -> None:
        super().__init__()
        self.title = ElidedLabel(size="body", weight=SEMIBOLD)
        self.buttons = {place: IconButton(icon) for place, icon in _ICONS.items()}
        self.close_button = IconButton("close")
        self._begun: QPoint | None = None
        self._is_pulled = False
        self._former: QWidget | None = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme().px(10), theme().px(2), theme().px(2), theme().px(2))
        row.setSpacing(0)
        row.addWidget(self.title, 1)
        for button in (*self.buttons.values(), self.close_button):
            button.setFixedSize(theme().px(BUTTON), theme().px(BUTTON))
            row.addWidget(button)
        for place, button in self.buttons.items():
            button.clicked.connect(lambda _=False, place=place: self.place_asked.emit(place))
        self.close_button.clicked.connect(lambda _=False: self.close_asked.emit())
        self.retranslate()

    def show_place(self, place: Place, *, may_leave: bool) -> None:
        """Offer the places where the panel is not. `may_leave`: whether it can have a window of its own."""
        for each, button in self.buttons.items():
            button.setVisible(each is not place and (may_leave or each is not Place.WINDOW))

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        for place, name, key in (
            (Place.BESIDE, tr("Beside the page"), "Alt+Shift+Right"),
            (Place.BELOW, tr("Below the page"), "Alt+Shift+Down"),
            (Place.WINDOW, tr("Into a window of its own"), "Alt+Shift+Up"),
        ):
            self.buttons[place].setAccessibleName(name)
            self.buttons[place].setToolTip(f"{name} ({key})")
        self.close_button.setAccessibleName(tr("Close the panel"))
        self.close_button.setToolTip(f"{tr('Close the panel')} (Ctrl+W)")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._begun = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.globalPosition().toPoint()
        if self._begun is None:
            return
        if not self._is_pulled and (place - self._begun).manhattanLength() >= QApplication.startDragDistance():
            self._is_pulled = True
            self._former = QApplication.focusWidget()
            self.setFocus(Qt.FocusReason.MouseFocusReason)  # Escape lets it be, wherever the keyboard was
        if self._is_pulled:
            self.pulled.emit(place)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._end():
            self.let_go.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._end()
        shown = [place for place in (Place.WINDOW, Place.BESIDE) if self.buttons[place].isVisible()]
        if event.button() is Qt.MouseButton.LeftButton and shown:
            self.place_asked.emit(shown[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._end():
            self.pull_ended.emit()
        else:
            super().keyPressEvent(event)

    def _end(self) -> bool:
        """Let the pointer have nothing in hand; return whether it had."""
        was_pulled, self._is_pulled, self._begun = self._is_pulled, False, None
        if was_pulled and self._former is not None and isValid(self._former):
            self._former.setFocus(Qt.FocusReason.OtherFocusReason)
        self._former = None
        return was_pulled


_ICONS = {Place.BESIDE: "beside", Place.BELOW: "below", Place.WINDOW: "window"}
