"""The demo plant repeats itself bit for bit, and its faults develop and can be undone."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from drivers.simulation.fault import FAULTS, Fault
from drivers.simulation.maintenance import ACTIONS, Action
from drivers.simulation.plant import DemoPlant
from drivers.simulation.script import Script, read_script
from drivers.simulation.tables.tags import TAGS
from drivers.simulation.truth import Event, EventKind

TIMES = (0.25, 60.0, 1800.0, 5400.0)
SCRIPT = "3@2min/1h,8@10min,undo3@1h"
NAMES = [tag.name for tag in TAGS]


def digest(seed: int, times: Sequence[float] = TIMES) -> str:
    """Return the SHA-256 of all tag values at some times."""
    plant = DemoPlant(seed=seed, script=read_script(SCRIPT, time_factor=60.0))
    total = hashlib.sha256()
    for time_s in times:
        plant.run_until(time_s)
        total.update(plant.measure().tobytes())
    return total.hexdigest()


def test_that_the_same_seed_and_script_give_the_same_values_in_another_process() -> None:
    code = "from tests.drivers.simulation.test_plant import digest; print(digest(1))"
    other = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
        cwd=Path(__file__).parents[3],
        env=os.environ | {"PYTHONHASHSEED": "4242"},
    )
    assert other.stdout.strip() == digest(1)


def test_that_another_seed_gives_other_values() -> None:
    assert digest(1, TIMES[:2]) != digest(2, TIMES[:2])


def test_that_values_do_not_depend_on_when_they_were_looked_at_before() -> None:
    looked_at, left_alone = DemoPlant(seed=5), DemoPlant(seed=5)
    for step in range(1, 400):
        looked_at.run_until(step * 1.75)
        looked_at.measure()
    looked_at.run_until(700.0)
    left_alone.run_until(700.0)
    assert looked_at.measure().tobytes() == left_alone.measure().tobytes()


def test_that_every_tag_has_its_signal_and_every_signal_its_tag() -> None:
    assert set(DemoPlant(seed=1).signals()) == set(NAMES)


def test_that_a_plant_has_between_180_and_240_tags_with_names_of_their_own() -> None:
    assert 180 <= len(set(NAMES)) == len(NAMES) <= 240


@pytest.mark.parametrize("number", FAULTS)
def test_that_a_fault_grows_from_nothing_to_all_without_ever_falling(number: int) -> None:
    fault = Fault(FAULTS[number], seed=1)
    fault.begin(hours=1.0)
    severities = []
    for _ in range(3601):
        fault.settle(is_running=True)
        severities.append(fault.severity)
    assert severities == sorted(severities)
    assert severities[0] < 0.01
    assert severities[-1] == 1.0
    fault.undo()
    assert fault.severity == 0.0


def test_that_a_fault_waits_while_its_equipment_stands_still() -> None:
    fault = Fault(FAULTS[3], seed=1)
    fault.begin(hours=1.0)
    fault.settle(is_running=True)
    reached = fault.severity
    for _ in range(600):
        fault.settle(is_running=False)
    assert fault.severity == reached


def kinds(events: Sequence[Event]) -> list[tuple[EventKind, str, int]]:
    return [(event.kind, event.equipment, event.fault) for event in events]


def test_that_a_clogged_strainer_trips_its_pump_and_cleaning_it_brings_it_back_as_the_reserve() -> None:
    plant = DemoPlant(seed=1, script=read_script("3@1min/30min", time_factor=60.0))
    plant.run_until(3600.0)
    assert kinds(plant.events) == [(EventKind.FAULT, "PU02", 3), (EventKind.TRIP, "PU02", 3)]
    first, second = plant.water.pumps
    assert first.is_running
    assert not second.is_running
    plant.act("CleanStrainer.PU02")
    assert kinds(plant.events)[-1] == (EventKind.UNDONE, "PU02", 3)
    assert second.is_ready
    plant.act("ChangeOver.CW01")
    plant.run_until(3700.0)
    assert second.is_running
    assert second.flow == pytest.approx(90.0, abs=2.0)
    assert second.strainer_kpa == pytest.approx(3.9, abs=0.3)


def test_that_a_fouled_cooler_trips_its_compressor_and_cleaning_it_starts_it_again() -> None:
    plant = DemoPlant(seed=1, script=read_script("1@1min/20min", time_factor=60.0))
    plant.run_until(3600.0)
    assert kinds(plant.events)[-1] == (EventKind.TRIP, "AC01", 1)
    assert plant.air.p < 6.0
    plant.act("CleanCooler.AC01")
    plant.run_until(5400.0)
    assert plant.ac01.running
    assert plant.air.p > 6.5


def test_that_bearing_damage_puts_its_pump_on_duty_and_trips_it() -> None:
    plant = DemoPlant(seed=1, script=read_script("2@1min/30min", time_factor=60.0))
    plant.run_until(120.0)
    assert plant.water.pumps[0].is_running
    plant.run_until(3000.0)
    assert (EventKind.TRIP, "PU01", 2) in kinds(plant.events)
    plant.act("ReplaceBearing.PU01")
    assert plant.water.pumps[0].is_ready


@pytest.mark.parametrize("action", [action for action in ACTIONS if action.fault], ids=lambda action: action.name)
def test_that_every_fault_has_an_action_that_undoes_it(action: Action) -> None:
    plant = DemoPlant(seed=1)
    fault = plant.faults[action.fault]
    fault.begin(hours=0.05)
    plant.run_until(30.0)
    plant.act(action.name)
    plant.run_until(60.0)
    assert fault.severity == 0.0
    assert {action.fault for action in ACTIONS if action.fault} == set(FAULTS)


def test_that_an_unknown_action_is_refused() -> None:
    with pytest.raises(KeyError):
        DemoPlant(seed=1).act("Explode.AC01")


def test_that_a_healthy_plant_never_reports_anything() -> None:
    plant = DemoPlant(seed=1, script=Script())
    plant.run_until(3600.0)
    assert plant.events == []


def test_that_a_measured_plant_can_be_written_as_numbers() -> None:
    values = DemoPlant(seed=1).measure()
    assert len(values) == len(TAGS)
    json.dumps(values.tolist(), allow_nan=False)
