"""What a list of tags would change in a plant: new tags, changed ones key by key, and what cannot be taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import msgspec

from app.plant.data_type import check_data_type
from app.plant.expansion import expand
from app.plant.grammar import TagTable
from app.plant.problem import Findings, Problem
from app.plant.table import read_table
from app.plant.tag_list.entry import TagEntry, TagList, Untranslatable
from drivers.driver import BadAddress, Grammar
from drivers.grammar_fault import require_address

NO_GRAMMARS: Mapping[str, type[Grammar]] = MappingProxyType({})
_KEYS = tuple((info.name, info.encode_name) for info in msgspec.structs.fields(TagTable) if info.name != "name")
_SCALES = ({"gain", "offset"}, {"raw", "scaled"})


@dataclass(frozen=True, slots=True)
class Placing:
    """Where tags go that the list does not place; `connections`: by what the list calls a device, "" for any."""

    connections: Mapping[str, str] = field(default_factory=dict)
    equipment: str = ""


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key of a tag: what it is, and what it would be; None where it would not stand there."""

    key: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class TagChange:
    """One tag of the list: `table` is what its `[[tag]]` would hold; `position`: its place in the file, -1 if new."""

    line: int
    name: str
    position: int
    table: Mapping[str, object]
    keys: tuple[KeyChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A list of tags beside a plant; `unchanged` and `only_there` hold names."""

    new: tuple[TagChange, ...]
    changed: tuple[TagChange, ...]
    unchanged: tuple[str, ...]
    only_there: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing would change."""
        return not self.new and not self.changed


def difference(
    found: TagList,
    document: Mapping[str, object],
    placing: Placing,
    *,
    grammars: Mapping[str, type[Grammar]] = NO_GRAMMARS,
) -> Difference:
    """Return what taking over `found` would change in the plant file `document`, a parsed TOML without problems.

    Tags are recognised by their names; whatever the list says nothing of stays as it is. An entry with anything wrong
    is a problem at its line as a whole, and changes nothing.
    """
    tables = document.get("tag", [])
    present: list[dict[str, object]] = list(tables) if isinstance(tables, list) else []
    positions = {str(table.get("name")): number for number, table in enumerate(present)}
    plan = _Plan(document, placing, grammars)
    whole = expand(document, Findings()).tables("tag")
    made = {str(table.get("name")): table for table in whole[len(present) :]}
    new, changed, unchanged = [], [], []
    problems = list(found.problems)
    for entry in found.entries:
        position = positions.get(entry.name, -1)
        former = present[position] if position >= 0 else made.get(entry.name, {})
        try:
            change = _change(plan, entry, former, position)
        except Untranslatable as reason:
            problems.append(Problem(entry.line, f"{entry.name}: {reason}"))
            continue
        if entry.name in made and change.keys:
            told = f'an equipment class makes it: change that, or write [equipment.override.tag."{entry.name}"]'
            problems.append(Problem(entry.line, f"{entry.name}: {told}"))
        elif position < 0 and entry.name not in made:
            new.append(change)
        elif change.keys:
            changed.append(change)
        else:
            unchanged.append(entry.name)
    listed = {entry.name for entry in found.entries}
    problems.sort(key=lambda problem: problem.line)
    only_there = tuple(name for name in (*positions, *made) if name not in listed)
    return Difference(tuple(new), tuple(changed), tuple(unchanged), only_there, tuple(problems))


class _Plan:
    """Where the entries of a list belong in the plant."""

    def __init__(self, document: Mapping[str, object], placing: Placing, grammars: Mapping[str, type[Grammar]]) -> None:
        connections = document.get("connection", {})
        equipment = document.get("equipment", [])
        self.drivers: dict[str, str] = (
            {name: str(table.get("driver", "")) for name, table in connections.items()}
            if isinstance(connections, dict)
            else {}
        )
        nodes = [table for table in equipment if isinstance(table, dict)] if isinstance(equipment, list) else []
        parents = {table.get("parent") for table in nodes}
        self.equipment = [str(table.get("id")) for table in nodes]
        self._leaves = [str(table.get("id")) for table in nodes if table.get("id") not in parents]
        self._placing = placing
        self._grammars = grammars

    def connection(self, entry: TagEntry, former: Mapping[str, object]) -> str:
        """Return the connection of an entry; raise Untranslatable where it is not known, with the remedy."""
        given = self._placing.connections.get(entry.device) or self._placing.connections.get("")
        wanted = entry.keys.get("connection") or given or self._by_device(entry.device) or former.get("connection")
        if wanted:
            if wanted not in self.drivers:
                raise Untranslatable(f"the plant has no connection {wanted}: {self._known(self.drivers, 'connection')}")
            if entry.driver and self.drivers[str(wanted)] != entry.driver:
                raise Untranslatable(
                    f"its address is one of {entry.driver}, and {wanted} is of {self.drivers[str(wanted)]}"
                )
            return str(wanted)
        fitting = [name for name, driver in self.drivers.items() if entry.driver in {"", driver}]
        if len(fitting) == 1:
            return fitting[0]
        device = f"{entry.device}=" if entry.device else ""
        if not fitting:
            raise Untranslatable(f"the plant has no connection for {entry.driver or 'it'}: add one to plant.toml first")
        raise Untranslatable(
            f"its connection is not clear: give --connection {device}NAME, one of {', '.join(fitting)}"
        )

    def equipment_of(self, entry: TagEntry, former: Mapping[str, object]) -> str:
        """Return the equipment of an entry; raise Untranslatable where it is not known, with the remedy."""
        wanted = entry.keys.get("equipment") or former.get("equipment") or self._placing.equipment
        if wanted:
            if wanted not in self.equipment:
                raise Untranslatable(f"the plant has no equipment {wanted}: {self._known(self.equipment, 'equipment')}")
            return str(wanted)
        if len(self._leaves) == 1:
            return self._leaves[0]
        raise Untranslatable(
            f"its equipment is not clear: give --equipment ID, {self._known(self.equipment, 'equipment')}"
        )

    def check(self, connection: str, address: str) -> None:
        """Raise Untranslatable for an address that the connection's driver does not understand."""
        grammar = self._grammars.get(self.drivers[connection])
        if grammar is not None:
            try:
                require_address(grammar, address)
            except BadAddress as reason:
                raise Untranslatable(str(reason)) from reason

    def _by_device(self, device: str) -> str:
        names: list[str] = list(self.drivers)
        return next((name for name in names if device and name.casefold() == device.casefold()), "")

    @staticmethod
    def _known(names: Sequence[str] | Mapping[str, str], what: str) -> str:
        listed = list(names)
        shown = ", ".join(listed[:12]) + (", ..." if len(listed) > 12 else "")
        return f"one of {shown}" if listed else f"add an {what} to plant.toml first"


def _change(plan: _Plan, entry: TagEntry, former: Mapping[str, object], position: int) -> TagChange:
    said = dict(entry.keys)
    said["connection"] = plan.connection(entry, former)
    said["equipment"] = plan.equipment_of(entry, former)
    table = _merged(entry.name, former, said)
    findings = Findings()
    located = read_table(TagTable, table, ("tag", max(0, position)), findings)
    check_data_type(located, findings)
    for finding in findings.found:
        raise Untranslatable(finding.message)
    plan.check(str(table["connection"]), str(table["address"]))
    before = read_table(TagTable, dict(former), (), Findings()).table if former else TagTable()
    keys = []
    for attribute, key in _KEYS:
        if repr(getattr(before, attribute)) != repr(getattr(located.table, attribute)):
            keys.append(KeyChange(key, former.get(key), table.get(key)))
    return TagChange(entry.line, entry.name, position, table, tuple(keys))


def _merged(name: str, former: Mapping[str, object], said: Mapping[str, object]) -> dict[str, object]:
    """Return a tag's table with what the list says; a scale said in one way takes the place of the other way."""
    table = {**former, "name": name}
    for own, other in (_SCALES, _SCALES[::-1]):
        if own & set(said):
            for key in other - set(said):
                table.pop(key, None)
    for key, value in said.items():
        title = former.get("title")
        if key == "title" and isinstance(value, str) and isinstance(title, dict):
            table[key] = {**title, "en": value}
        elif key == "clean" and isinstance(former.get("clean"), dict) and isinstance(value, dict):
            table[key] = {**former["clean"], **value}  # type: ignore[dict-item]
        else:
            table[key] = value
    return table
