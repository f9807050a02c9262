"""The demo plant through the real simulation, cleaning, predictions and cases, as fast as it can be computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import as_file, files

import numpy as np

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
_SCAN_S = 30.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one fault: its case as it opened (None for none), at which plant hour, and when it tripped."""

    fault: int
    case: CaseRecord | None
    at_h: float
    trip_h: float

    @property
    def is_warned(self) -> bool:
        """Whether the case was open before the trip."""
        return self.case is not None and self.at_h < self.trip_h

    @property
    def has_true_cause_first(self) -> bool:
        """Whether the true cause stood first when the case opened."""
        return self.case is not None and self.case.causes[0].cause == FAULTS[self.fault].cause


def fault_outcome(fault: int, *, seed: int) -> Outcome:
    """Let a fault begin after two hours; return what came of it within the time it needs, at least an hour.

    A case of the equipment that was open before is as it stands when the fault's first evidence comes into it.
    """
    equipment = FAULTS[fault].equipment
    last_h = BEGIN_H + max(FAULTS[fault].hours, 1.0)
    script = f"{fault}@{BEGIN_H}h"
    for at_h, simulated, _, changed in run(script, seed=seed, hours=last_h):
        ours = [record for record in changed if record.equipment == equipment and record.evidence]
        if ours and at_h > BEGIN_H:
            return Outcome(fault, ours[-1], at_h, _trip_h(simulated, equipment))
        if _trip_h(simulated, equipment) < at_h:
            return Outcome(fault, None, at_h, _trip_h(simulated, equipment))
    return Outcome(fault, None, last_h, float("inf"))


def run(script: str, *, seed: int, hours: float) -> Iterator[tuple[float, DemoPlant, CaseBook, tuple[CaseRecord, ...]]]:
    """Yield, for every scan of half a plant minute, the plant hour, plant and book, and the cases that changed."""
    plant = replace(demo_plant(), time_scale=SCALE)
    with as_file(files("resources") / "demo_plant" / "signatures.toml") as path:
        book = CaseBook(plant, read_signatures(path))
    simulated = DemoPlant(seed=seed, script=read_script(script, time_factor=SCALE))
    handles = {tag.name: tag.handle for tag in plant.tags}
    order = np.array([handles[tag.name] for tag in TAGS], np.uint32)
    chain, foresight = CleaningChain(plant.tags), Foresight(plant)
    definitions = {definition.id: definition for definition in plant.forecasts}
    while simulated.time_s < hours * 3_600.0:
        simulated.run_until(simulated.time_s + _SCAN_S)
        now = instant(simulated)
        foresight.update(chain.clean(block_of(order, np.full(len(order), now), simulated.measure())))
        book.take(_said(foresight, definitions, now))
        yield simulated.time_s / 3_600.0, simulated, book, book.tick(now).cases


def instant(simulated: DemoPlant) -> int:
    """Return the present of a simulated plant as an instant of the wall clock, int64 ns UTC."""
    return START + int(simulated.time_s / SCALE * NS_PER_S)


def _said(foresight: Foresight, definitions: Mapping[str, ForecastDefinition], now: int) -> Iterator[Indication]:
    for finding in foresight.results(now):
        if isinstance(finding, Health):
            said = of_health(finding, "")
        else:
            said = of_forecast(finding, definitions[finding.forecast], "", time_scale=SCALE)
        if said is not None:
            yield said


def _trip_h(simulated: DemoPlant, equipment: str) -> float:
    trips = (
        event.time_s / 3_600.0
        for event in simulated.events
        if event.kind is EventKind.TRIP and event.equipment == equipment
    )
    return min(trips, default=float("inf"))
