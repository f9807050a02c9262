"""Ctrl+K: find anything by any part of its name, in either language, or by its initials, and go there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from widgets.line_delegate import LineDelegate, line
from widgets.target import Searched, Target
from widgets.theme import theme
from widgets.translation import tr


class Finder(QDialog):
    """A field and the list of what it finds; Enter opens the chosen line, Escape closes.

    `recent`: the first keys of what was opened last, newest first; it stands on top. What has not been gathered yet
    comes to the list by itself.
    """

    opened = Signal(str)  # the first key of what somebody has chosen

    def __init__(self, searched: Searched, parent: QWidget, *, recent: Sequence[str] = ()) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        look = theme()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(tr("Search"))
        self._searched = searched
        self._recent = recent
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Search tags, alarms, pages, actions, orders, reports, help"))
        self.field.setAccessibleName(tr("Search"))
        self.field.setFixedHeight(look.px(36))
        self.list = QListWidget()
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setItemDelegate(LineDelegate(self.list))
        self.list.setAccessibleName(tr("Found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = QLabel()
        self.nothing.setProperty("tone", "dim")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        frame = QFrame()
        frame.setProperty("surface", "panel")
        rows = QVBoxLayout(frame)
        rows.setContentsMargins(look.px(8), look.px(8), look.px(8), look.px(8))
        for part in (self.field, self.list, self.nothing):
            rows.addWidget(part)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        self.setFixedSize(look.px(560), look.px(420))
        self.field.textChanged.connect(self.search)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._open)
        self._is_whole = searched.prepare(self.renew)
        self.search("")

    def renew(self) -> None:
        """List anew what is found, now that more can be."""
        self._is_whole = self._searched.is_whole()
        chosen = self._chosen()
        self.search(self.field.text())
        for row in range(self.list.count()):
            if chosen is not None and self._target(row).keys == chosen.keys:
                self.list.setCurrentRow(row)  # whoever has gone down to a line stays on it

    def _chosen(self) -> Target | None:
        row = self.list.currentRow()
        return self._target(row) if row > 0 else None

    def _target(self, row: int) -> Target:
        target: Target = self.list.item(row).data(Qt.ItemDataRole.UserRole)
        return target

    def appear(self, center: QPoint) -> None:
        """Come up with the top edge's middle at `center` (global), ready to type."""
        self.move(center.x() - self.width() // 2, center.y())
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def search(self, text: str) -> None:
        """List what `text` finds."""
        self.list.clear()
        for target in self._searched.search(text, recent=self._recent):
            self.list.addItem(line(target.title, detail=target.detail, kind=target.kind, payload=target))
        self.list.setCurrentRow(0)
        self.list.setVisible(self.list.count() > 0)
        told = tr("Nothing found. Any part of a name in either language will do, or its initials.")
        self.nothing.setText(told if self._is_whole else tr("Gathering the names of the plant…"))
        self.nothing.setVisible(self.list.count() == 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_other = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            return self._steer(event.key(), is_other=is_other)
        return super().eventFilter(watched, event)

    def _steer(self, key: int, *, is_other: bool = False) -> bool:
        """Move and choose in the list while the field keeps the focus."""
        rows = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        step = rows.get(Qt.Key(key))
        if step is not None:
            self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.list.currentItem(), is_other=is_other)
        else:
            return False
        return True

    def _open(self, item: QListWidgetItem | None, *, is_other: bool = False) -> None:
        if item is not None:
            target: Target = item.data(Qt.ItemDataRole.UserRole)
            self.close()
            self.opened.emit(target.keys[0])
            (target.open_otherwise or target.open if is_other else target.open)()
