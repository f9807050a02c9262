"""When Python looks for objects that nobody needs any more: on the GUI thread only, and seldom through all of them.

Python begins a collection in whatever thread happens to make an object, and there Qt would lose a timer or a model of a
closed screen under the hands of the GUI thread: the process dies. So the collector that runs by itself is off, and the
window asks it, a few times a second.

With ten thousand alarms a whole collection takes 0.1 s. Here what is young is collected as ever; once a minute what has
survived is set aside, which costs nothing (gc.freeze); once an hour everything is looked through. What is not set aside
yet is of this minute, and looking through all of that is cheap: it frees pages that were opened and closed in it. Where
it is not cheap, as after the start with its hundred thousand objects, what has survived is set aside at once: to look
through the same again at the end of the minute held the window for 50 to 80 ms.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 200
MINUTE_MS = 60_000
WHOLE_EVERY = 60  # minutes
YOUNG, MIDDLE, OLD = 5_000, 10, 2
LONG_S = 0.01  # processor time of a collection whose survivors are not looked through again


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
        """Collect what is young, if there is enough of it; now and then all of this minute."""
        young, middle, old = gc.get_count()
        if young < YOUNG:
            return
        generation = 0 if middle < MIDDLE else 1 if old < OLD else 2
        begun = time.thread_time()
        gc.collect(generation)
        if generation == 2 and time.thread_time() - begun > LONG_S:  # of a lesser one old garbage would be set aside
            gc.freeze()

    def tidy(self) -> None:
        """Set aside what has survived; called once a minute."""
        self._minutes += 1
        if self._minutes % WHOLE_EVERY == 0:
            gc.unfreeze()
        gc.collect()
        gc.freeze()

    def close(self) -> None:
        """Leave the collector as it was."""
        gc.unfreeze()
        if self._was_on:
            gc.enable()
