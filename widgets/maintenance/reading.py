"""What the page of maintenance reads of a plant's file, in a background thread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from app.database import DatabaseMissing
from app.exchange.work_output import write_orders
from app.maintenance import meter_store, store
from app.maintenance.agenda import dues_of
from app.maintenance.meter import MeterReading
from app.maintenance.schedule import Due
from app.maintenance.store import WorkLine
from app.model.plant import Plant
from app.model.work_order import WorkOrder
from app.past import open_as_known
from app.plant.folder import PlantFolder


@dataclass(frozen=True, slots=True)
class Agenda:
    """What is due when, and how long equipment has run: the newest reading of each meter by its tag."""

    dues: Sequence[Due] = ()
    readings: Mapping[str, MeterReading] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MaintenanceReading:
    """Reads one plant; one without a history has nothing. Raises DatabaseError."""

    folder: PlantFolder
    plant: Plant

    def agenda(self, now: int) -> Agenda:
        """Return what is due as known at `now` (ns UTC)."""
        try:
            with closing(open_as_known(self.folder.history, store.PAST_WORK, meter_store.PAST_METERS)) as connection:
                ends = meter_store.first_and_last_readings(connection)
                readings = {tag: last for tag, (_, last) in ends.items()}
                return Agenda(dues_of(self.plant, connection, now), readings)
        except DatabaseMissing:
            return Agenda()

    def closed(self) -> list[WorkOrder]:
        """Return the orders that were closed last, newest first."""
        try:
            with closing(open_as_known(self.folder.history, store.PAST_WORK, meter_store.PAST_METERS)) as connection:
                return store.closed_orders(connection)
        except DatabaseMissing:
            return []

    def steps(self, order: int) -> list[WorkLine]:
        """Return the steps of an order, oldest first."""
        try:
            with closing(open_as_known(self.folder.history, store.PAST_WORK, meter_store.PAST_METERS)) as connection:
                return store.steps_of(connection, order)
        except DatabaseMissing:
            return []

    def write(self, target: Path) -> int:
        """Write all orders as CSV or Excel, as the name of `target` ends; return how many."""
        return write_orders(self.folder.history, self.plant, target)
