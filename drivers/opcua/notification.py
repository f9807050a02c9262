"""A DataChangeNotification as columns, straight from its bytes (OPC UA Part 6, 5.2.2.17 DataValue, 7.20.2 of Part 4).

A number with whatever times and status it carries has one of a few layouts, each read by a `struct` made once; asyncua
makes four objects per value instead, ten times the work. What is no plain number (text, arrays, dates) is left to it.
"""

from __future__ import annotations

import functools
import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from asyncua import ua
from asyncua.common.utils import Buffer
from asyncua.ua.ua_binary import struct_from_binary

from app.model import status
from app.model.block import ExactColumn, HandleArray, TimeArray, ValueArray, object_column
from app.model.status import StatusArray
from drivers.opcua.sample import EARLIEST, LATEST, code_of, plain, rows

_NUMBER_CODES = "-?bBhHiIqQfd"
"""The struct code of a built-in type by its number: 1 Boolean, 2 SByte ... 10 Float, 11 Double."""
_VALUE, _STATUS, _SOURCE_TIME, _SERVER_TIME, _SOURCE_PICO, _SERVER_PICO = (1 << bit for bit in range(6))
_TICK_NS = 100
_EPOCH_TICKS = 116_444_736_000_000_000
"""1970 in ticks of 100 ns since 1601, the time of OPC UA."""
_COUNT = struct.Struct("<i")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a notification tells, one row per value.

    `handle`: uint32, the client's handles. `value`: float64, NaN where there is no number. `status`: uint32. `time`:
    int64 ns UTC of the source, or of the server where the source has none that a plant can have; 0 for neither.
    `raw`: object, the usable values as the server sent them, None in the other rows, whose codes are the server's; None
    where they were not asked for.
    """

    handle: HandleArray
    value: ValueArray
    status: StatusArray
    time: TimeArray
    raw: ExactColumn | None = None

    def select(self, rows: Sequence[int]) -> Changes:
        """Return some rows."""
        raw = None if self.raw is None else self.raw[rows]
        return Changes(self.handle[rows], self.value[rows], self.status[rows], self.time[rows], raw)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the bytes of one item lie; the places of its fields in what is unpacked, those it lacks at the end."""

    reader: struct.Struct
    value: int
    status: int
    source_time: int
    server_time: int


def decode_changes(body: bytes, *, is_exact: bool = False) -> Changes:
    """Return the columns of a DataChangeNotification; raise struct.error where it ends too early.

    `is_exact`: with the values as they were sent, which costs more.
    """
    (count,) = _COUNT.unpack_from(body)
    place = _COUNT.size
    found: list[tuple[int, float, int, int, int]] = []
    foreign: dict[int, tuple[object, int]] = {}
    for _ in range(count):
        mask = body[place + 4]
        layout = _layout(mask, body[place + 5] if mask & _VALUE else 0)
        if layout is None:
            row, sample, place = _foreign(body, place)
            if is_exact and (raw := plain(sample)) is not None:
                foreign[len(found)] = raw, code_of(sample)
            found.append(row)
            continue
        fields = (*layout.reader.unpack_from(body, place), 0)
        place += layout.reader.size
        value = math.nan if layout.value < 0 else fields[layout.value]
        code = _without_value(fields[layout.status]) if layout.value < 0 else fields[layout.status]
        found.append((fields[0], value, code, fields[layout.source_time], fields[layout.server_time]))
    columns = _columns(found)
    return _with_raw(columns, [row[1] for row in found], foreign) if is_exact else columns


def _with_raw(changes: Changes, values: Sequence[float], foreign: Mapping[int, tuple[object, int]]) -> Changes:
    raw, codes = object_column(values), changes.status
    raw[codes >= status.BAD] = None
    for row, (value, code) in foreign.items():
        raw[row], codes[row] = value, code
    return replace(changes, raw=raw)


@functools.cache
def _layout(mask: int, kind: int) -> _Layout | None:
    """Return the layout of items with this encoding mask and type of value, None where it has no fixed length."""
    codes, places = "<IB", {}
    if mask & _VALUE:
        if kind >= len(_NUMBER_CODES):
            return None
        codes += "B"
        if kind:
            places[_VALUE] = len(codes) - 1
            codes += _NUMBER_CODES[kind]
    for field, code in (
        (_STATUS, "I"),
        (_SOURCE_TIME, "q"),
        (_SOURCE_PICO, "H"),
        (_SERVER_TIME, "q"),
        (_SERVER_PICO, "H"),
    ):
        if mask & field:
            places[field] = len(codes) - 1
            codes += code
    absent = len(codes) - 1
    return _Layout(
        struct.Struct(codes),
        places.get(_VALUE, -1),
        places.get(_STATUS, absent),
        places.get(_SOURCE_TIME, absent),
        places.get(_SERVER_TIME, absent),
    )


def _without_value(code: int) -> int:
    return code if code >= status.BAD else status.BAD_NO_DATA


def _foreign(body: bytes, place: int) -> tuple[tuple[int, float, int, int, int], ua.DataValue, int]:
    """Return the row of an item that asyncua has to read, the item itself, and where the next one begins."""
    buffer = Buffer(body, place)
    item = struct_from_binary(ua.MonitoredItemNotification, buffer)
    (value,), (code,), (time,) = rows([item.Value])
    ticks = time // _TICK_NS + _EPOCH_TICKS if time else 0
    return (item.ClientHandle, value, code, ticks, 0), item.Value, buffer.cur_pos


def _columns(found: list[tuple[int, float, int, int, int]]) -> Changes:
    if not found:
        return Changes(np.empty(0, np.uint32), np.empty(0), np.empty(0, np.uint32), np.empty(0, np.int64))
    handle, value, code, source, server = zip(*found, strict=True)
    codes = np.array(code, np.uint32)
    values = np.array(value, np.float64)
    values[codes >= status.BAD] = np.nan
    time = _time(source)
    return Changes(np.array(handle, np.uint32), values, codes, np.where(time == 0, _time(server), time))


def _time(ticks: tuple[int, ...]) -> TimeArray:
    """Return ns UTC; 0 for what no plant's clock shows, which stands for "none"."""
    since_1970 = np.array(ticks, np.int64) - _EPOCH_TICKS
    is_credible = (since_1970 >= EARLIEST // _TICK_NS) & (since_1970 <= LATEST // _TICK_NS)
    return np.where(is_credible, since_1970, 0) * _TICK_NS
