"""Writing: once, in order, and never an answer that says more than is known."""

from __future__ import annotations

import asyncio

import pytest

from app.model import clock, status
from app.model.exact import DataType
from drivers.conformance.device import FAR, PATIENCE_S, Device, DriverSubject, item, opened, until
from drivers.conformance.relay import relay_to
from drivers.driver import ConnectionLost, TagSpec, WriteItem, WriteResult


class WritingContract(DriverSubject):
    """The part of the suite about writes."""

    async def test_that_a_written_value_is_read_back(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            (result,) = await driver.write([WriteItem(device.writable, 42.0, FAR, gain=2.0)])
            block = await driver.read([TagSpec(0, device.writable, gain=2.0)])
        assert (result.address, result.status) == (device.writable, status.GOOD)
        assert block.value.tolist() == [42.0]

    async def test_that_writes_that_cannot_be_done_are_refused_one_by_one(self, device: Device) -> None:
        items = [
            WriteItem(device.writable, 1.0, clock.monotonic_ns() - 1),
            WriteItem(device.missing, 1.0, FAR),
            WriteItem(device.malformed, 1.0, FAR),
            WriteItem(device.unwritable, 1.0, FAR),
            WriteItem(device.writable, 7.0, FAR),
        ]
        async with opened(self.driver(device.port)) as driver:
            results = await driver.write(items)
            block = await driver.read([TagSpec(0, device.writable)])
        assert [result.address for result in results] == [item.address for item in items]
        assert [result.status for result in results[:3]] == [
            status.BAD_TIMEOUT,
            status.BAD_NODE_ID_UNKNOWN,
            status.BAD_NODE_ID_INVALID,
        ]
        assert results[3].status >= status.BAD
        assert all(result.address in result.reason for result in results[:4])
        assert results[4].status == status.GOOD
        assert [result.is_written for result in results] == [False, False, False, False, True]
        assert [result.is_sent for result in results if result.address == device.malformed] == [False]
        assert not results[0].is_sent
        assert all(result.is_answered for result in results)
        assert block.value.tolist() == [7.0]

    async def test_that_writes_of_one_call_are_sent_in_their_order(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            results = await driver.write([item(device.writable, float(value)) for value in (5, 3, 8)])
            block = await driver.read([TagSpec(0, device.writable)])
        assert [result.is_written for result in results] == [True, True, True]
        assert block.value.tolist() == [8.0]

    async def test_that_what_the_device_cannot_hold_is_refused_here_and_not_bent(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            await driver.write([item(device.writable, 6.0)])
            taken = None if device.taken is None else device.taken()
            results = await driver.write([item(device.writable, value) for value in device.unfit])
            block = await driver.read([TagSpec(0, device.writable)])
        assert len(results) == len(device.unfit)
        for result in results:
            assert result.status >= status.BAD
            assert device.writable in result.reason
            assert not result.is_sent
        assert block.value.tolist() == [6.0]
        assert device.taken is None or device.taken() == taken

    async def test_that_a_text_is_written_and_read_back(self, device: Device) -> None:
        if not device.writable_text:
            pytest.skip("this device has no text that can be written")
        async with opened(self.driver(device.port)) as driver:
            (result,) = await driver.write([item(device.writable_text, "Charge 7-ä")])
            block = await driver.read([TagSpec(0, device.writable_text, data_type=DataType.STRING)])
        assert result.is_written
        assert block.exact is not None
        assert block.exact.tolist() == ["Charge 7-ä"]

    async def test_that_a_write_nobody_answers_is_not_known_and_never_sent_again(self, device: Device) -> None:
        async with relay_to(device.port) as relay, opened(self.driver(relay.port)) as driver:
            await driver.write([item(device.writable, 1.0)])
            taken = None if device.taken is None else device.taken()
            relay.freeze()
            result: WriteResult | None = None
            async with asyncio.timeout(PATIENCE_S):
                try:
                    (result,) = await driver.write([item(device.writable, 2.0)])
                except ConnectionLost as error:
                    assert str(relay.port) in str(error)  # noqa: PT017 - either is right
            assert result is None or not result.is_written
            assert result is None or not result.is_answered or not result.is_sent
            relay.thaw()
        async with opened(self.driver(device.port)) as driver:
            await driver.write([item(device.writable, 3.0)])
            if device.taken is not None and taken is not None:
                await until(lambda: device.taken is not None and device.taken() > taken)
                assert device.taken() - taken <= 2

    async def test_that_a_write_that_waits_is_not_sent_once_it_has_expired(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            await driver.write([item(device.writable, 4.0)])
            late = WriteItem(device.writable, 9.0, clock.monotonic_ns() + 1)
            results = await driver.write([WriteItem(device.writable, 5.0, FAR), late])
            block = await driver.read([TagSpec(0, device.writable)])
        assert [result.is_written for result in results] == [True, False]
        assert results[1].status == status.BAD_TIMEOUT
        assert not results[1].is_sent
        assert block.value.tolist() == [5.0]
