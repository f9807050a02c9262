"""Of what a model is: the equipment it may learn from, its signals by their roles, and what became of its cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.case.pattern import role_of
from app.case.store import cases, evidence
from app.database import PlantConnection
from app.learning.refusal import ModelRefused
from app.model import clock
from app.model.case import Verdict
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind

LONGEST_EPISODE = 480
"""Rows of a case that are learned from: what a fault looks like at first is what has to be recognised."""
SHORTEST_EPISODE = 70


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals of one Equipment: `roles` (its tags' names without its own), `units`, and the `tags` themselves."""

    equipment: str
    roles: tuple[str, ...]
    units: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Episode:
    """A confirmed fault of an Equipment, begin <= t < end (int64 ns UTC); `cause`: as it was confirmed, in English."""

    equipment: str
    cause: str
    begin: int
    end: int
    case: int


def signals_of(plant: Plant, equipment: str) -> Signals:
    """Return the analog signals of one Equipment, sorted by role; raise ModelRefused where it has none."""
    found = sorted((role_of(tag.name, equipment), tag.unit, tag.name) for tag in _analog(plant, equipment))
    if not found:
        raise ModelRefused(f"{equipment}: it has no analog tag to learn from")
    roles, units, tags = zip(*found, strict=True)
    return Signals(equipment, roles, units, tags)


def of_class(plant: Plant, name: str) -> list[str]:
    """Return the equipment of a class; raise ModelRefused where there is none."""
    found = [each.id for each in plant.equipment if each.kind == name and _analog(plant, each.id)]
    if not found:
        kinds = ", ".join(sorted({each.kind for each in plant.equipment if each.kind})) or "none"
        raise ModelRefused(f"no equipment of the class {name!r} with analog tags; the plant has: {kinds}")
    return found


def shared_signals(plant: Plant, equipment: Sequence[str]) -> list[Signals]:
    """Return of each equipment the signals that all of them have, in the same order; raise ModelRefused."""
    each_has = [signals_of(plant, name) for name in equipment]
    shared = set.intersection(*(set(zip(each.roles, each.units, strict=True)) for each in each_has))
    if not shared:
        raise ModelRefused(f"{', '.join(equipment)}: no role of a tag, with its unit, is common to all of them")
    return [picked(each, sorted(shared)) for each in each_has]


def picked(signals: Signals, wanted: Sequence[tuple[str, str]]) -> Signals:
    """Return the signals of some roles with their units, in that order."""
    place = {pair: at for at, pair in enumerate(zip(signals.roles, signals.units, strict=True))}
    order = [place[pair] for pair in wanted]
    return Signals(
        signals.equipment,
        tuple(signals.roles[at] for at in order),
        tuple(signals.units[at] for at in order),
        tuple(signals.tags[at] for at in order),
    )


def episodes_of(
    connection: PlantConnection, equipment: Sequence[str], begin: int, end: int, *, period_s: float
) -> list[Episode]:
    """Return the confirmed cases with a cause that were opened in begin <= t < end (ns UTC), oldest first.

    Those that were there for fewer than SHORTEST_EPISODE rows are left out.
    """
    period = round(period_s * clock.NS_PER_S)
    found = []
    for case in cases(connection, is_open=False, equipment=equipment, limit=-1):
        if case.verdict is Verdict.CONFIRMED and case.cause.en and begin <= case.opened < end:
            seen = max([each.time for each in evidence(connection, case.number)], default=0)
            wanted = max(seen, case.opened + SHORTEST_EPISODE * period)
            last = min(wanted, case.opened + LONGEST_EPISODE * period, case.closed, end)
            if last - case.opened >= SHORTEST_EPISODE * period:
                found.append(Episode(case.equipment, case.cause.en, case.opened, last, case.number))
    return sorted(found, key=lambda episode: episode.begin)


def ill_times(connection: PlantConnection, equipment: str, *, now: int, lead: int) -> list[tuple[int, int]]:
    """Return begin <= t < end (ns UTC) of all times in which an Equipment may have been ill.

    That is from `lead` (ns) before a case to its end, but where the verdict was that it was no fault.
    """
    return [
        (case.opened - lead, case.closed or now)
        for case in cases(connection, equipment=[equipment], limit=-1)
        if case.verdict in {None, Verdict.CONFIRMED}
    ]


def _analog(plant: Plant, equipment: str) -> list[TagDefinition]:
    return [tag for tag in plant.tags_of(equipment) if tag.kind is TagKind.ANALOG and not tag.is_text]
