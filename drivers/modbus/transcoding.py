"""Blocks of some values of several types, which the standard library reads quicker than numpy.

A numpy operation costs a third of a microsecond however few values it is for, and a block of six types takes one for
each besides those that gather and order. `struct` reads a mixed block in one call, and writes it in another as float64:
35 ns a value, so that it is for blocks of up to MOST_FIELDS. Only types that lie in the block as they are can be read
so.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.modbus.address import DataType, Order

MOST_FIELDS = 80
CODES = {
    DataType.I16: "h",
    DataType.U16: "H",
    DataType.I32: "i",
    DataType.U32: "I",
    DataType.I64: "q",
    DataType.U64: "Q",
    DataType.F16: "e",
    DataType.F32: "f",
    DataType.F64: "d",
    DataType.UNIX32: "I",
}


@dataclass(frozen=True, slots=True)
class Transcoding:
    """How a block is read: of its registers, in `word_dtype`, `source` makes numbers, and `target` float64 of these."""

    word_dtype: np.dtype[np.uint16]
    source: struct.Struct
    target: struct.Struct

    def decode(self, words: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the values, read-only; `words`: contiguous, of either byte order."""
        swapped = words if words.dtype == self.word_dtype else words.byteswap()
        return np.frombuffer(self.target.pack(*self.source.unpack_from(swapped)))  # type: ignore[arg-type] # an array is a buffer


def word_endian(order: Order) -> str:
    """Return the endianness of registers by which the bytes of a value come to lie in one direction."""
    return "<" if order.swaps_bytes != order.swaps_words else ">"


def value_endian(order: Order) -> str:
    """Return the endianness that a value has then."""
    return "<" if order.swaps_words else ">"


def transcoding(fields: Sequence[tuple[DataType, Order, int]]) -> Transcoding | None:
    """Return how values (type, order, first register) are read in one go, None where they cannot be.

    They have to be of one order, and to stand one behind the other.
    """
    if not fields or len(fields) > MOST_FIELDS or len({order for _, order, _ in fields}) != 1:
        return None
    form, end = [value_endian(fields[0][1])], 0
    for data_type, _, start in fields:
        if start < end or data_type not in CODES:
            return None
        form.append(f"{2 * (start - end)}x{CODES[data_type]}")
        end = start + data_type.words
    return Transcoding(
        np.dtype(f"{word_endian(fields[0][1])}u2"), struct.Struct("".join(form)), struct.Struct(f"{len(fields)}d")
    )
