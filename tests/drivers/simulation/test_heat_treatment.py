"""The furnace, its atmosphere and the oil tank keep the figures of their equations."""

from __future__ import annotations

import pytest

from drivers.simulation.atmosphere import Atmosphere, case_growth, oxygen_mv
from drivers.simulation.furnace import LOAD_HEAT_KJ_KG_K, WALL_KW_K, furnace
from drivers.simulation.oil_tank import OilTank
from drivers.simulation.recipe import Step


def test_that_the_walls_lose_39_kw_at_900_degrees() -> None:
    lost = WALL_KW_K * (900.0 - 30.0)
    assert lost == pytest.approx(39.0, abs=0.5)
    unit = furnace(1)
    for _ in range(3600):
        unit.settle(24.0, 60.0)
    walls = WALL_KW_K * (925.0 - 24.0)
    assert sum(zone.kw for zone in unit.zones) == pytest.approx(walls, rel=0.02)


def test_that_a_tonne_takes_158_kwh_to_900_degrees() -> None:
    needed = 1000.0 * LOAD_HEAT_KJ_KG_K * (900.0 - 20.0) / 3600.0
    assert needed == pytest.approx(158.0, abs=0.5)


def test_that_four_hours_at_925_degrees_make_a_case_of_1_31_mm() -> None:
    assert (4.0 * case_growth(925.0)) ** 0.5 == pytest.approx(1.31, abs=0.01)


def test_that_the_probe_shows_the_voltage_of_its_carbon_potential() -> None:
    assert oxygen_mv(0.8, 925.0) == pytest.approx(1137.0, abs=3.0)
    assert oxygen_mv(1.05, 925.0) > oxygen_mv(0.8, 925.0)
    assert oxygen_mv(0.8, 20.0) == 0.0


def test_that_the_carbon_potential_reaches_its_set_point_and_stays() -> None:
    gas = Atmosphere(carbon=0.35, setpoint=0.8)
    for _ in range(3600):
        gas.settle(is_hot=True)
    assert gas.carbon == pytest.approx(0.8, abs=0.005)


def test_that_one_tonne_warms_the_oil_by_32_kelvin_and_the_cooler_takes_it_away_within_the_hour_or_so() -> None:
    tank = OilTank(t=60.0)
    t_load = 840.0
    for _ in range(900):
        fall = (t_load - tank.t) / 120.0
        t_load -= fall
        tank.valve = 0.0
        tank.settle(fall * 1000.0 * LOAD_HEAT_KJ_KG_K, 60.0, 0.0, 24.0)
    assert tank.t - 60.0 == pytest.approx(32.0, abs=1.5)
    seconds = 0
    while tank.t > 64.0:
        tank.settle(0.0, 32.0, 1.0, 24.0)
        seconds += 1
    assert 2400 < seconds < 5400


def test_that_a_charge_runs_through_its_recipe_and_gives_its_heat_to_the_oil() -> None:
    unit, tank = furnace(1), OilTank()
    steps: list[float] = []
    hottest = tank.t
    for _ in range(9 * 3600):
        unit.settle(24.0, tank.t)
        tank.settle(unit.quench_kw, 32.0, 1.0, 24.0)
        hottest = max(hottest, tank.t)
        if not steps or steps[-1] != unit.step_number:
            steps.append(unit.step_number)
    assert steps[:7] == [Step.BOOST, Step.DIFFUSE, Step.DROP, Step.QUENCH, Step.UNLOAD, Step.LOAD, Step.HEAT]
    assert Step.BOOST in steps[7:]
    assert hottest - 60.0 == pytest.approx(0.7 * 32.0, abs=6.0)
    assert unit.charges == 1.0
    assert unit.last_depth == pytest.approx(1.31, abs=0.15)


def test_that_a_zone_without_a_third_of_its_elements_saturates_and_its_resistance_shows_it() -> None:
    healthy, faulty = furnace(1), furnace(1)
    faulty.zones[1].element_loss = 1.0
    for _ in range(5400):
        healthy.settle(24.0, 60.0)
        faulty.settle(24.0, 60.0)
    assert faulty.zones[1].resistance == pytest.approx(healthy.zones[1].resistance * 1.5)
    assert faulty.zones[1].out == pytest.approx(healthy.zones[1].out * 1.5, rel=0.02)
    assert faulty.zones[1].measured == pytest.approx(925.0, abs=1.0)


def test_that_a_drifted_thermocouple_overheats_its_zone_while_its_reading_stays_at_the_set_point() -> None:
    healthy, faulty = furnace(1), furnace(1)
    faulty.zones[2].drift = 1.0
    for _ in range(3 * 3600):
        healthy.settle(24.0, 60.0)
        faulty.settle(24.0, 60.0)
    assert faulty.zones[2].measured == pytest.approx(925.0, abs=0.5)
    assert faulty.zones[2].t == pytest.approx(940.0, abs=0.5)
    assert faulty.zones[2].out > healthy.zones[2].out
    assert faulty.depth > healthy.depth
    assert faulty.energy_kwh > healthy.energy_kwh


def test_that_nitrogen_takes_the_carbon_out_of_the_furnace_and_the_gas_brings_it_back() -> None:
    unit = furnace(1)
    unit.gas.purge_s = 1200.0
    depth = 0.0
    for second in range(1200):
        unit.settle(24.0, 60.0)
        if second == 600:
            depth = unit.depth
    assert unit.carbon < 0.01
    assert (unit.carrier, unit.enrichment, unit.oxygen) == (0.0, 0.0, 0.0)
    assert unit.depth == depth > 0.0
    for _ in range(2400):
        unit.settle(24.0, 60.0)
    assert unit.carrier > 0.0
    assert unit.carbon == pytest.approx(1.05, abs=0.02)
