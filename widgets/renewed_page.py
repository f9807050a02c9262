"""A page that reads anew what it shows, as long as it is in view; in a replay as often as the instant moves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from app.model import clock

REPLAY_MS = 500


class RenewedPage(QFrame):
    """Renewed when it is shown and every `every_ms` from then on, never while hidden; follows the window's language.

    In a replay it follows the replayed instant instead, twice a second at the most, and rests while that stands still.
    """

    def __init__(self, every_ms: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._renewal = QTimer(self)
        self._renewal.setInterval(min(every_ms, REPLAY_MS) if clock.is_replaying() else every_ms)
        self._renewal.timeout.connect(self._keep_up)
        self._renewed_at = 0

    def renew(self) -> None:
        """Read anew what is shown."""
        raise NotImplementedError

    def rewind(self) -> None:
        """Forget what is later than now: a replay has gone back. What is read anew as a whole need not be forgotten."""

    def retranslate(self) -> None:
        """Renew all texts in the present language."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._renewed_at = clock.now_ns()
        self.renew()
        self._renewal.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._renewal.stop()

    def _keep_up(self) -> None:
        now = clock.now_ns()
        if now != self._renewed_at or not clock.is_replaying():
            self._renewed_at = now
            self.renew()
