"""The help in a window of its own: where no page stands behind it, as before a dialog and before a plant is open."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.help.view import HelpView
from widgets.theme import theme
from widgets.translation import tr
from widgets.window_place import within_reach

WIDTH, HEIGHT = 480, 620


class HelpWindow(QWidget):
    """Belongs to what it explains, so that it can be read beside a dialog that waits for an answer; ends with it."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.view = HelpView()
        column = QVBoxLayout(self)
        column.addWidget(self.view)
        self.resize(theme().px(WIDTH), theme().px(HEIGHT))
        self.view.close_asked.connect(self.close)
        self.view.changed.connect(self._name)
        self._name()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._name()

    def _name(self) -> None:
        self.setWindowTitle(tr("Help: {chapter}", chapter=self.view.title))


def open_beside(owner: QWidget, link: str) -> HelpWindow:
    """Show a place of the help in a window beside `owner`; asked again, in the one that is there."""
    found = owner.findChild(HelpWindow)
    window = found if isinstance(found, HelpWindow) else HelpWindow(owner)
    window.view.open_link(link)
    if found is None:
        place = owner.frameGeometry()
        window.move(place.topRight() + QPoint(theme().px(8), 0))
        wanted = within_reach(window.geometry(), [owner.screen().availableGeometry()])
        if wanted != window.geometry():
            window.setGeometry(wanted)
    window.show()
    window.raise_()
    window.activateWindow()
    window.view.take_focus()
    return window
