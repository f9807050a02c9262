"""Registers as values: a plan per block, made once, that turns an answer into float64 with a few array operations.

The bytes of all values are gathered at once into this computer's order, the values of a type beside one another; an
order of bytes or registers is only another list of places, so that each costs the same.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from drivers.modbus.address import Address, DataType, Order
from drivers.modbus.layout import native_places, text_places
from drivers.modbus.transcoding import CODES, transcoding, value_endian, word_endian

WordArray = NDArray[np.uint16]
ValueArray = NDArray[np.float64]

_NUMPY_CODES = {
    DataType.BOOL: "u2",
    DataType.BITS: "u2",
    DataType.I8H: "i1",
    DataType.I8L: "i1",
    DataType.U8H: "u1",
    DataType.U8L: "u1",
    DataType.I16: "i2",
    DataType.U16: "u2",
    DataType.I32: "i4",
    DataType.U32: "u4",
    DataType.I64: "i8",
    DataType.U64: "u8",
    DataType.F16: "f2",
    DataType.F32: "f4",
    DataType.F64: "f8",
    DataType.BCD16: "u2",
    DataType.BCD32: "u4",
    DataType.UNIX32: "u4",
    DataType.TIME870: "u8",
    DataType.I16N: "i2",
    DataType.U16N: "u2",
    DataType.I32N: "i4",
    DataType.U32N: "u4",
    DataType.F32N: "f4",
}
_NONE = {
    DataType.I16N: -(2**15),
    DataType.U16N: 2**16 - 1,
    DataType.I32N: -(2**31),
    DataType.U32N: 2**32 - 1,
}
_ALIGNMENT = 8
_FLOAT64 = np.dtype(np.float64)


@dataclass(frozen=True, slots=True)
class Field:
    """Where one value stands in a block: `start` counts registers (or bits) from the block's first."""

    address: Address
    order: Order
    start: int


@dataclass(frozen=True, slots=True)
class _Group:
    """Values of one type: `rows` among the fields, `span` among those ordered by type, `image` their bytes as numbers.

    `meaning`: what these numbers are as float64, None where they are the values.
    """

    data_type: DataType
    rows: Sequence[int]
    span: slice
    image: NDArray[Any]
    meaning: Callable[[NDArray[Any]], NDArray[Any]] | None


@dataclass(frozen=True, slots=True)
class _Run:
    """Values of one type and order, one behind the other and nothing else: they are read where they lie."""

    words: slice
    word_dtype: np.dtype[np.uint16]
    value_dtype: np.dtype[Any]


@dataclass(frozen=True, slots=True)
class _Text:
    """A text: its row among the fields and the places of its bytes in the answer."""

    row: int
    places: NDArray[np.intp]


class DecodePlan:
    """How the answer to one request becomes values, in the order of its fields."""

    def __init__(self, fields: Sequence[Field], *, encoding: str = "utf-8") -> None:
        """Prepare the decoding of `fields`, all of one table; `encoding`: that of texts.

        `may_be_none`: the rows of those whose type has a sign for no value, which decodes to NaN.
        """
        self._size = len(fields)
        self._encoding = encoding
        self._is_bits = bool(fields) and fields[0].address.table.is_bits
        self._places = _intp([field.start for field in fields]) if self._is_bits else _intp([])
        members: dict[DataType, list[tuple[int, Field]]] = defaultdict(list)
        for row, field in enumerate(fields if not self._is_bits else ()):
            members[field.address.data_type].append((row, field))
        self._run = _run(members)
        self._transcoding = transcoding(
            [(field.address.data_type, field.order, field.start) for field in fields if not self._is_bits]
        )
        self._texts = [_text(row, field) for row, field in members.pop(DataType.STR, [])]
        self._gathered, self._image, self._groups = _gathering(members)
        by_type = [row for group in self._groups for row in group.rows] + [text.row for text in self._texts]
        is_in_order = self._is_bits or by_type == list(range(self._size))
        self._order = None if is_in_order else np.argsort(_intp(by_type))
        self.may_be_none = _intp([row for row, field in enumerate(fields) if field.address.data_type.may_be_none])

    def decode(self, words: WordArray) -> ValueArray:
        """Return float64, shape (fields,), read-only, NaN and inf kept; NaN for texts and for what is none.

        `words`: the registers, or bits as 0 and 1, of an answer; uint16 of either byte order, contiguous, shape
        (block,).
        """
        if self._is_bits:
            return np.not_equal(words[self._places], 0).astype(np.float64)
        if (run := self._run) is not None:
            part = words[run.words]
            if part.dtype != run.word_dtype:
                part = part.astype(run.word_dtype)
            with np.errstate(invalid="ignore"):  # a signalling NaN is no number either
                return part.view(run.value_dtype).astype(_FLOAT64)
        if self._transcoding is not None:
            return self._transcoding.decode(words)
        self._gather(words)
        values = np.empty(self._size)
        if self._texts:
            values[-len(self._texts) :] = math.nan
        for group in self._groups:
            values[group.span] = group.image if group.meaning is None else group.meaning(group.image)
        return values if self._order is None else values.take(self._order)

    def raw(self, words: WordArray) -> list[object]:
        """Return each value as it is: int, float, bool, str or datetime; None for digits or dates that are none."""
        if self._is_bits:
            return list((words[self._places] != 0).tolist())
        self._gather(words)
        found: list[object] = [None] * self._size
        for group in self._groups:
            for row, value in zip(group.rows, _objects(group), strict=True):
                found[row] = value
        sent = _sent(words)
        for text in self._texts:
            content = sent[text.places].tobytes().partition(b"\0")[0]
            found[text.row] = content.decode(self._encoding, "replace").rstrip()
        return found

    def _gather(self, words: WordArray) -> None:
        if len(self._gathered):
            np.take(_sent(words), self._gathered, out=self._image, mode="clip")


