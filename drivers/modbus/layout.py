"""Where the bytes of a value lie in an answer."""

from __future__ import annotations

import sys

from drivers.modbus.data_type import DataType, Order


def wire_places(words: int, order: Order) -> list[int]:
    """Return the places of a value's bytes among those of its registers as sent, its most significant byte first."""
    registers = range(words)
    if order.swaps_words:
        registers = registers[::-1]
    high, low = (1, 0) if order.swaps_bytes else (0, 1)
    return [2 * register + byte for register in registers for byte in (high, low)]


def text_places(length: int, order: Order) -> list[int]:
    """Return the places of a text's bytes: registers in their order, two characters in each."""
    high, low = (1, 0) if order.swaps_bytes else (0, 1)
    places = [2 * register + byte for register in range((length + 1) // 2) for byte in (high, low)]
    return places[:length]


def native_places(data_type: DataType, words: int, order: Order) -> list[int]:
    """Return the places of a number's bytes in the order of this computer's memory; of a byte only its own."""
    places = wire_places(words, order)
    if data_type in {DataType.I8H, DataType.U8H}:
        return places[:1]
    if data_type in {DataType.I8L, DataType.U8L}:
        return places[1:]
    return places[::-1] if sys.byteorder == "little" else places
