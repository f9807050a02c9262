"""A value as the registers that carry it, in any of the four byte orders."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from functools import cache

from drivers.modbus.address import DataType, Order

Encoder = Callable[[float], tuple[int, ...]]

STRUCT_CODES = {
    DataType.BOOL: "H",
    DataType.I16: "h",
    DataType.U16: "H",
    DataType.I32: "i",
    DataType.U32: "I",
    DataType.F32: "f",
    DataType.F64: "d",
}
VALUE_ENDIAN = {Order.ABCD: ">", Order.CDAB: "<", Order.BADC: ">", Order.DCBA: "<"}
WORD_ENDIAN = {Order.ABCD: ">", Order.CDAB: "<", Order.BADC: "<", Order.DCBA: ">"}
"""An order is two choices: the endianness of the whole value, and that of each 16-bit word it is cut into."""

LIMITS = {
    DataType.BOOL: (0, 1),
    DataType.I16: (-(2**15), 2**15 - 1),
    DataType.U16: (0, 2**16 - 1),
    DataType.I32: (-(2**31), 2**31 - 1),
    DataType.U32: (0, 2**32 - 1),
}
"""The smallest and the largest value of each integer type."""


@cache
def encoder(data_type: DataType, order: Order) -> Encoder:
    """Return a function from a raw value to its registers, first register first.

    Integers are rounded; the function raises OverflowError or ValueError (NaN) for a value that the type cannot hold.
    """
    pack = struct.Struct(f"{VALUE_ENDIAN[order]}{STRUCT_CODES[data_type]}").pack
    cut = struct.Struct(f"{WORD_ENDIAN[order]}{data_type.words}H").unpack

    def encode_float(value: float) -> tuple[int, ...]:
        return cut(pack(value))

    def encode_integer(value: float) -> tuple[int, ...]:
        try:
            return cut(pack(round(value)))
        except struct.error as error:
            raise OverflowError(f"{value:g} does not fit into {data_type}") from error

    return encode_float if data_type.is_float else encode_integer


def saturated(value: float, data_type: DataType) -> float:
    """Return `value`, held at the limits of an integer type; floats and NaN pass as they are."""
    if data_type.is_float or math.isnan(value):
        return value
    low, high = LIMITS[data_type]
    return min(max(value, low), high)
