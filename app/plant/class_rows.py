"""Writes equipment classes and overrides, and tells what of a plant its classes make."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.model.equipment import Equipment
from app.model.equipment_class import EquipmentClass
from app.model.plant import Plant
from app.plant.class_grammar import MEMBERS
from app.plant.expansion import expand
from app.plant.problem import Findings
from app.plant.toml.text import toml_key, toml_section

_SECTIONS = {"sheet": "[{}]", "argument": "[[{}]]", "output": "[[{}]]"}
"""Keys of members that stand below a header of their own."""


def class_sections(each: EquipmentClass) -> Iterator[str]:
    """Yield the tables of a class."""
    rows: dict[str, object] = {"id": each.id, "name": each.name}
    wanted: dict[str, object] = {"kind": each.kind, "parameters": each.parameters, "defaults": each.defaults}
    yield toml_section("[[equipment_class]]", (rows | {key: value for key, value in wanted.items() if value}).items())
    for kind, members in each.members.items():
        for member in members:
            header = f"equipment_class.{kind}"
            yield toml_section(f"[[{header}]]", [row for row in member.items() if row[0] not in _SECTIONS])
            for key, form in _SECTIONS.items():
                below = member.get(key, [])
                for part in below if isinstance(below, list) else [below]:
                    if isinstance(part, Mapping):
                        yield toml_section(form.format(f"{header}.{key}"), part.items())


def override_sections(equipment: Equipment) -> Iterator[str]:
    """Yield the keys in which an instance differs from its class, each member below a header of its own."""
    if equipment.instance is not None:
        for kind, members in equipment.instance.overrides.items():
            for name, keys in members.items():
                yield toml_section(f"[equipment.override.{toml_key(kind)}.{toml_key(name)}]", keys.items())


def own_part(plant: Plant) -> Plant:
    """Return a plant without what its classes make, which a plant file says only once."""
    if not plant.equipment_classes:
        return plant
    made = made_names(_document(plant))
    return replace(
        plant,
        tags=tuple(each for each in plant.tags if each.name not in made["tag"]),
        alarms=tuple(each for each in plant.alarms if each.id not in made["alarm"]),
        forecasts=tuple(each for each in plant.forecasts if each.id not in made["forecast"]),
        methods=tuple(each for each in plant.methods if each.name not in made["method"]),
        measuring_points=tuple(each for each in plant.measuring_points if each.id not in made["measuring_point"]),
        maintenance=tuple(each for each in plant.maintenance if each.id not in made["maintenance_definition"]),
    )


def made_names(document: Mapping[str, object]) -> dict[str, frozenset[str]]:
    """Return the names of all that the classes of a parsed plant file make, by kind."""
    expansion = expand(document, Findings())
    found: dict[str, set[str]] = {kind: set() for kind in MEMBERS}
    for kind, place in expansion.origins:
        table = expansion.tables(str(kind))[int(place)]
        found[str(kind)].add(str(table.get(MEMBERS[str(kind)].key)))
    return {kind: frozenset(names) for kind, names in found.items()}


def _document(plant: Plant) -> dict[str, object]:
    sections = [section for each in plant.equipment_classes for section in class_sections(each)]
    for equipment in plant.equipment:
        rows: dict[str, object] = {"id": equipment.id, "name": equipment.name, "parent": equipment.parent}
        instance = equipment.instance
        if instance is not None:
            rows |= {"class": instance.equipment_class, "parameters": instance.parameters, "omit": instance.omitted}
        sections += [toml_section("[[equipment]]", rows.items()), *override_sections(equipment)]
    return tomllib.loads("\n".join(sections))
