"""Where in a plant file stands what equipment classes have made, so that what is wrong is told at its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from app.plant.member_template import MemberTemplate
from app.plant.problem import Finding, KeyPath


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one table comes from: the `template` of a class, and the instance at `equipment`, called `id` there.

    `override`: where that instance has its own keys of it, and which (`own`). `given`: the parameters that it gives.
    `plain`: the table without what is overridden.
    """

    template: MemberTemplate
    class_path: KeyPath
    equipment: KeyPath
    id: str
    override: KeyPath = ()
    own: Collection[str] = ()
    given: Collection[str] = ()
    plain: Mapping[str, object] = field(default_factory=dict)

    def place(self, rest: KeyPath, *, is_of_all: bool = False) -> KeyPath:
        """Return where what is wrong at a key of the table would be mended; `is_of_all`: each instance shows it."""
        if rest and rest[0] in self.own:
            return (*self.override, *rest)
        if is_of_all:
            return (*self.template.path, *rest)
        names = [name for name in self.template.names_at(rest) if name not in {"id", "name", "parent"}]
        if names and names[0] in self.given:
            return (*self.equipment, "parameters", names[0])
        if names:
            return (*self.class_path, "defaults", names[0])
        return (*self.template.path, *rest)


KEY = "equipment_class"
Origins = Mapping[KeyPath, Origin]


def at_origin(findings: Iterable[Finding], origins: Origins) -> list[Finding]:
    """Return findings at the places of the file that are to be mended, each once, however many instances show it.

    Messages of instances of one class differ in names and values, so that those at one place are told apart by their
    order in each instance. What not each of several instances shows comes of its parameters, where it has any.
    """
    findings = list(findings)
    shared = _shown_by_all(findings, origins)
    found: dict[tuple[object, ...], Finding] = {}
    orders: Counter[tuple[KeyPath, KeyPath]] = Counter()
    for finding in findings:
        origin = origins.get(finding.path[:2])
        other = finding.other
        if other is not None and other[:2] in origins:
            other = origins[other[:2]].place(other[2:])
        path = finding.path
        if origin is not None:
            rest = finding.path[2:]
            path = origin.place(rest, is_of_all=(origin.template.path, rest) in shared)
        plain = (path, finding.message, finding.is_warning)
        if origin is None or path[0] != KEY:
            found.setdefault(plain, replace(finding, path=path, other=other))
        elif plain not in found:
            key = (path, orders[path, origin.equipment])
            orders[path, origin.equipment] += 1
            shown = replace(finding, path=path, other=other, instance=origin.equipment, name=origin.id)
            found[key] = replace(found.get(key, shown), instances=found[key].instances + 1 if key in found else 1)
    return list(found.values())


def _shown_by_all(findings: Iterable[Finding], origins: Origins) -> set[tuple[KeyPath, KeyPath]]:
    """Return the members of classes, with the place in them, at which all of two or more instances show a fault."""
    made = Counter(origin.template.path for origin in origins.values())
    shown: dict[tuple[KeyPath, KeyPath], set[KeyPath]] = {}
    for finding in findings:
        origin = origins.get(finding.path[:2])
        if origin is not None:
            shown.setdefault((origin.template.path, finding.path[2:]), set()).add(origin.equipment)
    return {key for key, instances in shown.items() if 1 < made[key[0]] == len(instances)}
