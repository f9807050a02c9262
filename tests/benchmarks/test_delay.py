"""How long changes take to be seen."""

from __future__ import annotations

import numpy as np

from tests.benchmarks.delay import delays


def test_that_a_delay_is_from_the_change_to_the_first_sight_of_it() -> None:
    found = delays(np.array([1.0, 2.0]), np.array([1.25, 2.5, 2.75]), np.array([1.0, 2.0, 2.0]))

    assert found.tolist() == [0.25, 0.5]


def test_that_a_change_that_was_overtaken_counts_as_seen_with_the_one_that_overtook_it() -> None:
    found = delays(np.array([1.0, 2.0, 3.0]), np.array([3.5]), np.array([3.0]))

    assert found.tolist() == [2.5, 1.5, 0.5]


def test_that_an_older_value_seen_later_makes_nothing_younger() -> None:
    found = delays(np.array([1.0, 2.0]), np.array([2.5, 3.0]), np.array([2.0, 1.0]))

    assert found.tolist() == [1.5, 0.5]


def test_that_a_change_that_is_never_seen_takes_for_ever() -> None:
    assert delays(np.array([1.0, 2.0]), np.array([1.5]), np.array([1.0])).tolist() == [0.5, np.inf]
    assert delays(np.array([1.0]), np.array([]), np.array([])).tolist() == [np.inf]
