"""Reading the plant's file as it was at an instant: what came later is hidden from whoever asks.

Most rows of the file are never altered, and say when they were written. Each store tells by PastTables how its tables
looked at an instant; a connection that looks back has temporary views of those under the tables' own names, so that
every statement of the store reads the past, and none can be forgotten (docs/decisions/0068).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.database import PlantConnection, has_table, open_reader
from app.model import clock

NEVER = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class PastTable:
    """How a table looked at the instant `:at` (ns UTC).

    `rows`: a SELECT of all its columns; tables are named with their schema, as main.work_step. `times`: the columns of
    the table that say when it changed, 0 or NULL where that has not happened. `beside`: another table that `rows` looks
    into; a file that has none, since an older version wrote it, is read by the first of `times` alone.
    """

    name: str
    rows: str
    times: tuple[str, ...] = ("time",)
    beside: str = ""


def grown_by_time(name: str, time: str = "time") -> PastTable:
    """Return the past of a table to which rows are only added, with the instant of each in the column `time`."""
    return PastTable(name, f"SELECT * FROM main.{name} WHERE {time} <= :at", (time,))  # noqa: S608 - names of ours


def open_as_known(path: Path, *pasts: Sequence[PastTable]) -> PlantConnection:
    """Return a reading connection that sees of `pasts` what was known at the instant this process lives at.

    That is all of it, but in a replay. Raises as open_reader does.
    """
    connection = open_reader(path)
    if clock.is_replaying():
        try:
            look_back(connection, clock.now_ns(), *pasts)
        except BaseException:
            connection.close()
            raise
    return connection


def look_back(connection: PlantConnection, at: int, *pasts: Sequence[PastTable]) -> None:
    """Let a reading connection see of `pasts` what was there at an instant (ns UTC), from now on."""
    with _own_views(connection):
        for table in _present(connection, pasts):
            is_whole = not table.beside or has_table(connection, table.beside)
            rows = table.rows if is_whole else grown_by_time(table.name, table.times[0]).rows
            connection.execute(f"CREATE TEMP VIEW {table.name} AS {rows.replace(':at', str(int(at)))}")


def look_ahead(connection: PlantConnection, *pasts: Sequence[PastTable]) -> None:
    """Let a connection that looked back see of `pasts` all that there is."""
    with _own_views(connection):
        for table in _present(connection, pasts):
            connection.execute(f"DROP VIEW IF EXISTS temp.{table.name}")


def unchanged_around(connection: PlantConnection, at: int, *pasts: Sequence[PastTable]) -> tuple[int, int]:
    """Return since when (0: ever) and until when (NEVER: for good) `pasts` were as they were at an instant, ns UTC.

    The connection must not look back. Rows that are added later may bring the end nearer.
    """
    since, until = 0, NEVER
    for table in _present(connection, pasts):
        for time in table.times:
            before, after = connection.execute(
                f"SELECT max(CASE WHEN {time} <= ?1 THEN {time} END), min(CASE WHEN {time} > ?1 THEN {time} END) "  # noqa: S608 - names of ours
                f"FROM main.{table.name}",
                (at,),
            ).fetchone()
            since, until = max(since, before or 0), min(until, after or NEVER)
    return since, until


@contextmanager
def _own_views(connection: PlantConnection) -> Iterator[None]:
    """Let a reading connection have views of its own: they are kept in memory, and the file stays as it is."""
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA query_only = OFF")
    try:
        yield
    finally:
        connection.execute("PRAGMA query_only = ON")


def _present(connection: PlantConnection, pasts: Iterable[Sequence[PastTable]]) -> Iterator[PastTable]:
    """Yield those that the file has: an older version of the program made fewer."""
    yield from (table for past in pasts for table in past if has_table(connection, table.name))
