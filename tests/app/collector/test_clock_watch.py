"""Steps of the wall clock."""

from __future__ import annotations

import pytest

from app.collector.clock_watch import ClockWatch
from app.history.gap import GapReason
from app.model import clock

DAY = 86_400 * clock.NS_PER_S


@pytest.mark.parametrize("step", [400 * DAY, -3_600 * clock.NS_PER_S])
def test_that_a_step_of_the_clock_is_told_once_with_its_stretch(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.frozen(1_700_000_000 * clock.NS_PER_S) as advance:
        watch = ClockWatch()
        advance(clock.NS_PER_S)
        assert watch.step() is None
        before = clock.now_ns()
        with monkeypatch.context() as stepped:  # undone before the clock runs again, or it would stay frozen for good
            stepped.setattr(clock, "_wall", lambda: before + step)
            gap = watch.step()
            assert gap is not None
            assert gap.reason == GapReason.CLOCK_STEP
            assert (gap.start, gap.end) == (min(before, before + step), max(before, before + step))
            assert watch.step() is None


def test_that_the_slewing_of_a_time_service_is_no_step(monkeypatch: pytest.MonkeyPatch) -> None:
    with clock.frozen(1_700_000_000 * clock.NS_PER_S) as advance:
        watch = ClockWatch()
        advance(clock.NS_PER_S)
        slewed = clock.now_ns() + 500_000
        with monkeypatch.context() as stepped:
            stepped.setattr(clock, "_wall", lambda: slewed)
            assert watch.step() is None
