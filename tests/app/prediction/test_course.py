import numpy as np
import pytest

from app.prediction.course import Course, course_of, lines_of
from app.prediction.segment import segments
from tests.app.prediction.plants import Array

TIMES = np.arange(150.0)


def course(values: Array) -> Course:
    stretches = segments(TIMES, values)
    found = course_of(TIMES, values, stretches=stretches, lines=lines_of(TIMES, values, stretches))
    assert found is not None
    return found


def noisy(values: Array, *, deviation: float = 0.3) -> Array:
    return values + np.random.default_rng(7).normal(scale=deviation, size=len(values))


def test_that_a_steady_rise_goes_on_steadily() -> None:
    steady = course(noisy(0.5 * TIMES))
    rise = steady.to(100.0)
    assert abs(steady.exponent - 1.0) < 0.1
    assert abs(100.0 / rise.middle - 200.0) < 20.0
    assert rise.slow < rise.middle < rise.fast


def test_that_the_healthy_past_does_not_dilute_a_fault_that_begins_in_the_window() -> None:
    rise = course(noisy(np.maximum(TIMES - 110.0, 0.0)))
    assert abs(rise.begin - 110) <= 4
    assert abs(rise.slope - 1.0) < 0.1


@pytest.mark.parametrize("power", [1.5, 2.0, 3.0])
def test_that_an_accelerating_rise_is_not_foretold_later_than_it_comes_within_the_band(power: float) -> None:
    seen = TIMES / 150.0
    truth = 150.0 * (2.0 ** (1 / power) - 1.0)
    rise = course(noisy(100.0 * seen**power)).to(100.0)
    assert 100.0 / rise.fast < truth
    assert rise.slow <= 0.0 or 100.0 / rise.slow > truth


def test_that_exponential_growth_lies_within_the_band() -> None:
    growth = 4.0 / 150.0
    rise = course(noisy(np.expm1(growth * TIMES))).to(50.0)
    truth = np.log((50.0 + np.exp(4.0)) / np.exp(4.0)) / growth
    assert 50.0 / rise.fast < truth < 2.0 * 50.0 / rise.middle


def test_that_a_rise_that_fades_is_told_as_one() -> None:
    fading = course(noisy(100.0 * np.sqrt(TIMES / 150.0), deviation=0.5))
    rise = fading.to(50.0)
    assert fading.exponent < 0.95
    truth = 150.0 * (1.5**2 - 1.0)
    assert rise.slow <= 0.0 or 50.0 / rise.slow > truth


def test_that_the_band_over_a_time_and_the_band_to_a_level_agree() -> None:
    steady = course(noisy(0.5 * TIMES))
    middle = steady.over(100.0).middle
    assert np.isclose(steady.to(100.0 * middle).middle, middle)


def test_that_a_falling_end_has_no_course() -> None:
    values = noisy(np.minimum(TIMES, 220.0 - TIMES))
    stretches = segments(TIMES, values)
    assert course_of(TIMES, values, stretches=stretches, lines=lines_of(TIMES, values, stretches)) is None
