"""A page that reads anew what it shows, as long as it is in view."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget


class RenewedPage(QFrame):
    """Renewed when it is shown and every `every_ms` from then on, never while hidden; follows the window's language."""

    def __init__(self, every_ms: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._renewal = QTimer(self)
        self._renewal.setInterval(every_ms)
        self._renewal.timeout.connect(self.renew)

    def renew(self) -> None:
        """Read anew what is shown."""
        raise NotImplementedError

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.renew()
        self._renewal.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._renewal.stop()
