"""Letting the collector work by the plant file that was just written, and hearing what became of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.pubsub.frame import CommandDone
from widgets.feed import Feed
from widgets.station_text import station_text
from widgets.translation import tr


class Taking(QObject):
    """`taken`: the collector works by the new file, and windows open the plant anew; `refused` says why it does not."""

    taken = Signal()
    refused = Signal(str)

    def __init__(self, feed: Feed, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed = feed
        self._request = 0
        feed.requests.answered.connect(self._hear)

    def ask(self) -> None:
        """Ask the collector; where none runs, the next one reads the file as it is."""
        if not self._feed.is_linked:
            self.refused.emit(tr("No collector runs now: the next one reads the new file."))
            return
        self._request = self._feed.requests.take_configuration()

    def _hear(self, answer: CommandDone) -> None:
        if answer.request != self._request:
            return
        self._request = 0
        if answer.done:
            self.taken.emit()
        else:
            self.refused.emit(station_text(answer.reason))
