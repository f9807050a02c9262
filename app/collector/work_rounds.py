"""What the station does about maintenance by itself, in a thread of its own: reads meters, asks what is due, looks.

Each round reads the history and the journals; what comes of it is done by the event loop.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app import database
from app.alarm.journal import page
from app.database import PlantConnection
from app.history.reader import HistoryReader
from app.maintenance import meter_store
from app.maintenance.agenda import dues_of, meters_of
from app.maintenance.meter import MeterReading, advanced, begun
from app.maintenance.schedule import Due
from app.model import clock
from app.model.alarm import AlarmRecord
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.work_order import WorkOrder, WorkSource

log = logging.getLogger(__name__)

STRETCH_NS = 24 * 3_600 * clock.NS_PER_S
"""So much of a tag's history is read at once."""
LATE_NS = 10 * clock.NS_PER_S
"""So late a sample may come and still be counted."""
BUDGET_S = 0.3
"""So long one round reads meters; what is left of their past is read in the next ones."""


@dataclass(frozen=True, slots=True)
class AlarmCourse:
    """Of one alarm since work was completed: first instant at which it was raised again (0: never), is it active."""

    raised: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class RoundReport:
    """What a round found: `readings` with their tags (of a meter the very first, and the newest), and what is when due.

    `alarms`: the course of the alarm that an order was to mend, by the order's number.
    """

    readings: Sequence[tuple[str, MeterReading]]
    dues: Sequence[Due]
    alarms: Mapping[int, AlarmCourse]


class MaintenanceRounds:
    """Reads for one plant; called in one thread at a time. Raise DatabaseError where the file cannot be read."""

    def __init__(self, history: Path, plant: Plant) -> None:
        """Prepare; nothing is read before the first round."""
        self._history = history
        self._plant = plant
        self._meters = meters_of(plant)
        self._readings: dict[str, MeterReading] = {}
        self._firsts: dict[str, MeterReading] = {}
        self._begin: dict[str, int] = {}

    def totals(self) -> dict[str, float]:
        """Return the total of each meter by its tag, as the last round knew it."""
        return {tag: reading.total for tag, reading in self._readings.items()}

    def run(self, watched: Sequence[WorkOrder], now: int) -> RoundReport:
        """Return what is new at `now` (ns UTC); `watched`: completed orders whose alarms are of interest."""
        with closing(database.open_reader(self._history)) as connection:
            if not self._readings:
                self._readings = {tag: ends[1] for tag, ends in meter_store.first_and_last_readings(connection).items()}
            fresh = self._read_meters(now)
            dues = dues_of(self._plant, connection, now, newest=self._readings, firsts=self._firsts)
            alarms = {order.id: alarm_course(connection, order) for order in watched if _is_of_alarm(order)}
        return RoundReport(fresh, dues, {number: course for number, course in alarms.items() if course is not None})

    def _read_meters(self, now: int) -> list[tuple[str, MeterReading]]:
        """Read meters on, up to a few seconds ago: a sample may still be on its way from its device."""
        now -= LATE_NS
        end = clock.monotonic_ns() + int(BUDGET_S * clock.NS_PER_S)
        known = set(self._readings)
        with HistoryReader(self._history) as reader:
            extent = reader.extent()
            for tag in self._meters if extent is not None else ():
                assert extent is not None  # noqa: S101 - asked in the line above
                while self._read_on(reader, tag, extent[0], now):
                    if clock.monotonic_ns() > end:
                        break
        begun_now = [(tag, reading) for tag, reading in self._firsts.items() if tag not in known]
        return begun_now + list(self._readings.items())

    def _read_on(self, reader: HistoryReader, tag: TagDefinition, first: int, now: int) -> bool:
        """Read one stretch of a meter; return whether there is more."""
        known = self._readings.get(tag.name)
        begin = max(self._begin.get(tag.name, 0), first if known is None else known.time)
        if begin >= now:
            return False
        end = min(begin + STRETCH_NS, now)
        series = reader.raw(tag.name, begin, end)
        if known is None and (known := begun(tag, series)) is not None:
            self._firsts[tag.name] = known
        if known is not None:
            lost = [gap.start for gap in reader.gaps(begin, end)]
            self._readings[tag.name] = advanced(
                tag, known, series, time_scale=self._plant.time_scale, lost=lost, until=end - 1
            )
        self._begin[tag.name] = end if end < now else begin
        return end < now


def alarm_course(connection: PlantConnection, order: WorkOrder) -> AlarmCourse | None:
    """Return the course of the alarm that an order was to mend, None where the journal never had it."""
    newest = page(connection, limit=1, alarms=[order.reference])
    if not newest:
        return None
    later = page(connection, limit=1_000, start=order.completed, alarms=[order.reference])
    raised = [entry.record.raised for entry in later if _is_raised_after(entry.record, order.completed)]
    return AlarmCourse(min(raised, default=0), newest[0].record.course.is_active)


def _is_raised_after(record: AlarmRecord, instant: int) -> bool:
    return record.course.is_active and record.raised > instant


def _is_of_alarm(order: WorkOrder) -> bool:
    return bool(order.reference) and order.source in {WorkSource.ALARM, WorkSource.FOLLOW_UP}
