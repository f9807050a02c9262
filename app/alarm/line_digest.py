"""The digest of a line of the alarm journal, which binds the line to the log of the plant.

What is digested is canonical JSON (RFC 8785; every value is text): what the line says, without what is empty or 0, so
that a column that a later version adds changes no older line.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from hashlib import sha256

import msgspec

from app.alarm.journal_check import COLUMNS
from app.database import PlantConnection, has_table

_NAMES = (*COLUMNS.split(", "), "time", "facts")
_encoder = msgspec.json.Encoder(order="sorted")


def line_text(number: int, line: Sequence[str | bytes | float | None]) -> bytes:
    """Return the canonical text of line `number`: what COLUMNS say, its time, and its facts where it has any."""
    content = {"number": str(number)}
    for name, value in zip(_NAMES, line, strict=False):
        if value:  # nothing is said of what is empty, 0 or NULL
            text = value if type(value) is str else _text(value)
            if text:
                content[name] = text
    try:
        return _encoder.encode(content)
    except UnicodeEncodeError:  # half a character
        return _encoder.encode({name: text.encode("utf-8", "replace").decode() for name, text in content.items()})


def line_digest(number: int, line: Sequence[str | bytes | float | None]) -> str:
    """Return the SHA-256 of that text in hexadecimal."""
    return sha256(line_text(number, line)).hexdigest()


def line_texts(connection: PlantConnection, first: int = 1, last: int = (1 << 63) - 1) -> Iterator[tuple[int, bytes]]:
    """Yield number and canonical text of the lines from `first` to `last`."""
    if not has_table(connection, "alarm_change"):
        return
    present = {name for _, name, *_ in connection.execute("PRAGMA table_info(alarm_change)").fetchall()}
    # as bytes, since a text in which a bit flipped may be none any more
    columns = [
        f"CASE typeof({name}) WHEN 'text' THEN CAST({name} AS BLOB) ELSE {name} END"
        for name in _NAMES
        if name in present
    ]
    rows = connection.execute(
        f"SELECT number, {', '.join(columns)} FROM alarm_change "  # noqa: S608 - names of ours
        "WHERE number >= ? AND number <= ? ORDER BY number",
        (first, last),
    )
    for number, *line in rows:
        yield number, line_text(number, line)


def line_digests(connection: PlantConnection) -> Iterator[tuple[int, str]]:
    """Yield number and digest of every line of the alarm journal."""
    for number, text in line_texts(connection):
        yield number, sha256(text).hexdigest()


def _text(value: str | bytes | float) -> str:
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return ""
    return str(int(value)) if value.is_integer() else repr(value)
