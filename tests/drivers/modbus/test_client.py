"""The Modbus driver against real servers and devices that misbehave."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import numpy as np
import pytest
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from app.model import clock, status
from app.model.block import Block, concatenate
from app.model.connection import ConnectionDefinition
from drivers.conformance.turn_clock import turn_clock
from drivers.driver import ConnectionLost, TagSpec, WriteItem
from drivers.modbus.client import ModbusDriver
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from tests.drivers.modbus.scripted_device import exception, registers, scripted_device

FAR = 1 << 62


@asynccontextmanager
async def _opened(port: int, **options: object) -> AsyncIterator[ModbusDriver]:
    definition = ConnectionDefinition("c", "modbus", f"modbus://127.0.0.1:{port}", {"timeout_ms": 200, **options})
    driver = ModbusDriver.from_definition(definition)
    await driver.open()
    try:
        yield driver
    finally:
        await driver.close()


async def _take(driver: ModbusDriver, is_enough: Callable[[Block], bool]) -> Block:
    blocks: list[Block] = []
    async with asyncio.timeout(10):
        while not blocks or not is_enough(concatenate(blocks)):
            blocks.append(await driver.batches().get())
    return concatenate(blocks)


def _tags(*addresses: str, scan_ms: int = 20) -> list[TagSpec]:
    return [TagSpec(handle, address, scan_ms) for handle, address in enumerate(addresses)]


def _words(request: bytes) -> tuple[int, int]:
    start, count = struct.unpack_from(">HH", request, 8)
    return start, count


@asynccontextmanager
async def _holding(registers_at: Sequence[int]) -> AsyncIterator[int]:
    """Serve single holding registers with holes between them, each holding its own offset."""
    data = [SimData(offset, values=[offset], datatype=DataType.REGISTERS) for offset in registers_at]
    bits = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
    device = SimDevice(1, simdata=(bits, list(bits), data, [SimData(0)]))
    server = ModbusTcpServer(device, address=("127.0.0.1", 0))
    await server.listen()
    try:
        yield server.transport.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]


async def test_that_scaled_values_come_at_the_middle_of_request_and_answer() -> None:
    server = ModbusPublisher("127.0.0.1", 0, [ModbusPoint("a", 1, "HR0:I16", gain=0.1, offset=5.0)])
    await server.start()
    server.publish({"a": -12.5}, 0)
    async with _opened(server.port) as driver:
        before = clock.now_ns()
        block = await driver.read([TagSpec(7, "HR0:I16", gain=0.1, offset=5.0)])
        after = clock.now_ns()
    await server.stop()
    assert block.handle.tolist() == [7]
    assert block.value.tolist() == pytest.approx([-12.5])
    assert before <= block.time[0] <= block.received[0] <= after


async def test_that_every_scan_brings_one_sample_per_tag_also_of_bad_ones() -> None:
    async with _holding([0, 1, 2]) as port, _opened(port) as driver:
        await driver.subscribe(_tags("HR0", "HR1", "HR9", "HR2"))
        block = await _take(driver, lambda block: (block.handle == 3).sum() >= 3)
    assert [int((block.handle == handle).sum()) for handle in range(4)] == [3, 3, 3, 3]
    assert set(block.status[block.handle == 2].tolist()) == {status.BAD_NODE_ID_UNKNOWN}
    assert np.isnan(block.value[block.handle == 2]).all()
    assert status.good_mask(block.status[block.handle != 2]).all()


async def test_that_holes_in_a_merged_block_leave_their_neighbours_good_and_are_remembered() -> None:
    offsets = [offset for offset in range(60) if offset not in {7, 31, 32}]
    async with _holding(offsets) as port, _opened(port) as driver:
        tags = _tags(*(f"HR{offset}" for offset in range(60)))
        await driver.subscribe(tags)
        block = await _take(driver, lambda block: len(block) >= 60)
        first = driver.diagnose()
        assert sorted(block.handle[~status.good_mask(block.status)].tolist()) == [7, 31, 32]
        good = status.good_mask(block.status)
        assert block.value[good].tolist() == block.handle[good].tolist()
        await _take(driver, lambda block: len(block) >= 120)
        assert first.failures <= 3 * 2 * 6
        assert driver.diagnose().failures == first.failures


async def test_that_units_that_are_silent_do_not_hold_up_the_others() -> None:
    def answer(request: bytes) -> bytes | None:
        return None if request[6] == 2 else registers(request, 5)

    async with scripted_device(answer) as port, _opened(port, retries=0, timeout_ms=100, demote_after=1) as driver:
        await driver.subscribe(_tags("1/HR0", "2/HR0"))
        block = await _take(driver, lambda block: (block.handle == 0).sum() >= 5)
        assert status.good_mask(block.status[block.handle == 0]).all()
        codes = block.status[block.handle == 1].tolist()
    assert codes[0] == status.BAD_COMMUNICATION_ERROR
    assert set(codes[1:]) == {status.BAD_OUT_OF_SERVICE}


async def test_that_a_device_that_hangs_is_noticed_within_two_seconds() -> None:
    hangs = False

    def answer(request: bytes) -> bytes | None:
        return None if hangs else registers(request, 5)

    async with scripted_device(answer) as port, _opened(port, timeout_ms=600) as driver:
        await driver.subscribe(_tags("HR0"))
        await _take(driver, lambda block: len(block) >= 2)
        hangs = True
        with turn_clock() as waited, pytest.raises(ConnectionLost, match="has not answered within 600 ms"):
            await _take(driver, lambda block: False)
        assert waited.seconds <= 2.3


async def test_that_a_lost_packet_is_asked_for_again() -> None:
    asked = 0

    def answer(request: bytes) -> bytes | None:
        nonlocal asked
        asked += 1
        return None if asked == 1 else registers(request, 5)

    async with scripted_device(answer) as port, _opened(port, timeout_ms=50) as driver:
        block = await driver.read(_tags("HR0"))
    assert block.value.tolist() == [5.0]
    assert asked == 2


async def test_that_a_closed_connection_is_told_after_what_came_before_it() -> None:
    asked = 0

    def answer(request: bytes) -> bytes:
        nonlocal asked
        asked += 1
        return b"" if asked == 3 else registers(request, asked)

    async with scripted_device(answer) as port, _opened(port) as driver:
        await driver.subscribe(_tags("HR0"))
        block = await _take(driver, lambda block: len(block) >= 2)
        with pytest.raises(ConnectionLost, match="the device closed the connection"):
            await _take(driver, lambda block: False)
    assert block.value.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("code", "expected"),
    [(1, status.BAD_NOT_SUPPORTED), (4, status.BAD_DEVICE_FAILURE), (6, status.BAD_RESOURCE_UNAVAILABLE)],
)
async def test_that_an_exception_becomes_the_status_of_all_its_tags(code: int, expected: int) -> None:
    async with scripted_device(lambda request: exception(request, code)) as port, _opened(port) as driver:
        block = await driver.read(_tags("HR0", "HR1"))
    assert block.status.tolist() == [expected, expected]


async def test_that_an_answer_of_the_wrong_length_is_a_decoding_error() -> None:
    async with scripted_device(lambda request: registers(request, 1, 2, 3)) as port, _opened(port) as driver:
        block = await driver.read(_tags("HR0"))
    assert block.status.tolist() == [status.BAD_DECODING_ERROR]


async def test_that_tags_removed_come_no_more_and_added_ones_do() -> None:
    async with _holding([0, 1]) as port, _opened(port) as driver:
        await driver.subscribe(_tags("HR0"))
        await _take(driver, lambda block: len(block) >= 1)
        await driver.subscribe([TagSpec(5, "HR1", 20)])
        await driver.unsubscribe([0, 99])
        block = await _take(driver, lambda block: (block.handle == 5).sum() >= 3)
        after = block.handle[np.argmax(block.handle == 5) :]
        assert set(after.tolist()) == {5}


async def test_that_a_slow_device_leaves_scans_out_instead_of_piling_them_up() -> None:
    async def slow(driver: ModbusDriver) -> None:
        await driver.subscribe(_tags("HR0", scan_ms=10))
        await _take(driver, lambda block: len(block) >= 3)

    async with _holding([0]) as port, _opened(port, min_gap_ms=30) as driver:
        await slow(driver)
        assert any("scans left out" in note for note in driver.diagnose().notes)


async def test_that_each_kind_of_write_is_confirmed_by_the_device() -> None:
    points = [
        ModbusPoint("f", 1, "HR0:F32CDAB", gain=0.5, writable=True),
        ModbusPoint("i", 1, "HR2:I16", writable=True),
        ModbusPoint("c", 1, "CO3", writable=True),
        ModbusPoint("w", 1, "HR5:U16", writable=True),
    ]
    server = ModbusPublisher("127.0.0.1", 0, points)
    await server.start()
    items = [
        WriteItem("HR0:F32CDAB", 1.25, FAR, gain=0.5),
        WriteItem("HR2:I16", -3.0, FAR),
        WriteItem("CO3", 1.0, FAR),
        WriteItem("HR5.2", 1.0, FAR),
    ]
    async with _opened(server.port) as driver:
        results = await driver.write(items)
        block = await driver.read(
            [TagSpec(0, "HR0:F32CDAB", gain=0.5), TagSpec(1, "HR2:I16"), TagSpec(2, "CO3"), TagSpec(3, "HR5")]
        )
    await server.stop()
    assert [result.status for result in results] == [status.GOOD] * 4
    assert block.value.tolist() == [1.25, -3.0, 1.0, 4.0]


@pytest.mark.parametrize(
    ("item", "expected", "reason"),
    [
        (WriteItem("HR0", 70_000.0, FAR), status.BAD_OUT_OF_RANGE, "does not fit"),
        (WriteItem("HR0:I16", float("nan"), FAR), status.BAD_OUT_OF_RANGE, "NaN"),
        (WriteItem("CO0", 2.0, FAR), status.BAD_OUT_OF_RANGE, "neither 0 nor 1"),
        (WriteItem("IR0", 1.0, FAR), status.BAD_NOT_WRITABLE, "only HR and CO"),
        (WriteItem("HRx", 1.0, FAR), status.BAD_NODE_ID_INVALID, "write"),
        (WriteItem("HR500", 1.0, FAR), status.BAD_NODE_ID_UNKNOWN, "no such address"),
        (WriteItem("HR0", 1.0, 0), status.BAD_TIMEOUT, "expired"),
    ],
)
async def test_that_a_write_that_cannot_be_done_says_why(item: WriteItem, expected: int, reason: str) -> None:
    async with _holding([0]) as port, _opened(port) as driver:
        (result,) = await driver.write([item])
    assert result.status == expected
    assert reason in result.reason


async def test_that_a_write_without_an_answer_is_not_repeated() -> None:
    asked: list[bytes] = []
    async with scripted_device(asked.append) as port, _opened(port, timeout_ms=50) as driver:
        (result,) = await driver.write([WriteItem("HR0", 1.0, FAR)])
    assert result.status == status.BAD_COMMUNICATION_ERROR
    assert "read it back" in result.reason
    assert len(asked) == 1


async def test_that_browsing_finds_units_tables_and_islands_of_registers() -> None:
    async with _holding([5, 6, 100, 101, 102, 400]) as port, _opened(port, timeout_ms=50) as driver:
        units = await driver.browse()
        assert units.entries[0].address == "1/"
        tables = await driver.browse("1/")
        assert [entry.address for entry in tables.entries] == ["1/CO", "1/DI", "1/IR", "1/HR"]
        found: list[str] = []
        page = await driver.browse("1/HR")
        found += [entry.name for entry in page.entries]
        while page.cursor:
            page = await driver.browse("1/HR", page.cursor)
            found += [entry.name for entry in page.entries]
    assert found == ["HR5", "HR6", "HR100", "HR101", "HR102", "HR400"]
