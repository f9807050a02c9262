"""Waveforms in the plant's SQLite file: each record with its figures for good, its samples for as long as is said.

Samples of a record that an alarm triggered are kept for good, like its figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.database import PlantConnection, has_table, transaction
from app.migration import migrate
from app.model.vibration import Trigger, Zone
from app.past import grown_by_time
from app.vibration.analysis import Measure
from app.vibration.codec import pack, unpack
from app.vibration.waveform import Waveform

MOST_ROWS = 5_000
PAST = (grown_by_time("vibration_record"),)
"""Samples that were let go of since are not there in the past either."""

_MIGRATIONS = Migrations("foreshift.vibration")
_COLUMNS = (
    "id, point, equipment, time, rate_hz, unit, speed_rpm, trigger, count, "
    "rms, peak, kurtosis, velocity, envelope, zone"
)


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record without its samples: `count` of them; `has_samples`: whether they are still kept. `time` ns UTC."""

    id: int
    point: str
    equipment: str
    time: int
    rate_hz: float
    unit: str
    speed_rpm: float
    trigger: Trigger
    count: int
    measure: Measure
    has_samples: bool = True


class WaveformStore:
    """Writes over the one writing connection to the plant's file."""

    def __init__(self, connection: PlantConnection, *, is_migrated: bool = False) -> None:
        """Bring the table up to date on `connection`, which stays the caller's, unless that has been done."""
        self._connection = connection
        if not is_migrated:
            migrate(connection, _MIGRATIONS)

    def add(self, waveform: Waveform, measure: Measure) -> bool:
        """Store a waveform with its figures; return False where its point has one of that instant already."""
        row = (
            waveform.point,
            waveform.equipment,
            waveform.time,
            waveform.rate_hz,
            waveform.unit,
            waveform.speed_rpm,
            waveform.trigger.value,
            len(waveform.values),
            measure.rms,
            measure.peak,
            _given(measure.kurtosis),
            _given(measure.velocity),
            _given(measure.envelope),
            measure.zone,
            pack(waveform.values),
        )
        with transaction(self._connection):
            done = self._connection.execute(
                "INSERT OR IGNORE INTO vibration_record (point, equipment, time, rate_hz, unit, speed_rpm, trigger, "
                "count, rms, peak, kurtosis, velocity, envelope, zone, body) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        return done.rowcount == 1

    def thin(self, point: str, before: int) -> int:
        """Let go of the samples of a point's records before `before` (ns UTC); return of how many.

        Figures stay, and so do the samples of what an alarm has triggered and of the point's first record, with which
        later ones are compared.
        """
        with transaction(self._connection):
            done = self._connection.execute(
                "UPDATE vibration_record SET body = NULL WHERE point = ? AND time < ? AND body IS NOT NULL "
                "AND trigger <> ? AND id <> (SELECT id FROM vibration_record WHERE point = ? ORDER BY time LIMIT 1)",
                (point, before, Trigger.ALARM.value, point),
            )
        return int(done.rowcount)


def records_of(connection: PlantConnection, point: str = "", *, limit: int = MOST_ROWS) -> list[StoredRecord]:
    """Return the records of a point ("" for all), newest first, `limit` of them at the most."""
    if not has_table(connection, "vibration_record"):
        return []
    rows = connection.execute(
        f"SELECT {_COLUMNS}, body IS NOT NULL FROM vibration_record WHERE ? IN ('', point) "  # noqa: S608 - our own
        "ORDER BY time DESC, id DESC LIMIT ?",
        (point, max(0, min(limit, MOST_ROWS))),
    )
    return [_record(row) for row in rows.fetchall()]


def newest_times(connection: PlantConnection) -> dict[str, int]:
    """Return when (ns UTC) each point was recorded last."""
    if not has_table(connection, "vibration_record"):
        return {}
    return dict(connection.execute("SELECT point, max(time) FROM vibration_record GROUP BY point").fetchall())


def waveform_of(connection: PlantConnection, number: int) -> Waveform | None:
    """Return a waveform with its samples; None where it is not there, or its samples are not kept any more.

    Raise BadWaveform where they are damaged.
    """
    if not has_table(connection, "vibration_record"):
        return None
    row = connection.execute(
        "SELECT point, equipment, time, rate_hz, unit, body, count, speed_rpm, trigger FROM vibration_record "
        "WHERE id = ? AND body IS NOT NULL",
        (number,),
    ).fetchone()
    if row is None:
        return None
    point, equipment, time, rate_hz, unit, body, count, speed_rpm, trigger = row
    values = unpack(body, count)
    return Waveform(point, equipment, time, rate_hz, unit, values, speed_rpm, Trigger(trigger), number)


def _record(row: Sequence[Any]) -> StoredRecord:
    (
        number,
        point,
        equipment,
        time,
        rate_hz,
        unit,
        speed_rpm,
        trigger,
        count,
        rms,
        peak,
        kurtosis,
        velocity,
        envelope,
        zone,
        has_samples,
    ) = row
    measure = Measure(
        rms=rms,
        peak=peak,
        crest=peak / rms if rms > 0.0 else math.nan,
        kurtosis=_number(kurtosis),
        velocity=_number(velocity),
        envelope=_number(envelope),
        zone=None if zone is None else Zone(zone),
    )
    return StoredRecord(
        number,
        point,
        equipment,
        time,
        rate_hz=rate_hz,
        unit=unit,
        speed_rpm=speed_rpm,
        trigger=Trigger(trigger),
        count=count,
        measure=measure,
        has_samples=bool(has_samples),
    )


def _given(value: float) -> float | None:
    return None if math.isnan(value) else value


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


@_MIGRATIONS()
def create_vibration_records(database: Database) -> None:
    """Create the records of vibration; `body` is NULL once the samples are not kept any more."""
    database.executescript(
        """
        CREATE TABLE vibration_record (
            id INTEGER PRIMARY KEY,
            point TEXT NOT NULL,
            equipment TEXT NOT NULL,
            time INTEGER NOT NULL,
            rate_hz REAL NOT NULL,
            unit TEXT NOT NULL,
            speed_rpm REAL NOT NULL,
            trigger TEXT NOT NULL,
            count INTEGER NOT NULL,
            rms REAL NOT NULL,
            peak REAL NOT NULL,
            kurtosis REAL,
            velocity REAL,
            envelope REAL,
            zone TEXT,
            body BLOB
        ) STRICT;
        CREATE UNIQUE INDEX vibration_record_by_point ON vibration_record (point, time);
        CREATE TRIGGER vibration_record_is_not_deleted BEFORE DELETE ON vibration_record
        BEGIN SELECT RAISE(ABORT, 'a record of vibration is never deleted'); END;
        """
    )
