"""What the cases of the demo plant are worth: warned before the trip, the true cause first, false cases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.model.case import CaseAction, CaseCommand, Verdict
from app.plant.demo import demo_plant
from drivers.simulation.fault import FAULTS
from tests.app.case.demo_run import Outcome, fault_outcome, instant, run
from tests.benchmarks.figure import Figure

if TYPE_CHECKING:
    from tests.benchmarks.__main__ import Options

FIRST_SEED = 101
SEEDS, QUICK_SEEDS = 5, 1
HEALTHY_H, QUICK_HEALTHY_H = 240.0, 6.0
QUICK_FAULTS = (3, 4, 8)
MONTH_H = 720.0


def measure(options: Options) -> Iterator[Figure]:
    """Run all faults with seeds that nothing was chosen on, then a healthy plant from its first minute on."""
    faults = QUICK_FAULTS if options.quick else sorted(FAULTS)
    seeds = range(FIRST_SEED, FIRST_SEED + (QUICK_SEEDS if options.quick else SEEDS))
    found: list[Outcome] = [fault_outcome(fault, seed=seed) for fault in faults for seed in seeds]
    share = 100.0 / len(found)
    runs = f"{len(found)} runs, seeds {seeds[0]} to {seeds[-1]}"
    warned, true_first = sum(each.is_warned for each in found), sum(each.has_true_cause_first for each in found)
    yield Figure(f"faults with a case before the trip ({runs})", "%", share * warned, goal="ours >= 95")
    yield Figure(f"true cause first when the case opened ({runs})", "%", share * true_first, goal="ours >= 90")
    hours = QUICK_HEALTHY_H if options.quick else HEALTHY_H
    opened, late = _healthy(hours)
    equipment = len({tag.equipment for tag in demo_plant().tags})
    goal = "" if options.quick else "ours <= 1"
    per = "per month and equipment"
    rate = opened * MONTH_H / hours / equipment
    yield Figure(f"cases of a healthy plant in its first {hours:g} h, each answered as false", per, rate, goal=goal)
    if not options.quick:
        rate = late * MONTH_H / (hours - 24.0) / equipment
        yield Figure("of these after its first day", per, rate, goal=goal)


def _healthy(hours: float) -> tuple[int, int]:
    """Return how many cases open, and how many of them after the first day; somebody answers each at once."""
    opened: dict[int, float] = {}
    for at_h, simulated, book, changed in run("healthy", seed=FIRST_SEED, hours=hours):
        for record in changed:
            if record.is_open:
                opened[record.number] = at_h
                command = CaseCommand(CaseAction.CLOSE, record.number, Verdict.FALSE, "nothing was wrong")
                book.obey(command, by="benchmark", now=instant(simulated))
    return len(opened), sum(at_h > 24.0 for at_h in opened.values())
