"""The window of its own that a panel is taken off into: on any screen, and with the keys of the plant's window."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QMoveEvent, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.dock.panel import Panel
from widgets.explain.reach import Explaining
from widgets.theme import theme
from widgets.translation import tr
from widgets.window_place import within_reach

WIDTH, HEIGHT = 720, 480


class PanelWindow(QWidget):
    """Holds one panel. Closing it closes the panel: `closed`, unless the plant's window ends and takes it along."""

    closed = Signal()
    settled = Signal()

    def __init__(self, panel: Panel, owner: QWidget, explaining: Explaining) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self.panel = panel
        explaining.attend(self, has_keys=True)
        self._is_ending = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        panel.setMinimumSize(panel.wanted)
        self.setMinimumSize(panel.wanted)
        self.resize(theme().px(WIDTH), theme().px(HEIGHT))
        self._take_keys(owner)
        panel.changed.connect(self._name)
        panel.show()
        self._name()

    def stand(self, place: QPoint | None) -> None:
        """Stand where the panel's window stood last, else at `place` (global px), in any case within reach."""
        if self.panel.geometry_text:
            self.restoreGeometry(QByteArray.fromBase64(self.panel.geometry_text.encode()))
        elif place is not None:
            self.move(place)
        screens = [each.availableGeometry() for each in QGuiApplication.screens()]
        wanted = within_reach(self.geometry(), screens)
        if wanted != self.geometry():
            self.setGeometry(wanted)

    def end(self) -> None:
        """Go without closing the panel, which stands elsewhere now or ends with the plant's window."""
        self._is_ending = True
        self.close()
        self.deleteLater()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._settle()  # one that nobody moves has a place too, which a crash must not lose

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self._settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self._settle()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if not self._is_ending:
            self._is_ending = True
            self.closed.emit()

    def _settle(self) -> None:
        if self.isVisible() and not self._is_ending:
            self.panel.geometry_text = self.saveGeometry().toBase64().toStdString()
            self.settled.emit()

    def _take_keys(self, owner: QWidget) -> None:
        """Let F2, F3, Ctrl+K and all other keys of the plant's window work here as they do there."""
        for original in owner.findChildren(QShortcut, options=Qt.FindChildOption.FindDirectChildrenOnly):
            key = QShortcut(self)
            key.setKeys(original.keys())
            key.activated.connect(original.activated)

    def _name(self) -> None:
        self.setWindowTitle(tr("{panel} – Foreshift", panel=self.panel.content.title()))
