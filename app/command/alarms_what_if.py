"""`foreshift alarms what-if PLANT [ALARM...]`: what other dead bands and delays would have made of the history."""

from __future__ import annotations

import argparse
import math
import sys
from contextlib import closing
from difflib import get_close_matches
from typing import TYPE_CHECKING

from app.command.failure import UsageFailure
from app.command.number_argument import number
from app.command.options import Commands
from app.command.plant_argument import plant_folder, plant_in
from app.model.clock import NS_PER_S, now_ns

if TYPE_CHECKING:
    from app.alarm.what_if.effect import Effect
    from app.alarm.what_if.proposal import Proposal
    from app.history.reader import HistoryReader
    from app.model.alarm import AlarmDefinition
    from app.model.plant import Plant
    from app.plant.folder import PlantFolder

_DAY_NS = 86_400 * NS_PER_S
_MOST_CHOICES = 12
_HEADS = ("", "dead band", "on-delay", "off-delay", "alarms", "missed", "later, mean", "longest", "active")


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    command = commands.add_parser(
        "what-if",
        help="propose dead band and delays, with their effect on the recorded history",
        description="Evaluate alarms anew over their recorded history with other dead bands and delays: how often they "
        "would have come, how much later they would have told what asked for a response, and what they would have "
        "missed. Nothing is changed without --apply.",
    )
    command.add_argument("plant", metavar="PLANT", help="a plant's folder, its plant.toml, or a known plant's name")
    command.add_argument(
        "alarms", metavar="ALARM", nargs="*", help="ids of alarms (default: the ten that came most often)"
    )
    command.add_argument("--days", type=number(0.01), default=30.0, metavar="N", help="how far to look back (30)")
    command.add_argument(
        "--latest",
        type=number(0),
        default=30.0,
        metavar="S",
        help="seconds by which an event may be told later than now (30)",
    )
    command.add_argument(
        "--apply", action="store_true", help="write what is proposed to plant.toml; without it the difference is shown"
    )
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what would have been, and write the proposal where that is wanted."""
    from app.alarm.refusal import AlarmError
    from app.history.reader import HistoryReader

    folder = plant_folder(options.plant)
    plant = plant_in(folder)
    end = now_ns()
    start = end - round(options.days * _DAY_NS)
    chosen: dict[str, dict[str, float | None]] = {}
    with HistoryReader(folder.history) as reader:
        for alarm in _alarms(options.alarms, plant, folder, start, end):
            try:
                proposal = _proposal(alarm, plant, reader, start=start, end=end, latest=options.latest)
            except AlarmError as error:
                print(f"{error}\n", file=sys.stderr)
                continue
            _tell(alarm, proposal, plant)
            if proposal.best is not None:
                chosen[alarm.id] = proposal.best.settings.keys()
    return _change(folder, chosen, is_applied=options.apply)


def _alarms(wanted: list[str], plant: Plant, folder: PlantFolder, start: int, end: int) -> list[AlarmDefinition]:
    known = {alarm.id: alarm for alarm in plant.alarms}
    for name in wanted:
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.5)
            remedy = f"did you mean {' or '.join(near)}?" if near else "plant.toml names the alarms"
            raise UsageFailure(f"{name}: no alarm of the plant {plant.id}; {remedy}")
    return [known[name] for name in wanted or _bad_actors(folder, start, end) if name in known]


def _bad_actors(folder: PlantFolder, start: int, end: int) -> list[str]:
    from app.alarm.statistics.figures import TOP
    from app.alarm.statistics.reading import read_figures
    from app.database import open_reader

    with closing(open_reader(folder.history)) as connection:
        figures = read_figures(connection, start, end)
    return [load.alarm for load in figures.loads[:TOP] if load.activations]


def _proposal(
    alarm: AlarmDefinition, plant: Plant, reader: HistoryReader, *, start: int, end: int, latest: float
) -> Proposal:
    from app.alarm.what_if.numbers import numbers_of, tags_needed
    from app.alarm.what_if.proposal import propose

    series = {name: reader.raw(name, start, end) for name in tags_needed(alarm)}
    numbers = numbers_of(alarm, {tag.name: tag for tag in plant.tags}, series, end)
    return propose(alarm, numbers, end, longest_delay_s=latest)


def _tell(alarm: AlarmDefinition, proposal: Proposal, plant: Plant) -> None:
    unit = next((tag.unit for tag in plant.tags if tag.name == alarm.tag), "")
    print(f"{alarm.id}  {alarm.message.en}")
    print(
        f"{proposal.samples:,} samples, noise {proposal.noise:.3g} {unit}; {len(proposal.events.start)} events, "
        f"{proposal.events.true_ones} of which asked for a response"
    )
    choices = list(proposal.choices)
    shown = choices[:: max(1, -(-len(choices) // _MOST_CHOICES))]
    for each in (proposal.present, proposal.best):
        if each is not None and each not in shown:
            shown.append(each)
    shown.sort(key=lambda effect: -effect.activations)
    rows = [_row(effect, proposal) for effect in shown]
    widths = [max(map(len, column)) for column in zip(_HEADS, *rows, strict=True)]
    for row in (_HEADS, *rows):
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print("nothing better was found\n" if proposal.best is None else "")


def _row(effect: Effect, proposal: Proposal) -> tuple[str, ...]:
    mark = "now" if effect == proposal.present else "proposed" if effect == proposal.best else ""
    settings = effect.settings
    return (
        mark,
        f"{settings.deadband:g}",
        f"{settings.on_delay_s:g} s",
        f"{settings.off_delay_s:g} s",
        f"{effect.activations:,}",
        f"{effect.missed:,}",
        _seconds(effect.mean_delay_s),
        _seconds(effect.longest_delay_s),
        f"{effect.active_s / 3_600:.2f} h",
    )


def _seconds(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.1f} s"


def _change(folder: PlantFolder, chosen: dict[str, dict[str, float | None]], *, is_applied: bool) -> int:
    from app.command.plant_change import change_plant, text_of
    from app.plant.alarm_revision import difference, revised_alarms

    if not chosen:
        return 0
    before = text_of(folder)
    after = revised_alarms(before, chosen)
    print(difference(before, after))
    if not is_applied:
        print("nothing was changed; --apply writes it to plant.toml")
        return 0
    former = change_plant(folder, before, after, reason=f"dead band and delays of {', '.join(chosen)} by what-if")
    print(f"{folder.configuration}: written; the former one is {former.name}; start the collector anew to use it")
    return 0
