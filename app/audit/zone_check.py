"""Holds what is noted of each zone against its records, since a search shows what the zones let it find."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from app.audit.zone import ZONE, noted
from app.database import PlantConnection, has_table

_PAGE = 64

_Stored: TypeAlias = tuple[int, int, bytes, bytes, bytes, bytes]
Row: TypeAlias = tuple[int, int, bytes, bytes, bytes | None, bytes]
"""seq, time, action, user, body and leaf; texts as bytes, since one in which a bit flipped may be none any more."""


class ZoneCheck:
    """Takes the records of a log in order. One in which some are missing is passed over: that is told anyway."""

    def __init__(self, connection: PlantConnection) -> None:
        """Read the zones over `connection`, which stays the caller's; a file of an older version has none."""
        self._connection = connection
        self._has_zones = has_table(connection, "audit_zone")
        self._waiting: list[Row] = []
        self._page: dict[int, _Stored] = {}
        self._read_to = 0
        self._done = 0

    def take(self, rows: Sequence[Row]) -> Iterator[tuple[int, str]]:
        """Take the next records; yield what is wrong with zones: its first record, and a text."""
        if not self._has_zones:
            return
        self._waiting += rows
        while len(self._waiting) >= ZONE:
            zone = (self._waiting[0][0] - 1) // ZONE
            count = bisect_left(self._waiting, ((zone + 1) * ZONE + 1,), hi=ZONE)
            of_zone, self._waiting[:count] = self._waiting[:count], []
            self._done = zone + 1
            if count == ZONE and self._stored(zone) != _as_stored(of_zone):
                first = zone * ZONE + 1
                yield first, f"records {first} to {first + ZONE - 1}: a search would not find them as they are"

    def end(self) -> Iterator[tuple[int, str]]:
        """Yield what is wrong with zones behind the records."""
        if self._has_zones:
            rows = self._connection.execute("SELECT zone FROM audit_zone WHERE zone < 0 OR zone >= ?", (self._done,))
            for (zone,) in rows.fetchall():
                yield zone * ZONE + 1, f"a search would look for records from {zone * ZONE + 1} on that are not there"

    def _stored(self, zone: int) -> _Stored | None:
        if zone >= self._read_to:
            self._read_to = zone + _PAGE
            self._page = {
                number: tuple(row)
                for number, *row in self._connection.execute(
                    "SELECT zone, first, last, CAST(actions AS BLOB), action_of, CAST(users AS BLOB), user_of "
                    "FROM audit_zone WHERE zone >= ? AND zone < ?",
                    (zone, self._read_to),
                )
            }
        return self._page.get(zone)


def _as_stored(rows: Sequence[Row]) -> _Stored:
    first, last, actions, action_of, users, user_of = noted([(row[1], row[2], row[3]) for row in rows])
    return first, last, actions.encode(), action_of, users.encode(), user_of
