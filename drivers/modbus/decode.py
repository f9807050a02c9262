"""Registers as values: a plan per block, made once, that turns an answer into float64 with a few array operations.

The four byte orders need two images of the answer only, since an order is the endianness of a word and of the whole.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.modbus.address import Address, DataType, Order
from drivers.modbus.encode import STRUCT_CODES, VALUE_ENDIAN, WORD_ENDIAN

WordArray = NDArray[np.uint16]
ValueArray = NDArray[np.float64]

_NUMPY_CODES = {
    DataType.BOOL: "u2",
    DataType.I16: "i2",
    DataType.U16: "u2",
    DataType.I32: "i4",
    DataType.U32: "u4",
    DataType.F32: "f4",
    DataType.F64: "f8",
}


@dataclass(frozen=True, slots=True)
class Field:
    """Where one value stands in a block: `start` counts registers (or bits) from the block's first."""

    address: Address
    order: Order
    start: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Values of one type and order: `words` is intp, shape (k, registers per value); `rows` is intp, shape (k,)."""

    rows: NDArray[np.intp]
    words: NDArray[np.intp]
    word_dtype: str
    value_dtype: str


@dataclass(frozen=True, slots=True)
class _Bits:
    """Single bits of registers: all of shape (k,); `mask` is 0xFFFF where any bit counts."""

    rows: NDArray[np.intp]
    words: NDArray[np.intp]
    masks: WordArray


class DecodePlan:
    """How the answer to one request becomes values, in the order of its fields."""

    def __init__(self, fields: Sequence[Field]) -> None:
        """Prepare the decoding of `fields`, all of one table."""
        self._size = len(fields)
        self._bits = _bits(
            [(row, field) for row, field in enumerate(fields) if field.address.data_type is DataType.BOOL]
        )
        grouped: dict[tuple[DataType, Order], list[tuple[int, int]]] = defaultdict(list)
        for row, field in enumerate(fields):
            if field.address.data_type is not DataType.BOOL:
                grouped[field.address.data_type, field.order].append((row, field.start))
        self._groups = [_group(data_type, order, places) for (data_type, order), places in grouped.items()]

    def decode(self, words: WordArray) -> ValueArray:
        """Return float64, shape (fields,), NaN and inf kept.

        `words`: the registers, or bits as 0 and 1, of an answer; uint16, shape (block,).
        """
        values = np.empty(self._size, np.float64)
        bits = self._bits
        values[bits.rows] = (words[bits.words] & bits.masks) != 0
        for group in self._groups:
            image = words.astype(group.word_dtype, copy=False)[group.words]
            values[group.rows] = image.view(group.value_dtype)[:, 0]
        return values


def decode_words(words: Sequence[int], address: Address, order: Order) -> float:
    """Return the value of one address out of its registers, first register first."""
    packed = struct.pack(f"{WORD_ENDIAN[order]}{len(words)}H", *words)
    (value,) = struct.unpack(f"{VALUE_ENDIAN[order]}{STRUCT_CODES[address.data_type]}", packed)
    if address.data_type is DataType.BOOL:
        return float(value & (1 << address.bit) if address.bit >= 0 else value) and 1.0
    return float(value)


def _bits(fields: Sequence[tuple[int, Field]]) -> _Bits:
    masks = [0xFFFF if field.address.bit < 0 else 1 << field.address.bit for _, field in fields]
    return _Bits(
        np.array([row for row, _ in fields], np.intp),
        np.array([field.start for _, field in fields], np.intp),
        np.array(masks, np.uint16),
    )


def _group(data_type: DataType, order: Order, places: Sequence[tuple[int, int]]) -> _Group:
    starts = np.array([start for _, start in places], np.intp)
    return _Group(
        rows=np.array([row for row, _ in places], np.intp),
        words=starts[:, None] + np.arange(data_type.words),
        word_dtype=f"{WORD_ENDIAN[order]}u2",
        value_dtype=f"{VALUE_ENDIAN[order]}{_NUMPY_CODES[data_type]}",
    )
