"""What a plant says about maintenance as rows of its file; keys that stand at their defaults are left out."""

from __future__ import annotations

import math
from collections.abc import Iterator

from app.model import clock
from app.model.maintenance import CheckItem, MaintenanceDefinition, MaintenanceRules, Nameplate, PlannedStop, SparePart
from app.plant.row import Row, differing


def maintenance_tables(
    rules: MaintenanceRules,
    parts: tuple[SparePart, ...],
    definitions: tuple[MaintenanceDefinition, ...],
    stops: tuple[PlannedStop, ...],
) -> Iterator[tuple[str, list[Row]]]:
    """Yield the header and the rows of each table."""
    if rules != MaintenanceRules():
        yield "[maintenance]", list(differing(MaintenanceRules(), rules))
    for part in parts:
        yield "[[spare_part]]", [("id", part.id), ("name", part.name), *([("place", part.place)] if part.place else [])]
    for definition in definitions:
        yield "[[maintenance_definition]]", list(_definition_rows(definition))
    for stop in stops:
        yield "[[planned_stop]]", list(_stop_rows(stop))


def nameplate_table(plate: Nameplate) -> dict[str, object]:
    """Return the table of a nameplate."""
    return dict(differing(Nameplate(), plate))


def _definition_rows(definition: MaintenanceDefinition) -> Iterator[Row]:
    default = MaintenanceDefinition("", "", definition.title, meter="", every=0.0)
    yield "id", definition.id
    yield "equipment", definition.equipment
    yield "title", definition.title
    for name, value in differing(default, definition):
        if name in {"id", "equipment"} or (isinstance(value, float) and math.isnan(value)):
            continue
        if name == "checks":
            yield name, [_check_table(check) for check in definition.checks]
        else:
            yield "fixed" if name == "is_fixed" else name, value


def _check_table(check: CheckItem) -> dict[str, object]:
    rows: dict[str, object] = {"text": check.text}
    if check.unit:
        rows["unit"] = check.unit
    rows |= {key: limit for key in ("low", "high") if (limit := getattr(check, key)) is not None}
    return rows


def _stop_rows(stop: PlannedStop) -> Iterator[Row]:
    yield "id", stop.id
    yield "name", stop.name
    yield "start", clock.to_datetime(stop.start).isoformat()
    yield "hours", stop.hours
    if stop.every_days:
        yield "every_days", stop.every_days
    if stop.equipment:
        yield "equipment", stop.equipment
