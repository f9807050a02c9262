"""What registers of unknown meaning may be: the same ones in every byte order and the likely types, the best first.

A sheet that does not say the order of words is answered by looking: measurements are numbers of a usual size that move
little from one read to the next, and a wrong order shows neither.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from drivers.driver import BadAddress
from drivers.modbus.address import Address, Table, parse_address
from drivers.modbus.bus import Bus
from drivers.modbus.data_type import DataType, Order
from drivers.modbus.decode import DecodePlan, Field
from drivers.modbus.link import BadAnswer, ExceptionAnswer
from drivers.modbus.settings import ModbusSettings
from drivers.probe import Decoding

_OF_WORDS = {
    1: (DataType.I16, DataType.U16),
    2: (DataType.F32, DataType.I32, DataType.U32),
    4: (DataType.F64, DataType.I64, DataType.U64),
}
_USUAL_LOW, _USUAL_HIGH = 1e-3, 1e6
_STEADY = 0.5
_PREFERENCE = {DataType.F32: 1.0, DataType.F64: 1.0, DataType.I16: 0.9, DataType.I32: 0.9, DataType.I64: 0.9}
_UNSIGNED = 0.85
_MARGIN = 0.2
_LEAST = 0.6
_FIGURES = 6
_ROUND = 1.0

WordArray = NDArray[np.uint16]


def interpretations(reads: Sequence[WordArray], table: Table, start: int, *, unit: int | None = None) -> list[Decoding]:
    """Return every interpretation of the registers `reads[i]`, uint16 (n,), that begin at offset `start`.

    `reads`: the same registers at several moments, one or more. The most plausible come first.
    """
    count = len(reads[0])
    found = [
        _interpretation(reads, table, start, data_type, order, unit)
        for words, types in _OF_WORDS.items()
        if words <= count
        for data_type in types
        for order in (Order if words > 1 else (Order.ABCD, Order.BADC))
    ]
    return sorted(found, key=lambda each: -each.plausibility)


async def decodings_at(
    bus: Bus, settings: ModbusSettings, address: str, count: int, *, reads: int, pause_s: float
) -> list[Decoding]:
    """Return what `count` registers from `address` on may mean, after some reads with a pause between.

    Raise BadAddress for bits and for registers that the device refuses, NoAnswer, ConnectionLost.
    """
    place = parse_address(address, settings.base)
    if place.table.is_bits:
        raise BadAddress(f'"{address}" is a bit, which means only one thing: give registers, such as HR100 or IR0')
    unit = settings.unit if place.unit is None else place.unit
    samples = []
    for number in range(reads):
        if number:
            await asyncio.sleep(pause_s)
        try:
            samples.append(await bus.read(unit, place.table, place.offset, count))
        except (ExceptionAnswer, BadAnswer) as refusal:
            last = place.offset + count - 1
            raise BadAddress(
                f"{bus.settings.url}: unit {unit} does not give {place.table}{place.offset} to {last} ({refusal}): "
                "give another address, or fewer registers with --count"
            ) from refusal
    # addresses are given as the settings count them
    return interpretations(samples, place.table, place.offset + settings.base, unit=place.unit)


def order_of(reads: Sequence[WordArray]) -> tuple[tuple[Order, int], ...]:
    """Return in which order registers look like 32-bit floats, and at which of the first two the first one begins.

    () where they do not. Two where both fit: the low word of one float and the high word of the next are a number of
    the same size in another order, which only figures that are round in the right order can tell apart.
    """
    scores = {
        (order, shift): max(
            (_share_of_floats(words[shift : shift + (len(words) - shift) // 2 * 2], order) for words in reads),
            default=0.0,
        )
        for order in Order
        for shift in (0, 1)
    }
    best = max(scores.values())
    found = tuple(place for place, score in scores.items() if score > best - _MARGIN)
    return found if best >= _LEAST and len(found) <= 2 else ()


def _interpretation(  # noqa: PLR0917 - all of one value
    reads: Sequence[WordArray], table: Table, start: int, data_type: DataType, order: Order, unit: int | None
) -> Decoding:
    words = data_type.words
    addresses = [
        Address(table, start + at, data_type, order, unit=unit) for at in range(0, len(reads[0]) - words + 1, words)
    ]
    plan = DecodePlan([Field(address, order, address.offset - start) for address in addresses])
    values = np.array([plan.decode(read) for read in reads])
    last = values[-1]
    with np.errstate(invalid="ignore", over="ignore"):
        moved = values.max(axis=0) - values.min(axis=0)
    scores = [_score(values[:, row]) for row in range(len(addresses))]
    preference = _PREFERENCE.get(data_type, _UNSIGNED)
    return Decoding(
        str(data_type),
        str(order),
        tuple(str(address) for address in addresses),
        tuple(float(value) for value in last),
        tuple(float(way) for way in moved),
        round(preference * sum(scores) / len(scores) * _roundness(values, data_type), 3),
    )


def _score(values: NDArray[np.float64]) -> float:
    """Return how much a column of reads looks like a measurement: its size, and how steady it is."""
    if not np.isfinite(values).all():
        return 0.0
    sizes = [_size(float(value)) for value in values]
    size = sum(sizes) / len(sizes)
    middle = float(np.median(np.abs(values)))
    if len(values) < 2 or middle == 0.0:
        return size
    with np.errstate(over="ignore"):
        step = float(np.median(np.abs(np.diff(values)))) / middle
    return size / (1.0 + max(0.0, step - 0.01) / _STEADY)


def _size(value: float) -> float:
    """Return 1 for a number of a usual size, less for each power of ten beyond; a nought says little."""
    if value == 0.0:
        return 0.5
    size = abs(value)
    if _USUAL_LOW <= size <= _USUAL_HIGH:
        return 1.0
    beyond = math.log10(size / _USUAL_HIGH) if size > _USUAL_HIGH else math.log10(_USUAL_LOW / size)
    return max(0.0, 1.0 - beyond / 3.0)


def _share_of_floats(words: WordArray, order: Order) -> float:
    """Return how many of the pairs that are not nought look like measurements as floats, round figures counted more."""
    fields = [Field(Address(Table.HOLDING_REGISTERS, at, DataType.F32), order, at) for at in range(0, len(words), 2)]
    values = DecodePlan(fields).decode(words)
    is_set = (words[0::2] != 0) | (words[1::2] != 0)
    chosen = [float(value) for value in values[is_set] if np.isfinite(value)]
    if len(chosen) < 2:
        return 0.0
    usual = [value for value in chosen if _size(value) == 1.0]
    round_figures = sum(_is_round(np.float32(value)) for value in usual)
    return (len(usual) + _ROUND * round_figures) / int(np.count_nonzero(is_set))


def _roundness(values: NDArray[np.float64], data_type: DataType) -> float:
    """Return 1 where floats are round figures, which devices often send and a wrong order hardly shows, 0.9 if not."""
    if not data_type.is_float:
        return 1.0
    shown = values.ravel().tolist()
    if data_type is DataType.F32:
        return 0.9 + 0.1 * sum(_is_round(np.float32(value)) for value in shown) / len(shown)
    return 0.9 + 0.1 * sum(_is_round(value) for value in shown) / len(shown)


def _is_round(value: np.float32 | float) -> bool:
    """Return whether a number has few figures, as 55.81 has."""
    return len(str(abs(value)).partition("e")[0].replace(".", "").strip("0")) <= _FIGURES
