"""`foreshift tags import PLANT FILE` and `tags export`: tags of a plant, from and to lists of other programs."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.number_argument import whole_number
from app.command.options import Commands
from app.command.plant_argument import plant_folder
from app.supervisor import EXIT_UNUSABLE

if TYPE_CHECKING:
    from app.plant.tag_list.difference import Difference
    from app.plant.tag_list.revised_file import Comparison

DESCRIPTION = """\
Take tags over from a list of another program. What it is is found from what it holds: the CSV of Kepware, the JSON
or CSV of Ignition, a NodeSet2 XML of OPC UA, a plain list of registers with a header (name, address, type, unit,
..., also in Chinese; comma, semicolon or tab), or what `foreshift tags export` wrote.

Without --apply nothing is changed: new and changed tags are shown, and each line that cannot be taken over with
the reason. With --apply plant.toml is written; its comments and order stay, tags that the list does not name
stay, and the former file is kept beside it.
"""
_SHOWN = 40


def add_to(commands: Commands) -> None:
    """Add the commands to the command line."""
    command = commands.add_parser("tags", help="take tags over from a list, or write such a list")
    deeds = command.add_subparsers(title="commands", metavar="COMMAND", required=True)
    deed = deeds.add_parser(
        "import",
        help="take tags over from a list of another program",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    deed.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    deed.add_argument("file", metavar="FILE", help="the list")
    deed.add_argument("--apply", action="store_true", help="write plant.toml; without it only the difference is shown")
    deed.add_argument(
        "--connection",
        metavar="[DEVICE=]NAME",
        action="append",
        default=[],
        help="connection of the tags, or of those that the list gives to DEVICE; may be given again",
    )
    deed.add_argument("--equipment", metavar="ID", default="", help="equipment of new tags that the list gives none")
    deed.add_argument(
        "--order",
        choices=("ABCD", "CDAB", "BADC", "DCBA"),
        default="",
        help="byte order of values of several registers (default: usual in that program)",
    )
    deed.add_argument(
        "--base", type=whole_number(0, 1), help="number of a table's first register (default: usual in that program)"
    )
    deed.add_argument("--all", action="store_true", help=f"show all tags, not the first {_SHOWN} of each kind")
    deed.set_defaults(run=_import)
    export = deeds.add_parser(
        "export",
        help="write all tags as a list (CSV) that can be edited and imported",
        description="Write all tags of a plant as a CSV, to be edited in a spreadsheet and imported again. "
        "The rules of writing are not part of it.",
    )
    export.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    export.add_argument("file", metavar="FILE", nargs="?", default="-", help="where to (default: standard output)")
    export.set_defaults(run=_export)


def _import(options: argparse.Namespace) -> int:
    from app.acquisition.registry import driver_names, grammars
    from app.command.tag_taking import take_tags
    from app.plant.tag_list.difference import Placing
    from app.plant.tag_list.entry import Reading
    from app.plant.tag_list.read import read_tag_list
    from app.plant.tag_list.revised_file import compare

    folder = plant_folder(options.plant)
    file = Path(options.file)
    placing = Placing(MappingProxyType(_connections(options.connection)), options.equipment)
    found = read_tag_list(file, Reading(options.order, options.base))
    names, understood = driver_names(), grammars()
    comparison = compare(folder.configuration, found, placing, drivers=names, grammars=understood)
    print(f"{file.name}: {found.kind}, {len(found.entries):,} tags")
    for note in found.notes:
        print(f"  {note}")
    _show(comparison.difference, file.name, is_all=options.all)
    if comparison.difference.is_empty:
        return EXIT_UNUSABLE if comparison.difference.problems else 0
    if not options.apply:
        print("nothing was changed; --apply writes it to plant.toml")
        return 0
    former = take_tags(folder, comparison, file.name, "", window="command line")
    _tell_written(comparison, former)
    return 0


def _connections(given: list[str]) -> dict[str, str]:
    found = {}
    for text in given:
        device, equals, name = text.rpartition("=")
        if not name or (equals and not device):
            raise UsageFailure(f"--connection {text}: write NAME, or DEVICE=NAME")
        found[device] = name
    return found


def _show(difference: Difference, file: str, *, is_all: bool) -> None:
    most = sys.maxsize if is_all else _SHOWN
    for change in difference.new[:most]:
        print(
            f"+ {change.name}  {change.table['connection']}  {change.table['address']}  {change.table.get('unit', '')}"
        )
    _rest(len(difference.new) - most)
    for change in difference.changed[:most]:
        print(f"~ {change.name}")
        for key in change.keys:
            print(f"    {key.key}: {_shown(key.before)} -> {_shown(key.after)}")
    _rest(len(difference.changed) - most)
    for problem in difference.problems[: most if is_all else 4 * most]:
        print(f"foreshift: {problem.at(file)}", file=sys.stderr)
    if len(difference.problems) > 4 * most:
        print(f"foreshift: and {len(difference.problems) - 4 * most:,} lines more", file=sys.stderr)
    print(
        f"{len(difference.new):,} new, {len(difference.changed):,} changed, {len(difference.unchanged):,} unchanged, "
        f"{len(difference.only_there):,} only in the plant (they stay), {len(difference.problems):,} lines left out"
    )


def _rest(count: int) -> None:
    if count > 0:
        print(f"  and {count:,} more (--all shows them)")


def _shown(value: object) -> str:
    return "-" if value is None else json.dumps(value, ensure_ascii=False)


def _tell_written(comparison: Comparison, former: Path) -> None:
    print(f"{comparison.path} was written; the former file is {former.name}")
    print(f"a collector that runs takes it up with: foreshift renew {comparison.path.parent}")


def _export(options: argparse.Namespace) -> int:
    import tomllib

    from app.plant.atomic import replace_text
    from app.plant.expansion import expand
    from app.plant.file import read_plant
    from app.plant.problem import Findings
    from app.plant.tag_list.own_csv import tags_csv

    path = plant_folder(options.plant).configuration
    read_plant(path)  # tells what is wrong with it
    tables = expand(tomllib.loads(path.read_text("utf-8-sig")), Findings()).tables("tag")
    text = tags_csv(tables)
    if options.file == "-":
        sys.stdout.write(text.removeprefix("\ufeff").replace("\r\n", "\n"))
        return 0
    replace_text(Path(options.file), text)
    print(f"{options.file}: {len(tables):,} tags")
    return 0
