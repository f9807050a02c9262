"""Checks what a plant file says about maintenance: dates, meters, intervals, checklists and stops."""

from __future__ import annotations

from collections.abc import Mapping

from app.model import clock
from app.model.tag import TagKind
from app.plant.grammar import EquipmentTable, TagTable
from app.plant.maintenance_grammar import MaintenanceDefinitionTable, PlannedStopTable
from app.plant.problem import Findings, KeyPath
from app.plant.sheet_check import is_date
from app.plant.table import Located
from app.plant.tables import PlantTables
from app.plant.word import ValueType


def check_maintenance(tables: PlantTables, findings: Findings) -> None:
    """Note what cannot be meant."""
    tags = {tag.table.name: tag.table for tag in tables.tags if tag.table.name}
    owners = {each.table.id: each.table for each in tables.equipment}
    for equipment in tables.equipment:
        path, plate = equipment.key("nameplate"), equipment.table.nameplate
        for key in ("commissioned", "overhauled"):
            _check_date((*path, key), key, getattr(plate, key), findings)
        _check_meter((*path, "meter"), plate.meter, tags, findings)
    for definition in tables.maintenance:
        _check_definition(definition, tags, owners, findings)
    for stop in tables.stops:
        _check_stop(stop, findings)


def _check_definition(
    definition: Located[MaintenanceDefinitionTable],
    tags: Mapping[str, TagTable],
    owners: Mapping[str, EquipmentTable],
    findings: Findings,
) -> None:
    table = definition.table
    _check_meter(definition.key("meter"), table.meter, tags, findings)
    if not table.every and not table.every_days:
        findings.error(definition.path, f"{table.id} is never due: write `every`, hours of a meter, or `every_days`")
    owner = owners.get(table.equipment)
    if table.every and not table.meter and (owner is None or not owner.nameplate.meter):
        findings.error(
            definition.key("every"),
            f"nothing counts the hours of {table.equipment or table.id}: add meter = a tag, here or to its nameplate",
        )
    if table.first_due and not _is_instant(table.first_due):
        findings.error(
            definition.key("first_due"), f'"{table.first_due}" is no date: write it as first_due = "2026-03-09"'
        )
    for key in ("first_due", "fixed"):
        if getattr(table, key) and not table.every_days:
            findings.warning(definition.key(key), f"`{key}` is for dates: add every_days, or remove it")
    for number, check in enumerate(table.checks):
        if check.low > check.high:
            findings.error(
                (*definition.key("checks"), number),
                f"the limits {check.low:g} to {check.high:g} hold no value: write the lower one as low",
            )


def _check_stop(stop: Located[PlannedStopTable], findings: Findings) -> None:
    table = stop.table
    if table.start and not _is_instant(table.start):
        findings.error(stop.key("start"), f'"{table.start}" is no time: write it as start = "2026-03-09T06:00"')
    if table.every_days and table.every_days * 24 <= table.hours:
        findings.error(
            stop.key("every_days"),
            f"it lasts {table.hours:g} h and comes again after {table.every_days * 24:g} h: it would always stand",
        )


def _check_meter(path: KeyPath, name: str, tags: Mapping[str, TagTable], findings: Findings) -> None:
    tag = tags.get(name)
    if tag is not None and tag.kind not in {TagKind.COUNTER, TagKind.DISCRETE} and tag.value_type is not ValueType.BOOL:
        findings.error(path, f'{name} counts nothing: name a tag of kind = "counter" or "discrete"')


def _check_date(path: KeyPath, key: str, text: str, findings: Findings) -> None:
    if text and not is_date(text):
        findings.error(path, f'"{text}" is no date: write it as {key} = "2026-03-09"')


def _is_instant(text: str) -> bool:
    try:
        clock.instant_of(text)
    except (ValueError, OverflowError, OSError):
        return False
    return True
