"""Writes the tables of equipment classes for each of their instances, before a plant file is checked as a whole.

What is made stands behind what the file itself has of its kind, instance by instance in the order of the equipment and
within each in the order of the class: the same file always gives the same plant.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.plant.class_grammar import BUILT_IN, MEMBERS, EquipmentClassTable
from app.plant.grammar import TextTable
from app.plant.member_template import MemberTemplate, Naming, read_member
from app.plant.origin import KEY, Origin, Origins
from app.plant.problem import Findings, KeyPath
from app.plant.table import Located, read_table, report_unknown

_OF_INSTANCES = ("parameters", "override", "omit")


@dataclass(frozen=True, slots=True)
class Expansion:
    """A parsed plant file with all that its classes make, and where that comes from, by kind and place in its array.

    `members`: the tables of each of the `classes`, by kind, as they stand in the file.
    """

    document: Mapping[str, object]
    classes: tuple[Located[EquipmentClassTable], ...] = ()
    members: tuple[Mapping[str, tuple[Mapping[str, object], ...]], ...] = ()
    origins: Origins = field(default_factory=dict)

    def tables(self, kind: str) -> list[dict[str, object]]:
        """Return the tables of a kind, those of the file itself first."""
        found = self.document.get(kind, [])
        return [table for table in found if isinstance(table, dict)] if isinstance(found, list) else []


@dataclass(frozen=True, slots=True)
class _Class:
    located: Located[EquipmentClassTable]
    members: Mapping[str, tuple[MemberTemplate, ...]]

    @property
    def id(self) -> str:
        return self.located.table.id

    @property
    def sources(self) -> Mapping[str, tuple[Mapping[str, object], ...]]:
        """The tables of members as they stand in the file, by kind."""
        return {kind: tuple(each.source for each in members) for kind, members in self.members.items() if members}


Made = list[tuple[str, dict[str, object], Origin]]


@dataclass(slots=True)
class Memory:
    """What instances had of their classes the last time, so that only those are written anew that are others now.

    By place and by what made it; tables that were given to `expand` with it must never be changed afterwards.
    """

    classes: Mapping[str, object] = field(default_factory=dict)
    instances: dict[int, tuple[object, Made]] = field(default_factory=dict)

    def renewed(self, classes: Mapping[str, object]) -> None:
        """Forget everything where a class is another one than the last time."""
        if classes != self.classes:
            self.classes = classes
            self.instances.clear()

    def made(self, place: int, table: object) -> Made | None:
        """Return what equipment had, None where it was other equipment, or another table."""
        known = self.instances.get(place)
        return known[1] if known is not None and known[0] is table else None


def expand(document: Mapping[str, object], findings: Findings, memory: Memory | None = None) -> Expansion:
    """Return the document with the tables that its classes make; what is wrong in classes and instances is noted.

    `memory`: of the last time; what comes out of it is not examined again, so that nothing of it is noted.
    """
    written = document.get("equipment", [])
    tables = written if isinstance(written, list) else []
    classes = dict(_classes(document.get(KEY, []), findings))
    if not classes and not any(isinstance(table, dict) and _is_instance(table) for table in tables):
        return Expansion(document)
    memory = memory or Memory()
    memory.renewed({KEY: document.get(KEY)})
    whole: dict[str, object] = {key: value for key, value in document.items() if key != KEY}
    equipment = list(tables)
    made: dict[str, list[dict[str, object]]] = {kind: [] for kind in MEMBERS}
    origins: dict[KeyPath, Origin] = {}
    for place, found, members in _instances(tables, classes, findings, memory):
        own = found.located.table
        equipment[place] = {"kind": own.kind or own.id, **tables[place]}
        for kind, content, origin in members:
            before = document.get(kind, [])
            origins[kind, (len(before) if isinstance(before, list) else 0) + len(made[kind])] = origin
            made[kind].append(content)
    if equipment:
        whole["equipment"] = equipment
    for kind, contents in made.items():
        before = document.get(kind, [])
        if contents and isinstance(before, list):
            whole[kind] = [*before, *contents]
    return Expansion(
        whole,
        tuple(found.located for found in classes.values()),
        tuple(found.sources for found in classes.values()),
        origins,
    )


def _instances(
    tables: Sequence[Mapping[str, object]], classes: Mapping[str, _Class], findings: Findings, memory: Memory
) -> Iterator[tuple[int, _Class, Made]]:
    """Find which tables of equipment are instances, of which class, and what each has from it."""
    for place, table in enumerate(tables):
        path: KeyPath = ("equipment", place)
        found = _class_of(table, path, classes, findings)
        if found is not None:
            made = memory.made(place, table)
            if made is None:
                made = list(_instance(found, table, path, findings))
                memory.instances[place] = (table, made)
            yield place, found, made


def _is_instance(table: Mapping[str, object]) -> bool:
    return "class" in table or any(key in table for key in _OF_INSTANCES)


def _classes(content: object, findings: Findings) -> Iterator[tuple[str, _Class]]:
    if not isinstance(content, list):
        findings.error((KEY,), f"`{KEY}` is not an array of tables: begin each of them with [[{KEY}]]")
        return
    first: dict[str, KeyPath] = {}
    for number, table in enumerate(content):
        path: KeyPath = (KEY, number)
        own = {key: value for key, value in table.items() if key not in MEMBERS} if isinstance(table, dict) else table
        located = read_table(EquipmentClassTable, own, path, findings)
        name = located.table.id
        if name and first.setdefault(name, path) != path:
            told = f'equipment class "{name}" stands already at line {{other}}: give one of the two another id'
            findings.error((*path, "id"), told, other=first[name])
            continue
        known = _parameters(located, findings)
        yield name, _Class(located, _members(table if isinstance(table, dict) else {}, path, known, findings))


def _parameters(located: Located[EquipmentClassTable], findings: Findings) -> tuple[str, ...]:
    """Return what may stand in braces; note names that are given twice, and defaults of none of them."""
    table = located.table
    for place, name in enumerate(table.parameters):
        if name in BUILT_IN or name in table.parameters[:place]:
            findings.error((*located.key("parameters"), place), f"`{name}` stands already: give it another name")
    for name in table.defaults:
        if name not in table.parameters:
            alike = difflib.get_close_matches(name, table.parameters, n=1)
            remedy = f"write `{alike[0]}`" if alike else "add it to `parameters`, or remove it"
            findings.error((*located.key("defaults"), name), f"`{name}` is no parameter of this class: {remedy}")
    return (*BUILT_IN, *table.parameters)


def _members(
    table: Mapping[str, object], path: KeyPath, known: Collection[str], findings: Findings
) -> dict[str, tuple[MemberTemplate, ...]]:
    found = {}
    for kind, rules in MEMBERS.items():
        content = table.get(kind, [])
        if not isinstance(content, list) or not all(isinstance(each, dict) for each in content):
            findings.error((*path, kind), f"`{kind}` is not an array of tables: begin each with [[{KEY}.{kind}]]")
            continue
        templates = []
        for number, each in enumerate(content):
            place: KeyPath = (*path, kind, number)
            report_unknown(each, rules.known, place, findings)
            if not each.get(rules.key):
                findings.error((*place, rules.key), f'`{rules.key}` is missing: add {rules.key} = "{{id}}.NAME"')
                continue
            usual = {"equipment": "{id}"} if rules.has_owner else {}
            templates.append(read_member(each, place, known, findings, usual=usual))
        found[kind] = tuple(templates)
    return found


def _class_of(table: object, path: KeyPath, classes: Mapping[str, _Class], findings: Findings) -> _Class | None:
    """Return the class that equipment is an instance of; note one that there is not."""
    if not isinstance(table, dict) or not _is_instance(table):
        return None
    name = table.get("class")
    if name is None:
        key = next(key for key in _OF_INSTANCES if key in table)
        findings.error((*path, key), f"`{key}` says nothing without a class: add class, or remove it")
        return None
    if not isinstance(name, str) or name not in classes:
        alike = difflib.get_close_matches(str(name), classes, n=1)
        remedy = f'write "{alike[0]}"' if alike else f"add it under [[{KEY}]], or remove `class`"
        findings.error((*path, "class"), f'there is no equipment class "{name}": {remedy}')
        return None
    return classes[name]


def _instance(
    found: _Class, table: Mapping[str, object], path: KeyPath, findings: Findings
) -> Iterator[tuple[str, dict[str, object], Origin]]:
    """Yield what an instance has of its class, with its kind and origin."""
    naming = _naming(found, table, path, findings)
    if naming is None:
        return
    parameters = table.get("parameters", {})
    given = tuple(parameters) if isinstance(parameters, dict) else ()
    overrides = _Overrides(table, path, findings)
    before = table.get("former", [])
    former = [name for name in before if isinstance(name, str)] if isinstance(before, list) else []
    for kind, templates in found.members.items():
        rules = MEMBERS[kind]
        for template in templates:
            content = template.written(naming, findings)
            name = str(content.get(rules.key, ""))
            if rules.is_recorded and (former or "former" in content):
                content["former"] = template.former_names(rules.key, naming.values, former)
            if overrides.is_omitted(name):
                continue
            place, own = overrides.of(kind, name)
            origin = Origin(template, found.located.path, path, str(table.get("id")), place, tuple(own), given, content)
            yield kind, _overridden(content, own), origin
    overrides.report_unused(found.id, str(table.get("id")))


def _naming(found: _Class, table: Mapping[str, object], path: KeyPath, findings: Findings) -> Naming | None:
    """Return what the parameters are worth; note those that are missing or that the class does not know."""
    given = table.get("parameters", {})
    if not isinstance(given, dict) or not isinstance(table.get("id"), str):
        return None  # told where the equipment is read
    known = found.located.table
    is_whole = True
    for name in given:
        if name not in known.parameters:
            alike = difflib.get_close_matches(name, known.parameters, n=1)
            choices = ", ".join(known.parameters) or "none: remove it"
            remedy = f"write `{alike[0]}`" if alike else f"it has {choices}"
            findings.error((*path, "parameters", name), f'class "{found.id}" has no parameter `{name}`: {remedy}')
    for name in known.parameters:
        if name not in given and name not in known.defaults:
            is_whole = False
            remedy = f"add parameters = {{ {name} = ... }}"
            told = f'`{name}` of class "{found.id}" is not given: {remedy}, or a default in the class'
            findings.error((*path, "parameters", name), told)
    english, chinese = _names(table.get("name"))
    values = {**known.defaults, **given, "id": table["id"], "name": english, "parent": table.get("parent", "")}
    return Naming(values, {**values, "name": chinese}) if is_whole else None


def _names(name: object) -> tuple[str, str]:
    if isinstance(name, dict):
        english = str(name.get("en", TextTable().en))
        return english, str(name.get("zh") or english)
    return str(name or ""), str(name or "")


class _Overrides:
    """What one instance has otherwise than its class, and which of that was asked for."""

    def __init__(self, table: Mapping[str, object], path: KeyPath, findings: Findings) -> None:
        self._path = path
        self._findings = findings
        self._names: dict[str, set[str]] = {}
        override, omit = table.get("override", {}), table.get("omit", [])
        self._override = override if isinstance(override, dict) else {}
        self._omit = [name for name in omit if isinstance(name, str)] if isinstance(omit, list) else []
        self._unused = set(self._omit)

    def is_omitted(self, name: str) -> bool:
        self._names.setdefault("", set()).add(name)
        self._unused.discard(name)
        return name in self._omit

    def of(self, kind: str, name: str) -> tuple[KeyPath, Mapping[str, object]]:
        """Return where the own keys of a member stand, and those keys."""
        self._names.setdefault(kind, set()).add(name)
        members = self._override.get(kind, {})
        own = members.get(name, {}) if isinstance(members, dict) else {}
        return (*self._path, "override", kind, name), own if isinstance(own, dict) else {}

    def report_unused(self, found: str, equipment: str) -> None:
        """Note what is overridden or left out, but is not in the class."""
        report_unknown(self._override, MEMBERS, (*self._path, "override"), self._findings)
        for kind, members in self._override.items():
            if kind in MEMBERS and isinstance(members, dict):
                for name, own in members.items():
                    self._report((*self._path, "override", kind, name), kind, name, found=found, equipment=equipment)
                    if not isinstance(own, dict):
                        told = f'`{name}` is not a table: write its keys below [equipment.override.{kind}."{name}"]'
                        self._findings.error((*self._path, "override", kind, name), told)
            elif kind in MEMBERS:
                told = f'`{kind}` is not a table: write [equipment.override.{kind}."NAME"]'
                self._findings.error((*self._path, "override", kind), told)
        for name in sorted(self._unused):
            place = (*self._path, "omit", self._omit.index(name))
            self._report(place, "", name, found=found, equipment=equipment)

    def _report(self, path: KeyPath, kind: str, name: str, *, found: str, equipment: str) -> None:
        names = self._names.get(kind, set())
        if name in names:
            return
        alike = difflib.get_close_matches(name, sorted(names), n=1)
        remedy = f'write "{alike[0]}"' if alike else "remove it, or add it to the class"
        what = kind.replace("_", " ") or "member"
        self._findings.error(path, f'class "{found}" gives {equipment} no {what} "{name}": {remedy}')


def _overridden(content: dict[str, object], own: Mapping[str, object]) -> dict[str, object]:
    """Return a member with the keys of its instance; of a table in it only those that are given are others."""
    whole = dict(content)
    for key, value in own.items():
        former = whole.get(key)
        whole[key] = {**former, **value} if isinstance(former, dict) and isinstance(value, dict) else value
    return whole
