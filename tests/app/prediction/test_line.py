import math

import numpy as np

from app.prediction.line import fit_line

TIMES = np.arange(60.0)


def test_that_the_line_is_told_from_its_end() -> None:
    line = fit_line(TIMES, 5.0 + 2.0 * TIMES)
    assert math.isclose(line.level, 5.0 + 2.0 * 59)
    assert math.isclose(line.slope, 2.0)
    assert (line.length, line.points) == (59.0, 60)
    assert line.significance > 1e6


def test_that_a_fifth_of_wild_points_moves_the_slope_hardly() -> None:
    values = 2.0 * TIMES + np.random.default_rng(1).normal(size=60)
    values[np.random.default_rng(2).choice(60, 12, replace=False)] += 500.0
    assert abs(fit_line(TIMES, values).slope - 2.0) < 0.15


def test_that_the_standard_errors_are_those_that_repetition_shows() -> None:
    lines = [fit_line(TIMES, np.random.default_rng(seed).normal(size=60)) for seed in range(300)]
    slopes, levels = [line.slope for line in lines], [line.level for line in lines]
    assert 0.8 < np.median([line.slope_error for line in lines]) / np.std(slopes) < 1.3
    assert 0.8 < np.median([line.level_error for line in lines]) / np.std(levels) < 1.3


def test_that_neighbours_that_resemble_each_other_tell_less() -> None:
    own = np.random.default_rng(3).normal(size=60)
    alike = np.repeat(own[:15], 4)
    assert fit_line(TIMES, alike).slope_error > 1.5 * fit_line(TIMES, own).slope_error


def test_that_the_curvature_is_the_second_derivative() -> None:
    line = fit_line(TIMES, 0.05 * TIMES**2)
    assert math.isclose(line.curvature, 0.1, rel_tol=1e-6)


def test_that_a_constant_has_no_significance() -> None:
    assert fit_line(TIMES, np.full(60, 3.0)).significance == 0.0
