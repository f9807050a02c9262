"""What of a plant is due when, and which tags tell how long its equipment has run, out of its file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.database import PlantConnection
from app.maintenance import meter_store, store
from app.maintenance.meter import MeterReading
from app.maintenance.schedule import Due, Past, due
from app.model import clock
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.work_order import WorkOrder, WorkSource

RECENT_DAYS = 7.0
"""The present rate of a meter is that of so many days of the plant."""


def meters_of(plant: Plant) -> list[TagDefinition]:
    """Return the tags of a plant that tell how long equipment has run."""
    names = {equipment.nameplate.meter for equipment in plant.equipment}
    names |= {definition.meter for definition in plant.maintenance if definition.every}
    return [tag for tag in plant.tags if tag.name in names]


def meter_of(plant: Plant, order: WorkOrder, totals: Mapping[str, float]) -> float | None:
    """Return the total that counts at the end of an order: of its recurring work's meter, else of its equipment's.

    `totals`: of each meter by its tag.
    """
    is_recurring = order.source in {WorkSource.METER, WorkSource.CALENDAR}
    definition = (
        next((each for each in plant.maintenance if each.id == order.reference), None) if is_recurring else None
    )
    if definition is not None and definition.meter:
        return totals.get(definition.meter)
    plate = next((each.nameplate for each in plant.equipment if each.id == order.equipment), None)
    return totals.get(plate.meter) if plate is not None else None


def dues_of(
    plant: Plant,
    connection: PlantConnection,
    now: int,
    *,
    newest: Mapping[str, MeterReading] = MappingProxyType({}),
    firsts: Mapping[str, MeterReading] = MappingProxyType({}),
) -> list[Due]:
    """Return when each recurring work of a plant is due, as its file tells at `now` (ns UTC).

    `newest`, `firsts`: readings of meters by tag that may not be in the file yet.
    """
    seen, done = meter_store.seen_since(connection), store.last_done(connection)
    ends = meter_store.first_and_last_readings(connection)
    recent_ns = int(RECENT_DAYS * 86_400 * clock.NS_PER_S / plant.time_scale)
    recent = meter_store.meter_readings(connection, now - recent_ns)
    found = []
    for definition in plant.maintenance:
        first, last = ends.get(definition.meter, (None, None))
        past = Past(
            seen.get(definition.id, now),
            done.get(definition.id),
            first or firsts.get(definition.meter),
            next(iter(recent.get(definition.meter, ())), None),
            newest.get(definition.meter) or last,
        )
        found.append(due(definition, past, now, time_scale=plant.time_scale))
    return found
