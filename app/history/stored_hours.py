"""Which hours have chunks: found by steps through the keys of their table, without reading it."""

from __future__ import annotations

from collections.abc import Iterator

from app.database import PlantConnection
from app.history.layout import chunk_key, hour_of_chunk

FIRST_HOUR = -(1 << 22)
"""No time of the int64 range lies in an hour before it."""
END_HOUR = 1 << 22


def stored_hours(connection: PlantConnection, first: int = FIRST_HOUR, end: int = END_HOUR) -> Iterator[int]:
    """Yield the hours first <= hour < end that have chunks, in rising order, as the file is at each step."""
    hour = first
    while hour < end:
        (key,) = connection.execute("SELECT min(id) FROM chunk WHERE id >= ?", (chunk_key(hour, 0),)).fetchone()
        if key is None or (hour := hour_of_chunk(key)) >= end:
            return
        yield hour
        hour += 1


def newest_hour(connection: PlantConnection, before: int = END_HOUR) -> int | None:
    """Return the last hour before hour `before` that has chunks, None where there is none."""
    (key,) = connection.execute("SELECT max(id) FROM chunk WHERE id < ?", (chunk_key(before, 0),)).fetchone()
    return None if key is None else hour_of_chunk(key)
