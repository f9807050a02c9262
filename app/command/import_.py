"""`foreshift import PLANT FILE`: add the samples of a file to the history."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.model.audit import AuditAction
from app.supervisor import EXIT_UNUSABLE

if TYPE_CHECKING:
    from app.exchange.examination import Examination
    from app.exchange.merge import ImportReport
    from app.exchange.sample_source import SampleSource
    from app.plant.folder import PlantFolder

DESCRIPTION = """\
Add the samples of a CSV or Parquet file to the history of a plant: what `foreshift export` wrote, or a file of
another program, one row per sample or one column per tag. Encoding, delimiter and time column are found.

The whole file is looked through first; nothing is stored where a line is wrong. What is stored already stays as
it is, so that importing a file again changes nothing. The plant must not be collected meanwhile (foreshift stop).
"""


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "import",
        help="add the samples of a CSV or Parquet file",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument("file", metavar="FILE", help="a CSV or Parquet file")
    command.add_argument(
        "--map",
        metavar="NAME=TAG",
        nargs="+",
        default=[],
        help="what the file calls NAME is TAG in the plant (default: the same name)",
    )
    command.add_argument("--dry-run", action="store_true", help="only count what would be stored")
    command.add_argument("--skip-unknown", action="store_true", help="leave out what is no tag of the plant")
    command.add_argument("--skip-errors", action="store_true", help="leave out lines that cannot be read")
    command.add_argument(
        "--ignore-units", action="store_true", help="import numbers as they are, though their unit differs"
    )
    command.add_argument(
        "--local-time", action="store_true", help="times without an offset are in the zone of this PC (default: UTC)"
    )
    command.add_argument("--time", metavar="COLUMN", default="", help="the column that says when (default: found)")
    command.add_argument(
        "--day-first",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="whether 3/4/2026 is in April (default: found)",
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Examine the file, then store it."""
    from app.collector.lock import collector_lock

    folder = plant_folder(options.plant)
    if options.dry_run:
        return _import(options, folder)
    folder.run.mkdir(mode=0o700, parents=True, exist_ok=True)
    with collector_lock(folder):
        return _import(options, folder)


def _import(options: argparse.Namespace, folder: PlantFolder) -> int:
    from app.command.deed import note_deed
    from app.command.progress_line import cancellable
    from app.exchange.assignment import stored_types
    from app.exchange.examination import examine
    from app.exchange.late_data import store

    plant = plant_in(folder)
    wanted = _wanted(options.map)
    source = _source(options)
    with cancellable("checking") as progress:
        stored = stored_types(folder.history, plant.tags)
        examination = examine(source, plant.tags, wanted, stored=stored, on_progress=progress)
    if not _is_usable(options, source, examination, [tag.name for tag in plant.tags]):
        return EXIT_UNUSABLE
    with cancellable("comparing" if options.dry_run else "importing") as progress:
        report = store(
            source,
            examination.assignment,
            folder.history,
            plant.tags,
            is_dry_run=options.dry_run,
            on_progress=progress,
        )
    _tell(options, source, examination, report)
    if report.added and not options.dry_run:
        reason = f"{report.added} samples added"
        note_deed(folder, AuditAction.HISTORY_IMPORTED, subject=str(source.path.resolve()), reason=reason)
    return 0


def _source(options: argparse.Namespace) -> SampleSource:
    from app.exchange.source import Reading, open_source
    from app.exchange.time_text import LOCAL

    zone = LOCAL if options.local_time else UTC
    return open_source(Path(options.file), Reading(zone, options.time, options.day_first))


def _wanted(pairs: list[str]) -> dict[str, str]:
    """Return the tags by what the file calls them; raise UsageFailure for a pair without "="."""
    wanted = {}
    for pair in pairs:
        name, sign, tag = pair.rpartition("=")
        if not sign or not name or not tag:
            raise UsageFailure(f'--map {pair}: write it as NAME=TAG, such as "Oil temperature=AC01.T_OIL"')
        wanted[name] = tag
    return wanted


def _is_usable(options: argparse.Namespace, source: SampleSource, examination: Examination, names: list[str]) -> bool:
    """Tell all that is wrong with the file; return whether it may be imported nevertheless."""
    from app.exchange.selection import like

    file, found = source.path.name, examination.assignment
    for problem in examination.problems:
        _complain(problem.at(file))
    if examination.problem_count > len(examination.problems):
        _complain(f"{file}: and {examination.problem_count - len(examination.problems):,} lines more")
    for name in found.unknown:
        _complain(f'{file}: the plant has no tag "{name}"{like(name, names)}')
    for message in found.units:
        _complain(f"{file}: {message}")
    if examination.problem_count and not options.skip_errors:
        _complain(f"{file}: nothing was stored; correct the lines, or leave them out with --skip-errors")
    elif found.unknown and not options.skip_unknown:
        _complain(f"{file}: nothing was stored; give their tags with --map NAME=TAG, or leave them out: --skip-unknown")
    elif found.units and not options.ignore_units:
        _complain(f"{file}: nothing was stored; convert the values, or take them as they are with --ignore-units")
    elif not examination.samples:
        _complain(f"{file}: nothing was stored; it holds no sample of a tag of this plant")
    else:
        return True
    return False


def _tell(options: argparse.Namespace, source: SampleSource, examination: Examination, report: ImportReport) -> None:
    from app.exchange.time_text import iso_text

    for difference in report.differences:
        _complain(f"{source.path.name}: {difference}; the stored one stays")
    if report.different > len(report.differences):
        _complain(f"{source.path.name}: and {report.different - len(report.differences):,} more")
    if not source.has_offsets:
        whose = "this PC" if options.local_time else "UTC (--local-time: of this PC)"
        print(f"the file does not say the zone of its times; they were taken as those of {whose}")
    span = f"{iso_text(examination.first)} to {iso_text(examination.last)}"
    print(
        f"{source.path.name}: {report.samples:,} samples, {span}: {report.added:,} "
        f"{'would be added' if options.dry_run else 'added'}, {report.same:,} stored already, "
        f"{report.different:,} stored with another value and kept"
        + (f", {report.repeated:,} repeated in the file" if report.repeated else "")
    )
    if report.thinned:
        print(
            f"{report.thinned:,} were left out: of their hours only minutes or hours are kept any more ([history] in "
            "plant.toml), and these know them already"
        )
    if report.filled_gaps:
        print(f"{report.filled_gaps:,} gaps of the history were filled, wholly or in part")


def _complain(text: str) -> None:
    print(f"foreshift: {text}", file=sys.stderr)
