"""Part of `modbus`: the answer to one request as the values of its tags, ours and `convert_from_registers` in turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import cast

import numpy as np
from pymodbus.client.mixin import ModbusClientMixin

from drivers.modbus.address import Address, DataType, Order, parse_address
from drivers.modbus.decode import DecodePlan, Field
from drivers.modbus.encode import encoder
from drivers.modbus.pdu import words_of
from tests.benchmarks.figure import Figure
from tests.benchmarks.turns import alternate

ROUNDS = 200
_US = 1e6
_THEIRS = {
    DataType.I16: ModbusClientMixin.DATATYPE.INT16,
    DataType.U16: ModbusClientMixin.DATATYPE.UINT16,
    DataType.U32: ModbusClientMixin.DATATYPE.UINT32,
    DataType.I64: ModbusClientMixin.DATATYPE.INT64,
    DataType.F32: ModbusClientMixin.DATATYPE.FLOAT32,
    DataType.F64: ModbusClientMixin.DATATYPE.FLOAT64,
}
_PATTERN = ("F32", "F32", "I16", "U16", "U32", "F64", "I64")
"""Types of the tags of a mixed block: eighteen registers, then again."""


def decoding(turns: int) -> Iterator[Figure]:
    """Decode a block of one type, as one array of the peer's, and a mixed one, tag by tag at the peer's."""
    for order in (Order.ABCD, Order.CDAB):
        addresses = _block(["F32"] * 62)
        name = f"decoding 62 float32, {order}"
        yield _figure(name, addresses, order, turns=turns, goal="ratio <= 0.025", is_array=True)
        tags = _block(_PATTERN * 6)
        name = f"decoding {len(tags)} tags of six types, {order}"
        yield _figure(name, tags, order, turns=turns, goal="ratio <= 0.025")
        tags = _block(["F32"] * 62)
        yield _figure(f"decoding 62 tags of float32, {order}", tags, order, turns=turns, goal="ratio <= 0.025")


def _block(types: Sequence[str]) -> list[Address]:
    addresses: list[Address] = []
    offset = 0
    for data_type in types:
        addresses.append(parse_address(f"HR{offset}:{data_type}"))
        offset += addresses[-1].words
    return addresses


def _figure(
    name: str, addresses: Sequence[Address], order: Order, *, turns: int, goal: str, is_array: bool = False
) -> Figure:
    registers = [word for row, each in enumerate(addresses) for word in encoder(each, order)(row)]
    count = len(registers)
    answer = bytes([3, 2 * count]) + np.array(registers, ">u2").tobytes()
    plan = DecodePlan([Field(each, order, each.offset) for each in addresses])
    word_order = "big" if order is Order.ABCD else "little"
    spans = [(each.offset, each.offset + each.words, _THEIRS[each.data_type]) for each in addresses]

    def ours(_: int) -> list[float]:
        for _ in range(ROUNDS):
            values = plan.decode(words_of(answer, count))
        return list(values.tolist())

    def theirs(_: int) -> list[float]:
        for _ in range(ROUNDS):
            values: object = (
                _converted(registers, spans[0][2], word_order)
                if is_array
                else [_converted(registers[begin:end], kind, word_order) for begin, end, kind in spans]
            )
        return cast("list[float]", values)

    contestants: list[Callable[[int], list[float]]] = [ours, theirs]
    courses = alternate(contestants, turns=turns, budget_s=4)
    if courses[0].results[-1] != courses[1].results[-1]:
        raise ValueError(f"{name}: both decode to something else")
    seconds = [course.median / ROUNDS * _US for course in courses]
    return Figure(name, "us", seconds[0], seconds[1], "convert_from_registers", goal)


def _converted(registers: list[int], kind: ModbusClientMixin.DATATYPE, word_order: str) -> object:
    return ModbusClientMixin.convert_from_registers(
        registers,
        kind,
        word_order=word_order,  # type: ignore[arg-type] # a literal
    )