def decode_words(words: Sequence[int], address: Address, order: Order) -> float:
    """Return the value of one address out of its registers, first register first."""
    (value,) = DecodePlan([Field(address, order, 0)]).decode(np.array(words, np.uint16)).tolist()
    return float(value)


def _sent(words: WordArray) -> NDArray[np.uint8]:
    """Return the bytes of registers as they were sent."""
    return words.astype(">u2", copy=False).view(np.uint8)


def _gathering(
    members: dict[DataType, list[tuple[int, Field]]],
) -> tuple[NDArray[np.intp], NDArray[np.uint8], list[_Group]]:
    """Return which bytes are gathered, the memory that they are gathered into, and the groups that look into it."""
    places: list[int] = []
    spans: list[tuple[DataType, int, int, slice]] = []
    row = 0
    for data_type, fields in members.items():
        places += [0] * (-len(places) % _ALIGNMENT)
        begin = len(places)
        for _, field in fields:
            own = native_places(data_type, field.address.words, field.order)
            places += [2 * field.start + place for place in own]
        spans.append((data_type, begin, len(places), slice(row, row + len(fields))))
        row += len(fields)
    image = np.zeros(len(places), np.uint8)
    groups = [
        _Group(
            data_type,
            [row for row, _ in members[data_type]],
            span,
            image[begin:end].view(_NUMPY_CODES[data_type]),
            _meaning(data_type, [field.address for _, field in members[data_type]]),
        )
        for data_type, begin, end, span in spans
    ]
    return _intp(places), image, groups


def _run(members: Mapping[DataType, list[tuple[int, Field]]]) -> _Run | None:
    if len(members) != 1:
        return None
    ((data_type, fields),) = members.items()
    first = fields[0][1]
    words, order = data_type.words, first.order
    is_run = all(
        field.start == first.start + row * words and field.order is order for row, (_, field) in enumerate(fields)
    )
    if not is_run or data_type not in CODES:
        return None
    # an order is two choices: the endianness of each register, and that of the whole value
    return _Run(
        slice(first.start, first.start + len(fields) * words),
        np.dtype(f"{word_endian(order)}u2"),
        np.dtype(f"{value_endian(order)}{_NUMPY_CODES[data_type]}"),
    )


def _meaning(data_type: DataType, addresses: Sequence[Address]) -> Callable[[NDArray[Any]], NDArray[Any]] | None:
    match data_type:
        case DataType.BOOL:
            masks = np.array([0xFFFF if each.bit < 0 else 1 << each.bit for each in addresses], np.uint16)
            return lambda image: (image & masks) != 0
        case DataType.BITS:
            shifts = np.array([each.bit for each in addresses], np.uint16)
            fields = np.array([(1 << each.width) - 1 for each in addresses], np.uint16)
            return lambda image: (image >> shifts) & fields
        case DataType.BCD16 | DataType.BCD32:
            return _decimal
        case DataType.TIME870:
            return _instant
        case DataType.I16N | DataType.U16N | DataType.I32N | DataType.U32N:
            none = _NONE[data_type]
            return lambda image: np.where(image == none, np.nan, image)
        case _:
            return None


def _decimal(image: NDArray[Any]) -> ValueArray:
    """Return numbers of binary coded digits; NaN where a digit is above 9."""
    total = np.zeros(len(image))
    is_wrong = np.zeros(len(image), np.bool_)
    for place in range(2 * image.itemsize):
        digit = image >> image.dtype.type(4 * place) & image.dtype.type(15)
        is_wrong |= digit > 9
        total += digit * 10.0**place
    return np.where(is_wrong, np.nan, total)


def _instant(image: NDArray[Any]) -> ValueArray:
    """Return seconds since 1970 UTC of dates and times; NaN for what is none, or is marked as invalid."""
    instants = [_datetime(number) for number in image.tolist()]
    return np.array([math.nan if each is None else each.timestamp() for each in instants], np.float64)


def _datetime(number: int) -> datetime | None:
    """Return a date and time of IEC 60870-5-4: registers year, month and day, hour and minute, milliseconds."""
    year, month, day = number >> 48 & 0x7F, number >> 40 & 0x0F, number >> 32 & 0x1F
    hour, minute, ms = number >> 24 & 0x1F, number >> 16 & 0x3F, number & 0xFFFF
    is_invalid = number >> 23 & 1
    try:
        found = datetime(2000 + year, month, day, hour, minute, ms // 1000, ms % 1000 * 1000, tzinfo=UTC)
    except ValueError:
        return None
    return None if is_invalid else found


def _objects(group: _Group) -> list[object]:
    match group.data_type:
        case DataType.TIME870:
            return [_datetime(number) for number in group.image.tolist()]
        case DataType.UNIX32:
            return [datetime.fromtimestamp(seconds, UTC) for seconds in group.image.tolist()]
    values = group.image if group.meaning is None else group.meaning(group.image)
    if group.data_type in {DataType.BCD16, DataType.BCD32, *_NONE}:
        return [None if math.isnan(value) else int(value) for value in values.tolist()]
    return list(values.tolist())


def _text(row: int, field: Field) -> _Text:
    own = text_places(field.address.length, field.order)
    return _Text(row, _intp([2 * field.start + place for place in own]))


def _intp(numbers: Sequence[int]) -> NDArray[np.intp]:
    return np.array(numbers, np.intp)
