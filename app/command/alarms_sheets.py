"""`foreshift alarms sheets export PLANT FILE` and `sheets import`: rationalisation in a spreadsheet."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.model.text import LocalText
from app.supervisor import EXIT_UNUSABLE

if TYPE_CHECKING:
    from app.plant.folder import PlantFolder
    from app.plant.sheet_list import SheetDifference

DESCRIPTION = """\
Take the sheets of alarms (cause, consequence, response, severity, time to respond, owner, approval, version) and
their priorities over from an edited spreadsheet. A cell that says what the alarm inherits from its class changes
nothing; an empty one lets it inherit.

Without --apply nothing is changed: every difference is shown, and every cell that cannot be taken with its line.
With --apply plant.toml is written, unless a cell cannot be taken; its comments and order stay, the former file is
kept beside it, and the audit trail says who has changed what.
"""


def add_to(commands: Commands) -> None:
    """Add the commands to the command line."""
    command = commands.add_parser("sheets", help="rationalisation sheets: from and to a spreadsheet")
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    export = deeds.add_parser(
        "export",
        help="write the sheets of all alarms as .csv or .xlsx",
        description="Write the sheets of all alarms, with what they inherit, to be filled in and imported again.",
    )
    deed = deeds.add_parser(
        "import",
        help="take sheets over from a spreadsheet",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for part in (export, deed):
        part.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
        part.add_argument("file", metavar="FILE", help="a .csv or .xlsx")
    export.add_argument("--force", action="store_true", help="replace FILE where it exists")
    export.set_defaults(run=_export)
    deed.add_argument("--apply", action="store_true", help="write plant.toml; without it only the difference is shown")
    deed.set_defaults(run=_import)


def _export(options: argparse.Namespace) -> int:
    from app.exchange.sheet_file import write_sheets
    from app.plant.sheet_list import sheet_rows

    plant = plant_in(plant_folder(options.plant))
    file = Path(options.file)
    if file.exists() and not options.force:
        raise UsageFailure(f"{file}: exists already: choose another name, or give --force")
    rows = list(sheet_rows(plant))
    write_sheets(file, rows)
    print(f"{file}: {len(rows):,} alarms")
    return 0


def _import(options: argparse.Namespace) -> int:
    from app.exchange.sheet_file import read_sheets
    from app.plant.sheet_list import sheet_difference

    folder = plant_folder(options.plant)
    file = Path(options.file)
    found = sheet_difference(plant_in(folder), read_sheets(file))
    _tell(found, file)
    if found.problems:
        print("nothing was changed: correct these cells first", file=sys.stderr)
        return EXIT_UNUSABLE
    if not found.changes:
        print("nothing to change")
        return 0
    return _change(folder, found, file, is_applied=options.apply)


def _tell(found: SheetDifference, file: Path) -> None:
    for change in found.changes:
        print(f"~ {change.alarm}  {change.key}: {_shown(change.before)} -> {_shown(change.after)}")
    for problem in found.problems:
        print(f"{file}:{problem.line}: {problem.message}", file=sys.stderr)
    if found.missing:
        print(f"{len(found.missing):,} alarms of the plant are not in the file and stay as they are")


def _shown(value: object) -> str:
    match value:
        case None | "" | LocalText("", ""):
            return "(inherited or nothing)"
        case LocalText(english, chinese):
            return f"{english} / {chinese}" if chinese else english
    return str(value)


def _change(folder: PlantFolder, found: SheetDifference, file: Path, *, is_applied: bool) -> int:
    from app.command.plant_change import change_plant, text_of
    from app.plant.alarm_revision import revised_alarms

    before = text_of(folder)
    after = revised_alarms(before, found.by_alarm())
    if not is_applied:
        print("nothing was changed; --apply writes it to plant.toml")
        return 0
    former = change_plant(folder, before, after, reason=f"sheets of {len(found.by_alarm())} alarms from {file.name}")
    print(f"{folder.configuration}: written; the former one is {former.name}")
    return 0
