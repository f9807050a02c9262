"""Lets a costly renewal of a widget keep up with a flood of changes: what is cheap is done at once, else in turns."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.model import clock
from app.model.clock import NS_PER_MS

CHEAP_NS = 4 * NS_PER_MS
SHARE = 8
AFTER_MS = 20


class Pace(QObject):
    """Calls `renew` for each `ask`: at once while that is cheap, else so seldom that it takes 1/SHARE of the time.

    What has become costly is not done within the signal any more but after it, so that lists which show the same change
    are painted first, and each costly renewal is a stretch of its own. The last `ask` is always followed by a call, so
    that what is shown in the end is what is so.
    """

    def __init__(self, owner: QObject, renew: Callable[[], object]) -> None:
        super().__init__(owner)
        self._renew = renew
        self._free = 0
        self._is_cheap = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._call)

    def ask(self, *_: object) -> None:
        """Renew now or soon: a slot of any signal."""
        if self._is_cheap:
            self._call()
        elif not self._timer.isActive():
            wait = self._free - clock.monotonic_ns()
            self._timer.start(max(wait // NS_PER_MS + 1, AFTER_MS))

    def _call(self) -> None:
        self._timer.stop()
        before = time.thread_time_ns()
        self._renew()
        cost = time.thread_time_ns() - before
        self._is_cheap = cost <= CHEAP_NS
        self._free = clock.monotonic_ns() + SHARE * cost
