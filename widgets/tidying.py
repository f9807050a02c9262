"""When Python looks for objects that nobody needs any more: on the GUI thread only, and seldom through all of them.

Python begins a collection in whatever thread happens to make an object, and there Qt would lose a timer or a model of a
closed screen under the hands of the GUI thread: the process dies. So the collector that runs by itself is off, and the
window asks it, a few times a second.

With ten thousand alarms a whole collection takes 0.1 s. So where much has survived one, as after the start with its
hundred thousand objects, it is set aside at once, which costs nothing (gc.freeze), and looked through again once an
hour. What is not set aside is little, and looked through every minute: that frees pages that were closed.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 200
MINUTE_MS = 60_000
WHOLE_EVERY = 60  # minutes
YOUNG, MIDDLE, OLD = 5_000, 10, 2
WHOLE = 2  # the generation of a collection of everything
MUCH = 20_000  # objects, which take some 10 ms to look through


class Tidying(QObject):
    """Rules the collector of this process until it is closed; belongs to the GUI thread."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._minutes = 0
        self._was_on = gc.isenabled()
        gc.disable()
        for interval, call in ((LOOK_MS, self.look), (MINUTE_MS, self.tidy)):
            timer = QTimer(self)
            timer.setInterval(interval)
            timer.timeout.connect(call)
            timer.start()

    def look(self) -> None:
        """Collect what is young, if there is enough of it; now and then all of this minute, and all after a burst."""
        young, middle, old = gc.get_count()
        if young >= MUCH:  # as after the start: the window was held anyway, and is not held again by the same
            self._collect(WHOLE)
        elif young >= YOUNG:
            self._collect(0 if middle < MIDDLE else 1 if old < OLD else WHOLE)

    def tidy(self) -> None:
        """Look through all that is not set aside, and once an hour through that as well; called once a minute."""
        self._minutes += 1
        if self._minutes % WHOLE_EVERY == 0:
            gc.unfreeze()
        self._collect(WHOLE)

    def _collect(self, generation: int) -> None:
        gc.collect(generation)
        # after a lesser collection what is set aside would hold old garbage too; and little is not set aside: a page
        # that was among it, and is closed then, would keep its pictures until the hour
        if generation == WHOLE and len(gc.get_objects()) > MUCH:
            gc.freeze()

    def close(self) -> None:
        """Leave the collector as it was."""
        gc.unfreeze()
        if self._was_on:
            gc.enable()
