"""What the branches take and what is lost is what the incomer takes."""

from __future__ import annotations

import pytest

from drivers.simulation.electricity import current, reactive
from drivers.simulation.plant import DemoPlant


def test_that_the_incomer_takes_what_the_branches_take_and_the_losses() -> None:
    plant = DemoPlant(seed=1)
    incomer = plant.transformer
    for hour in (0.1, 0.5, 1.0):
        plant.run_until(3600.0 * hour)
        assert incomer.kw == pytest.approx(sum(meter.kw for meter in plant.meters) + incomer.loss, abs=1e-9)


def test_that_the_energy_of_an_hour_is_the_branches_and_the_losses() -> None:
    plant = DemoPlant(seed=1)
    incomer = plant.transformer
    before = incomer.kwh, sum(meter.kwh for meter in plant.meters)
    lost = 0.0
    for second in range(1, 3601):
        plant.run_until(float(second))
        lost += incomer.loss / 3600.0
    taken = incomer.kwh - before[0]
    assert taken == pytest.approx(sum(meter.kwh for meter in plant.meters) - before[1] + lost, rel=1e-9)
    assert 150.0 < taken < 450.0


def test_that_losses_are_no_load_plus_the_square_of_the_load() -> None:
    plant = DemoPlant(seed=1)
    plant.run_until(60.0)
    branch_kvar = sum(meter.kvar for meter in plant.meters)
    branch_kw = sum(meter.kw for meter in plant.meters)
    load = (branch_kw**2 + branch_kvar**2) ** 0.5 / 630.0
    assert plant.transformer.loss == pytest.approx(1.2 + 6.2 * load**2, rel=1e-9)


def test_that_a_motor_of_86_kw_takes_its_current() -> None:
    assert current(86.0, power_factor=0.87) == pytest.approx(142.7, abs=0.1)
    assert reactive(10.0, power_factor=1.0) == 0.0
