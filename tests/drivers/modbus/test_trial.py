"""Finding out how many requests at once a device bears, without the loss of a sample."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from app.model import status
from app.model.block import concatenate
from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost, TagSpec
from drivers.modbus.address import Table
from drivers.modbus.client import ModbusDriver
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.traits import _KNOWN, traits_of
from drivers.modbus.trial import Trial, bearable
from tests.drivers.modbus.opened_bus import settings_of
from tests.drivers.modbus.scripted_device import registers, scripted_device

READ = Trial(1, Table.HOLDING_REGISTERS, 0, 20)


def _counting(request: bytes) -> bytes:
    start, count = struct.unpack_from(">HH", request, 8)
    return registers(request, *range(start, start + count))


@asynccontextmanager
async def _pymodbus() -> AsyncIterator[int]:
    bits = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
    data = [SimData(0, values=list(range(100)), datatype=DataType.REGISTERS)]
    server = ModbusTcpServer(SimDevice(1, simdata=(bits, list(bits), data, [SimData(0)])), address=("127.0.0.1", 0))
    await server.listen()
    try:
        yield server.transport.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]


async def _bears(port: int) -> int | None:
    return await bearable(settings_of(port), READ, opened=lambda: None)


async def test_that_a_device_that_answers_all_bears_sixteen() -> None:
    async with scripted_device(_counting) as port:
        assert await _bears(port) == 16


async def test_that_pymodbus_server_which_loses_requests_bears_one() -> None:
    async with _pymodbus() as port:
        assert await _bears(port) == 1


async def test_that_a_device_bears_what_it_answered_before_it_failed() -> None:
    asked = 0

    def tires(request: bytes) -> bytes | None:
        nonlocal asked
        asked += 1
        return _counting(request) if asked <= 2 + 4 + 7 else None

    async with scripted_device(tires) as port:
        assert await _bears(port) == 4


async def test_that_answers_that_were_mixed_up_are_found_out() -> None:
    held: list[bytes] = []

    def swaps(request: bytes) -> bytes | None:
        held.append(request)
        if len(held) < 2:
            return None
        first, second = held
        held.clear()
        return first[:2] + _counting(second)[2:] + second[:2] + _counting(first)[2:]

    async with scripted_device(swaps) as port:
        assert await _bears(port) == 1


async def test_that_nothing_is_found_out_of_a_device_that_takes_no_second_connection() -> None:
    async with scripted_device(_counting) as port:
        pass
    assert await _bears(port) is None


async def test_that_a_device_that_ends_the_second_connection_bears_one() -> None:
    async with scripted_device(lambda request: b"") as port:
        assert await _bears(port) == 1


async def test_that_what_could_not_be_found_out_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = [None, 8]

    async def bears(settings: ModbusSettings, read: Trial, *, opened: Callable[[], None]) -> int | None:
        del settings, read, opened
        return outcomes.pop(0)

    monkeypatch.setattr("drivers.modbus.bus.bearable", bears)
    async with scripted_device(_counting) as port, _scanning(port, hole_s=1) as driver:
        traits = traits_of(f"modbus://127.0.0.1:{port}")
        async with asyncio.timeout(10):
            while outcomes:
                await driver.batches().get()
            await _taken(driver, driver.diagnose().samples + 8)
    assert traits.window == 8


@asynccontextmanager
async def _scanning(port: int, **options: object) -> AsyncIterator[ModbusDriver]:
    url = f"modbus://127.0.0.1:{port}"
    _KNOWN.pop(url, None)
    definition = ConnectionDefinition("c", "modbus", url, {"timeout_ms": 200, "window": "auto", **options})
    driver = ModbusDriver.from_definition(definition)
    await driver.open()
    try:
        await driver.subscribe([TagSpec(offset, f"HR{offset}", 20) for offset in (0, 30, 60, 90)])
        yield driver
    finally:
        await driver.close()
        _KNOWN.pop(url, None)


@pytest.mark.parametrize("connections", [0, 1])
@pytest.mark.parametrize(
    ("device", "found"), [(_pymodbus, 1), (lambda: scripted_device(_counting), 16)], ids=["pymodbus", "scripted"]
)
async def test_that_the_trial_of_a_scanned_device_costs_no_sample(
    device: Callable[[], AsyncIterator[int]], found: int, connections: int
) -> None:
    async with device() as port, _scanning(port, max_connections=connections) as driver:  # type: ignore[attr-defined]
        traits = traits_of(f"modbus://127.0.0.1:{port}")
        blocks = []
        async with asyncio.timeout(10):
            while driver.diagnose().samples < 200 or driver._bus._trial is None or not driver._bus._trial.done():
                blocks.append(await driver.batches().get())
    block = concatenate(blocks)
    assert traits.window == found
    assert status.good_mask(block.status).all()
    assert block.value.tolist() == block.handle.tolist()
    assert driver.diagnose().failures == 0


async def test_that_a_device_that_drops_who_was_there_for_who_comes_is_tried_once_only() -> None:
    """Such a device loses the working connection to the trial, which must not happen again after the reconnection."""
    connections: set[str] = set()
    async with (
        scripted_device(_counting, connections=connections, is_exclusive=True) as port,
        _scanning(port) as driver,
    ):
        with pytest.raises(ConnectionLost, match="the device closed the connection"):
            await _taken(driver, 1_000_000)
        definition = ConnectionDefinition("c", "modbus", f"modbus://127.0.0.1:{port}", {"window": "auto"})
        again = ModbusDriver.from_definition(definition)
        await again.open()
        await again.subscribe([TagSpec(0, "HR0", 20)])
        await _taken(again, 10)
        assert again._bus.window == 1
        await again.close()
    assert len(connections) == 3


async def _taken(driver: ModbusDriver, samples: int) -> None:
    async with asyncio.timeout(10):
        while driver.diagnose().samples < samples:
            await driver.batches().get()


async def test_that_a_window_once_found_is_kept_over_connections() -> None:
    async with scripted_device(_counting) as port, _scanning(port):
        url = f"modbus://127.0.0.1:{port}"
        async with asyncio.timeout(10):
            while traits_of(url).window != 16:  # noqa: ASYNC110 - the trial raises no event
                await asyncio.sleep(0.01)
        definition = ConnectionDefinition("c", "modbus", url, {"window": "auto"})
        again = ModbusDriver.from_definition(definition)
        await again.open()
        await again.read([TagSpec(0, "HR0")])
        assert again._bus._trial is None
        assert again._bus._window.limit == 16
        await again.close()
