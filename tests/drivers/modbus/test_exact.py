"""Every type of value read from, and every writing function sent to, a server of pymodbus."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest
from pymodbus.pdu import ModbusPDU
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType as SimDataType
from pymodbus.simulator import SimData, SimDevice

from app.model import clock, status
from app.model.block import Block
from app.model.connection import ConnectionDefinition
from app.model.exact import DataType
from drivers.driver import TagSpec, WriteItem
from drivers.modbus.address import parse_address
from drivers.modbus.client import ModbusDriver
from drivers.modbus.data_type import Order
from drivers.modbus.encode import encoder

LARGE = (1 << 63) - 2
BEYOND = (1 << 64) - 1


@dataclass(slots=True)
class Seen:
    """The functions that a server was asked for."""

    functions: list[int] = field(default_factory=list)

    def note(self, sending: bool, pdu: ModbusPDU) -> ModbusPDU:  # noqa: FBT001 - pymodbus calls it by position
        if not sending:
            self.functions.append(pdu.function_code)
        return pdu


@asynccontextmanager
async def served(registers: list[int], **options: object) -> AsyncIterator[tuple[ModbusDriver, Seen]]:
    """Serve holding registers from offset 0 on, and 16 coils, to a driver."""
    seen = Seen()
    words = [SimData(0, values=registers, datatype=SimDataType.REGISTERS)]
    bits = [SimData(0, values=[False] * 16, datatype=SimDataType.BITS)]
    device = SimDevice(1, simdata=(bits, list(bits), words, list(words)))
    server = ModbusTcpServer(device, address=("127.0.0.1", 0), trace_pdu=seen.note)
    await server.listen()
    port = server.transport.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    driver = ModbusDriver.from_definition(ConnectionDefinition("c", "modbus", f"modbus://127.0.0.1:{port}", options))
    await driver.open()
    try:
        yield driver, seen
    finally:
        await driver.close()
        await server.shutdown()  # type: ignore[no-untyped-call]


def registers_of(values: dict[str, float | str]) -> list[int]:
    """Return registers from 0 on that hold `values`, each at an address of the grammar."""
    words = [0] * 64
    for text, value in values.items():
        address = parse_address(text)
        order = address.order or Order.ABCD
        for place, word in enumerate(encoder(address, order)(value), start=address.offset):
            words[place] |= word
    return words


def exact_of(block: Block) -> list[object]:
    assert block.exact is not None
    return list(block.exact.tolist())


async def test_that_a_value_is_exact_in_the_type_of_its_tag() -> None:
    values: dict[str, float | str] = {
        "HR0:U64:CDAB": LARGE,
        "HR4:STR12": "批次 41",
        "HR10:BCD32": 12_345_678,
        "HR12.4-7": 9,
        "HR14:U64": BEYOND,
        "HR18:UNIX32": 1_800_000_000,
    }
    tags = [
        TagSpec(0, "HR0:U64:CDAB", data_type=DataType.INT64),
        TagSpec(1, "HR4:STR12", data_type=DataType.STRING),
        TagSpec(2, "HR10:BCD32", data_type=DataType.INT64),
        TagSpec(3, "HR12.4-7", data_type=DataType.BOOLEAN),
        TagSpec(4, "HR14:U64", data_type=DataType.INT64),
        TagSpec(5, "HR14:U64", data_type=DataType.STRING),
        TagSpec(6, "HR18:UNIX32", data_type=DataType.STRING),
        TagSpec(7, "HR18:UNIX32"),
        TagSpec(8, "HR4:STR12"),
        TagSpec(9, "HR0:U64:CDAB", gain=0.5, data_type=None),
        TagSpec(10, "HR4:STR12", data_type=None),
    ]
    async with served(registers_of(values)) as (driver, _):
        block = await driver.read(tags)
        await driver.subscribe(tags)
        delivered = await driver.batches().get()
    expected = [LARGE, "批次 41", 12_345_678, None, None, str(BEYOND), "2027-01-15T08:00:00+00:00", None, None, None]
    assert exact_of(block) == [*expected, "批次 41"]
    codes = [0, 0, 0, 0, status.BAD_OUT_OF_RANGE, 0, 0, 0, status.BAD_TYPE_MISMATCH, 0, 0]
    assert block.status.tolist() == codes
    assert block.value[[0, 3, 7, 9]].tolist() == [float(LARGE), 1.0, 1_800_000_000.0, LARGE / 2]
    order = np.argsort(delivered.handle, kind="stable")
    assert exact_of(delivered.select(order)) == exact_of(block)


@pytest.mark.parametrize(
    ("address", "value", "functions", "register"),
    [
        ("HR3:U16", 7, [6], 7),
        ("HR3:U16:FC16", 7, [16], 7),
        ("HR3.4", 1, [22], 0xFF1F),
        ("HR3.4:FC6", 1, [3, 6], 0xFF1F),
        ("HR3.4-7:FC16", 5, [3, 16], 0xFF5F),
        ("HR3.4-7", 5, [22], 0xFF5F),
        ("HR3:U8H", 0x12, [22], 0x120F),
        ("HR3:I8L", -2, [22], 0xFFFE),
        ("HR3:U8L:BADC", 0x12, [22], 0x120F),
        ("HR3:U8H:BADC:FC6", 0x12, [3, 6], 0xFF12),
    ],
)
async def test_that_a_register_or_a_part_of_it_is_written_by_the_chosen_function(
    address: str, value: int, functions: list[int], register: int
) -> None:
    async with served([0, 0, 0, 0xFF0F, 0]) as (driver, seen):
        (result,) = await driver.write([WriteItem(address, value, clock.monotonic_ns() + 10**9)])
        asked = list(seen.functions)
        block = await driver.read([TagSpec(0, "HR3")])
    assert (result.status, result.reason) == (status.GOOD, "")
    assert asked == functions
    assert block.value.tolist() == [float(register)]


@pytest.mark.parametrize(("address", "function"), [("CO3", 5), ("CO3:FC15", 15)])
async def test_that_a_coil_is_written_by_the_chosen_function(address: str, function: int) -> None:
    async with served([0]) as (driver, seen):
        (result,) = await driver.write([WriteItem(address, 1.0, clock.monotonic_ns() + 10**9)])
        asked = list(seen.functions)
        block = await driver.read([TagSpec(0, "CO3"), TagSpec(1, "CO4")])
    assert (result.status, asked, block.value.tolist()) == (status.GOOD, [function], [1.0, 0.0])


async def test_that_texts_and_large_numbers_are_written_as_they_are() -> None:
    expires = clock.monotonic_ns() + 10**10
    async with served([0] * 20, encoding="gbk", base=1) as (driver, _):
        items = [WriteItem("HR1:STR9", "配方 7", expires), WriteItem("HR11:U64:DCBA", BEYOND, expires)]
        results = await driver.write([*items, WriteItem("HR1:STR4", "too long", expires)])
        block = await driver.read(
            [TagSpec(0, "HR1:STR9", data_type=None), TagSpec(1, "40011:U64:DCBA", data_type=None)]
        )
    assert [result.status for result in results] == [0, 0, status.BAD_OUT_OF_RANGE]
    assert exact_of(block) == ["配方 7", BEYOND]


async def test_that_a_register_that_cannot_be_read_before_a_write_is_not_written() -> None:
    async with served([0, 0]) as (driver, seen):
        (result,) = await driver.write([WriteItem("HR9.4:FC6", 1.0, clock.monotonic_ns() + 10**9)])
    assert result.status == status.BAD_OUT_OF_RANGE
    assert "could not be read before the write" in result.reason
    assert seen.functions == [3]
