"""`foreshift alarms simulate PLANT`: what a suppression would have done to the alarms of the past."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.command.stretch import add_stretch, stretch_of
from app.model.clock import NS_PER_S

if TYPE_CHECKING:
    from app.alarm.simulation import Simulation
    from app.model.alarm import AlarmDefinition
    from app.model.plant import Plant

MOST_LINES = 50


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "simulate",
        help="what a suppression would have done to the alarms of the past",
        description="Replay the history through the alarms that something suppresses by design, and tell how often "
        "each came, how often nobody would have seen it, and how often it would have been shown late. Without --alarm "
        "those of the plant file; with it one is tried that is not in the file yet. Nothing is changed.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument("--alarm", metavar="ID", default="", help="try a suppression of this alarm alone")
    command.add_argument("--when", metavar="EXPRESSION", default="", help='of --alarm, such as "PU01.RUN == 0"')
    command.add_argument("--cause", metavar="ID", action="append", default=[], help="of --alarm: while this one stands")
    command.add_argument("--after", metavar="S", type=float, default=0.0, help="of --alarm: for S seconds longer (0)")
    add_stretch(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what a suppression would have done to the alarms of a past stretch; return the exit code."""
    from app.alarm.refusal import AlarmError
    from app.alarm.simulation import simulate, simulated, suppressible, tags_needed
    from app.history.reader import HistoryReader
    from app.history.stretch_blocks import stretch_blocks

    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    try:
        definitions = _tried(plant, options)
    except AlarmError as error:
        raise UsageFailure(str(error)) from error
    if not suppressible(definitions):
        raise UsageFailure(
            "nothing suppresses an alarm of this plant: try one with --alarm ID and --when EXPRESSION or --cause ID"
        )
    with closing(HistoryReader(folder.history)) as reader:
        extent = reader.extent()
        if extent is None:
            raise UsageFailure(f"{folder.history}: nothing is stored yet")
        start, end = stretch_of(options, extent)
        try:
            names = tags_needed(simulated(definitions))
            wanted = [tag for tag in plant.tags if tag.name in names]
            found = simulate(plant.tags, definitions, stretch_blocks(reader, wanted, start, end))
        except (AlarmError, ValueError) as error:
            raise UsageFailure(str(error)) from error
    for line in _lines(found, start, end):
        print(line)
    return 0


def _tried(plant: Plant, options: argparse.Namespace) -> Sequence[AlarmDefinition]:
    """Return the alarms, with the suppression that the command line names in place of those of the file."""
    from app.alarm.trial import Trial, tried

    if not options.alarm:
        if options.when or options.cause or options.after:
            raise UsageFailure("--when, --cause and --after are of --alarm: name it")
        return plant.alarms
    return tried(plant.alarms, Trial(options.alarm, options.when, tuple(options.cause), options.after))


def _lines(found: Simulation, start: int, end: int) -> Iterator[str]:
    raised = sum(tally.raised for tally in found.tallies)
    yield (
        f"{_moment(start)} to {_moment(end)}: {raised} occurrences, {len(found.suppressed)} of them suppressed, "
        f"{sum(tally.never_shown for tally in found.tallies)} never shown"
    )
    yield "alarm, priority: raised, never shown, shown late"
    for tally in found.tallies:
        yield f"{tally.alarm}, {int(tally.priority)}: {tally.raised}, {tally.never_shown}, {tally.shown_late}"
    missed = [each for each in found.suppressed if not each.shown]
    if missed:
        yield "what nobody would have seen, the most urgent first:"
    for each in sorted(missed, key=lambda each: (each.priority, each.raised))[:MOST_LINES]:
        until = _moment(each.cleared) if each.cleared else "the end"
        yield f"  {each.alarm} from {_moment(each.raised)} to {until}, by {', '.join(each.by)}"
    if len(missed) > MOST_LINES:
        yield f"  and {len(missed) - MOST_LINES} more"


def _moment(instant: int) -> str:
    return datetime.fromtimestamp(instant / NS_PER_S, UTC).strftime("%Y-%m-%d %H:%M:%S")
