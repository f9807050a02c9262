"""DataValues as columns, straight from their bytes (OPC UA Part 6, 5.2.2.17; notifications: Part 4, 7.25.2).

A number with whatever times and status it carries has one of a few layouts, which numpy reads for all values of one
layout at once; asyncua makes four objects per value instead. What is no plain number (text, arrays, dates) is left to
it.
"""

from __future__ import annotations

import functools
import math
import struct
from dataclasses import dataclass

import numpy as np
from asyncua import ua
from asyncua.ua.ua_binary import struct_from_binary
from numpy.typing import NDArray

from app.model import status
from app.model.block import ExactColumn, HandleArray, TimeArray, ValueArray
from app.model.status import StatusArray
from drivers.opcua.bounds import BoundedBuffer, Unbelievable
from drivers.opcua.sample import EARLIEST, EPOCH_TICKS, LATEST, TICK_NS, code_of, plain, rows, ticks

_NUMBER_TYPES = ("", "u1", "i1", "u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f4", "<f8")
"""The dtype of a built-in type by its number: 1 Boolean, 2 SByte ... 10 Float, 11 Double."""
_BOOLEAN = 1
_WIDE = {8, 9}
_LARGEST_WHOLE = 1 << 53
"""A float64 holds every whole number up to here."""
_VALUE, _STATUS, _SOURCE_TIME, _SERVER_TIME, _SOURCE_PICO, _SERVER_PICO = (1 << bit for bit in range(6))
_COUNT = struct.Struct("<i")
_HANDLE = 4
_RUN = 16
"""So many values of one layout in sequence are worth a look for more."""

_FIRST_TICK = EPOCH_TICKS + EARLIEST // TICK_NS
_CREDIBLE_TICKS = (LATEST - EARLIEST) // TICK_NS

