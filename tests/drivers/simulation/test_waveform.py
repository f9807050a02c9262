"""The waveform at a pump's bearing agrees with the pump's own tags, and shows a fault early."""

from __future__ import annotations

import numpy as np
import pytest

from app.vibration.analysis import Analysis, analyse
from app.vibration.hint import Fault
from app.vibration.waveform import Waveform
from drivers.simulation.pump import Pump, outer_race_hz
from drivers.simulation.tables.vibration import MEASURING_POINTS, ZONE_LIMITS
from drivers.simulation.waveform import COUNT, RATE_HZ, drive_end

POINT, ZONES = MEASURING_POINTS[0], ZONE_LIMITS[0]


def recorded(*, damage: float = 0.0, rough: float = 0.0, speed: float = 1.0, seed: int = 1) -> tuple[Pump, Analysis]:
    pump = Pump("PU01", wanted=True, speed=speed, race_damage=damage, shaft_kw=10.9, rough=rough)
    values = drive_end(pump, np.random.default_rng(seed))
    assert values.shape == (COUNT,)
    return pump, analyse(Waveform(POINT.id, "PU01", 1, RATE_HZ, "m/s2", values, pump.rpm), POINT, ZONES)


@pytest.mark.parametrize(("damage", "rough"), [(0.0, 0.0), (0.3, 0.0), (0.8, 0.0), (0.0, 1.0), (0.4, 0.8)])
def test_that_the_velocity_is_what_the_tag_tells(damage: float, rough: float) -> None:
    pump, analysis = recorded(damage=damage, rough=rough)
    assert analysis.measure.velocity == pytest.approx(pump.vibration_de, rel=0.05)


@pytest.mark.parametrize("seed", range(5))
def test_that_the_outer_race_is_hinted_at_while_the_level_is_still_good(seed: int) -> None:
    pump, analysis = recorded(damage=0.05, seed=seed)
    assert pump.vibration_de < 1.1 * 1.8
    first, *others = analysis.hints
    assert (first.fault, first.score > 2.0) == (Fault.OUTER_RACE, True)
    assert first.matches[0].hz == pytest.approx(outer_race_hz(pump.rpm), rel=0.02)
    assert all(hint.score < 1.0 for hint in others)


@pytest.mark.parametrize("rough", [0.0, 1.0, 3.0])
@pytest.mark.parametrize("seed", range(5))
def test_that_neither_health_nor_cavitation_is_taken_for_a_bearing(rough: float, seed: int) -> None:
    _, analysis = recorded(rough=rough, seed=seed)
    bearing = {Fault.OUTER_RACE, Fault.INNER_RACE, Fault.BALL, Fault.CAGE}
    assert all(hint.score < 1.0 for hint in analysis.hints if hint.fault in bearing)


def test_that_a_pump_at_rest_gives_next_to_nothing() -> None:
    _, analysis = recorded(speed=0.0)
    assert analysis.measure.rms < 0.1
