"""A healthy demo plant is silent, and each fault raises its alarms in the order of its signature."""

from __future__ import annotations

import numpy as np
import pytest

from app.alarm.evaluation import AlarmEvaluation
from app.model.alarm import AlarmState
from app.model.block import block_of
from drivers.simulation.definition import demo_plant
from drivers.simulation.plant import DemoPlant
from drivers.simulation.script import read_script

SCAN_S = 0.5
START = 1_700_000_000_000_000_000


def raised(script: str, *, hours: float, factor: float = 60.0, seed: int = 1) -> list[str]:
    """Return the alarms that a collector with scans of 0.5 s would raise, in their order."""
    return list(raised_at(script, hours=hours, factor=factor, seed=seed))


def raised_at(script: str, *, hours: float, factor: float, seed: int = 1) -> dict[str, float]:
    """Return when each alarm would be raised first, in seconds of the wall clock."""
    definition = demo_plant(time_factor=factor)
    evaluation = AlarmEvaluation(definition.tags, definition.alarms)
    plant = DemoPlant(seed=seed, script=read_script(script, time_factor=factor), scan_s=SCAN_S * factor)
    handles = np.arange(len(definition.tags))
    found: dict[str, float] = {}
    for scan in range(1, int(hours * 3600.0 / factor / SCAN_S) + 1):
        plant.run_until(scan * SCAN_S * factor)
        changes = evaluation.evaluate(block_of(handles, START + round(scan * SCAN_S * 1e9), plant.measure()))
        for change in changes:
            if change.state is AlarmState.UNACKNOWLEDGED:
                found.setdefault(change.alarm, scan * SCAN_S)
    return found


@pytest.mark.parametrize(("factor", "hours", "seed"), [(60.0, 7.0, 1), (300.0, 3.0, 2), (1.0, 0.1, 3)])
def test_that_a_healthy_plant_raises_no_alarm(factor: float, hours: float, seed: int) -> None:
    assert raised("healthy", hours=hours, factor=factor, seed=seed) == []


@pytest.mark.slow
@pytest.mark.timeout(900)  # on a busy computer a day takes half a minute and more
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_that_a_healthy_plant_raises_no_alarm_in_two_days_with_their_nights(seed: int) -> None:
    assert raised("healthy", hours=48.0, seed=seed) == []


@pytest.mark.parametrize(
    ("script", "hours", "signature"),
    [
        (
            "3@15min",
            4.2,
            ["PU02.DP_STR.H", "PU02.DP_STR.HH", "PU02.NPSH.L", "PU02.V_DE.H", "PU02.V_DE.HH", "PU02.TRIP.H"],
        ),
        ("1@15min/2h", 2.5, ["AC01.UA.L", "AC01.T_D.H", "AC01.T_D.HH", "AC01.TRIP.H", "AN01.P.L", "AN01.P.LL"]),
        ("2@15min/5h", 5.4, ["PU01.ENV.H", "PU01.V_DE.H", "PU01.V_DE.HH", "PU01.T_BDE.H", "PU01.TRIP.H"]),
        ("4@15min", 0.5, ["SQ01.Z2_R.H"]),
        ("5@15min/2h", 2.5, ["SQ01.Z3_DTC.DEV"]),
        ("8@15min", 1.0, ["AN01.LEAK.H"]),
    ],
)
def test_that_a_fault_raises_its_alarms_in_the_order_of_its_signature(
    script: str, hours: float, signature: list[str]
) -> None:
    assert raised(script, hours=hours)[: len(signature)] == signature


def test_that_the_default_script_of_a_minute_at_factor_300_warns_long_before_its_trip() -> None:
    times = raised_at("default", hours=5.0, factor=300.0)
    assert times["PU02.DP_STR.H"] == min(times.values())
    assert 18.0 < times["PU02.DP_STR.H"] < 30.0
    assert 50.0 < times["PU02.TRIP.H"] < 57.0
