"""Checks that names in a plant file are given once and that whatever is named exists."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from app.plant.problem import Findings, KeyPath
from app.plant.tables import PlantTables

_NAMES_SEARCHED = 2000
_HEADERS = {
    "equipment": "[[equipment]]",
    "connection": "[connection.NAME]",
    "tag": "[[tag]]",
    "alarm": "[[alarm]]",
    "forecast": "[[forecast]]",
    "spare part": "[[spare_part]]",
    "row of zones": "[[vibration_zones]]",
    "equipment class": "[[equipment]] as `kind`",
    "picture": "pictures/",
}


@dataclass(frozen=True, slots=True)
class _Reference:
    """A key that names something of a kind elsewhere in the file."""

    path: KeyPath
    kind: str
    name: str


def check_names(tables: PlantTables, findings: Findings) -> None:
    """Note every identifier that is given twice."""
    _check_unique("equipment", ((item.key("id"), item.table.id) for item in tables.equipment), findings)
    _check_unique("tag", ((item.key("name"), item.table.name) for item in tables.tags), findings)
    _check_unique("alarm", ((item.key("id"), item.table.id) for item in tables.alarms), findings)
    _check_unique("alarm class", ((item.key("id"), item.table.id) for item in tables.alarm_classes), findings)
    _check_unique("forecast", ((item.key("id"), item.table.id) for item in tables.forecasts), findings)
    _check_unique("spare part", ((item.key("id"), item.table.id) for item in tables.spare_parts), findings)
    _check_unique("maintenance", ((item.key("id"), item.table.id) for item in tables.maintenance), findings)
    _check_unique("planned stop", ((item.key("id"), item.table.id) for item in tables.stops), findings)
    _check_unique("row of zones", ((item.key("id"), item.table.id) for item in tables.zone_limits), findings)
    _check_unique("shift", ((item.key("id"), item.table.id) for item in tables.shifts), findings)
    points = ((item.key("id"), item.table.id) for item in tables.measuring_points)
    _check_unique("measuring point", points, findings)
    methods = [method.located for method in tables.methods]
    _check_unique("method", ((item.key("name"), item.table.name) for item in methods), findings)
    for method in tables.methods:
        _check_unique("argument", ((item.key("name"), item.table.name) for item in method.arguments), findings)
    pictures = [picture.located for picture in tables.pictures]
    _check_unique("picture", ((item.key("id"), item.table.id) for item in pictures), findings)


def check_references(tables: PlantTables, findings: Findings) -> None:
    """Note whatever is named but does not exist, and equipment that is its own ancestor."""
    declared: dict[str, Collection[str]] = {
        "equipment": {item.table.id for item in tables.equipment},
        "connection": {connection.id for connection in tables.connections},
        "tag": {item.table.name for item in tables.tags},
        "alarm": {item.table.id for item in tables.alarms} | set(_station_faults(tables)),
        "forecast": {item.table.id for item in tables.forecasts},
        "spare part": {item.table.id for item in tables.spare_parts},
        "row of zones": {item.table.id for item in tables.zone_limits},
    }
    for reference in _references(tables):
        choices = declared[reference.kind]
        if reference.name and reference.name not in choices:
            findings.error(
                reference.path,
                f'there is no {reference.kind} "{reference.name}": {remedy(reference.kind, reference.name, choices)}',
            )
    _check_cycles(tables, findings)


def _station_faults(tables: PlantTables) -> Iterator[str]:
    """Yield the alarms of the station itself, which may be causes of others: docs/explanations/alarms.md."""
    yield from ("station/worker", "station/disk", "station/history")
    for connection in tables.connections:
        yield f"station/connection/{connection.id}"
        yield f"station/clock/{connection.id}"
        yield f"station/certificate/{connection.id}"


def check_drivers(tables: PlantTables, drivers: Collection[str], findings: Findings) -> None:
    """Note every connection whose driver is none of `drivers`."""
    for connection in tables.connections:
        driver = connection.located.table.driver
        if driver and driver not in drivers:
            choices = ", ".join(f'"{name}"' for name in sorted(drivers))
            findings.error(connection.located.key("driver"), f'there is no driver "{driver}": write one of {choices}')


def _check_unique(kind: str, items: Iterable[tuple[KeyPath, str]], findings: Findings) -> None:
    first: dict[str, KeyPath] = {}
    for path, name in items:
        if name and first.setdefault(name, path) != path:
            findings.error(
                path,
                f'{kind} "{name}" stands already at line {{other}}: give one of the two another {path[-1]}',
                other=first[name],
            )


def _references(tables: PlantTables) -> Iterator[_Reference]:
    for equipment in tables.equipment:
        yield _Reference(equipment.key("parent"), "equipment", equipment.table.parent)
    for tag in tables.tags:
        yield _Reference(tag.key("equipment"), "equipment", tag.table.equipment)
        yield _Reference(tag.key("connection"), "connection", tag.table.connection)
    for method in tables.methods:
        yield _Reference(method.located.key("equipment"), "equipment", method.located.table.equipment)
        yield _Reference(method.located.key("connection"), "connection", method.located.table.connection)
    for alarm in tables.alarms:
        yield _Reference(alarm.key("tag"), "tag", alarm.table.tag)
        yield _Reference(alarm.key("equipment"), "equipment", alarm.table.equipment)
        yield _Reference(alarm.key("forecast"), "forecast", alarm.table.forecast)
        for number, name in enumerate(alarm.table.causes):
            yield _Reference((*alarm.key("causes"), number), "alarm", name)
        if isinstance(alarm.table.setpoint, str):
            yield _Reference(alarm.key("setpoint"), "tag", alarm.table.setpoint)
    for forecast in tables.forecasts:
        yield _Reference(forecast.key("equipment"), "equipment", forecast.table.equipment)
        yield _Reference(forecast.key("tag"), "tag", forecast.table.tag)
    yield from _maintenance_references(tables)
    for point in tables.measuring_points:
        yield _Reference(point.key("equipment"), "equipment", point.table.equipment)
        yield _Reference(point.key("connection"), "connection", point.table.connection)
        yield _Reference(point.key("speed"), "tag", point.table.speed)
        yield _Reference(point.key("level"), "tag", point.table.level)
        yield _Reference(point.key("zones"), "row of zones", point.table.zones)


def _maintenance_references(tables: PlantTables) -> Iterator[_Reference]:
    for equipment in tables.equipment:
        plate, path = equipment.table.nameplate, equipment.key("nameplate")
        yield _Reference((*path, "meter"), "tag", plate.meter)
        for number, name in enumerate(plate.spares):
            yield _Reference((*path, "spares", number), "spare part", name)
    for each in tables.maintenance:
        yield _Reference(each.key("equipment"), "equipment", each.table.equipment)
        yield _Reference(each.key("meter"), "tag", each.table.meter)
        for number, name in enumerate(each.table.parts):
            yield _Reference((*each.key("parts"), number), "spare part", name)
    for number, name in enumerate(tables.report.table.tags):
        yield _Reference((*tables.report.key("tags"), number), "tag", name)
    for stop in tables.stops:
        for number, name in enumerate(stop.table.equipment):
            yield _Reference((*stop.key("equipment"), number), "equipment", name)


def remedy(kind: str, name: str, choices: Collection[str]) -> str:
    """Return what helps where nothing of that kind has the name: what was probably meant, or where to add it."""
    if 0 < len(choices) <= _NAMES_SEARCHED:
        alike = difflib.get_close_matches(name, sorted(choices), n=1)
        if alike:
            return f'write "{alike[0]}"'
    return f"add it under {_HEADERS[kind]}, or name one that is there"


def _check_cycles(tables: PlantTables, findings: Findings) -> None:
    parents = {item.table.id: item.table.parent for item in tables.equipment if item.table.id}
    sound: set[str] = {""}
    for item in tables.equipment:
        trail: list[str] = []
        name = item.table.id
        while name not in sound and name not in trail and name in parents:
            trail.append(name)
            name = parents[name]
        if name in trail:
            ring = [*trail[trail.index(name) :], name]
            findings.error(
                item.key("parent"),
                f"equipment is its own ancestor ({' < '.join(ring)}): give one of them no parent, or another",
            )
        sound.update(trail)
