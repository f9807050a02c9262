"""Units behind one gateway: the silent ones, the shared link, and whose turn it is, with the whole driver."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import numpy as np
import pytest

from app.model import clock, status
from app.model.block import Block, concatenate
from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost, TagSpec, WriteItem
from drivers.loopback import claim_port
from drivers.modbus.client import ModbusDriver
from tests.drivers.modbus.scripted_device import Answer, exception, frame, registers, scripted_device

FAR = 1 << 62
SCAN_MS = 20


@asynccontextmanager
async def _opened(port: int, **options: object) -> AsyncIterator[ModbusDriver]:
    definition = ConnectionDefinition("c", "modbus", f"modbus://127.0.0.1:{port}", {"timeout_ms": 100, **options})
    driver = ModbusDriver.from_definition(definition)
    await driver.open()
    try:
        yield driver
    finally:
        await driver.close()


def _silent(units: set[int]) -> Answer:
    """Return what a gateway answers behind which some units are switched off."""
    return lambda request: None if request[6] in units else registers(request, *_words(request))


def _words(request: bytes) -> range:
    start, count = struct.unpack_from(">HH", request, 8)
    return range(start, start + count)


async def _gather(driver: ModbusDriver, seconds: float) -> Block:
    blocks: list[Block] = []
    try:
        async with asyncio.timeout(seconds):
            while True:
                blocks.append(await driver.batches().get())
    except TimeoutError:
        return concatenate(blocks)


async def _take(driver: ModbusDriver, samples: int) -> Block:
    blocks: list[Block] = []
    async with asyncio.timeout(10):
        while sum(map(len, blocks)) < samples:
            blocks.append(await driver.batches().get())
    return concatenate(blocks)


async def test_that_healthy_units_keep_their_rate_behind_a_gateway_with_a_silent_one() -> None:
    healthy = [TagSpec(unit, f"{unit}/HR0", SCAN_MS) for unit in (1, 3)]
    options = {"demote_after": 3, "demote_s": 1, "retries": 0}
    async with (
        scripted_device(_silent({2})) as troubled_port,
        scripted_device(_silent({2})) as sound_port,
        _opened(troubled_port, **options) as troubled,
        _opened(sound_port, **options) as sound,
    ):
        await sound.subscribe(healthy)
        await troubled.subscribe([*healthy, TagSpec(2, "2/HR0", SCAN_MS)])
        async with asyncio.timeout(10):
            while not troubled._bus.units.left_alone:
                await troubled.batches().get()
        await _gather(sound, 0.0)
        ours, theirs = await asyncio.gather(_gather(troubled, 4.0), _gather(sound, 4.0))
    good = status.good_mask(ours.status)
    assert set(ours.handle[good].tolist()) == {1, 3}
    assert set(ours.status[~good].tolist()) == {status.BAD_OUT_OF_SERVICE}
    for unit in (1, 3):
        assert (ours.handle == unit).sum() >= 0.95 * (theirs.handle == unit).sum()


async def test_that_a_silent_unit_delays_others_by_one_time_out_at_most() -> None:
    async with scripted_device(_silent({2})) as port, _opened(port, timeout_ms=200, retries=2) as driver:
        await driver.subscribe([TagSpec(unit, f"{unit}/HR0", SCAN_MS) for unit in (1, 2)])
        async with asyncio.timeout(10):
            blocks: list[Block] = []
            while not driver._bus.units.left_alone:
                blocks.append(await driver.batches().get())
    block = concatenate(blocks)
    received = np.sort(block.received[block.handle == 1])
    assert len(received) >= 3
    assert np.diff(received).max() < 2 * 200 * clock.NS_PER_MS


async def test_that_a_unit_that_is_back_is_read_again() -> None:
    silent = {2}
    async with (
        scripted_device(_silent(silent)) as port,
        _opened(port, demote_after=1, demote_s=1, retries=0) as driver,
    ):
        await driver.subscribe([TagSpec(unit, f"{unit}/HR5", SCAN_MS) for unit in (1, 2)])
        async with asyncio.timeout(10):
            while not driver._bus.units.left_alone:
                await driver.batches().get()
            silent.clear()
            while driver._bus.units.left_alone:
                await driver.batches().get()
        block = await _take(driver, 20)
    assert status.good_mask(block.status[-4:]).all()
    assert block.value[-4:].tolist() == [5.0] * 4


async def test_that_a_unit_that_the_gateway_says_is_absent_is_left_alone_without_losing_the_link() -> None:
    def answer(request: bytes) -> bytes:
        return exception(request, 11) if request[6] == 2 else registers(request, 7)

    async with scripted_device(answer) as port, _opened(port, demote_after=2) as driver:
        await driver.subscribe([TagSpec(unit, f"{unit}/HR0", SCAN_MS) for unit in (1, 2)])
        block = await _take(driver, 40)
        requests = driver.diagnose().requests
    assert set(block.status[block.handle == 2].tolist()) == {status.BAD_NO_COMMUNICATION}
    assert status.good_mask(block.status[block.handle == 1]).all()
    assert requests <= (block.handle == 1).sum() + 2 + 4


async def test_that_connections_share_the_only_link_that_a_device_bears() -> None:
    units: set[int] = set()
    addresses: set[str] = set()

    def answer(request: bytes) -> bytes:
        units.add(request[6])
        return registers(request, *_words(request))

    async with scripted_device(answer, connections=addresses) as port:
        async with _opened(port, max_connections=1) as first, _opened(port, max_connections=1) as second:
            await first.subscribe([TagSpec(0, "1/HR3", SCAN_MS)])
            await second.subscribe([TagSpec(0, "2/HR4", SCAN_MS)])
            assert (await _take(first, 3)).value.tolist() == [3.0] * 3
            await first.close()
            with pytest.raises(ConnectionLost):
                await first.read([TagSpec(0, "HR0")])
            assert (await _take(second, 10)).value[-1] == 4.0
        async with _opened(port, max_connections=1) as third:
            assert (await third.read([TagSpec(0, "HR9")])).value.tolist() == [9.0]
    assert units == {1, 2}
    assert len(addresses) == 2


async def test_that_all_that_share_a_link_are_told_of_its_loss() -> None:
    async with (
        scripted_device(lambda request: b"") as port,
        _opened(port, max_connections=1) as first,
        _opened(port, max_connections=1) as second,
    ):
        await first.subscribe([TagSpec(0, "HR0", SCAN_MS)])
        for driver in (first, second):
            with pytest.raises(ConnectionLost, match="the device closed the connection"):
                await asyncio.wait_for(driver.batches().get(), 5)


async def test_that_who_waits_for_a_shared_link_tries_anew_where_another_failed() -> None:
    port = claim_port("127.0.0.1", 0)
    url = f"modbus://127.0.0.1:{port}"
    settings: dict[str, object] = {"max_connections": 1, "connect_timeout_ms": 1_000}
    first, second = (ModbusDriver.from_definition(ConnectionDefinition(c, "modbus", url, settings)) for c in "ab")
    for outcome in await asyncio.gather(first.open(), second.open(), return_exceptions=True):
        assert isinstance(outcome, ConnectionLost)
    async with scripted_device(_silent(set()), port=port), _opened(port, **settings) as third:
        assert (await third.read([TagSpec(0, "HR3")])).value.tolist() == [3.0]
    for driver in (first, second):
        await driver.close()


async def test_that_a_write_goes_before_scans_that_wait() -> None:
    order: list[int] = []

    def answer(request: bytes) -> bytes:
        order.append(request[7])
        return frame(request, request[7:12]) if request[7] == 6 else registers(request, *_words(request))

    tags = [TagSpec(row, f"HR{row * 100}", 10_000) for row in range(50)]
    async with scripted_device(answer) as port, _opened(port, min_gap_ms=2) as driver:
        await driver.subscribe(tags)
        await _take(driver, 5)
        (result,) = await driver.write([WriteItem("HR7", 1.0, FAR)])
        await _take(driver, 40)
    assert result.status == status.GOOD
    assert order.index(6) < 25
