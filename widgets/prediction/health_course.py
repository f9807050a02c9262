"""How the health of an Equipment went since this window was opened."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import deque

from app.model.forecast import Health

MOST = 4_000
"""More than an hour of changes, of which a collector tells one per second at most."""


class HealthCourse:
    """The changes of one Equipment's health, the newest last; the oldest are dropped."""

    def __init__(self) -> None:
        self._changes: deque[tuple[int, float]] = deque(maxlen=MOST)

    def note(self, health: Health) -> None:
        """Take a value; one that is older than the newest known is passed over."""
        if not self._changes or health.made >= self._changes[-1][0]:
            self._changes.append((health.made, health.health))

    def since(self, start: int) -> list[tuple[int, float]]:
        """Return (int64 ns UTC, health 0..100 or NaN) at `start`, as far as that is known, and of each change since."""
        changes = list(self._changes)
        first = bisect_right(changes, start, key=lambda change: change[0])
        held = [(start, changes[first - 1][1])] if first else []
        return held + changes[first:]

    @property
    def begin(self) -> int:
        """Return when a health was first known, int64 ns UTC; 0 while none is."""
        return next((time for time, value in self._changes if not math.isnan(value)), 0)
