"""A number on the tab of a page: so much waits there, whichever page is in view."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Badge(QObject):
    """`changed`: the number is another; a `count` of 0 shows nothing."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.count = 0

    def show_count(self, count: int) -> None:
        """Show that so much waits."""
        if count != self.count:
            self.count = count
            self.changed.emit()

    def text(self) -> str:
        """Return what waits, in the operator's language: for a tool tip, and to be read aloud."""
        return str(self.count)
