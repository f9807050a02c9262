"""Steps of the wall clock, which make times in the history jump: told as gaps, since nobody can see them otherwise."""

from __future__ import annotations

from app.history.gap import Gap, GapReason
from app.model import clock

SMALLEST_NS = clock.NS_PER_S
"""What a time service slews is less than this between two looks."""


class ClockWatch:
    """Compares the wall clock with the monotonic one, look by look."""

    def __init__(self) -> None:
        """Begin to watch."""
        self._offset = clock.now_ns() - clock.monotonic_ns()

    def step(self) -> Gap | None:
        """Return the stretch between where the clock was and where it is, if it has stepped since the last look.

        A step forward leaves out the stretch; one backward makes it happen twice, and what is recorded again in it
        replaces what had the same times.
        """
        offset = clock.now_ns() - clock.monotonic_ns()
        former, self._offset = self._offset, offset
        if abs(offset - former) < SMALLEST_NS:
            return None
        before, after = clock.monotonic_ns() + former, clock.monotonic_ns() + offset
        return Gap(min(before, after), max(before, after), GapReason.CLOCK_STEP)
