"""The straight line through pairs of values, and how many lie close to each."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from widgets.plot.pairs import neighbours, ranks, straight_line

VALUES = st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)), min_size=3, max_size=60)


@settings(max_examples=30)
@given(VALUES)
def test_that_the_line_is_that_of_least_squares(pairs: list[tuple[float, float]]) -> None:
    x, y = np.array(pairs).T
    line = straight_line(x, y)
    if np.ptp(x) < 1e-3 or np.ptp(y) < 1e-3:
        return
    assert line is not None
    slope, offset = np.polyfit(x, y, 1)
    size = max(1.0, abs(slope), abs(offset))
    assert (line.slope, line.offset) == pytest.approx((slope, offset), abs=1e-6 * size * max(1.0, 1.0 / np.ptp(x)))
    assert line.r2 == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2, abs=1e-6)


def test_that_large_values_do_not_lose_the_line() -> None:
    x = 1.7e9 + np.arange(1_000.0)
    line = straight_line(x, 2.0 * (x - 1.7e9))
    assert line is not None
    assert line.slope == pytest.approx(2.0, rel=1e-9)


def test_that_there_is_no_line_through_two_points_or_a_value_that_never_changes() -> None:
    assert straight_line(np.array([1.0, 2.0]), np.array([1.0, 2.0])) is None
    assert straight_line(np.ones(9), np.arange(9.0)) is None


def test_that_pairs_are_counted_with_those_of_their_cell() -> None:
    x = np.concatenate([np.zeros(50), np.ones(3), [0.5]])
    assert neighbours(x, x).tolist() == [50] * 50 + [3] * 3 + [1]
    assert neighbours(np.empty(0), np.empty(0)).tolist() == []


def test_that_steps_are_equal_ratios() -> None:
    assert ranks(np.array([1, 10, 100, 999, 1_000]), 3).tolist() == [0, 1, 2, 2, 2]
    assert ranks(np.array([1, 1]), 8).tolist() == [0, 0]
