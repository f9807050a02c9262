"""Periodic work of the collector's event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from app.model import clock

SHARE = 0.25


async def every(period_s: float, turn: Callable[[], None]) -> None:
    """Call `turn` each `period_s` until cancelled; a late turn is not made up for."""
    due = asyncio.get_running_loop().time()
    while True:
        turn()
        now = asyncio.get_running_loop().time()
        due = max(due + period_s, now)
        await asyncio.sleep(due - now)


class Turns:
    """Calls `turn` soon after it was asked for, each `most_s` in any case, and never so often that it fills the loop.

    What comes in bursts, as the scans of many devices do, is taken in small portions: the first of them need not wait
    for the last. A turn waits `gather_s` for what comes with that which asked, or a quarter of what the one before took
    where that is longer: with a load that is too high portions grow instead of the queue of turns.
    """

    def __init__(self, turn: Callable[[], None], *, gather_s: float, most_s: float) -> None:
        """Prepare; `run` makes the turns."""
        self._turn = turn
        self._gather_s = gather_s
        self._most_s = most_s
        self._asked = asyncio.Event()

    def ask(self) -> None:
        """Let there be a turn soon."""
        self._asked.set()

    async def run(self) -> None:
        """Make turns until cancelled."""
        loop = asyncio.get_running_loop()
        pause_s = self._gather_s
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._most_s - pause_s):
                    await self._asked.wait()
            await asyncio.sleep(pause_s)
            self._asked.clear()
            began = loop.time()
            self._turn()
            pause_s = min(max(self._gather_s, SHARE * (loop.time() - began)), self._most_s)


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
