"""Time as this process gets it: what others keep it from the processor does not count against a driver."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.model import clock

TURN_S = 0.01


class TurnClock:
    """Counts the seconds in which a thread that only sleeps had its turns; each counts as two of them at most.

    A thread, not a task: a driver that holds up the loop of its caller does count.
    """

    def __init__(self) -> None:
        self._counted_s = 0.0
        self._ended = threading.Event()

    @property
    def seconds(self) -> float:
        """Return the seconds so far, fewer than on the wall where the computer was busy with others."""
        return self._counted_s

    def begin_anew(self) -> None:
        """Count from now on."""
        self._counted_s = 0.0

    def run(self) -> None:
        """Count until `end`."""
        last = clock.monotonic_ns()
        while not self._ended.wait(TURN_S):
            now = clock.monotonic_ns()
            self._counted_s += min((now - last) / clock.NS_PER_S, 2 * TURN_S)
            last = now

    def end(self) -> None:
        """Count no more."""
        self._ended.set()


@contextmanager
def turn_clock() -> Iterator[TurnClock]:
    """Give a clock that counts as long as the block lasts."""
    counted = TurnClock()
    thread = threading.Thread(target=counted.run, name="turn-clock")
    thread.start()
    try:
        yield counted
    finally:
        counted.end()
        thread.join()
