"""The list of tags in the history's file, and the checksum by which a damaged name, unit or data type is found.

Every sample is found through this table. Its checksum is the sum of those of its rows, so that who changes one row adds
only the difference, and damage that is already there stays visible. From the sum and the rows a single flipped bit is
found and put back exactly.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from app.database import DatabaseDamaged, PlantConnection
from app.history.samples import KIND_OF
from app.model.exact import DataType

_SUM = "tag_checksum"
_MODULUS = 1 << 32
_ID_BITS = 20
_TYPES = {str(each).encode() for each in DataType}


@dataclass(frozen=True, slots=True)
class TagRow:
    """A row as its bytes stand in the file."""

    number: int
    name: bytes
    unit: bytes
    data_type: bytes

    @property
    def checksum(self) -> int:
        """Return the CRC-32 of all of it."""
        parts = (str(self.number).encode(), self.name, self.unit, self.data_type)
        return zlib.crc32(b"".join(len(part).to_bytes(4, "little") + part for part in parts))

    @property
    def problem(self) -> str:
        """Return what is wrong with it at first sight, "" where nothing is."""
        if self.data_type not in _TYPES:
            return f"its data type {_text(self.data_type)!r} is none"
        if not (_is_text(self.name) and _is_text(self.unit)):
            return "its name or unit is no text"
        return ""


def tag_rows(connection: PlantConnection, number: int | None = None) -> list[TagRow]:
    """Return the row of a tag, or all rows; damaged ones can be read too."""
    rows = connection.execute(
        "SELECT id, CAST(name AS BLOB), CAST(unit AS BLOB), CAST(data_type AS BLOB) FROM tag "
        "WHERE ?1 IS NULL OR id = ?1 ORDER BY id",
        (number,),
    ).fetchall()
    return [TagRow(*row) for row in rows]


def known_tags(connection: PlantConnection) -> list[tuple[str, int, DataType]]:
    """Return name, number and data type of all tags; where one is damaged the others are still known.

    A data type that is none counts as float64, as which all numbers can be given.
    """
    return [
        (_text(row.name), row.number, DataType(row.data_type.decode()) if row.data_type in _TYPES else DataType.FLOAT64)
        for row in tag_rows(connection)
    ]


def kinds_of_tags(connection: PlantConnection) -> dict[int, str]:
    """Return how the values of each tag are stored; raise DatabaseDamaged where one's data type is none.

    Nothing is packed anew then: a whole number that is packed as a float64 may have lost its last digits for good.
    """
    rows = tag_rows(connection)
    for row in rows:
        if row.data_type not in _TYPES:
            raise _damaged(connection, f"tag {row.number}: {row.problem}")
    return {row.number: KIND_OF[DataType(row.data_type.decode())] for row in rows}


def check_names(connection: PlantConnection) -> None:
    """Raise DatabaseDamaged where the list of tags is not as it was written: under another name other limits hold."""
    if not is_whole(tag_rows(connection), stored_checksum(connection)):
        raise _damaged(connection, "it is not that of its checksum")


def _damaged(connection: PlantConnection, what: str) -> DatabaseDamaged:
    return DatabaseDamaged(
        f"{connection.path}: the list of tags is damaged ({what}): stop the collector, then run foreshift integrity "
        "--repair"
    )


def data_type_of(connection: PlantConnection, number: int) -> DataType | None:
    """Return the data type of a tag, None where its row is damaged or missing."""
    rows = tag_rows(connection, number)
    return DataType(rows[0].data_type.decode()) if rows and rows[0].data_type in _TYPES else None


@contextmanager
def changing_tags(connection: PlantConnection, number: int | None = None) -> Iterator[None]:
    """Keep the checksum right over a change of one tag's row, or of any, within the open transaction."""
    before = _sum(tag_rows(connection, number))
    stored = stored_checksum(connection)
    yield
    if stored is None:  # of an older version's file
        found = _sum(tag_rows(connection))
    else:
        found = (stored + _sum(tag_rows(connection, number)) - before) % _MODULUS
    connection.execute("INSERT OR REPLACE INTO history_state VALUES (?, ?)", (_SUM, found))


def stored_checksum(connection: PlantConnection) -> int | None:
    """Return the checksum of the table as it should be, None where none has been kept yet."""
    row = connection.execute("SELECT value FROM history_state WHERE key = ?", (_SUM,)).fetchone()
    return None if row is None else int(row[0])


def is_whole(rows: Sequence[TagRow], checksum: int | None) -> bool:
    """Return whether the rows are those that the checksum is of."""
    return checksum is None or _sum(rows) == checksum


def flipped_row(rows: Sequence[TagRow], checksum: int) -> tuple[TagRow, TagRow] | None:
    """Return the one row that a single flipped bit explains and as it was before; None where none does, or several."""
    total = _sum(rows)
    taken = {row.number for row in rows}
    found = []
    for row in rows:
        wanted = (row.checksum + checksum - total) % _MODULUS
        found += [
            (row, former)
            for former in _neighbours(row)
            if former.checksum == wanted and not former.problem and former.number not in taken - {row.number}
        ]
    return found[0] if len(found) == 1 else None


def _sum(rows: Sequence[TagRow]) -> int:
    return sum(row.checksum for row in rows) % _MODULUS


def _neighbours(row: TagRow) -> Iterator[TagRow]:
    """Yield the rows that differ in one bit."""
    for bit in range(_ID_BITS):
        if (number := row.number ^ (1 << bit)) > 0:
            yield replace(row, number=number)
    texts = {"name": row.name, "unit": row.unit, "data_type": row.data_type}
    for column, content in texts.items():
        for place in range(len(content)):
            for bit in range(8):
                changed = bytes((*content[:place], content[place] ^ (1 << bit), *content[place + 1 :]))
                yield TagRow(row.number, **(texts | {column: changed}))


def _is_text(content: bytes) -> bool:
    try:
        return content.decode().isprintable()
    except UnicodeDecodeError:
        return False


def _text(content: bytes) -> str:
    return content.decode(errors="replace")
