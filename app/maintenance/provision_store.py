"""What windows have changed of planned stops, and the books of spare parts, in the plant's SQLite file."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from app.database import PlantConnection, has_table
from app.model.provision import BookingKind, PartBooking, PartRule, StopChange
from app.past import grown_by_time

PAST_PROVISION = (grown_by_time("planned_stop_change"), grown_by_time("part_booking"), grown_by_time("part_rule"))
_encoder = msgspec.json.Encoder()
_stop_changes = msgspec.json.Decoder(StopChange)


class ProvisionWriter:
    """Writes over the one writing connection to the plant's file."""

    _connection: PlantConnection

    def change_stop(self, change: StopChange) -> None:
        """Store a changed stop; one that is there already is passed over."""
        self._connection.execute(
            "INSERT OR IGNORE INTO planned_stop_change VALUES (?, ?, ?, ?)",
            (change.number, change.time, change.id, _encoder.encode(change).decode()),
        )

    def book(self, bookings: Sequence[PartBooking]) -> None:
        """Store bookings of parts; one whose source is there already is passed over."""
        self._connection.executemany(
            "INSERT OR IGNORE INTO part_booking VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (each.source, each.time, each.part, each.change, each.kind.value, each.by, each.reason)
                for each in bookings
            ],
        )

    def set_rule(self, rule: PartRule) -> None:
        """Store the minimum and the place of a part."""
        self._connection.execute(
            "INSERT OR IGNORE INTO part_rule VALUES (?, ?, ?, ?, ?)",
            (rule.part, rule.time, rule.minimum, rule.place, rule.by),
        )


def stop_changes(connection: PlantConnection) -> list[StopChange]:
    """Return what windows have changed of planned stops, oldest first."""
    if not has_table(connection, "planned_stop_change"):
        return []
    rows = connection.execute("SELECT body FROM planned_stop_change ORDER BY number").fetchall()
    return [_stop_changes.decode(body) for (body,) in rows]


def bookings(connection: PlantConnection, part: str = "") -> list[PartBooking]:
    """Return the books of all parts, or of one, oldest first."""
    if not has_table(connection, "part_booking"):
        return []
    rows = connection.execute(
        "SELECT source, time, part, change, kind, by, reason FROM part_booking WHERE ? = '' OR part = ? "
        "ORDER BY time, source",
        (part, part),
    ).fetchall()
    return [
        PartBooking(source, time, part, change, BookingKind(kind), by, reason)
        for source, time, part, change, kind, by, reason in rows
    ]


def part_rules(connection: PlantConnection) -> list[PartRule]:
    """Return the minima and places that were set, oldest first."""
    if not has_table(connection, "part_rule"):
        return []
    return [PartRule(*row) for row in connection.execute("SELECT * FROM part_rule ORDER BY time").fetchall()]
