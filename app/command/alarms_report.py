"""`foreshift alarms report PLANT`: the figures of IEC 62682, ISA-18.2 and EEMUA 191 over any stretch of time."""

from __future__ import annotations

import argparse
import csv
import sys
from contextlib import closing
from datetime import UTC
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.command.time_argument import add_local_time, duration, instant, zone_of
from app.model.clock import now_ns
from app.model.text import LocalText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.alarm.statistics.report import Report
    from app.database import PlantConnection
    from app.model.plant import Plant

_PERIOD_HEADS = (LocalText("Time", "时间"), LocalText("Activations", "次数"), LocalText("Active", "活动"))


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "report",
        help="rates, floods, bad actors, stale alarms and the rest, beside the recommended values",
        description="Tell how many alarms an operator got, beside what IEC 62682, ISA-18.2 and EEMUA 191 recommend: "
        "docs/explanations/alarm-performance.md defines every figure. The collector may run meanwhile.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument("--from", dest="start", metavar="T", default="", help="begin at T, such as 2026-03-09T06:00")
    command.add_argument("--to", dest="end", metavar="T", default="", help="end before T (default: now)")
    command.add_argument(
        "--last", metavar="D", default="", help="the last D before --to, such as 8h for a shift (default: 30d)"
    )
    command.add_argument(
        "--equipment", metavar="NAME", default="", help="only this equipment and what it consists of: one position"
    )
    form = command.add_mutually_exclusive_group()
    form.add_argument("--html", action="store_true", help="print one HTML page that needs nothing else")
    form.add_argument(
        "--csv",
        nargs="?",
        const="figures",
        choices=("figures", "alarms", "floods", "periods"),
        help="print one table as CSV (default: figures)",
    )
    command.add_argument("--language", choices=("en", "zh"), default="en", help="of titles and messages (en)")
    add_local_time(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print how the alarm system performed, or write it as a page; return the exit code."""
    from app.alarm.statistics.report import text_lines
    from app.alarm.statistics.report_page import page
    from app.database import open_reader

    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    with closing(open_reader(folder.history)) as connection:
        report = _report(options, plant, connection)
    if options.csv:
        _print_csv(report, options.csv)
    else:
        print(page(report) if options.html else "\n".join(text_lines(report)))
    return 0


def _report(options: argparse.Namespace, plant: Plant, connection: PlantConnection) -> Report:
    from app.alarm.statistics.reading import read_figures
    from app.alarm.statistics.report import Report, named

    start, end = _stretch(options)
    figures = read_figures(connection, start, end, equipment=_position(plant, options.equipment))
    names = named(connection, figures)
    zone = None if options.local_time else UTC
    return Report(plant.name, figures, names, options.language, zone)


def _stretch(options: argparse.Namespace) -> tuple[int, int]:
    if options.start and options.last:
        raise UsageFailure("--last and --from both say where to begin: give one of them")
    zone = zone_of(options)
    end = instant(options.end, zone) if options.end else now_ns()
    start = instant(options.start, zone) if options.start else end - duration(options.last or "30d")
    if start >= end:
        raise UsageFailure("--from must be earlier than --to")
    return start, end


def _position(plant: Plant, name: str) -> tuple[str, ...]:
    """Return a piece of equipment and all that is below it; raise UsageFailure where there is none."""
    if not name:
        return ()
    if all(equipment.id != name for equipment in plant.equipment):
        raise UsageFailure(f"{name}: no equipment of the plant {plant.id}; plant.toml names it under [[equipment]]")
    found = [name]
    for parent in found:
        found += [equipment.id for equipment in plant.equipment if equipment.parent == parent]
    return tuple(found)


def _print_csv(report: Report, table: str) -> None:
    from app.alarm.statistics import report as tables

    heads, rows = {
        "figures": (tables.FIGURE_HEADS, tables.figure_rows(report)),
        "alarms": (tables.ALARM_HEADS, tables.alarm_rows(report)),
        "floods": (tables.FLOOD_HEADS, tables.flood_rows(report)),
        "periods": (_PERIOD_HEADS, tables.period_rows(report)),
    }[table]
    _write(report, heads, rows)


def _write(report: Report, heads: Iterable[LocalText], rows: Iterable[tuple[str, ...]]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(report.text(head) for head in heads)
    writer.writerows(rows)
