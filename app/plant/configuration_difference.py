"""What is otherwise in another plant file, in the words of the plant: which tag has which range, not which line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import msgspec

from app.plant.alarm_grammar import AlarmRulesTable
from app.plant.class_grammar import MEMBERS
from app.plant.draft.column import SINGLES
from app.plant.expansion import expand
from app.plant.grammar import CollectorTable, ConnectionTable, EquipmentTable, HistoryTable, PlantTable, Table
from app.plant.maintenance_grammar import MaintenanceRulesTable, PlannedStopTable, SparePartTable
from app.plant.origin import KEY
from app.plant.problem import Findings
from app.plant.report_grammar import ReportTable, ShiftTable
from app.plant.tables import KEYS
from app.plant.vibration_grammar import ZoneLimitsTable

_FORMER = "former"
_NAMES = {"tag": "name", "method": "name"}


class Difference(StrEnum):
    """What may be otherwise of one thing in a plant."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing of a plant file: `kind` is its table, `owner` the equipment class that has it, "" for none.

    `name` is "" for tables that there is but one of, such as `[history]`.
    """

    kind: str
    name: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class ConfigurationChange:
    """One difference; `key`: of its table, in parts with dots between, "" where it is about all of it.

    `before`, `after`: None where the key does not stand there; then `usual` is what is meant without it, if anything.
    Of what was renamed they are the names.
    """

    what: Difference
    subject: Subject
    key: str = ""
    before: object = None
    after: object = None
    usual: object = None


@dataclass(frozen=True, slots=True)
class Effect:
    """How many things of a kind are otherwise in the plant, with all that its classes make."""

    kind: str
    added: int
    removed: int
    changed: int


def configuration_changes(before: Mapping[str, object], after: Mapping[str, object]) -> list[ConfigurationChange]:
    """Return what is otherwise in the parsed plant file `after`, in its order; what only looks otherwise is not."""
    former, new = dict(_entries(before)), dict(_entries(after))
    changes: list[ConfigurationChange] = []
    gone = [subject for subject in former if subject not in new]
    for subject, table in new.items():
        if subject in former:
            changes += _key_changes(subject, former[subject], table)
            continue
        source = next((each for each in gone if _is_renamed(each, subject, former[each], table)), None)
        if source is None:
            changes.append(ConfigurationChange(Difference.ADDED, subject))
        else:
            gone.remove(source)
            changes.append(ConfigurationChange(Difference.RENAMED, subject, before=source.name, after=subject.name))
            keys = {_NAMES.get(subject.kind, "id"), _FORMER}
            changes += [each for each in _key_changes(subject, former[source], table) if each.key not in keys]
    changes += [ConfigurationChange(Difference.REMOVED, subject) for subject in gone]
    return [*changes, *_moves(former, new)]


def effects(before: Mapping[str, object], after: Mapping[str, object]) -> list[Effect]:
    """Return how many tags, alarms and so on are otherwise, of those kinds of which any is."""
    former, new = (_made(document) for document in (before, after))
    found = []
    for kind in MEMBERS:
        old, now = former[kind], _as_before(former[kind], new[kind])
        effect = Effect(
            kind,
            len(now.keys() - old.keys()),
            len(old.keys() - now.keys()),
            sum(not is_same(old[name], now[name]) for name in old.keys() & now.keys()),
        )
        if effect.added or effect.removed or effect.changed:
            found.append(effect)
    return found


def _as_before(
    old: Mapping[str, dict[str, object]], now: Mapping[str, dict[str, object]]
) -> dict[str, dict[str, object]]:
    """Return tables by the names that they had before, as far as they tell them."""
    found = {}
    told = {former: name for name, table in old.items() for former in _formers(table)}
    for name, table in now.items():
        gone = [] if name in old else [each for each in _formers(table) if each in old and each not in now]
        if name not in old and name in told and told[name] not in now:
            gone.append(told[name])
        found[str(gone[0]) if gone else name] = table
    return found


def _formers(table: Mapping[str, object]) -> list[object]:
    told = table.get(_FORMER)
    return told if isinstance(told, list) else []


def is_same(first: object, second: object) -> bool:
    """Return whether two values mean the same: 0 and 0.0 do, true and 1 do not."""
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(is_same(value, second[key]) for key, value in first.items())
    if isinstance(first, list) and isinstance(second, list):
        return len(first) == len(second) and all(map(is_same, first, second))
    if isinstance(first, bool) or isinstance(second, bool):
        return first is second
    return first == second


def _entries(document: Mapping[str, object]) -> Iterator[tuple[Subject, dict[str, object]]]:
    """Yield each thing of a file with its keys, those of tables below it with dots between."""
    for kind in KEYS:
        content = document.get(kind)
        if isinstance(content, dict) and kind in SINGLES:
            yield Subject(kind), _flat(content)
        elif isinstance(content, dict):
            for name, table in content.items():
                yield Subject(kind, str(name)), _flat(table if isinstance(table, dict) else {})
        elif isinstance(content, list):
            for subject, table in _named(kind, content):
                yield from _class_entries(subject, table) if kind == KEY else [(subject, _flat(table))]


def _class_entries(subject: Subject, table: Mapping[str, object]) -> Iterator[tuple[Subject, dict[str, object]]]:
    """Yield an equipment class without its members, then each of these."""
    yield subject, _flat({key: value for key, value in table.items() if key not in MEMBERS})
    for member in MEMBERS:
        for below, part in _named(member, table.get(member, []), owner=subject.name):
            yield below, _flat(part)


def _named(kind: str, content: object, *, owner: str = "") -> Iterator[tuple[Subject, dict[str, object]]]:
    """Yield tables with their names; one that stands there twice gets a number."""
    seen: Counter[str] = Counter()
    for table in content if isinstance(content, list) else []:
        if isinstance(table, dict):
            name = str(table.get(_NAMES.get(kind, "id"), ""))
            seen[name] += 1
            yield Subject(kind, name if seen[name] == 1 else f"{name} ({seen[name]})", owner), table


def _flat(table: Mapping[str, object], prefix: str = "") -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in table.items():
        if isinstance(value, dict) and value:
            found |= _flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    return found


def _key_changes(
    subject: Subject, before: Mapping[str, object], after: Mapping[str, object]
) -> Iterator[ConfigurationChange]:
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        usual = usual_values(subject.kind).get(key) if old is None or new is None else None
        if not is_same(usual if old is None else old, usual if new is None else new):
            yield ConfigurationChange(Difference.CHANGED, subject, key, old, new, usual)


@cache
def usual_values(kind: str) -> Mapping[str, object]:
    """Return what keys of a table are where they are not given, of those for which that is a plain value."""
    tables: dict[str, type[Table]] = {name: rules.table for name, rules in MEMBERS.items()}
    others: dict[str, type[Table]] = {
        "equipment": EquipmentTable,
        "connection": ConnectionTable,
        "spare_part": SparePartTable,
        "planned_stop": PlannedStopTable,
        "vibration_zones": ZoneLimitsTable,
        "shift": ShiftTable,
        "report": ReportTable,
        "plant": PlantTable,
        "history": HistoryTable,
        "collector": CollectorTable,
        "alarms": AlarmRulesTable,
        "maintenance": MaintenanceRulesTable,
    }
    table = (tables | others).get(kind, Table)
    found: dict[str, object] = {}
    for field in msgspec.structs.fields(table):
        if isinstance(field.default, bool | int | float) and field.default == field.default:
            found[field.encode_name] = field.default
        elif isinstance(field.default, str) and field.default:
            found[field.encode_name] = str(field.default)
    return found


def _is_renamed(old: Subject, new: Subject, before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    if (old.kind, old.owner) != (new.kind, new.owner) or new.kind in SINGLES:
        return False
    if is_former(old.name, before, after) or is_former(new.name, after, before):
        return True
    name = _NAMES.get(new.kind, "id")
    mine, theirs = ({key: value for key, value in table.items() if key != name} for table in (before, after))
    return bool(mine) and is_same(mine, theirs)


def is_former(name: str, before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """Return whether `after` tells a name as a former one that `before` does not tell as such."""
    told, known = after.get(_FORMER), before.get(_FORMER)
    return isinstance(told, list) and name in told and not (isinstance(known, list) and name in known)


def _moves(former: Mapping[Subject, object], new: Mapping[Subject, object]) -> Iterator[ConfigurationChange]:
    """Yield the kinds of which those that stay stand in another order."""
    kinds = dict.fromkeys((subject.kind, subject.owner) for subject in new)
    orders: list[dict[tuple[str, str], list[str]]] = []
    for side, other in ((former, new), (new, former)):
        found: dict[tuple[str, str], list[str]] = {}
        for subject in side:
            if subject in other:
                found.setdefault((subject.kind, subject.owner), []).append(subject.name)
        orders.append(found)
    for kind in kinds:
        if orders[0].get(kind, []) != orders[1].get(kind, []):
            yield ConfigurationChange(Difference.MOVED, Subject(kind[0], "", kind[1]))


def _made(document: Mapping[str, object]) -> dict[str, dict[str, dict[str, object]]]:
    expansion = expand(document, Findings())
    return {
        kind: {str(table.get(rules.key)): table for table in expansion.tables(kind)} for kind, rules in MEMBERS.items()
    }
