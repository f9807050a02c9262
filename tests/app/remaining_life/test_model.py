"""A model is learned, kept in a file and told again; what is no model is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from app.remaining_life.history import LifeError
from app.remaining_life.model import LifeModel, from_bytes, load
from app.remaining_life.training import FEWEST_FAILURES, learn
from tests.app.remaining_life.machines import fleet, machine
from tests.benchmarks.life_score import rmse

STOPPED = range(1_000, 1_030)


@pytest.fixture(scope="module")
def model() -> LifeModel:
    pytest.importorskip("lightgbm")
    return learn(fleet(30, regimes=3), machine_class="pump", unit="hour", cap=100.0)


def test_that_a_model_tells_the_life_of_machines_it_has_not_seen(model: LifeModel) -> None:
    chance = np.random.default_rng(5)
    told, truth, inside = [], [], 0
    for number in STOPPED:
        whole = machine(number, regimes=3)
        stop = int(chance.integers(40, len(whole)))
        found = model.estimate(whole.until(stop))
        told.append(found.p50)
        truth.append(min(100.0, len(whole) - stop))
        inside += found.p10 <= truth[-1] <= found.p90
        assert 0 <= found.p10 <= found.p90 <= 100
        assert found.is_beyond == (found.p90 == 100.0)
    constant = rmse(np.full(len(truth), np.mean(truth)), np.array(truth))
    assert rmse(np.array(told), np.array(truth)) < 0.5 * constant
    assert inside >= 0.6 * len(truth)


def test_that_a_model_comes_back_from_its_file_as_it_was(model: LifeModel, tmp_path: Path) -> None:
    model.save(tmp_path / "pump.life")
    again = load(tmp_path / "pump.life")
    assert (again.machine_class, again.unit, again.failures) == ("pump", "hour", 30)
    assert again.learned_from == model.learned_from
    assert again.estimate(machine(2_000, regimes=3)) == model.estimate(machine(2_000, regimes=3))
    assert again.to_bytes() == model.to_bytes()


def test_that_the_same_fleet_teaches_the_same_model(model: LifeModel) -> None:
    assert learn(fleet(30, regimes=3), machine_class="pump", unit="hour", cap=100.0).to_bytes() == model.to_bytes()


def test_that_a_damaged_file_is_refused_by_name(model: LifeModel, tmp_path: Path) -> None:
    data = bytearray(model.to_bytes())
    chance = np.random.default_rng(0)
    for place in chance.integers(0, len(data), 60).tolist():
        data[place] ^= 0x10
        with pytest.raises(LifeError):
            from_bytes(bytes(data))
        data[place] ^= 0x10
    for length in (0, 5, 20, len(data) - 1):
        with pytest.raises(LifeError):
            from_bytes(bytes(data[:length]))
    (tmp_path / "x.life").write_bytes(b"PK\x03\x04")
    with pytest.raises(LifeError, match=r"x\.life: not a model"):
        load(tmp_path / "x.life")
    with pytest.raises(LifeError, match=r"y\.life: cannot be read"):
        load(tmp_path / "y.life")


def test_that_other_columns_are_refused_with_those_that_are_asked_for(model: LifeModel) -> None:
    other = machine(1)
    with pytest.raises(LifeError, match="load, heat, flow, still"):
        model.estimate(type(other)(other.machine, other.conditions, other.signals[:, :2]))


def test_that_too_few_failures_are_refused() -> None:
    with pytest.raises(LifeError, match=f"{FEWEST_FAILURES} are needed"):
        learn(fleet(FEWEST_FAILURES - 1), machine_class="pump", unit="hour")


def test_that_learning_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)
    with pytest.raises(LifeError, match=r"foreshift\[learning\]"):
        learn(fleet(20), machine_class="pump", unit="hour")
