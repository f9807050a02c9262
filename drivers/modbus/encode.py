"""A value as the registers that carry it, in any of the four byte orders."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from datetime import UTC, datetime

from drivers.modbus.address import Address, DataType, Order
from drivers.modbus.data_type import LIMITS
from drivers.modbus.layout import text_places, wire_places

Raw = float | int | str | datetime
Encoder = Callable[[Raw], tuple[int, ...]]

_FLOATS = {DataType.F16: "e", DataType.F32: "f", DataType.F64: "d", DataType.F32N: "f"}
_FIRST_YEAR, _LAST_YEAR = 2000, 2127


def encoder(address: Address, order: Order, *, encoding: str = "utf-8") -> Encoder:
    """Return a function from a raw value to the registers of `address`, first register first.

    Integers are rounded; of a value that shares its register with others only its own bits are set. The function
    raises OverflowError for a value that the type cannot hold, ValueError for NaN or another kind of value.
    """
    places = (
        text_places(address.length, order) if address.data_type is DataType.STR else wire_places(address.words, order)
    )

    def encode(value: Raw) -> tuple[int, ...]:
        sent = bytearray(2 * address.words)
        for place, byte in zip(places, _content(value, address, encoding), strict=True):
            sent[place] = byte
        return struct.unpack(f">{address.words}H", sent)

    return encode


def mask_of(address: Address, order: Order) -> int:
    """Return which bits of its register a value has: 0xFFFF for all."""
    if address.bit >= 0:
        mask = ((1 << address.width) - 1) << address.bit
    else:
        mask = {"H": 0xFF00, "L": 0x00FF}.get(str(address.data_type)[-1], 0xFFFF)
    return (mask << 8 | mask >> 8) & 0xFFFF if order.swaps_bytes else mask


def saturated(value: float, data_type: DataType) -> float:
    """Return `value`, held at the limits of an integer type; other types and NaN pass as they are."""
    if data_type not in LIMITS or math.isnan(value):
        return value
    low, high = LIMITS[data_type]
    return min(max(value, low), high)


def _content(value: Raw, address: Address, encoding: str) -> bytes:
    """Return the bytes of a value, the most significant one first."""
    data_type = address.data_type
    if data_type is DataType.STR:
        return text_bytes(str(value), address.length, encoding)
    if isinstance(value, datetime):
        return _time(value, data_type)
    number = _number(value)
    if data_type in _FLOATS:
        return struct.pack(f">{_FLOATS[data_type]}", number)
    if data_type is DataType.TIME870:
        return _time(datetime.fromtimestamp(number, UTC), data_type)
    return _whole(round(number), address).to_bytes(2 * address.words, "big")


def _number(value: Raw) -> float | int:
    try:
        return int(value) if isinstance(value, str) and value.strip().lstrip("+-").isdecimal() else _plain(value)
    except ValueError as error:
        raise ValueError(f'"{value}" is not a number') from error


def _plain(value: Raw) -> float | int:
    return value if isinstance(value, int | float) else float(str(value))


def _whole(whole: int, address: Address) -> int:
    """Return the bits of a whole number in its registers."""
    data_type = address.data_type
    low, high = (0, (1 << address.width) - 1) if data_type is DataType.BITS else LIMITS[data_type]
    if not low <= whole <= high:
        raise OverflowError(f"{whole} does not fit into {data_type}, {low} to {high}")
    if data_type in {DataType.BCD16, DataType.BCD32}:
        return int(str(whole), 16)
    bits = whole & (0xFF if data_type.is_part and address.bit < 0 else (1 << 16 * address.words) - 1)
    if data_type in {DataType.I8H, DataType.U8H}:
        return bits << 8
    return bits << max(address.bit, 0)


def text_bytes(text: str, length: int, encoding: str) -> bytes:
    """Return the bytes of a text, filled up with NUL; raise OverflowError where it is too long, else ValueError."""
    content = text.encode(encoding)
    if len(content) > length:
        raise OverflowError(f'"{text}" does not fit into {length} bytes of {encoding}')
    return content.ljust(length, b"\0")


def _time(moment: datetime, data_type: DataType) -> bytes:
    if data_type is DataType.UNIX32:
        seconds = round(moment.timestamp())
        low, high = LIMITS[data_type]
        if not low <= seconds <= high:
            raise OverflowError(f"{moment.isoformat()} does not fit into {data_type}")
        return seconds.to_bytes(4, "big")
    if data_type is not DataType.TIME870:
        raise ValueError(f"{moment.isoformat()} is an instant, which {data_type} is not")
    moment = moment.astimezone(UTC)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise OverflowError(f"{moment.isoformat()} does not fit into {data_type}")
    ms = moment.second * 1000 + moment.microsecond // 1000
    return struct.pack(">HBBBBH", moment.year - _FIRST_YEAR, moment.month, moment.day, moment.hour, moment.minute, ms)
