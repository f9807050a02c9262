"""`foreshift model ...`: models that are learned from a plant, tried, promoted, returned, and shared."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.number_argument import number, whole_number
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.command.stretch import add_stretch, stretch_of
from app.model import clock
from app.model.audit import AuditAction, AuditRecord
from app.model.learned_model import ModelKind, ModelState, ModelStep, ModelTrial

if TYPE_CHECKING:
    from app.command.model_deed import Person
    from app.database import PlantConnection
    from app.plant.folder import PlantFolder

_MOST = 10**9


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "model",
        help="learn, try, promote, return and share models of a plant's equipment",
        description="Models are versions that only grow in number. One that was learned is a candidate: it is tried on "
        "what was recorded later, beside the one that counts, and is promoted only if it is no worse. A return brings "
        "the former one back. Each deed stands in the audit trail.",
    )
    deeds = command.add_subparsers(dest="deed", metavar="DEED", required=True)
    show = deeds.add_parser("list", help="list the models and how they did")
    _plant(show)
    show.set_defaults(run=_list)
    learn = deeds.add_parser("learn", help="learn a candidate in a child process of the lowest priority, and try it")
    _plant(learn)
    learn.add_argument("kind", choices=[kind.value for kind in ModelKind])
    learn.add_argument(
        "subject",
        metavar="EQUIPMENT|CLASS",
        help="an equipment; of a diagnosis also a class, of a remaining life a class",
    )
    learn.add_argument(
        "--period",
        type=number(0.01, 1e7),
        default=60.0,
        metavar="S",
        help="from row to row, of a remaining life of running (60)",
    )
    add_stretch(learn)
    _user(learn)
    learn.set_defaults(run=_learn)
    for name, run, text in (
        ("shadow", _shadow, "try a candidate, beside the active model, on all that was recorded since both learned"),
        ("promote", _promote, "let a candidate count, where its newest trial shows it to be no worse"),
        ("return", _return, "let the model count again that counted before the active one N"),
    ):
        deed = deeds.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        _plant(deed)
        deed.add_argument("number", metavar="N", type=whole_number(1, _MOST), help="number of the model")
        if run is not _shadow:
            deed.add_argument("--reason", required=True, metavar="TEXT", help="why, for the audit trail")
        _user(deed)
        deed.set_defaults(run=run)
    export = deeds.add_parser("export", help="write a model into a file for another plant")
    _plant(export)
    export.add_argument("number", metavar="N", type=whole_number(1, _MOST), help="number of the model")
    export.add_argument("file", metavar="FILE")
    export.set_defaults(run=_export)
    take = deeds.add_parser("import", help="take a model of another plant as a candidate")
    _plant(take)
    take.add_argument("file", metavar="FILE")
    take.add_argument("--to", default="", metavar="EQUIPMENT|CLASS", help="what it is bound to (default: as it was)")
    take.add_argument("--name", action="append", default=[], metavar="ROLE=HERE", help="what a tag is called here")
    _user(take)
    take.set_defaults(run=_import)


def _plant(command: argparse.ArgumentParser) -> None:
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")


def _user(command: argparse.ArgumentParser) -> None:
    command.add_argument("--user", default="", metavar="NAME", help="which engineer does it; the PIN is asked for")


def _list(options: argparse.Namespace) -> int:
    from app.learning import store

    with closing(_opened(plant_folder(options.plant))) as connection:
        states = store.states_of(connection)
        for record in store.models(connection):
            made = clock.to_datetime(record.made).strftime("%Y-%m-%d %H:%M")
            of = f"class {record.subject}" if record.is_class else record.subject
            came = f"  from {record.source}" if record.source else ""
            print(
                f"{record.number:4}  {states[record.number]:9}  {record.kind:14}  {of}  {made}  {record.author}{came}"
            )
            for trial in store.trials_of(connection, record.number)[-1:]:
                _print_trial(trial)
    return 0


def _learn(options: argparse.Namespace) -> int:
    from app.command.model_deed import kept, line, person
    from app.history.reader import HistoryReader
    from app.learning.refusal import ModelRefused
    from app.training.child import LearningProcess
    from app.training.lesson import lesson_of

    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    who = person(folder, options.user)
    with HistoryReader(folder.history) as reader:
        extent = reader.extent()
    if extent is None:
        raise UsageFailure(f"{options.plant}: nothing is recorded yet")
    begin, end = stretch_of(options, extent)
    lesson = lesson_of(
        folder, plant, ModelKind(options.kind), options.subject,
        begin=begin, end=end, period_s=options.period, author=who.name,
    )  # fmt: skip
    record = LearningProcess(lesson).learn()
    log: list[AuditRecord] = []
    with kept(folder, log) as models:
        record = models.add(record, reason="learned")
        log.append(line(AuditAction.MODEL_ADDED, who, record, outcome=ModelState.CANDIDATE))
    print(f"model {record.number} is a candidate")
    try:
        return _tried(folder, record.number, who)
    except ModelRefused as refused:  # it is learned and kept, and can be tried later
        print(f"not tried yet: {refused}")
        return 0


def _shadow(options: argparse.Namespace) -> int:
    from app.command.model_deed import person

    folder = plant_folder(options.plant)
    return _tried(folder, options.number, person(folder, options.user))


def _tried(folder: PlantFolder, wanted: int, who: Person) -> int:
    from app.command.model_deed import kept, line
    from app.learning.store import whole_model
    from app.training.child import tried
    from app.training.lesson import school_of

    with school_of(folder) as school:
        record = whole_model(school.connection, wanted)
        trial = tried(school, wanted)
    log: list[AuditRecord] = []
    with kept(folder, log) as models:
        models.try_out(trial)
        log.append(line(AuditAction.MODEL_TRIED, who, record, outcome=f"beside model {trial.beside}"))
    _print_trial(trial)
    return 0


def _promote(options: argparse.Namespace) -> int:
    from app.learning.standing import promoted

    return _step(options, promoted)


def _return(options: argparse.Namespace) -> int:
    from app.learning.standing import returned

    return _step(options, returned)


def _step(options: argparse.Namespace, steps: Callable[..., list[ModelStep]]) -> int:
    """Take steps, or note why they were refused; nobody can come in between, since the file is held meanwhile."""
    from app.command.model_deed import kept, line, person
    from app.learning.refusal import ModelRefused
    from app.learning.store import whole_model

    folder = plant_folder(options.plant)
    who = person(folder, options.user)
    log: list[AuditRecord] = []
    refused: ModelRefused | None = None
    with kept(folder, log) as models:
        record = whole_model(models.connection, options.number)
        try:
            taken = steps(models.connection, record, by=who.name, reason=options.reason, now=clock.now_ns())
        except ModelRefused as error:
            refused, taken = error, []
            log.append(line(AuditAction.MODEL_REFUSED, who, record, outcome=options.deed, reason=str(error)))
        models.note(taken)
        for step in taken:
            of = record if step.model == record.number else whole_model(models.connection, step.model)
            log.append(line(AuditAction.MODEL_STEPPED, who, of, outcome=step.state, reason=step.reason))
    if refused is not None:
        raise refused
    for step in taken:
        print(f"model {step.model} is {step.state}")
    return 0


def _export(options: argparse.Namespace) -> int:
    from app.learning.model_file import write_model
    from app.learning.standing import shared

    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    with closing(_opened(folder)) as connection:
        model = shared(connection, plant, options.number)
    write_model(Path(options.file), model)
    of, size = model.equipment_class or "(none)", len(model.record.parameters)
    print(f"{options.file}: model {options.number} of the class {of}, {size:,} bytes")
    return 0


def _import(options: argparse.Namespace) -> int:
    from app.command.model_deed import kept, line, person
    from app.learning.binding import bound
    from app.learning.model_file import read_model

    folder = plant_folder(options.plant)
    path = Path(options.file)
    shared = read_model(path)
    who = person(folder, options.user)
    record = bound(
        shared,
        plant_in(folder),
        options.to or shared.record.subject,
        names=names_of(options.name),
        author=who.name,
        now=clock.now_ns(),
        source=f"{path.name} of {shared.plant}",
    )
    log: list[AuditRecord] = []
    with kept(folder, log) as models:
        record = models.add(record, reason=f"imported from {path.name}")
        log.append(line(AuditAction.MODEL_ADDED, who, record, outcome=ModelState.CANDIDATE, reason=record.source))
    print(f"model {record.number} is a candidate for {record.subject}: try it with foreshift model shadow")
    return 0


def names_of(words: Sequence[str]) -> dict[str, str]:
    """Return what roles are called here, of words such as T_D=TEMP; raise UsageFailure."""
    pairs = [word.partition("=") for word in words]
    if wrong := next((word for word, (role, _, here) in zip(words, pairs, strict=True) if not (role and here)), ""):
        raise UsageFailure(f"--name {wrong}: write the model's name, =, and the name here, such as T_D=TEMP")
    return {role: here for role, _, here in pairs}


def _opened(folder: PlantFolder) -> PlantConnection:
    from app.database import open_reader

    return open_reader(folder.history)


def _print_trial(trial: ModelTrial) -> None:
    first, last = (clock.to_datetime(time).strftime("%Y-%m-%d %H:%M") for time in (trial.begin, trial.end))
    others = {score.name: score for score in trial.beside_scores}
    print(f"      tried from {first} to {last}" + (f", beside model {trial.beside}" if trial.beside else ""))
    for score in trial.scores:
        other = f", beside it {others[score.name].value:.4g}" if score.name in others else ""
        value = f"{score.value:.4g}" if score.count else "nothing to judge by"
        bound = (
            ""
            if score.bound is None
            else f", to be {'at most' if score.is_less_better else 'at least'} {score.bound:.4g}"
        )
        print(f"      {score.name}: {value}{other}{bound} (of {score.count})")
