"""The clock of the suite counts what a driver lets wait, not what the computer does."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from app.model import clock
from app.model.clock import NS_PER_S
from drivers.conformance.turn_clock import TURN_S, TurnClock, turn_clock


class _Turns:
    """An event that is not set for so many turns, in which the clock goes on by a step (s) each."""

    def __init__(self, steps: list[float]) -> None:
        self._steps: Iterator[float] = iter(steps)
        self.now = 0

    def wait(self, timeout: float) -> bool:
        step = next(self._steps, None)
        self.now += int((step or 0.0) * NS_PER_S)
        return step is None


def test_that_a_turn_that_comes_late_counts_as_two_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = _Turns([TURN_S, 3.0, TURN_S])
    monkeypatch.setattr(clock, "monotonic_ns", lambda: turns.now)
    counted = TurnClock()
    monkeypatch.setattr(counted, "_ended", turns)
    counted.run()
    assert counted.seconds == pytest.approx(4 * TURN_S)


def test_that_it_counts_while_its_caller_is_held_up() -> None:
    longest = time.monotonic() + 30
    with turn_clock() as waited:
        while waited.seconds < 3 * TURN_S and time.monotonic() < longest:
            time.sleep(TURN_S)
        assert waited.seconds >= 3 * TURN_S
