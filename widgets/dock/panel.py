"""A panel: a head and a content, the same beside a page and in a window of its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QKeyCombination, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout

from widgets.dock.arrangement import Place, PlacedPanel
from widgets.dock.content import Content
from widgets.dock.head import PanelHead
from widgets.guarded_event import guarded_event
from widgets.keyboard.key_table import deed
from widgets.theme import theme

LEAST, MOST_LEAST = (240, 110), (480, 216)
"""A panel has the width and height that its content wants, between these: the page wants some too; px at scale 1."""
_PLACES = {"panels.beside": Place.BESIDE, "panels.below": Place.BELOW, "panels.window": Place.WINDOW}


class Panel(QFrame):
    """`kind`: the key of its kind. Keys that the content has count only while the keyboard is in the panel.

    A page and a panel may have the same keys, as two trends have; Qt would follow neither. So a panel takes the keys of
    its content over and answers them itself before the window looks for a shortcut.
    """

    place_asked = Signal(object)  # Place
    close_asked = Signal()
    size_asked = Signal(int)  # larger or smaller by so many steps
    changed = Signal()
    bounded = Signal()  # it wants another room than before

    def __init__(self, kind: str, content: Content) -> None:
        super().__init__()
        self.kind, self.content = kind, content
        self.place = Place.BESIDE
        self.geometry_text = ""
        self.head = PanelHead()
        self.setProperty("surface", "panel")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self.head)
        inner = QVBoxLayout()
        inner.setContentsMargins(theme().px(8), 0, theme().px(8), theme().px(8))
        inner.addWidget(content)
        column.addLayout(inner, 1)
        self._bound()
        self._keys = self._own_keys() | self._keys_of_content()
        self.head.place_asked.connect(self.place_asked)
        self.head.close_asked.connect(self.close_asked)
        content.changed.connect(self._renew)
        content.close_asked.connect(self.close_asked)
        self._renew()

    def stand(self, place: Place, *, may_leave: bool) -> None:
        """Take note of where it stands now."""
        self.place = place
        self.head.show_place(place, may_leave=may_leave)

    @property
    def wanted(self) -> QSize:
        """Return the least size in which nothing of the content is cut, within bounds."""
        look = theme()
        least, most = (QSize(look.px(width), look.px(height)) for width, height in (LEAST, MOST_LEAST))
        return (self.minimumSizeHint() + QSize(4, 0)).expandedTo(least).boundedTo(most)

    def kept(self, *, size: int) -> PlacedPanel:
        """Return what is to be remembered of it."""
        return PlacedPanel(self.kind, self.place, size, self.geometry_text, self.content.marks())

    @guarded_event
    def event(self, event: QEvent) -> bool:
        is_override = event.type() == QEvent.Type.ShortcutOverride
        app = QApplication.instance()
        if is_override and app is not None and isinstance(event, QKeyEvent) and _pressed(event) in self._keys:
            event.accept()
            app.installEventFilter(self)  # for the press that follows: what has the keyboard may know the key too
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() != QEvent.Type.ShortcutOverride:
            app = QApplication.instance()
            if app is not None:
                app.removeEventFilter(self)
            call = self._keys.get(_pressed(event))
            if event.type() == QEvent.Type.KeyPress and call is not None:
                call()
                return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.head.retranslate()
            QTimer.singleShot(0, self, self._bound)  # once the content has its words too

    def _bound(self) -> None:
        self.setMinimumSize(self.wanted)
        self.bounded.emit()

    def _renew(self) -> None:
        self.head.title.set_text(self.content.title())
        self.setAccessibleName(self.content.title())
        self.changed.emit()

    def _own_keys(self) -> dict[str, Callable[[], object]]:
        deeds: dict[str, Callable[[], object]] = {name: partial(self._ask, place) for name, place in _PLACES.items()}
        deeds["panels.close"] = self.close_asked.emit
        deeds["panels.larger"] = partial(self.size_asked.emit, 1)
        deeds["panels.smaller"] = partial(self.size_asked.emit, -1)
        return {key: call for name, call in deeds.items() for key in deed(name).keys}

    def _ask(self, place: Place) -> None:
        if place is not self.place:
            self.place_asked.emit(place)

    def _keys_of_content(self) -> dict[str, Callable[[], object]]:
        keys: dict[str, Callable[[], object]] = {}
        for shortcut in self.content.findChildren(QShortcut):
            shortcut.setEnabled(False)
            keys[shortcut.key().toString(QKeySequence.SequenceFormat.PortableText)] = shortcut.activated.emit
        return keys


def _pressed(event: QKeyEvent) -> str:
    """Return the name of what was pressed; on the block of digits too."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    pressed = QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key())))
    return pressed.toString(QKeySequence.SequenceFormat.PortableText)
