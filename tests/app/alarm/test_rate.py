import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.alarm.rate import SlopeWindow, window_ns
from app.model.clock import NS_PER_S
from tests.app.alarm.plants import START, at


def test_that_the_window_holds_eight_scans_and_at_least_five_seconds() -> None:
    assert window_ns(100) == 5 * NS_PER_S
    assert window_ns(60_000) == 480 * NS_PER_S


@given(
    st.lists(st.tuples(st.integers(10, 3_000), st.floats(-1e3, 1e3)), min_size=1, max_size=80),
    st.sampled_from([0.0, 1e6]),
)
def test_that_the_running_slope_is_the_least_squares_slope_of_the_window(
    gaps: list[tuple[int, float]], offset: float
) -> None:
    window = SlopeWindow(window_ns(100))
    time = START
    kept: list[tuple[int, float]] = []
    for milliseconds, value in gaps:
        time += milliseconds * 1_000_000
        kept = [(t, v) for t, v in [*kept, (time, value)] if t >= time - window.window]
        slope = window.per_minute(time, offset + value)
        if len(kept) < 4 or 2 * (time - kept[0][0]) < window.window:
            assert math.isnan(slope)
            continue
        seconds = np.array([(t - time) / NS_PER_S for t, _ in kept])
        expected = np.polyfit(seconds, [v for _, v in kept], 1)[0] * 60
        assert math.isclose(slope, expected, rel_tol=1e-5, abs_tol=1e-3)


def test_that_nothing_drifts_over_many_samples() -> None:
    window = SlopeWindow(window_ns(100))
    noise = np.random.default_rng(3).normal(1e5, 1.0, 100_000)
    slopes = [window.per_minute(at(i * 0.1), value) for i, value in enumerate(noise.tolist())]
    newest = np.arange(-50, 1) * 0.1
    assert math.isclose(slopes[-1], np.polyfit(newest, noise[-51:], 1)[0] * 60, rel_tol=1e-6)


def test_that_a_sample_seen_twice_or_late_does_not_count_twice() -> None:
    window = SlopeWindow(window_ns(100))
    for second in range(8):
        slope = window.per_minute(at(second), float(second))
        assert window.per_minute(at(second), float(second)) == slope or math.isnan(slope)
        assert math.isnan(window.per_minute(at(second - 0.5), 1e6))
    assert math.isclose(slope, 60.0)


def test_that_a_clock_set_back_begins_the_window_anew() -> None:
    window = SlopeWindow(window_ns(100))
    for second in range(10):
        window.per_minute(at(1_000 + second), 0.0)
    slopes = [window.per_minute(at(second), float(second)) for second in range(6)]
    assert all(math.isnan(slope) for slope in slopes[:3])
    assert math.isclose(slopes[-1], 60.0)
