"""`foreshift export PLANT FILE`: write recorded samples into a file of another program."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.command.stretch import add_stretch, stretch_of
from app.command.time_argument import duration, zone_of
from app.model.byte_size import byte_size

if TYPE_CHECKING:
    from app.exchange.export import ExportRequest
    from app.exchange.selection import ExchangedTag
    from app.history.reader import HistoryReader
    from app.model.plant import Plant

DESCRIPTION = """\
Write recorded samples into a file of another program. Reading disturbs no collector; the memory needed is the same
for an hour and for years. The file is there when it is whole; Ctrl+C leaves nothing.

.csv      RFC 4180, UTF-8; numbers in the shortest form that gives the same bits back, times with all nine digits
.parquet  for pandas, Polars, DuckDB, Power BI; needs the extra `parquet`
.xlsx     for Excel, which keeps 15 digits and whole milliseconds; needs the extra `excel`
"""


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "export",
        help="write recorded samples to CSV, Parquet or Excel",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument("file", metavar="FILE", help="the file to write; .csv, .parquet or .xlsx says its kind")
    command.add_argument(
        "--tags", metavar="PATTERN", nargs="+", default=[], help='only tags called like "AC01.*" (default: all)'
    )
    add_stretch(command)
    command.add_argument(
        "--every",
        metavar="D",
        default="",
        help="minimum, maximum and mean of each 500ms, 30s, 15m, 8h, 7d in place of the samples, "
        "counted from --from (default: from 1970)",
    )
    command.add_argument(
        "--layout",
        choices=("long", "wide"),
        default="long",
        help="long: one row per sample (default); wide: one row per time and two columns per tag",
    )
    command.add_argument(
        "--bom", action="store_true", help="begin a CSV with a byte order mark, by which Excel knows that it is UTF-8"
    )
    command.add_argument("--force", action="store_true", help="replace FILE where it exists")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write what was asked for of the history to a file; return the exit code."""
    from app.command.progress_line import cancellable
    from app.exchange.export import export
    from app.history.reader import HistoryReader

    folder = plant_folder(options.plant)
    target = Path(options.file)
    with HistoryReader(folder.history) as reader:
        request = _request(options, plant_in(folder), reader)
        with cancellable("exporting") as progress:
            report = export(reader, request, target, may_replace=options.force, on_progress=progress)
    print(
        f"{target}: {report.samples:,} samples of {len(request.selection.tags)} tags in {report.rows:,} rows, "
        f"{byte_size(target.stat().st_size)}, {progress.seconds:.1f} s"
    )
    if target.suffix.lower() == ".xlsx":
        from app.exchange.excel_output import LIMITS

        print("\n".join(LIMITS))
    return 0


def _request(options: argparse.Namespace, plant: Plant, reader: HistoryReader) -> ExportRequest:
    from app.exchange.export import ExportRequest
    from app.exchange.layout import LayoutKind
    from app.exchange.output import Style
    from app.exchange.selection import Selection, matching
    from app.exchange.time_text import instant, iso_text

    extent = reader.extent()
    if extent is None:
        raise UsageFailure(f"{plant.name.en}: nothing is recorded yet: start its collector (foreshift collect)")
    start, end = stretch_of(options, extent)
    tags = matching(_tags(plant, reader), options.tags)
    zone = zone_of(options)
    notes = (
        f"Plant: {plant.name.en} ({plant.id})",
        f"Samples: {iso_text(start, zone)} to {iso_text(end - 1, zone)}",
        *((f"Minimum, maximum and mean of each {options.every}; time is the start",) if options.every else ()),
    )
    return ExportRequest(
        selection=Selection(tags, start, end),
        layout=LayoutKind(options.layout),
        every=duration(options.every) if options.every else 0,
        origin=instant(options.start, zone) if options.start else 0,
        style=Style(zone, has_mark=options.bom, notes=notes),
    )


def _tags(plant: Plant, reader: HistoryReader) -> list[ExchangedTag]:
    """Return the plant's tags, and behind them those that it no longer has but whose past is stored."""
    from app.exchange.selection import ExchangedTag

    units = {tag.name: tag.unit for tag in plant.tags}
    for name in reader.tags():
        units.setdefault(name, "")
    return [ExchangedTag(name, unit, reader.exact(name, 0, 0).data_type) for name, unit in units.items()]
