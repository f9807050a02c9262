"""Trees tell what LightGBM tells, and refuse to be led in circles."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.remaining_life.history import LifeError
from app.remaining_life.trees import LEAF, Trees, from_lightgbm

lightgbm = pytest.importorskip("lightgbm")


@pytest.fixture(scope="module")
def learned() -> tuple[object, Trees]:
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(800, 6))
    target = rows[:, 0] * 3 + np.sin(rows[:, 1]) + chance.normal(0, 0.1, 800)
    booster = lightgbm.train({"verbose": -1, "num_threads": 1}, lightgbm.Dataset(rows, target), 40)
    return booster, from_lightgbm(booster.dump_model())


def test_that_trees_tell_what_the_library_tells(learned: tuple[object, Trees]) -> None:
    booster, trees = learned
    rows = np.random.default_rng(2).normal(size=(3_000, 6)) * 2
    assert trees.predict(rows) == pytest.approx(booster.predict(rows), abs=1e-9)  # type: ignore[attr-defined]
    assert trees.predict(rows[:0]).shape == (0,)
    trees.check(6)


def test_that_a_tree_of_one_leaf_is_told() -> None:
    trees = from_lightgbm({"tree_info": [{"tree_structure": {"leaf_value": 2.5}}]})
    trees.check(1)
    assert trees.predict(np.zeros((2, 1))).tolist() == [2.5, 2.5]


def test_that_trees_that_lead_nowhere_are_refused(learned: tuple[object, Trees]) -> None:
    _, trees = learned
    inner = int(np.flatnonzero(trees.feature != LEAF)[3])

    def changed(name: str, value: float) -> Trees:
        column = getattr(trees, name).copy()
        column[inner] = value
        return replace(trees, **{name: column})

    for broken in (
        changed("left", inner),
        changed("right", 0),
        changed("left", len(trees.feature)),
        changed("feature", 6),
        changed("feature", -2),
        changed("value", np.nan),
        changed("threshold", np.nan),
        replace(trees, root=trees.root[:0]),
        replace(trees, value=trees.value[:-1]),
    ):
        with pytest.raises(LifeError, match="the model's trees"):
            broken.check(6)