Rows = slice | NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Changes:
    """What some DataValues tell, one row per value.

    `handle`: uint32, the client's handles, 0 in an answer to Read. `value`: float64, NaN where there is no number.
    `status`: uint32. `time`: int64 ns UTC of the source, or of the server where the source has none that a plant can
    have; 0 for neither. `raw`: object, the usable values as the server sent them, None in the other rows, whose codes
    are the server's; None where they were not asked for. `is_timed`: whether it is known that no time is 0. `rounded`:
    which values are whole numbers so large that a float64 may not hold all their digits; None where none is.
    """

    handle: HandleArray
    value: ValueArray
    status: StatusArray
    time: TimeArray
    raw: ExactColumn | None = None
    is_timed: bool = False
    rounded: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        """Return the number of values."""
        return len(self.handle)

    def select(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Changes:
        """Return the changes of some rows, chosen by a mask or by places."""
        raw = None if self.raw is None else self.raw[rows]
        rounded = None if self.rounded is None else self.rounded[rows]
        return Changes(
            self.handle[rows], self.value[rows], self.status[rows], self.time[rows], raw, self.is_timed, rounded
        )


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the bytes of one value lie."""

    dtype: np.dtype[np.void]
    size: int
    fields: frozenset[str]
    is_boolean: bool


def decode_changes(body: bytes, *, is_exact: bool = False) -> Changes:
    """Return the columns of a DataChangeNotification; raise Unbelievable or NotEnoughData where it ends too early.

    `is_exact`: with the values as they were sent, which costs more.
    """
    if len(body) < _COUNT.size:
        raise Unbelievable(f"a notification of {len(body)} bytes")
    count = max(0, _COUNT.unpack_from(body)[0])
    return decode(body, _COUNT.size, count, prefix=_HANDLE, is_exact=is_exact)[0]


def decode(body: bytes, place: int, count: int, *, prefix: int = 0, is_exact: bool = False) -> tuple[Changes, int]:
    """Return `count` DataValues from `place` on, each behind `prefix` bytes of its handle (4 or 0), and their end."""
    if count * (prefix + 1) > len(body) - place:
        raise Unbelievable(f"{count} values announced, {len(body) - place} bytes left")
    if count > _RUN and not is_exact and (changes := _alike(body, place, count, prefix)) is not None:
        return changes, place + count * _layout(_key(body, place + prefix), prefix).size
    return _Decoding(body, count, prefix, is_exact=is_exact).run(place)


def _alike(body: bytes, place: int, count: int, prefix: int) -> Changes | None:
    """Return usable numbers with a credible time that all lie alike, as in nearly all messages; None for others.

    Half as much is done as below, and half as much code fetched: numpy's methods `any` and `max` are Python around the
    functions that are called here.
    """
    key = _key(body, place + prefix)
    if not key & _VALUE or not key & _SOURCE_TIME or not _size(key):
        return None
    layout = _layout(key, prefix)
    if place + count * layout.size > len(body):
        return None
    lying = np.frombuffer(body, layout.dtype, count, place)
    since = lying["source"] - _FIRST_TICK
    if True in (lying["key"] != key).tobytes() or np.maximum.reduce(since.view(np.uint64)) > _CREDIBLE_TICKS:
        return None  # what lies before the first tick is a large number without a sign
    codes = lying["status"].copy() if key & _STATUS else np.zeros(count, np.uint32)
    if key & _STATUS and np.maximum.reduce(codes) >= status.BAD:
        return None
    value = lying["value"] != 0 if layout.is_boolean else lying["value"]
    handle = lying["handle"].copy() if prefix else np.zeros(count, np.uint32)
    rounded = _rounded(key, lying)
    return Changes(handle, value.astype(np.float64), codes, since * TICK_NS + EARLIEST, is_timed=True, rounded=rounded)


def _key(body: bytes, place: int) -> int:
    """Return the encoding mask of a value, and in the next byte the type of what it holds, if it holds anything."""
    mask = body[place]
    return mask | (body[place + 1] << 8 if mask & _VALUE and place + 1 < len(body) else 0)


class _Decoding:
    """The columns of one message while they are being filled."""

    def __init__(self, body: bytes, count: int, prefix: int, *, is_exact: bool) -> None:
        self._body = body
        self._bytes = np.frombuffer(body, np.uint8)
        self._count = count
        self._prefix = prefix
        self._handle: HandleArray = np.zeros(count, np.uint32)
        self._value: ValueArray = np.full(count, math.nan)
        self._status: StatusArray = np.zeros(count, np.uint32)
        self._source: TimeArray | None = None
        self._server: TimeArray | None = None
        self._raw = np.full(count, None, np.object_) if is_exact else None
        self._foreign_raw: dict[int, tuple[object, int]] = {}
        self._scattered: dict[int, tuple[list[int], list[int]]] = {}
        self._buffer: BoundedBuffer | None = None
        self._rounded: NDArray[np.bool_] | None = None

    def run(self, place: int) -> tuple[Changes, int]:
        body, prefix, end, row = self._body, self._prefix, len(self._body), 0
        scattered, same, previous = self._scattered, 0, -1
        while row < self._count:
            if place + prefix >= end:
                raise Unbelievable(f"{self._count} values announced, {row} found")
            key = _key(body, place + prefix)
            size = _size(key) + prefix
            if size == prefix:
                place = self._foreign(row, place)
                row += 1
                continue
            if place + size > end:
                raise Unbelievable(f"{self._count} values announced, {row} found")
            same = same + 1 if key == previous else 0
            previous = key
            if same == _RUN or (not row and self._count > _RUN):
                rows, same = self._fill_run(key, place, row), 0
                place += rows * size
                row += rows
                continue
            places, at = scattered.get(key) or scattered.setdefault(key, ([], []))
            places.append(place)
            at.append(row)
            place += size
            row += 1
        for key, (places, at) in scattered.items():
            layout = _layout(key, prefix)
            lying = self._bytes[np.array(places)[:, None] + np.arange(layout.size)].view(layout.dtype)[:, 0]
            self._fill(key, layout, lying, np.array(at))
        return self._changes(), place

    def _fill_run(self, key: int, place: int, row: int) -> int:
        """Read values of one layout as far as they follow one another; return how many they are, at least one."""
        layout = _layout(key, self._prefix)
        most = min(self._count - row, (len(self._body) - place) // layout.size)
        lying = np.frombuffer(self._body, layout.dtype, most, place)
        is_other = lying["key"] != key
        found = int(is_other.argmax()) or most  # the first is what it is: 0 stands for none that is another
        self._fill(key, layout, lying[:found], slice(row, row + found))
        return found

    def _fill(self, key: int, layout: _Layout, lying: NDArray[np.void], rows: Rows) -> None:
        fields = layout.fields
        if (rounded := _rounded(key, lying)) is not None:
            if self._rounded is None:
                self._rounded = np.zeros(self._count, np.bool_)
            self._rounded[rows] = rounded
        if "handle" in fields:
            self._handle[rows] = lying["handle"]
        if "value" in fields:
            values = lying["value"] != 0 if layout.is_boolean else lying["value"]
            self._value[rows] = values
            if self._raw is not None:
                self._raw[rows] = values.tolist()
        if "status" in fields:
            self._status[rows] = lying["status"]
        if "value" not in fields:
            code = self._status[rows]
            self._status[rows] = np.where(code >= status.BAD, code, np.uint32(status.BAD_NO_DATA))
        if "source" in fields:
            self._source = self._put(self._source, rows, lying["source"])
        if "server" in fields:
            self._server = self._put(self._server, rows, lying["server"])

    def _put(self, times: TimeArray | None, rows: Rows, given: TimeArray) -> TimeArray:
        if times is None:
            if len(given) == self._count:
                return given
            times = np.zeros(self._count, np.int64)
        times[rows] = given
        return times

    def _foreign(self, row: int, place: int) -> int:
        """Let asyncua read one value; return where the next one begins."""
        if self._buffer is None:
            self._buffer = BoundedBuffer(self._body)
        buffer = self._buffer
        buffer.rewind(place + self._prefix)
        sample = struct_from_binary(ua.DataValue, buffer)
        (value,), (code,), (time,) = rows([sample])
        if self._prefix:
            self._handle[row] = int.from_bytes(self._body[place : place + self._prefix], "little")
        self._value[row], self._status[row] = value, code
        if time:
            self._source = self._put(self._source, slice(row, row + 1), np.array([ticks(time)], np.int64))
        if self._raw is not None and (raw := plain(sample)) is not None:
            self._foreign_raw[row] = raw, code_of(sample)
        return buffer.cur_pos

    def _changes(self) -> Changes:
        if self._status.max(initial=0) >= status.BAD:
            self._value[self._status >= status.BAD] = math.nan
        time = _time(self._source, self._count)
        if self._server is not None and not time.all():
            time = np.where(time == 0, _time(self._server, self._count), time)
        if self._raw is not None:
            self._raw[self._status >= status.BAD] = None
            for row, (raw, code) in self._foreign_raw.items():
                self._raw[row], self._status[row] = raw, code
        return Changes(self._handle, self._value, self._status, time, self._raw, rounded=self._rounded)


@functools.cache
def _layout(key: int, prefix: int) -> _Layout:
    """Return the layout of values with this encoding mask (low byte) and type of value (high byte)."""
    mask, kind = key & 0xFF, key >> 8
    fields: list[tuple[str, str]] = [("handle", "<u4")] if prefix else []
    fields.append(("key", "<u2" if mask & _VALUE else "u1"))
    if mask & _VALUE:
        fields += [("value", _NUMBER_TYPES[kind])] if kind else []
    fields += [
        (name, code)
        for bit, name, code in (
            (_STATUS, "status", "<u4"),
            (_SOURCE_TIME, "source", "<i8"),
            (_SOURCE_PICO, "source_pico", "<u2"),
            (_SERVER_TIME, "server", "<i8"),
            (_SERVER_PICO, "server_pico", "<u2"),
        )
        if mask & bit
    ]
    dtype = np.dtype(fields)
    return _Layout(dtype, dtype.itemsize, frozenset(name for name, _ in fields), kind == _BOOLEAN)


def _rounded(key: int, lying: NDArray[np.void]) -> NDArray[np.bool_] | None:
    """Return which values of this key are whole numbers beyond those that a float64 holds, None where none is."""
    if not key & _VALUE or key >> 8 not in _WIDE:
        return None
    values = lying["value"]
    is_beyond = values > _LARGEST_WHOLE
    if values.dtype.kind == "i":
        is_beyond |= values < -_LARGEST_WHOLE
    return is_beyond if np.count_nonzero(is_beyond) else None


def _size(key: int) -> int:
    """Return how many bytes such a value takes behind its handle; 0 where that differs from value to value."""
    known = _SIZES.get(key)
    if known is None:
        is_number = not key & _VALUE or key >> 8 < len(_NUMBER_TYPES)
        known = _SIZES[key] = _layout(key, 0).size if is_number else 0
    return known


_SIZES: dict[int, int] = {}


def _time(moments: TimeArray | None, count: int) -> TimeArray:
    """Return ns UTC; 0 for what no plant's clock shows, which stands for "none"."""
    if moments is None or not count:
        return np.zeros(count, np.int64)
    since_1970 = moments - EPOCH_TICKS
    if since_1970.min() < EARLIEST // TICK_NS or since_1970.max() > LATEST // TICK_NS:
        is_credible = (since_1970 >= EARLIEST // TICK_NS) & (since_1970 <= LATEST // TICK_NS)
        since_1970 = np.where(is_credible, since_1970, 0)
    return since_1970 * TICK_NS
