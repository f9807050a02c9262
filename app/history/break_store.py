"""The table of breaks whose samples are still to be fetched from devices, so that an end of the collector loses none.

It is changed in the commits that hold the samples themselves: a break stands in it before the sample that ends it is
stored, and its start moves on only with the samples that were fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from app.database import PlantConnection, has_table, transaction
from app.history.tag_table import known_tags
from app.model.missed import Break, BreakChange, BreakState
from app.model.tag import TagDefinition

STATION = -1
"""In place of a tag's handle: a stretch in which the station itself did not run, and whose gap is being filled."""
_STATION_NUMBER = 0
"""No tag in a file has this number."""


class BreakStore:
    """Writes the table over the connection that also writes the samples."""

    def __init__(self, connection: PlantConnection, tags: Sequence[TagDefinition]) -> None:
        """Prepare for tags that the file knows already."""
        self._connection = connection
        self._number_of = numbers_by_handle(connection, tags)

    def record(self, changes: Sequence[BreakChange]) -> None:
        """Write changes in their order, in the transaction that is open or in one of their own."""
        with transaction(self._connection):
            for is_missed, group in groupby(changes, lambda change: change.state is BreakState.MISSED):
                rows = [(self._number_of[what.handle], what.end, what.start) for what, _ in group]
                if is_missed:
                    self._connection.executemany(
                        "INSERT OR REPLACE INTO missed (tag, end, start) VALUES (?, ?, ?)", rows
                    )
                else:
                    self._connection.executemany(
                        "DELETE FROM missed WHERE tag = ? AND end = ?", [(tag, end) for tag, end, _ in rows]
                    )


def read_breaks(connection: PlantConnection, tags: Sequence[TagDefinition]) -> Iterator[Break]:
    """Yield what is to be fetched of these tags, and of STATION, in the order of their ends; those of others stay."""
    if not has_table(connection, "missed"):
        return
    handle_of = {number: handle for handle, number in numbers_by_handle(connection, tags).items()}
    for number, start, end in connection.execute("SELECT tag, start, end FROM missed ORDER BY end, tag").fetchall():
        if number in handle_of:
            yield Break(handle_of[number], start, end)


def numbers_by_handle(connection: PlantConnection, tags: Sequence[TagDefinition]) -> dict[int, int]:
    """Return the numbers that tags have in the file, by their handles; STATION has one too."""
    number_of = {name: number for name, number, _ in known_tags(connection)}
    found = {tag.handle: number_of[tag.name] for tag in tags if tag.name in number_of}
    return {STATION: _STATION_NUMBER, **found}
