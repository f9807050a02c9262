"""`foreshift life learn|tell|show`: remaining life of a class of machines, learned from those that have failed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from app.command.options import Commands


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "life",
        help="learn and tell the remaining life of a class of machines",
        description="Learn from machines of one class that have failed how long others will live, and tell it with a "
        "band from P10 to P90 that was measured on machines left out. A file of histories is CSV: the machine and its "
        "life in the first two columns, then what is asked of it and what is measured, one row per unit of life.",
    )
    deeds = command.add_subparsers(dest="deed", metavar="DEED", required=True)
    learn = deeds.add_parser("learn", help="learn a model from the histories of machines that have failed")
    learn.add_argument("histories", metavar="CSV", help="machines that were watched until they failed")
    learn.add_argument("model", metavar="MODEL", help="the file to be written")
    learn.add_argument("--class", dest="machine_class", required=True, metavar="NAME", help="such as screw_compressor")
    learn.add_argument("--unit", default="cycle", help="of life (cycle)")
    learn.add_argument("--conditions", default="", metavar="A,B", help="columns of what is asked of the machine")
    learn.add_argument("--cap", type=float, default=125.0, metavar="N", help="more than N is told as more than N (125)")
    learn.set_defaults(run=_learn)
    tell = deeds.add_parser("tell", help="tell the remaining life of machines that live")
    tell.add_argument("model", metavar="MODEL")
    tell.add_argument("histories", metavar="CSV", help="the same columns as the model has learned from")
    tell.set_defaults(run=_tell)
    of = deeds.add_parser(
        "of",
        help="tell the remaining life of a plant's equipment by the active model of its class",
        description="Tell how many hours of running are left, from the failures that work orders record. With fewer "
        "than 20 of the class no number is told.",
    )
    of.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    of.add_argument("equipment", metavar="EQUIPMENT", nargs="+")
    of.set_defaults(run=_of)
    show = deeds.add_parser("show", help="show what a model has learned from")
    show.add_argument("model", metavar="MODEL")
    show.set_defaults(run=_show)


def _learn(options: argparse.Namespace) -> int:
    from app.remaining_life.table import read_fleet
    from app.remaining_life.training import learn

    fleet = read_fleet(Path(options.histories), _names(options.conditions))
    model = learn(fleet, machine_class=options.machine_class, unit=options.unit, cap=options.cap)
    model.save(Path(options.model))
    print(f"{options.model}: learned from {model.failures} failures of {model.machine_class}")
    return 0


def _tell(options: argparse.Namespace) -> int:
    from app.remaining_life.model import load
    from app.remaining_life.table import read_fleet

    model = load(Path(options.model))
    for machine in read_fleet(Path(options.histories), model.conditions).machines:
        found = model.estimate(machine)
        upper = f"more than {model.cap:g}" if found.is_beyond else f"{found.p90:.0f}"
        print(f"{machine.machine}: {found.p50:.0f} {model.unit}s (P10 {found.p10:.0f}, P90 {upper})")
    return 0


def _of(options: argparse.Namespace) -> int:
    from app.command.plant_argument import plant_folder
    from app.learning.store import active_models
    from app.model import clock
    from app.model.learned_model import ModelKind
    from app.training.lesson import school_of
    from app.training.life_lesson import tell_life

    with school_of(plant_folder(options.plant)) as school:
        active = {record.subject: record for record in active_models(school.connection, ModelKind.REMAINING_LIFE)}
        kinds = {each.id: each.kind for each in school.plant.equipment}
        for name in options.equipment:
            told = tell_life(school, active.get(kinds.get(name, "")), name, clock.now_ns())
            text = f"{told.failures} failures of its class are recorded, evidence {told.evidence}"
            if told.estimate is None:
                print(f"{name}: no number: {text}; {told.reason}")
                continue
            found = told.estimate
            upper = "more" if found.is_beyond else f"{found.p90:.0f} h"
            print(f"{name}: {found.p50:.0f} h of running (P10 {found.p10:.0f} h, P90 {upper}); {text}")
    return 0


def _show(options: argparse.Namespace) -> int:
    from app.remaining_life.model import load

    model = load(Path(options.model))
    print(f"class: {model.machine_class}")
    print(f"failures: {model.failures}")
    print(f"cap: {model.cap:g} {model.unit}s")
    print(f"regimes: {len(model.regimes.centres)}")
    print(f"conditions: {', '.join(model.conditions) or 'none'}")
    print(f"signals: {', '.join(model.signals)}")
    print(f"learned from: SHA-256 {model.learned_from}")
    return 0


def _names(text: str) -> Sequence[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
