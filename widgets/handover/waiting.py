"""How many handovers wait for somebody: those that nobody has taken over, and those that this operator has not read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer

from app.model import clock
from app.model.handover import Handover
from app.plant.folder import PlantFolder
from widgets.alarm.acknowledgement import Acknowledgement
from widgets.feed import Feed
from widgets.handover.lists import unread
from widgets.header.badge import Badge
from widgets.operation import Operation
from widgets.translation import tr

RENEW_MS = 5_000
REPLAY_MS = 1_000


class WaitingHandovers(Badge):
    """Looks every five seconds whether a step was added, and reads the handovers anew where one was.

    In a replay it follows the replayed instant. A plant that cannot be read has no number: its page says why.
    """

    def __init__(self, feed: Feed, folder: PlantFolder, acknowledgement: Acknowledgement, parent: QObject) -> None:
        super().__init__(parent)
        self._feed, self._folder, self._acknowledgement = feed, folder, acknowledgement
        self._handovers: Sequence[Handover] = ()
        self._newest = -1
        self._work: Operation[tuple[int, Sequence[Handover] | None]] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(REPLAY_MS if clock.is_replaying() else RENEW_MS)
        self._timer.timeout.connect(self.renew)
        self._timer.start()
        acknowledgement.operator_changed.connect(self._count)
        feed.requests.answered.connect(self.renew)

    def text(self) -> str:
        """Return how many wait."""
        return tr("{n} unread", n=self.count)

    def renew(self) -> None:
        """Look whether anything was added."""
        if self._work is not None:
            return
        newest, folder, plant = self._newest, self._folder, self._feed.plant

        def work() -> tuple[int, Sequence[Handover] | None]:
            # SQLite's libraries take a third of a second to import: the window does not wait for them
            from widgets.handover.reading import HandoverReading  # noqa: PLC0415

            reading = HandoverReading(folder, plant)
            found = reading.newest()
            return found, None if found == newest else reading.standing().handovers

        self._work = Operation(self, work).success(self._take).failure(self._fail).start()

    def _take(self, found: tuple[int, Sequence[Handover] | None]) -> None:
        self._work = None
        self._newest, handovers = found
        if handovers is not None:
            self._handovers = handovers
            self._count()

    def _fail(self, error: Exception) -> None:
        del error  # the page tells it
        self._work = None
        self._newest = -1

    def _count(self) -> None:
        self.show_count(len(unread(self._handovers, self._acknowledgement.operator)))
