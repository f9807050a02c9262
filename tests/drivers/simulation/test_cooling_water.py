"""The pumps, their station and the tower keep the figures of their equations."""

from __future__ import annotations

import pytest

from drivers.simulation.cooling_water import CoolingWater, cooling_water
from drivers.simulation.plant import DemoPlant
from drivers.simulation.pump import Pump, outer_race_hz, vapour_head_m
from drivers.simulation.tower import Tower


def running(plugging: float = 0.0) -> Pump:
    """Return a pump after ten minutes in water of 32 °C."""
    pump = Pump("PU02", wanted=True, plugging=plugging)
    for second in range(600):
        for _ in range(4):
            pump.step(0.25, 32.0, 1.0)
        if second:
            pump.settle(24.0)
    return pump


def test_that_a_clean_pump_works_at_its_design_point() -> None:
    pump = running()
    assert pump.flow == pytest.approx(90.0, abs=0.1)
    assert pump.head == pytest.approx(32.0, abs=0.1)
    assert pump.shaft_kw == pytest.approx(10.9, abs=0.05)
    assert pump.rpm == pytest.approx(1475.0, abs=1.0)
    assert pump.margin > 4.0


def test_that_the_outer_race_of_eight_balls_sounds_at_78_7_hz() -> None:
    assert outer_race_hz(1475.0) == pytest.approx(78.7, abs=0.05)


def test_that_water_of_a_hundred_degrees_boils_at_one_atmosphere() -> None:
    assert vapour_head_m(100.0) == pytest.approx(10.33, rel=0.03)


def test_that_a_clogging_strainer_shows_in_pressures_before_it_shows_in_vibration() -> None:
    clean, half = running(), running(0.4)
    assert half.strainer_kpa > clean.strainer_kpa + 30.0
    assert half.p_suction < clean.p_suction - 0.3
    assert half.flow < clean.flow - 3.0
    assert half.amps < clean.amps
    assert half.vibration_de < clean.vibration_de + 0.2


def test_that_a_clogged_strainer_makes_the_pump_cavitate_and_trip() -> None:
    pump = running(1.0)
    assert pump.tripped
    assert "vibration" in pump.trip_cause


def test_that_cavitation_costs_three_percent_of_the_head_per_missing_metre() -> None:
    pump = running(0.85)
    missing = -pump.margin
    assert missing > 0.5
    free = pump.speed**2 * 40.0 - 8.0 / 90.0**2 * pump.flow**2
    assert pump.head == pytest.approx(free - 40.0 * 0.03 * missing, abs=0.05)


def test_that_bearing_damage_shows_first_in_the_envelope_then_in_vibration_then_in_temperature() -> None:
    crossed: dict[str, int] = {}
    pump = Pump("PU01", wanted=True)
    for second in range(6 * 3600):
        pump.race_damage = min(1.0, second / (6 * 3600))
        pump.step(1.0, 32.0, 1.0)
        pump.settle(24.0)
        for name, is_high in (
            ("envelope", pump.envelope > 3.0),
            ("vibration", pump.vibration_de > 2.8),
            ("temperature", pump.t_bearing_de > 58.0),
        ):
            if is_high:
                crossed.setdefault(name, second)
    assert crossed["envelope"] < crossed["vibration"] < crossed["temperature"]
    assert pump.tripped


def test_that_the_reserve_takes_over_within_seconds_of_a_trip() -> None:
    station = cooling_water(1)
    station.pumps[1].tripped = True
    for _ in range(30):
        for _ in range(4):
            station.step(0.25, 32.0)
        station.settle(24.0)
    assert station.pumps[0].is_running
    assert station.flow == pytest.approx(90.0, abs=2.0)
    assert station.duty_number == 1.0


def test_that_no_pump_takes_over_when_both_have_tripped() -> None:
    station = cooling_water(1)
    for pump in station.pumps:
        pump.tripped = True
    run(station, 60)
    assert station.flow == pytest.approx(0.0, abs=0.5)


def run(station: CoolingWater, seconds: int) -> None:
    for _ in range(seconds):
        for _ in range(4):
            station.step(0.25, 32.0)
        station.settle(24.0)


def test_that_the_tower_holds_its_set_point_and_rejects_the_heat_that_it_gets() -> None:
    tower = Tower()
    rejected = 0.0
    for second in range(4 * 3600):
        before = tower.t_cold
        tower.settle(90.0, 220.0, 20.0, 24.0)
        if second >= 3 * 3600:
            rejected += 220.0 - 16.0 * 4186.8 * (tower.t_cold - before)
    assert tower.t_cold == pytest.approx(32.0, abs=0.1)
    assert rejected / 3600.0 == pytest.approx(220.0, rel=0.01)
    assert tower.t_hot - tower.t_cold == pytest.approx(220.0 / (90.0 * 1.163), abs=0.05)


def test_that_a_stopped_tower_fan_and_warm_air_raise_the_approach() -> None:
    plant = DemoPlant(seed=1)
    plant.run_until(600.0)
    assert plant.tower.approach == pytest.approx(plant.tower.t_cold - plant.surroundings.t_wet, abs=1e-9)
    assert plant.tower.approach > 5.0
