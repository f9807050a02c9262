"""Makes rationalisation sheets, classes and the priority matrix out of their tables; tells the sheet of an alarm."""

from __future__ import annotations

import math
from collections.abc import Sequence

from app.model.alarm import AlarmDefinition, Priority
from app.model.alarm_sheet import AlarmSheet
from app.model.plant import Plant
from app.model.rationalisation import AlarmClass, PriorityMatrix
from app.plant.alarm_grammar import AlarmClassTable, MatrixTable, SheetTable
from app.plant.local_text import local_text


def alarm_sheet(table: SheetTable) -> AlarmSheet:
    """Return the sheet of a table."""
    return AlarmSheet(
        cause=local_text(table.cause),
        consequence=local_text(table.consequence),
        response=local_text(table.response),
        severity=table.severity,
        respond_within_min=None if math.isnan(table.respond_within_min) else table.respond_within_min,
        owner=local_text(table.owner),
        approved_by=table.approved_by,
        approved_on=table.approved_on,
        version=table.version,
    )


def alarm_class(table: AlarmClassTable) -> AlarmClass:
    """Return the class of a table."""
    return AlarmClass(
        table.id, alarm_sheet(table.sheet), kind=table.kind, tag=table.tag, condition=table.condition or ""
    )


def priority_matrix(table: MatrixTable) -> PriorityMatrix:
    """Return the matrix of a table."""
    rows = (tuple(map(Priority, row)) for row in (table.minor, table.major, table.severe))
    return PriorityMatrix(tuple(table.minutes), *rows)


def inherited_sheet(plant: Plant, alarm: AlarmDefinition) -> AlarmSheet:
    """Return what an alarm has from its classes: of several, a later one of the file goes before."""
    owner = alarm.equipment or next((tag.equipment for tag in plant.tags if tag.name == alarm.tag), "")
    kind = next((equipment.kind for equipment in plant.equipment if equipment.id == owner), "")
    return sheet_from(plant.alarm_classes, alarm, kind)


def sheet_from(classes: Sequence[AlarmClass], alarm: AlarmDefinition, kind: str) -> AlarmSheet:
    """Return what an alarm of an equipment of `kind` has from `classes`: the one it names goes before all others."""
    fitting = [each for each in classes if each.fits(alarm, kind)]
    found = AlarmSheet()
    for each in sorted(fitting, key=lambda each: each.id == alarm.alarm_class):
        found = each.sheet.over(found)
    return found


def sheet_of(plant: Plant, alarm: AlarmDefinition) -> AlarmSheet:
    """Return an alarm's whole sheet: its own, and what it inherits."""
    return alarm.sheet.over(inherited_sheet(plant, alarm))
