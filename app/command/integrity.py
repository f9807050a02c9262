"""`foreshift integrity PLANT`: look for damage in a plant's history, and repair it."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import TYPE_CHECKING

from app.command.options import Commands
from app.command.plant_argument import plant_folder
from app.model.audit import AuditAction

if TYPE_CHECKING:
    from app.history.integrity import Damage
    from app.plant.folder import PlantFolder

EXIT_DAMAGED = 1
_MOST_LINES = 20


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "integrity",
        help="look for damage in a plant's history",
        description="Read the whole history of a plant and tell every damaged part. Exit code 0: whole. "
        "With --repair, which wants the collector stopped, rollups are made again from the samples, and what cannot "
        "be read is set aside and becomes a gap.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument("--repair", action="store_true", help="repair what can be repaired, set the rest aside")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check, and repair where that is asked for."""
    from app.alarm.journal_check import damaged_lines
    from app.database import open_reader
    from app.history.integrity import find_damage, structure_problems

    folder = plant_folder(options.plant)
    with closing(open_reader(folder.history)) as connection:
        problems = structure_problems(connection)
        damages = find_damage(connection, on_progress=_show_progress)
        altered = list(damaged_lines(connection))
    for problem in problems[:_MOST_LINES]:
        print(f"{folder.history}: {problem}", file=sys.stderr)
    for damage in damages[:_MOST_LINES]:
        print(f"{folder.history}: {_line(damage)}", file=sys.stderr)
    for line in altered[:_MOST_LINES]:
        print(f"{folder.history}: alarm journal: {line}", file=sys.stderr)
    if not problems and not damages and not altered:
        print(f"{folder.history}: whole")
        return 0
    print(
        f"{folder.history}: {len(problems)} faults of the file's structure, {len(damages)} damaged parts, "
        f"{len(altered)} of the alarm journal",
        file=sys.stderr,
    )
    if altered:
        print("the alarm journal is never altered, by a repair neither: a backup has it as it was", file=sys.stderr)
    if problems:
        print("restore a backup: the file's own structure cannot be repaired here", file=sys.stderr)
    if not options.repair or problems or not damages:
        return EXIT_DAMAGED
    _repair(folder, damages)
    lost = sum(damage.samples for damage in damages if not damage.is_repairable)
    print(f"{folder.history}: repaired; {lost} samples could not be read and are a gap")
    return EXIT_DAMAGED if altered else 0


def _repair(folder: PlantFolder, damages: list[Damage]) -> None:
    from app.collector.lock import collector_lock
    from app.command.deed import note_deed
    from app.database import open_writer
    from app.history.repair import repair_steps

    folder.run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with collector_lock(folder), closing(open_writer(folder.history)) as connection:
        for step in repair_steps(damages):
            step(connection)
    lost = sum(damage.samples for damage in damages if not damage.is_repairable)
    note_deed(folder, AuditAction.HISTORY_REPAIRED, reason=f"{len(damages)} damaged parts, {lost} samples lost")


def _line(damage: Damage) -> str:
    remedy = "can be made again" if damage.is_repairable else f"{damage.samples} samples" if damage.samples else "lost"
    return f"{damage.table} {damage.key}: {damage.reason} ({remedy})"


def _show_progress(share: float) -> None:
    if sys.stderr.isatty():
        print(f"\r{share:6.1%}", end="\n" if share >= 1.0 else "", file=sys.stderr, flush=True)
