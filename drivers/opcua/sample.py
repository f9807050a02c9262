"""OPC UA DataValues as columns: number, StatusCode and source time of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from asyncua import ua

from app.model import clock, status
from drivers.typed_value import number

Row = tuple[float, int, int]
"""Value, StatusCode, source time (int64 ns UTC; 0 where the server gives none)."""

EARLIEST = clock.NS_PER_S * 86_400
LATEST = clock.NS_PER_S * 86_400 * 365 * 230
TICK_NS = 100
EPOCH_TICKS = 116_444_736_000_000_000
"""1970 in ticks of 100 ns since 1601."""


def _iso(value: datetime) -> str:
    return (value.replace(tzinfo=UTC) if value.tzinfo is None else value).isoformat()


_TEXTS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (datetime, _iso),
    (bytes, bytes.hex),
    (ua.LocalizedText, lambda value: value.Text or ""),
    (ua.QualifiedName, lambda value: value.Name or ""),
    (ua.NodeId, lambda value: str(value.to_string())),
    (UUID, str),
)


def ticks(time_ns: int) -> int:
    """Return ns UTC as ticks of 100 ns since 1601, the time of OPC UA (Part 6, 5.2.2.5)."""
    return time_ns // TICK_NS + EPOCH_TICKS


def row_maker() -> Callable[[ua.DataValue], Row]:
    """Return a function for the DataValues of one notification or answer, many of which share a time."""
    known: dict[datetime | None, int] = {None: 0}

    def row(sample: ua.DataValue) -> Row:
        code = code_of(sample)
        source = sample.SourceTimestamp or sample.ServerTimestamp
        time = known.get(source)
        if time is None:
            time = known[source] = _time(source)
        if code >= status.BAD:
            return math.nan, code, time
        value = number(None if sample.Value is None else sample.Value.Value)
        if value is None:
            return math.nan, _why_no_number(sample), time
        return value, code, time

    return row


def code_of(sample: ua.DataValue) -> int:
    """Return the StatusCode of a DataValue."""
    return 0 if sample.StatusCode is None else sample.StatusCode.value & 0xFFFF_FFFF


def plain(sample: ua.DataValue) -> object:
    """Return a usable value as a number, a truth value or a text; None where there is none.

    Dates are texts in ISO 8601, byte strings hexadecimal digits; of a localised text the text alone counts. What has
    no single value (arrays, structures) stays as it is.
    """
    return plain_of(None if sample.Value is None or code_of(sample) >= status.BAD else sample.Value.Value)


def plain_of(value: object) -> object:
    """Return one value as `plain` does."""
    for kind, text_of in _TEXTS:
        if isinstance(value, kind):
            return text_of(value)
    return value


def rows(samples: Iterable[ua.DataValue]) -> tuple[list[float], list[int], list[int]]:
    """Return the columns of some DataValues: value, status, source time."""
    make = row_maker()
    made = [make(sample) for sample in samples]
    return [row[0] for row in made], [row[1] for row in made], [row[2] for row in made]


def _why_no_number(sample: ua.DataValue) -> int:
    is_empty = sample.Value is None or sample.Value.Value is None
    return status.BAD_NO_DATA if is_empty else status.BAD_TYPE_MISMATCH


def _time(moment: datetime | None) -> int:
    """Return ns UTC; 0 for what no plant's clock shows, which stands for "none"."""
    if moment is None or moment.tzinfo is None:
        return 0
    time = clock.from_datetime(moment)
    return time if EARLIEST <= time <= LATEST else 0
