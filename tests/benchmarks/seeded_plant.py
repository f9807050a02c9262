"""A seeded run of the demo plant for `foresight-demo`: drawn, played through the station, and scored by its truth.

The station is given the instruments' readings alone. What really happened is written by the simulation to a truth
file, which is read by the score and nowhere else.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.model.case import CaseAction, CaseCommand, CaseRecord, Verdict
from app.model.clock import NS_PER_S
from drivers.simulation.fault import FAULTS
from drivers.simulation.plant import DemoPlant
from drivers.simulation.truth import EventKind, TruthHeader, write_truth
from tests.app.case.demo_run import SCALE, SCAN_S, DemoStation, instant, run
from tests.app.case.plants import START

_EARLIEST_H, _LATEST_H = 2.0, 26.0
_QUICKEST, _SLOWEST = 0.6, 1.6
_CHARGE_H = 8.0
_SEED = 2_031
_FIRST_PLANT = 3_100
_SECONDS_PER_HOUR = 3_600.0


@dataclass(frozen=True, slots=True)
class SeededRun:
    """A run of `hours` plant hours; `script` in the grammar of fault scripts, "healthy" where there is no fault.

    `tended`: the Equipment of which no case is answered once `fault_h` has passed; "" for none.
    """

    number: int
    seed: int
    script: str
    hours: float
    tended: str = ""
    fault_h: float = float("inf")


@dataclass(frozen=True, slots=True)
class ToldCase:
    """A case as it stood when it opened, or when the first evidence since the fault's beginning came into it."""

    equipment: str
    at_h: float
    cause: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the station told in a run of `hours` on `equipment` items."""

    cases: tuple[ToldCase, ...]
    hours: float
    equipment: int


@dataclass(frozen=True, slots=True)
class Score:
    """`fault`: 0 in a healthy run. `lead_h`: from the warning to the trip or the end of the run, NaN without warning.

    `has_tripped`: whether the faulty Equipment tripped; else it ran on to the end. `delay_h`: from the beginning of the
    fault to the warning.
    `false`: cases without any fault, `false_late` those after the first day; `beside`: of other Equipment while the
    fault was there. `healthy_h`, `late_h`: hours without a fault, in all and after the first day.
    """

    fault: int
    has_tripped: bool
    is_warned: bool
    is_true_cause_first: bool
    lead_h: float
    delay_h: float
    false: int
    false_late: int
    beside: int
    healthy_h: float
    late_h: float


def drawn(number: int) -> SeededRun:
    """Return the run of that number: the faults take turns, their beginning and their speed are drawn.

    No setting was chosen on these plants: those were drawn with the seeds 2026 and 2027 and had numbers from 500 and
    1,500 on.
    A fault begins between the 2nd and the 26th hour of the plant, so by day or by night, and takes from 0.6 to 1.6 of
    its usual time to its full severity. The run ends with the trip, at the latest eight hours after that: a charge of
    the furnace, since a lost element shows on heating alone, and a fouled cooler under load.
    """
    fault = FAULTS[sorted(FAULTS)[number % len(FAULTS)]]
    chance = np.random.default_rng([_SEED, number])
    begin = chance.uniform(_EARLIEST_H, _LATEST_H)
    length = max(fault.hours * chance.uniform(_QUICKEST, _SLOWEST), 0.01)
    script = f"{fault.number}@{begin:.4f}h/{length:.4f}h"
    return SeededRun(number, _FIRST_PLANT + number, script, begin + length + _CHARGE_H, fault.equipment, begin)


def play(order: SeededRun, truth: Path) -> Told:
    """Play a run up to its end or the trip, write what really happened to `truth`, and return what was told.

    Somebody looks after every case as soon as it opens and answers it as false, but for those of the faulty Equipment.
    """
    cases: list[ToldCase] = []
    for at_h, simulated, station, changed in run(order.script, seed=order.seed, hours=order.hours):
        now = instant(simulated.time_s)
        is_faulty = at_h > order.fault_h
        for record in changed:
            if is_faulty and record.equipment == order.tended:
                cases.append(ToldCase(record.equipment, at_h, record.causes[0].cause.en))
            elif record.is_open:
                cases.append(ToldCase(record.equipment, at_h, record.causes[0].cause.en))
                _answer(station, record, now)
        if any(event.kind is EventKind.TRIP for event in simulated.events):
            break
    _write(order, simulated, truth)
    items = len({tag.equipment for tag in station.plant.tags})
    return Told(tuple(cases), at_h, items)


def score(told: Told, truth: Path) -> Score:
    """Compare what was told with the truth file."""
    events = json.loads(truth.read_text(encoding="utf-8"))["events"]
    begun = next((event for event in events if event["event"] == EventKind.FAULT.value), None)
    begin_h = begun["plant_s"] / _SECONDS_PER_HOUR if begun else told.hours
    fault, equipment, cause = (begun["fault"], begun["equipment"], begun["cause"]) if begun else (0, "", "")
    trips = (
        event["plant_s"] for event in events if event["event"] == EventKind.TRIP and event["equipment"] == equipment
    )
    trip_h = min(trips, default=math.inf) / _SECONDS_PER_HOUR
    end_h = min(trip_h, told.hours)
    first = next((case for case in told.cases if case.equipment == equipment and case.at_h > begin_h), None)
    is_warned = first is not None and first.at_h < end_h
    before = [case.at_h for case in told.cases if case.at_h <= begin_h]
    return Score(
        fault,
        has_tripped=trip_h < math.inf,
        is_warned=is_warned,
        is_true_cause_first=first is not None and first.cause == cause,
        lead_h=end_h - first.at_h if first is not None and is_warned else math.nan,
        delay_h=first.at_h - begin_h if first is not None and is_warned else math.nan,
        false=len(before),
        false_late=sum(at_h > 24.0 for at_h in before),
        beside=sum(case.at_h > begin_h and case.equipment != equipment for case in told.cases),
        healthy_h=begin_h,
        late_h=max(0.0, begin_h - 24.0),
    )


def processor_time(hours: float) -> float:
    """Return the least processor time that predictions and cases take per scan of all tags, s, of three turns."""
    simulated = DemoPlant(seed=1)
    scans = []
    while simulated.time_s < hours * _SECONDS_PER_HOUR:
        simulated.run_until(simulated.time_s + SCAN_S)
        scans.append((instant(simulated.time_s), simulated.measure()))
    least = float("inf")
    for _ in range(3):
        station = DemoStation()
        start = time.process_time()
        for now, values in scans:
            station.take(now, values)
        least = min(least, (time.process_time() - start) / len(scans))
    return least


def _answer(station: DemoStation, record: CaseRecord, now: int) -> None:
    command = CaseCommand(CaseAction.CLOSE, record.number, Verdict.FALSE, "nothing was wrong")
    station.book.obey(command, by="benchmark", now=now)


def _write(order: SeededRun, simulated: DemoPlant, truth: Path) -> None:
    header = TruthHeader(order.seed, order.script, SCALE, START)
    events = [(START + int(event.time_s / SCALE * NS_PER_S), event) for event in simulated.events]
    write_truth(truth, header, events)
