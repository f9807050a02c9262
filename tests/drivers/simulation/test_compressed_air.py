"""The compressors and the receiver keep the figures of their equations."""

from __future__ import annotations

import itertools

import pytest

from drivers.simulation.compressor import FULL_FLOW, Compressor
from drivers.simulation.plant import STEP_S, DemoPlant
from drivers.simulation.random_stream import Wander, stream
from drivers.simulation.receiver import AirNet


def settled(fouling: float) -> Compressor:
    """Return a compressor after two hours of full load at 7 bar with cooling water of 32 °C."""
    compressor = Compressor("AC01", load_bar=6.8, unload_bar=7.6, fouling=fouling)
    for _ in range(7200):
        compressor.step(1.0, 7.0)
        compressor.settle(t_water=32.0, water_share=1.0, t_air=24.0)
    return compressor


@pytest.mark.parametrize(("ua_share", "t_d"), [(1.0, 83.0), (0.8, 93.0)])
def test_that_the_discharge_temperature_follows_the_cooler(ua_share: float, t_d: float) -> None:
    compressor = settled((1.0 - ua_share) / 0.45)
    assert compressor.t_d == pytest.approx(t_d, abs=0.3)
    assert not compressor.tripped


def test_that_a_cooler_of_six_tenths_brings_the_compressor_to_its_trip() -> None:
    assert settled(0.4 / 0.45).t_d == pytest.approx(109.6, abs=0.3)
    tripped = settled(1.0)
    assert tripped.tripped
    assert "110 °C" in tripped.trip_cause


def test_that_a_tripped_compressor_stands_until_its_protection_is_reset() -> None:
    compressor = settled(1.0)
    compressor.fouling = 0.0
    for _ in range(600):
        compressor.step(1.0, 5.0)
        compressor.settle(t_water=32.0, water_share=1.0, t_air=24.0)
    assert not compressor.running
    compressor.reset()
    for _ in range(30):
        compressor.step(1.0, 5.0)
    assert compressor.running
    assert compressor.loaded


def test_that_a_compressor_that_idles_for_ten_minutes_stops_and_starts_again_when_air_is_missing() -> None:
    compressor = Compressor("AC02", load_bar=6.6, unload_bar=7.4)
    compressor.step(1.0, 7.5)
    for _ in range(601):
        compressor.step(1.0, 7.0)
    assert not compressor.running
    for _ in range(10):
        compressor.step(1.0, 6.5)
    assert compressor.running


def test_that_thirteen_in_and_nine_out_make_a_cycle_of_103_seconds() -> None:
    net = AirNet(demand=Wander(stream(1, "still"), sigma=0.0, tau_s=1.0), wanted=9.0)
    compressor = Compressor("AC02", load_bar=6.6, unload_bar=7.4)
    edges = []
    was_loaded = True
    for step in range(4 * 3600):
        compressor.step(STEP_S, net.p)
        net.q_leak = 0.0
        net.wanted = 9.0 - 1.5 * (net.p + 1.013) / 8.013
        net.step(STEP_S, FULL_FLOW if compressor.loaded else 0.0)
        if compressor.loaded and not was_loaded:
            edges.append(step * STEP_S)
        was_loaded = compressor.loaded
    cycles = [after - before for before, after in itertools.pairwise(edges)]
    assert sum(cycles) / len(cycles) == pytest.approx(103.0, abs=1.5)


def test_that_the_air_that_enters_the_net_leaves_it_or_raises_its_pressure() -> None:
    plant = DemoPlant(seed=3)
    before = plant.air.p
    balance = 0.0
    for _ in range(4 * 900):
        plant.step()
        balance += (plant.air.q_in - plant.air.q_use - plant.air.q_leak) * STEP_S / 60.0
    assert 1.013 * balance / 6.0 == pytest.approx(plant.air.p - before, abs=1e-9)


def test_that_the_lead_compressor_is_loaded_and_the_trim_compressor_cycles() -> None:
    plant = DemoPlant(seed=1)
    begun = plant.ac02.load_cycles
    plant.run_until(3600.0)
    assert plant.ac01.duty == pytest.approx(100.0, abs=0.1)
    assert plant.ac02.duty == pytest.approx(69.0, abs=5.0)
    assert 3600.0 / (plant.ac02.load_cycles - begun) == pytest.approx(103.0, abs=8.0)


def test_that_a_leak_raises_the_load_duty_and_the_energy_per_used_air() -> None:
    plant = DemoPlant(seed=1)
    plant.run_until(1800.0)
    duty, energy, leak = plant.ac02.duty, plant.air.specific_energy, plant.air.leak
    plant.faults[8].begin(hours=0.01)
    plant.run_until(6000.0)
    assert plant.ac02.duty > duty + 10.0
    assert plant.air.specific_energy > energy * 1.03
    assert plant.air.leak == pytest.approx(leak + 2.0, abs=0.15)
