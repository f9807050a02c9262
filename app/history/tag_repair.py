"""What is damaged in the list of tags, and how it is put back.

A single flipped bit is found from the checksum and put back exactly. Where more is damaged, a data type is taken from
the samples, samples without a name get one by which they can be found, and the checksum is made anew: then people have
to compare the names with the plant's file.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.database import PlantConnection, transaction
from app.history.codec import kind_of
from app.history.layout import chunk_keys, tag_of_key
from app.history.tag_table import TagRow, changing_tags, flipped_row, is_whole, stored_checksum, tag_rows
from app.model.exact import DataType

_TYPE_OF_KIND = {"f": DataType.FLOAT64, "i": DataType.INT64, "O": DataType.STRING}


def tag_problems(connection: PlantConnection) -> Iterator[tuple[int, str, bool]]:
    """Yield number, what is wrong, and whether it can be put back, of each damaged row of the list of tags."""
    rows, checksum = tag_rows(connection), stored_checksum(connection)
    if checksum is not None and not is_whole(rows, checksum):
        flipped = flipped_row(rows, checksum)
        if flipped is not None:
            yield flipped[0].number, f"one bit is flipped: {_difference(*flipped)}", True
            return
        yield 0, "the list of tags is not that of its checksum: compare names and units with the plant's file", False
    for row in rows:
        if row.problem:
            yield row.number, row.problem, True
    for number in _nameless(connection, rows):
        yield number, "there are samples of a tag that is not in the list", True


def mend_tags(connection: PlantConnection) -> None:
    """Put back what `tag_problems` tells, in a transaction of its own."""
    with transaction(connection):
        rows, checksum = tag_rows(connection), stored_checksum(connection)
        flipped = None if checksum is None or is_whole(rows, checksum) else flipped_row(rows, checksum)
        if flipped is not None:
            _write(connection, *flipped)
        else:
            # the checksum is that of whatever stands there at the end
            connection.execute("DELETE FROM history_state WHERE key = 'tag_checksum'")
            with changing_tags(connection):
                for row in rows:
                    if row.problem:
                        _write(connection, row, _sound(connection, row))
                for number in _nameless(connection, rows):
                    connection.execute(
                        "INSERT INTO tag (id, name, data_type) VALUES (?, ?, ?)",
                        (number, f"recovered-{number}", str(_type_of(connection, number))),
                    )
        connection.execute("UPDATE history_state SET value = value + 1 WHERE key IN ('tags', 'generation')")


def _write(connection: PlantConnection, row: TagRow, former: TagRow) -> None:
    connection.execute(
        "UPDATE tag SET id = ?, name = CAST(? AS TEXT), unit = CAST(? AS TEXT), data_type = CAST(? AS TEXT) "
        "WHERE id = ?",
        (former.number, former.name, former.unit, former.data_type, row.number),
    )


def _sound(connection: PlantConnection, row: TagRow) -> TagRow:
    """Return a row with a data type, and with a name and a unit that can be read."""
    data_type = _type_of(connection, row.number) if "data type" in row.problem else row.data_type.decode()
    return TagRow(row.number, _readable(row.name), _readable(row.unit), str(data_type).encode())


def _readable(content: bytes) -> bytes:
    text = content.decode(errors="replace")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text).encode()


def _type_of(connection: PlantConnection, number: int) -> DataType:
    """Return the data type of the newest samples that are packed."""
    row = connection.execute("SELECT value FROM fresh WHERE tag = ? ORDER BY id DESC LIMIT 1", (number,)).fetchone()
    if row is None:
        (hour,) = connection.execute("SELECT max(hour) FROM hourly WHERE tag = ?", (number,)).fetchone()
        if hour is not None:
            query = "SELECT value FROM chunk WHERE id BETWEEN ? AND ? LIMIT 1"
            row = connection.execute(query, chunk_keys(hour, number)).fetchone()
    return DataType.FLOAT64 if row is None else _TYPE_OF_KIND.get(kind_of(row[0]), DataType.FLOAT64)


def _nameless(connection: PlantConnection, rows: list[TagRow]) -> list[int]:
    keys = connection.execute("SELECT DISTINCT id >> 24 << 24 FROM hour_rollup").fetchall()
    found = {tag_of_key(key) for (key,) in keys}
    found |= {number for (number,) in connection.execute("SELECT DISTINCT tag FROM fresh").fetchall()}
    return sorted(found - {row.number for row in rows})


def _difference(row: TagRow, former: TagRow) -> str:
    for column in ("number", "name", "unit", "data_type"):
        one, other = getattr(row, column), getattr(former, column)
        if one != other:
            return f"{column.replace('_', ' ')} {_shown(one)} was {_shown(other)}"
    return "none"


def _shown(content: bytes | int) -> str:
    return str(content) if isinstance(content, int) else repr(content.decode(errors="replace"))
