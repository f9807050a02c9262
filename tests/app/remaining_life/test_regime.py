"""Regimes are found where conditions fall into groups, and not where they only scatter."""

from __future__ import annotations

import numpy as np
import pytest

from app.remaining_life.history import Fleet, LifeError, MachineHistory
from app.remaining_life.regime import find_regimes
from tests.app.remaining_life.machines import LOADS, fleet


def test_that_the_groups_of_load_are_found() -> None:
    regimes = find_regimes(fleet(10, regimes=3))
    assert sorted(regimes.centres[:, 0].tolist()) == pytest.approx(LOADS, abs=0.01)


def test_that_scatter_is_one_regime() -> None:
    assert len(find_regimes(fleet(10)).centres) == 1


def test_that_levels_of_a_coarse_sensor_are_one_regime() -> None:
    chance = np.random.default_rng(0)
    rows = chance.integers(-6, 7, (500, 1)).astype(np.float64) * 1e-4
    machine = MachineHistory("M", rows, chance.normal(size=(500, 1)))
    assert len(find_regimes(Fleet(("setting",), ("x",), (machine,))).centres) == 1


def test_that_set_points_that_repeat_exactly_are_regimes_of_their_own() -> None:
    chance = np.random.default_rng(0)
    load = chance.choice([0.0, 10.0, 25.0, 42.0], 600)
    signals = 50.0 * load[:, None] + chance.normal(size=(600, 1))
    regimes = find_regimes(Fleet(("load",), ("x",), (MachineHistory("M", load[:, None], signals),)))
    assert sorted(regimes.centres[:, 0].tolist()) == [0.0, 10.0, 25.0, 42.0]
    assert regimes.normalised(MachineHistory("M", load[:, None], signals)).std() < 1.1


def test_that_a_regime_does_not_show_in_normalised_signals_and_what_stands_still_is_left_out() -> None:
    machines = fleet(10, regimes=3)
    regimes = find_regimes(machines)
    assert regimes.kept.tolist() == [0, 1]
    normalised = np.vstack([regimes.normalised(machine) for machine in machines.machines])
    load = np.vstack([machine.conditions for machine in machines.machines])[:, 0].round()
    means = [normalised[load == each].mean(axis=0) for each in LOADS]
    assert np.array(means) == pytest.approx(np.zeros((3, 2)), abs=1e-6)


def test_that_a_rare_condition_is_taken_with_the_nearest_regime() -> None:
    chance = np.random.default_rng(0)
    load = np.concatenate([np.zeros(300), np.full(300, 10.0), [9.0] * 5])[:, None] + chance.normal(0, 1e-3, (605, 1))
    found = find_regimes(Fleet(("load",), ("x",), (MachineHistory("M", load, chance.normal(size=(605, 1))),)))
    assert len(found.centres) == 2


def test_that_a_fleet_without_conditions_is_one_regime() -> None:
    signals = np.random.default_rng(0).normal(size=(50, 2))
    found = find_regimes(Fleet((), ("x", "y"), (MachineHistory("M", np.zeros((50, 0)), signals),)))
    assert found.centres.shape == (1, 0)


def test_that_signals_that_never_change_are_refused() -> None:
    still = MachineHistory("M", np.zeros((50, 1)), np.full((50, 1), 3.0))
    with pytest.raises(LifeError, match="no signal"):
        find_regimes(Fleet(("load",), ("x",), (still,)))
