"""The checksum of a line of the alarm journal, and the lines that are not as they were written."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from app.database import PlantConnection, has_table

COLUMNS = (
    "alarm, tag, equipment, state, priority, condition, message_en, message_zh, raised, value, value_limit, returned, "
    "acknowledged, acknowledged_by, comment, occurrences"
)
_TEXTS = {"alarm", "tag", "equipment", "state", "condition", "message_en", "message_zh", "acknowledged_by", "comment"}
# a text in which a bit is flipped may be none any more, and could not be fetched
_AS_BYTES = ", ".join(f"CAST({name} AS BLOB)" if name in _TEXTS else name for name in (*COLUMNS.split(", "), "time"))


def checksum(line: Sequence[str | bytes | float | None]) -> int:
    """Return the CRC-32 of a line: what COLUMNS say, its time, and its facts unless it has none."""
    return zlib.crc32(repr([_PLAIN[type(value)](value) for value in line]).encode())


def _plain_number(value: float) -> float | None:
    """Return a number as it comes back from the file: NaN is NULL, whole numbers may be floats."""
    return None if value != value else value + 0.0 if -_EXACT < value < _EXACT else value  # noqa: PLR0124 - NaN


def _itself(value: bytes | None) -> bytes | None:
    return value


_EXACT = 1 << 53
# by the type, since a line has many values and a flood many lines
_PLAIN: Mapping[type, Callable[[Any], bytes | float | None]] = {
    str: str.encode,
    int: _plain_number,
    float: _plain_number,
    bytes: _itself,
    type(None): _itself,
}


def damaged_lines(connection: PlantConnection) -> Iterator[str]:
    """Yield what is wrong with the alarm journal of a file: lines that were altered, and numbers that are missing.

    Lines that an older version wrote have no checksum.
    """
    if not has_table(connection, "alarm_change"):
        return
    names = {name for _, name, *_ in connection.execute("PRAGMA table_info(alarm_change)").fetchall()}
    crc = "crc" if "crc" in names else "NULL"
    facts = "CAST(facts AS BLOB)" if "facts" in names else "x''"
    before = 0
    for number, kept, *line, written in connection.execute(
        f"SELECT number, {crc}, {_AS_BYTES}, {facts} FROM alarm_change ORDER BY number"  # noqa: S608 - constants of ours
    ):
        if number != before + 1:
            yield f"lines {before + 1} to {number - 1} are missing"
        before = number
        if kept is not None and kept != checksum([*line, written] if written else line):
            yield f"line {number} is not as it was written"
