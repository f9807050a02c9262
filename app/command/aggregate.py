"""`foreshift aggregate PLANT TAG...`: averages, extremes, durations and the like of what was recorded."""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.time_argument import add_local_time, duration, instant, zone_of
from app.model import status
from app.model.clock import NS_PER_S, now_ns
from app.model.tag import TagDefinition, TagKind

if TYPE_CHECKING:
    from app.exchange.time_text import Zone
    from app.history.aggregate.configuration import AggregateConfiguration
    from app.history.aggregate.kind import Aggregate
    from app.model.plant import Plant
    from app.model.series import Series


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked for: `start`, `end` in ns UTC, `interval` in ns, 0 for one over the whole time."""

    kind: Aggregate
    start: int
    end: int
    interval: int


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "aggregate",
        help="averages, extremes, durations of recorded tags",
        description="Print an aggregate of OPC 10000-13 for each interval of a time, with its status. "
        "Exit code 1 when there is no value at all.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument("tags", metavar="TAG", nargs="+", help="such as AC01.T_D")
    command.add_argument("--kind", required=True, help="Average, TimeAverage, Minimum, DurationInStateNonZero, ...")
    command.add_argument(
        "--from", dest="start", metavar="T", required=True, help="begin at T, such as 2026-03-09T15:56"
    )
    command.add_argument("--to", dest="end", metavar="T", help="end before T (default: now)")
    command.add_argument("--interval", metavar="D", help="such as 10s, 1m, 8h (default: one for the whole time)")
    add_local_time(command)
    command.add_argument("--csv", action="store_true", help="print CSV")
    command.add_argument("--use-uncertain", action="store_true", help="do not treat uncertain samples as bad")
    command.add_argument(
        "--percent-good", type=int, default=100, metavar="N", help="share of good data for a good result (100)"
    )
    command.add_argument(
        "--percent-bad", type=int, default=100, metavar="N", help="share of bad data for a bad result (100)"
    )
    command.add_argument(
        "--sloped-extrapolation", action="store_true", help="go on in a straight line behind the last sample"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the aggregates, tag by tag."""
    from app.command.plant_argument import plant_folder, plant_in
    from app.history.aggregate_read import read_aggregate
    from app.history.reader import HistoryReader

    folder = plant_folder(options.plant)
    question, configuration = _question(options), _configuration(options)
    tags = _tags(plant_in(folder), options.tags)
    with HistoryReader(folder.history) as reader:
        extent = reader.extent()
        if extent is None:
            raise UsageFailure(f"{folder.history}: nothing is recorded there yet")
        try:
            found = read_aggregate(
                reader,
                list(tags),
                question.kind,
                question.start,
                question.end,
                question.interval,
                configuration=configuration,
                stepped={name for name, tag in tags.items() if tag.kind is TagKind.DISCRETE},
                covered=extent[1],
                gaps=reader.gaps(extent[0], question.end),
            )
        except ValueError as error:
            raise UsageFailure(f"--interval {options.interval}: {error}") from error
    (_print_csv if options.csv else _print_lines)(tags, found, question.kind, zone_of(options))
    return 0 if any((series.status < status.BAD).any() for series in found.values()) else 1


def _question(options: argparse.Namespace) -> _Question:
    zone = zone_of(options)
    start = instant(options.start, zone)
    end = now_ns() if options.end is None else instant(options.end, zone)
    if end <= start:
        raise UsageFailure(f"the time ends ({options.end or 'now'}) before it begins ({options.start})")
    interval = 0 if options.interval is None else duration(options.interval)
    return _Question(_kind(options.kind), start, end, interval)


def _kind(text: str) -> Aggregate:
    from app.history.aggregate.kind import Aggregate

    for kind in Aggregate:
        if kind.casefold() == text.casefold():
            return kind
    raise UsageFailure(f"{text}: no such aggregate; there are {', '.join(Aggregate)}")


def _configuration(options: argparse.Namespace) -> AggregateConfiguration:
    from app.history.aggregate.configuration import AggregateConfiguration

    try:
        return AggregateConfiguration(
            treat_uncertain_as_bad=not options.use_uncertain,
            percent_data_bad=options.percent_bad,
            percent_data_good=options.percent_good,
            use_sloped_extrapolation=options.sloped_extrapolation,
        )
    except ValueError as error:
        raise UsageFailure(f"--percent-good, --percent-bad: {error}") from error


def _tags(plant: Plant, names: list[str]) -> dict[str, TagDefinition]:
    """Return the tags by their names, in the order asked for."""
    known = {tag.name: tag for tag in plant.tags}
    for name in names:
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.5)
            remedy = f"did you mean {' or '.join(near)}?" if near else "plant.toml names the tags"
            raise UsageFailure(f"{name}: no tag of the plant {plant.id}; {remedy}")
    return {name: known[name] for name in names}


def _print_lines(tags: Mapping[str, TagDefinition], found: Mapping[str, Series], kind: Aggregate, zone: Zone) -> None:
    """Print a table per tag; `zone`: that of the times."""
    from app.history.aggregate.kind import unit_of

    for number, (name, series) in enumerate(found.items()):
        title = [name, tags[name].title.en, kind.value, unit_of(kind, tags[name].unit)]
        print("\n" * bool(number) + "  ".join(word for word in title if word))
        has_parts = bool((series.time % NS_PER_S).any())
        for time, value, code in zip(series.time.tolist(), series.value.tolist(), series.status.tolist(), strict=True):
            moment = _moment(time, zone, sep=" ", timespec="milliseconds" if has_parts else "seconds")
            print(f"{moment}  {_text(kind, value):>14}  {status.name(code)}")


def _print_csv(tags: Mapping[str, TagDefinition], found: Mapping[str, Series], kind: Aggregate, zone: Zone) -> None:
    from app.history.aggregate.kind import unit_of

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("time", "tag", "value", "unit", "status"))
    for name, series in found.items():
        unit = unit_of(kind, tags[name].unit)
        for time, value, code in zip(series.time.tolist(), series.value.tolist(), series.status.tolist(), strict=True):
            moment = _moment(time, zone, timespec="microseconds")
            writer.writerow((moment, name, _text(kind, value, exact=True), unit, status.name(code)))


def _moment(time: int, zone: Zone, *, sep: str = "T", timespec: str) -> str:
    from app.exchange.time_text import in_zone

    return in_zone(time, zone).isoformat(sep=sep, timespec=timespec).replace("+00:00", "Z")


def _text(kind: Aggregate, value: float, *, exact: bool = False) -> str:
    from app.history.aggregate.kind import Aggregate

    if math.isnan(value):
        return ""
    if kind is Aggregate.WORST_QUALITY:
        return status.name(int(value))
    return repr(value) if exact else f"{value:.10g}"
