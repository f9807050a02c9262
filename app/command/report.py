"""`foreshift report PLANT`: what a shift, a day, a week or a month was, as a PDF, a workbook, a page or figures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.command.scheduled_reports import READABLE, write_due
from app.model import clock
from app.model.report import ReportFormat

if TYPE_CHECKING:
    from app.model.shift import Period, ShiftCalendar


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "report",
        help="what a shift, a day, a week or a month was, as PDF, Excel, HTML or JSON",
        description="Tell what a shift, a day, a week or a month was: equipment, values, energy, alarms, commands, "
        "cases, work, gaps and comments, computed from the history. The collector may run meanwhile; no display is "
        "needed. Without --to one page of HTML is printed.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    period = command.add_mutually_exclusive_group()
    period.add_argument(
        "--shift",
        metavar="DAY/ID",
        default="last",
        help="such as 2026-11-25/early; last (default), or now",
    )
    period.add_argument("--day", metavar="DAY", default="", help="such as 2026-11-25, from its first shift on")
    period.add_argument("--week", metavar="WEEK", default="", help="such as 2026-W48, from Monday on")
    period.add_argument("--month", metavar="MONTH", default="", help="such as 2026-11")
    command.add_argument("--to", metavar="FILE", default="", help="a .pdf, .xlsx, .html or .json")
    command.add_argument("--language", choices=("en", "zh"), default="", help="(that of the plant file's reports)")
    command.add_argument(
        "--scheduled", action="store_true", help="write what is due as the plant file says, and nothing else"
    )
    command.add_argument("--force", action="store_true", help="replace FILE where it is there already")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write or print the report."""
    from app.report.reading import ReportReading
    from widgets.report.files import content_of

    if options.scheduled:
        folder = plant_folder(options.plant)
        return write_due(folder, plant_in(folder))
    target = Path(options.to) if options.to else None
    kind = ReportFormat.HTML if target is None else _format_of(target)
    if target is not None and target.exists() and not options.force:
        raise UsageFailure(f"{target} is there already: give another name, or --force")
    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    now = clock.now_ns()
    content = ReportReading(folder.history, plant).read(_period(options, plant.calendar, now), now)
    written = content_of(content, plant.calendar, kind, options.language or plant.report.language)
    if target is None:
        print(written.decode())
        return 0
    from app.plant.atomic import replace_bytes

    replace_bytes(target, written)
    target.chmod(READABLE)
    print(f"{target}: {content.key}, {len(written):,} bytes")
    return 0


def _period(options: argparse.Namespace, calendar: ShiftCalendar, now: int) -> Period:
    if named := options.day or options.week or options.month:
        return calendar.named(named)
    if options.shift not in {"last", "now"}:
        return calendar.named(options.shift)
    found = calendar.last_ended(now) if options.shift == "last" else calendar.at(now)
    if found is None:
        raise UsageFailure("no shift is on now: name one, such as --shift 2026-11-25/early")
    return found


def _format_of(target: Path) -> ReportFormat:
    try:
        return ReportFormat(target.suffix.lower().removeprefix("."))
    except ValueError:
        known = ", ".join(f".{each}" for each in ReportFormat)
        raise UsageFailure(f"{target}: write one of {known}") from None
