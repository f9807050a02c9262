"""What a figure says of itself."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from tests.benchmarks.figure import Figure

KEYS = ["figure", "unit", "ours", "peer", "peer_name", "ratio", "goal", "holds"]


def test_that_the_line_of_json_has_exactly_these_keys() -> None:
    line = Figure("samples stored", "1/s", 300.0, 200.0, "a loop", "ratio >= 1.2").as_json()

    assert "\n" not in line
    assert list(json.loads(line)) == KEYS
    assert json.loads(line) == {
        "figure": "samples stored",
        "unit": "1/s",
        "ours": 300.0,
        "peer": 200.0,
        "peer_name": "a loop",
        "ratio": 1.5,
        "goal": "ratio >= 1.2",
        "holds": True,
    }


def test_that_a_figure_without_a_peer_or_goal_has_the_same_keys() -> None:
    told = json.loads(Figure("lost", "samples", 0.0).as_json())

    assert list(told) == KEYS
    assert (told["peer"], told["peer_name"], told["ratio"], told["goal"], told["holds"]) == (None, "", None, "", None)


@pytest.mark.parametrize(
    ("goal", "holds"),
    [
        ("ours <= 300", True),
        ("ours <= 299.5", False),
        ("ours >= 300", True),
        ("ours >= 301", False),
        ("ratio >= 1.5", True),
        ("ratio >= 1.51", False),
        ("ratio <= 1.5", True),
        ("ratio <= 1.49", False),
        ("", None),
    ],
)
def test_that_a_goal_holds_on_its_bound_and_not_beyond(goal: str, *, holds: bool | None) -> None:
    assert Figure("samples stored", "1/s", 300.0, 200.0, "a loop", goal).holds is holds


@pytest.mark.parametrize("goal", ["300", "ours 300", "ours < 300", "theirs <= 300", "ours <= many"])
def test_that_a_goal_that_cannot_be_read_is_an_error(goal: str) -> None:
    with pytest.raises(ValueError, match="goal"):
        Figure("samples stored", "1/s", 300.0, goal=goal)


@pytest.mark.parametrize("peer", [None, 0.0])
def test_that_a_goal_on_a_ratio_that_does_not_exist_is_missed(peer: float | None) -> None:
    assert Figure("samples stored", "1/s", 300.0, peer, "a loop", "ratio >= 1.5").holds is False


def test_that_what_never_came_is_null_and_misses_its_goal() -> None:
    told = json.loads(Figure("delay", "ms", math.inf, 2.0, "a loop", "ours <= 1500").as_json())

    assert (told["ours"], told["ratio"], told["holds"]) == (None, None, False)


def test_that_the_text_tells_a_missed_goal() -> None:
    assert "MISSED" in Figure("delay", "ms", 1600.0, goal="ours <= 1500").as_text()
    assert "MISSED" not in Figure("delay", "ms", 1500.0, goal="ours <= 1500").as_text()
    assert "ratio" not in Figure("lost", "samples", 0.0, 0.0, "a loop").as_text()


@pytest.mark.parametrize("kind", [int, float, bool, np.float64, np.float32, np.int64, np.bool_])
def test_that_each_kind_of_number_comes_out_as_json(kind: type) -> None:
    told = json.loads(Figure("lost", "samples", kind(1), kind(1), "a loop", "ours <= 1").as_json())

    assert (told["ours"], told["peer"], told["ratio"], told["holds"]) == (1, 1, 1, True)
