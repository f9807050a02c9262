"""The demo plant through the real simulation, cleaning, predictions and cases, as fast as it can be computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.resources import as_file, files

import numpy as np

from app.case.book import CaseBook
from app.case.intake import of_forecast, of_health, of_signals
from app.case.signature_file import read_signatures
from app.model.block import ValueArray, block_of
from app.model.case import CaseRecord, Indication
from app.model.clock import NS_PER_S
from app.model.forecast import Forecast, Health, UnusualSignals
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
SCAN_S = 30.0


class DemoStation:
    """What stands behind the drivers: cleaning, predictions and cases of the demo plant; it never sees the truth.

    `findings`, `unusual`: what was foretold by the newest scan, and which single signals were news.
    """

    def __init__(self) -> None:
        """Begin without a past."""
        self.plant = replace(demo_plant(), time_scale=SCALE)
        with as_file(files("resources") / "demo_plant" / "signatures.toml") as path:
            self.book = CaseBook(self.plant, read_signatures(path))
        handles = {tag.name: tag.handle for tag in self.plant.tags}
        self._order = np.array([handles[tag.name] for tag in TAGS], np.uint32)
        self._chain, self._foresight = CleaningChain(self.plant.tags), Foresight(self.plant)
        self._definitions = {definition.id: definition for definition in self.plant.forecasts}
        self.findings: list[Forecast | Health] = []
        self.unusual: list[UnusualSignals] = []

    def take(self, now: int, values: ValueArray) -> tuple[CaseRecord, ...]:
        """Take a scan of all tags (in the order of TAGS) at `now` (ns UTC); return the cases that changed."""
        block = self._chain.clean(block_of(self._order, np.full(len(self._order), now), values))
        self._foresight.update(block)
        self.findings = self._foresight.results(now)
        self.unusual = self._foresight.unusual(now)
        self.book.take(self._said())
        return self.book.tick(now).cases

    def _said(self) -> Iterator[Indication]:
        for finding in self.findings:
            if isinstance(finding, Health):
                yield of_health(finding, "")
            else:
                yield of_forecast(finding, self._definitions[finding.forecast], "", time_scale=SCALE)
        for each in self.unusual:
            yield of_signals(each, "")


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
            return Outcome(fault, ours[-1], at_h, trip_h(simulated, equipment))
        if trip_h(simulated, equipment) < at_h:
            return Outcome(fault, None, at_h, trip_h(simulated, equipment))
    return Outcome(fault, None, last_h, float("inf"))


def run(
    script: str, *, seed: int, hours: float
) -> Iterator[tuple[float, DemoPlant, DemoStation, tuple[CaseRecord, ...]]]:
    """Yield, for every scan of half a plant minute, the plant hour, plant and station, and the cases that changed."""
    station = DemoStation()
    simulated = DemoPlant(seed=seed, script=read_script(script, time_factor=SCALE))
    while simulated.time_s < hours * 3_600.0:
        simulated.run_until(simulated.time_s + SCAN_S)
        changed = station.take(instant(simulated.time_s), simulated.measure())
        yield simulated.time_s / 3_600.0, simulated, station, changed


def instant(time_s: float) -> int:
    """Return a time of the simulated plant as an instant of the wall clock, int64 ns UTC."""
    return START + int(time_s / SCALE * NS_PER_S)


def trip_h(simulated: DemoPlant, equipment: str) -> float:
    """Return at which plant hour an Equipment tripped first, infinity where it did not."""
    trips = (
        event.time_s / 3_600.0
        for event in simulated.events
        if event.kind is EventKind.TRIP and event.equipment == equipment
    )
    return min(trips, default=float("inf"))
