import numpy as np
import pytest

from app.prediction.segment import inertia, segments
from tests.app.prediction.plants import Array

TIMES = np.arange(150.0)


def noise(seed: int, *, lag: float = 0.0, count: int = 150) -> Array:
    own: Array = np.random.default_rng(seed).normal(size=count) * np.sqrt(1 - lag**2)
    for place in range(1, count):
        own[place] += lag * own[place - 1]
    return own


@pytest.mark.parametrize(("lag", "most"), [(0.0, 0.01), (0.5, 0.02), (0.8, 0.06)])
def test_that_noise_alone_has_no_break_even_where_neighbours_resemble_each_other(lag: float, most: float) -> None:
    broken = [len(segments(TIMES, noise(seed, lag=lag))) > 1 for seed in range(200)]
    assert np.mean(broken) <= most


@pytest.mark.parametrize("onset", [30, 100, 130, 140])
def test_that_the_onset_of_a_ramp_is_found_wherever_it_lies(onset: int) -> None:
    values = noise(3) + 2.0 * np.maximum(TIMES - onset, 0.0)
    assert abs(segments(TIMES, values)[-1].begin - onset) <= 3


def test_that_a_step_is_found_with_its_height() -> None:
    values = noise(4) - 10.0 * (TIMES >= 70)
    _, step = segments(TIMES, values)
    assert abs(step.begin - 70) <= 1
    assert -12 < step.jump < -8


def test_that_the_newest_of_several_breaks_is_found() -> None:
    values = 0.1 * noise(5) + np.interp(TIMES, [0, 50, 90, 149], [0, 0, 40, 40])
    begins = [stretch.begin for stretch in segments(TIMES, values)]
    assert len(begins) >= 3
    assert begins == sorted(begins)
    assert abs(begins[-1] - 90) <= 2


def test_that_a_constant_a_perfect_line_and_a_short_series_have_one_stretch() -> None:
    for values in (np.full(150, 7.0), 3.0 * TIMES + 1e6, np.arange(5.0)):
        assert len(segments(TIMES[: len(values)], values)) == 1


def test_that_inertia_is_the_lag_one_correlation() -> None:
    assert inertia(np.zeros(10)) == 0.0
    assert abs(inertia(noise(6, lag=0.7, count=4_000)) - 0.7) < 0.05
    assert inertia(np.resize([1.0, -1.0], 50)) == 0.0
