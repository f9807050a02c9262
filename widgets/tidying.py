"""When Python looks for objects that nobody needs any more: seldom through all of them, which holds the window up.

With ten thousand alarms a whole collection takes 0.1 s, and Python begins one whenever enough objects have come: in a
flood every few seconds. Here what is young is collected as ever; once a minute what has survived is set aside, which
costs nothing (gc.freeze); once an hour everything is looked through.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

MINUTE_MS = 60_000
WHOLE_EVERY = 60  # minutes
YOUNG, MIDDLE, NEVER = 5_000, 20, 1_000_000


class Tidying(QObject):
    """Rules the collector of this process as long as its owner lives."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self._minutes = 0
        self._former = gc.get_threshold()
        gc.set_threshold(YOUNG, MIDDLE, NEVER)
        timer = QTimer(self)
        timer.setInterval(MINUTE_MS)
        timer.timeout.connect(self.tidy)
        timer.start()

    def tidy(self) -> None:
        """Set aside what has survived; called once a minute."""
        self._minutes += 1
        if self._minutes % WHOLE_EVERY == 0:
            gc.unfreeze()
            gc.collect()
        else:
            gc.collect(1)
        gc.freeze()

    def close(self) -> None:
        """Leave the collector as it was."""
        gc.unfreeze()
        gc.set_threshold(*self._former)
