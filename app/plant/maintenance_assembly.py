"""Makes what is maintained, spare parts, planned stops and nameplates out of their tables."""

from __future__ import annotations

import math
from collections.abc import Mapping

from app.model import clock
from app.model.maintenance import (
    CheckItem,
    MaintenanceDefinition,
    MaintenanceRules,
    Nameplate,
    PlannedStop,
    SparePart,
)
from app.plant.grammar import EquipmentTable, NameplateTable
from app.plant.local_text import local_text
from app.plant.maintenance_grammar import (
    CheckTable,
    MaintenanceDefinitionTable,
    MaintenanceRulesTable,
    PlannedStopTable,
    SparePartTable,
)


def maintenance_rules(table: MaintenanceRulesTable) -> MaintenanceRules:
    """Return the rules of a table."""
    return MaintenanceRules(table.release_role, table.watch_h)


def spare_part(table: SparePartTable) -> SparePart:
    """Return the part of a table."""
    return SparePart(table.id, local_text(table.name), table.place)


def nameplate(table: NameplateTable) -> Nameplate:
    """Return the nameplate of a table."""
    return Nameplate(
        maker=table.maker,
        model=table.model,
        serial=table.serial,
        rating=table.rating,
        commissioned=table.commissioned,
        overhauled=table.overhauled,
        meter=table.meter,
        spares=tuple(table.spares),
    )


def maintenance_definition(
    table: MaintenanceDefinitionTable, equipment: Mapping[str, EquipmentTable]
) -> MaintenanceDefinition:
    """Return the recurring work of a table; where it names no meter, that of its equipment's nameplate counts."""
    owner = equipment.get(table.equipment)
    meter = table.meter or (owner.nameplate.meter if owner is not None else "")
    return MaintenanceDefinition(
        id=table.id,
        equipment=table.equipment,
        title=local_text(table.title),
        every=table.every,
        meter=meter if table.every else table.meter,
        last_at=table.last_at,
        every_days=table.every_days,
        first_due=table.first_due,
        is_fixed=table.fixed,
        lead_days=table.lead_days,
        tolerance_days=table.tolerance_days,
        estimated_h=table.estimated_h,
        parts=tuple(table.parts),
        checks=tuple(map(_check, table.checks)),
        renews=table.renews,
    )


def planned_stop(table: PlannedStopTable) -> PlannedStop:
    """Return the stop of a table in which no errors were found."""
    return PlannedStop(
        table.id,
        local_text(table.name),
        start=clock.instant_of(table.start),
        hours=table.hours,
        every_days=table.every_days,
        equipment=tuple(table.equipment),
    )


def _check(table: CheckTable) -> CheckItem:
    return CheckItem(local_text(table.text), table.unit, _given(table.low), _given(table.high))


def _given(number: float) -> float | None:
    return None if math.isnan(number) else number
