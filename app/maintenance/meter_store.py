"""How long equipment has run, now and then, and since when recurring work is known, in the plant's SQLite file."""

from __future__ import annotations

from collections.abc import Sequence

from app.database import PlantConnection, has_table, transaction
from app.maintenance.meter import MeterReading
from app.past import grown_by_time

_HOUR_NS = 3_600_000_000_000
_FIRST = -1
"""The hour under which the very first reading of a meter is kept, from which recurring work counts."""
PAST_METERS = (grown_by_time("meter_reading"),)
"""Of each hour the newest reading is kept: within an hour, the past has the one of the hour before."""


class MeterWriter:
    """Writes over the one writing connection to the plant's file."""

    _connection: PlantConnection

    def note_meters(self, readings: Sequence[tuple[str, MeterReading]], *, time_scale: float = 1.0) -> None:
        """Store readings of meters, each with its tag: the first of all, and the newest of each hour of the plant."""
        hour = int(_HOUR_NS / time_scale)
        rows = [(tag, reading.time // hour, reading.time, reading.total, reading.raw) for tag, reading in readings]
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT OR IGNORE INTO meter_reading VALUES (?, ?, ?, ?, ?)",
                [(tag, _FIRST, *reading) for tag, _, *reading in rows],
            )
            self._connection.executemany(
                "INSERT INTO meter_reading VALUES (?, ?, ?, ?, ?) ON CONFLICT (tag, hour) DO UPDATE SET "
                "time = excluded.time, total = excluded.total, raw = excluded.raw WHERE excluded.time >= time",
                rows,
            )

    def note_seen(self, definitions: Sequence[str], now: int) -> None:
        """Note that recurring work is known since `now`, where it was not before."""
        with transaction(self._connection):
            self._connection.executemany(
                "INSERT OR IGNORE INTO maintenance_seen VALUES (?, ?)", [(each, now) for each in definitions]
            )


def meter_readings(connection: PlantConnection, since: int = 0) -> dict[str, list[MeterReading]]:
    """Return the readings of each meter (by tag) from `since` (ns UTC) on, oldest first."""
    if not has_table(connection, "meter_reading"):
        return {}
    found: dict[str, list[MeterReading]] = {}
    rows = connection.execute(
        "SELECT tag, time, total, raw FROM meter_reading WHERE time >= ? ORDER BY tag, time, hour", (since,)
    )
    for tag, *reading in rows.fetchall():
        found.setdefault(tag, []).append(MeterReading(*reading))
    return found


def first_and_last_readings(connection: PlantConnection) -> dict[str, tuple[MeterReading, MeterReading]]:
    """Return the first and the newest reading of each meter, by tag."""
    if not has_table(connection, "meter_reading"):
        return {}
    rows = connection.execute(
        "SELECT a.tag, a.time, a.total, a.raw, b.time, b.total, b.raw FROM "
        "(SELECT tag, min(hour) AS first, max(hour) AS last FROM meter_reading GROUP BY tag) AS ends "
        "JOIN meter_reading AS a ON a.tag = ends.tag AND a.hour = ends.first "
        "JOIN meter_reading AS b ON b.tag = ends.tag AND b.hour = ends.last"
    )
    return {tag: (MeterReading(*ends[:3]), MeterReading(*ends[3:])) for tag, *ends in rows.fetchall()}


def seen_since(connection: PlantConnection) -> dict[str, int]:
    """Return since when (ns UTC) each recurring work is known."""
    if not has_table(connection, "maintenance_seen"):
        return {}
    return dict(connection.execute("SELECT definition, time FROM maintenance_seen").fetchall())
