"""The faults of the demo plant, through the real simulation, cleaning, predictions and cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import as_file, files

import numpy as np
import pytest

from app.case.book import CaseBook
from app.case.intake import of_forecast, of_health
from app.case.signature_file import read_signatures
from app.model.block import block_of
from app.model.case import CaseRecord, Indication
from app.model.clock import NS_PER_S
from app.model.forecast import ForecastDefinition, Health
from app.pipeline.chain import CleaningChain
from app.plant.demo import demo_plant
from app.prediction.foresight import Foresight
from drivers.simulation.fault import FAULTS
from drivers.simulation.plant import DemoPlant
from drivers.simulation.script import read_script
from drivers.simulation.tables.tags import TAGS
from drivers.simulation.truth import EventKind
from tests.app.case.plants import START

SCALE = 60.0
BEGIN_H = 2.0


def first_case(fault: int, *, seed: int, hours: float) -> tuple[CaseRecord, float, float]:
    """Return the first case of a fault's equipment as it opened, when, and when the equipment tripped (plant hours)."""
    plant = replace(demo_plant(), time_scale=SCALE)
    with as_file(files("resources") / "demo_plant" / "signatures.toml") as path:
        book = CaseBook(plant, read_signatures(path))
    simulated = DemoPlant(seed=seed, script=read_script(f"{fault}@{BEGIN_H}h", time_factor=SCALE))
    handles = {tag.name: tag.handle for tag in plant.tags}
    order = np.array([handles[tag.name] for tag in TAGS], np.uint32)
    chain, foresight = CleaningChain(plant.tags), Foresight(plant)
    equipment = FAULTS[fault].equipment
    definitions = {definition.id: definition for definition in plant.forecasts}
    while simulated.time_s < hours * 3_600.0:
        simulated.run_until(simulated.time_s + 30.0)
        now = START + int(simulated.time_s / SCALE * NS_PER_S)
        foresight.update(chain.clean(block_of(order, np.full(len(order), now), simulated.measure())))
        book.take(_said(foresight, definitions, now))
        opened = [record for record in book.tick(now).cases if record.equipment == equipment]
        if opened:
            trips = [
                event.time_s / 3_600.0
                for event in simulated.events
                if event.kind is EventKind.TRIP and event.equipment == equipment
            ]
            return opened[0], simulated.time_s / 3_600.0, min(trips, default=float("inf"))
    raise AssertionError(f"no case of {equipment} within {hours} h")


def _said(foresight: Foresight, definitions: Mapping[str, ForecastDefinition], now: int) -> Iterator[Indication]:
    for finding in foresight.results(now):
        if isinstance(finding, Health):
            said = of_health(finding, "health 1")
        else:
            said = of_forecast(finding, definitions[finding.forecast], "trend 1", time_scale=SCALE)
        if said is not None:
            yield said


def test_that_a_clogging_strainer_opens_a_case_with_the_true_cause_first() -> None:
    record, at_h, trip_h = first_case(3, seed=7, hours=3.0)
    assert BEGIN_H < at_h < trip_h
    assert record.causes[0].cause == FAULTS[3].cause


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [11, 12])
@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_that_every_fault_opens_a_case_before_the_trip_with_the_true_cause_first(fault: int, seed: int) -> None:
    record, at_h, trip_h = first_case(fault, seed=seed, hours=BEGIN_H + max(FAULTS[fault].hours, 1.0))
    assert BEGIN_H < at_h < trip_h
    assert record.causes[0].cause == FAULTS[fault].cause
