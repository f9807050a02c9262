"""Periodic work of the collector's event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from app.model import clock


async def every(period_s: float, turn: Callable[[], None]) -> None:
    """Call `turn` each `period_s` until cancelled; a late turn is not made up for."""
    due = asyncio.get_running_loop().time()
    while True:
        turn()
        now = asyncio.get_running_loop().time()
        due = max(due + period_s, now)
        await asyncio.sleep(due - now)


@dataclass(slots=True)
class Rate:
    """A count's rise per second, smoothed over the last few takes."""

    count: int = 0
    taken: int = 0
    per_s: float = 0.0

    def take(self, count: int) -> float:
        """Return the rate, given the count now."""
        now = clock.monotonic_ns()
        if self.taken:
            fresh = (count - self.count) * clock.NS_PER_S / max(1, now - self.taken)
            self.per_s += 0.5 * (fresh - self.per_s)
        self.count, self.taken = count, now
        return self.per_s
