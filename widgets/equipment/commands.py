"""What can be done with the equipment in view: a button whose list opens a faceplate for each of its methods."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from widgets.feed import Feed
from widgets.theme import theme
from widgets.translation import local, tr

HEIGHT = 30


class Commands(QPushButton):
    """Hidden where the equipment, or the plant as it may be written, has no methods."""

    call_asked = Signal(str)
    """The name of a method."""

    def __init__(self, feed: Feed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._equipment = ""
        self.list = QMenu(self)
        self.setMenu(self.list)
        self.setMinimumHeight(theme().px(HEIGHT))
        self.list.triggered.connect(lambda action: self.call_asked.emit(action.data()))
        self.refresh()

    def show_equipment(self, equipment: str) -> None:
        """Offer the methods of an equipment."""
        self._equipment = equipment
        self.refresh()

    def refresh(self) -> None:
        """List the methods of the equipment again."""
        self.list.clear()
        plant = self._feed.plant
        found = [] if plant.is_read_only else [each for each in plant.methods if each.equipment == self._equipment]
        for method in found:
            action = self.list.addAction(tr("{method}…", method=local(method.title)))
            action.setEnabled(method.is_enabled)
            action.setData(method.name)
            if not method.is_enabled:
                action.setToolTip(tr("Not enabled: an engineer enables it in the plant file"))
        self.list.setToolTipsVisible(True)
        self.setText(tr("Commands"))
        self.setVisible(bool(found))
