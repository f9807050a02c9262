"""What every driver must do, whatever its protocol: one suite, run by each driver against a real server."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import numpy as np
import pytest

from app.model import clock, status
from app.model.block import Block, concatenate
from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress, ConnectionLost, Driver, TagSpec, WriteItem
from tests.conformance.relay import relay_to

FAR = 1 << 62
SCAN_MS = 50


@dataclass(frozen=True)
class Device:
    """A server that a driver is tried on.

    `values`: readable addresses and what they hold. `writable`: one more address. `unwritable`, `missing` (in the
    grammar, but not in the server) and `malformed` (not in the grammar) are for what must be refused.
    """

    port: int
    values: Mapping[str, float]
    writable: str
    unwritable: str
    missing: str
    malformed: str
    publish: Callable[[Mapping[str, float]], None]


@asynccontextmanager
async def opened(driver: Driver) -> AsyncIterator[Driver]:
    """Open a driver and close it in any case."""
    try:
        async with asyncio.timeout(10):
            await driver.open()
        yield driver
    finally:
        await driver.close()


async def take(driver: Driver, is_enough: Callable[[Block], bool], *, timeout_s: float = 10.0) -> Block:
    """Return all that is delivered until it is enough."""
    blocks: list[Block] = []
    async with asyncio.timeout(timeout_s):
        while not blocks or not is_enough(concatenate(blocks)):
            blocks.append(await driver.batches().get())
    return concatenate(blocks)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for what neither a driver nor a server tells."""
    async with asyncio.timeout(5):
        while not is_so():  # noqa: ASYNC110 - tasks and counters raise no event
            await asyncio.sleep(0.01)


def specs(addresses: list[str], first: int = 0) -> list[TagSpec]:
    """Return tags of the addresses with handles from `first` on."""
    return [TagSpec(first + row, address, SCAN_MS) for row, address in enumerate(addresses)]


def has_all(handles: set[int]) -> Callable[[Block], bool]:
    """Return whether a Block holds a sample of each handle."""
    return lambda block: handles <= set(block.handle.tolist())


class DriverContract(ABC):
    """The suite; a subclass names the driver and gives the fixture `device`."""

    @abstractmethod
    def definition(self, port: int) -> ConnectionDefinition:
        """Return a connection to a server on this port of this machine, with short time-outs."""

    @abstractmethod
    def make(self, definition: ConnectionDefinition) -> Driver:
        """Return an unopened driver."""

    def driver(self, port: int) -> Driver:
        return self.make(self.definition(port))

    async def test_that_reading_gives_one_sample_per_tag_in_their_order(self, device: Device) -> None:
        addresses = [*device.values, device.missing, device.malformed][::-1]
        async with opened(self.driver(device.port)) as driver:
            block = await driver.read(specs(addresses, first=10))
        assert block.handle.tolist() == list(range(10, 10 + len(addresses)))
        assert block.value[2:].tolist() == pytest.approx(list(device.values.values())[::-1])
        assert status.good_mask(block.status).tolist() == [False, False] + [True] * len(device.values)
        assert block.status[0] == status.BAD_NODE_ID_INVALID
        assert block.status[1] == status.BAD_NODE_ID_UNKNOWN
        assert np.isnan(block.value[:2]).all()

    async def test_that_addresses_are_checked_without_a_device(self, device: Device) -> None:
        driver = self.driver(device.port)
        for address in (*device.values, device.writable, device.unwritable, device.missing):
            driver.check_address(address)
        with pytest.raises(BadAddress, match="write"):
            driver.check_address(device.malformed)

    async def test_that_nothing_to_read_is_an_empty_block(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            assert len(await driver.read([])) == 0
            assert await driver.subscribe([]) == []
            assert await driver.write([]) == []

    async def test_that_a_bad_address_among_good_ones_hurts_nobody_else(self, device: Device) -> None:
        addresses = [device.malformed, *device.values, device.missing]
        async with opened(self.driver(device.port)) as driver:
            results = await driver.subscribe(specs(addresses))
            assert [result.handle for result in results] == list(range(len(addresses)))
            refused = [result for result in results if result.status >= status.BAD]
            assert device.malformed in refused[0].reason
            delivered = set(range(len(addresses))) - {result.handle for result in refused}
            block = await take(driver, has_all(delivered))
        assert set(range(1, len(addresses) - 1)) <= delivered
        for row, value in enumerate(device.values.values(), start=1):
            assert block.value[block.handle == row].tolist() == pytest.approx(
                [value] * int((block.handle == row).sum())
            )
        lost = block.handle == len(addresses) - 1
        assert status.good_mask(block.status[~lost]).all()
        assert set(block.status[lost].tolist()) <= {status.BAD_NODE_ID_UNKNOWN}
        assert np.isnan(block.value[lost]).all()

    async def test_that_samples_carry_the_time_of_their_value_and_of_receipt(self, device: Device) -> None:
        before = clock.now_ns()
        async with opened(self.driver(device.port)) as driver:
            await driver.subscribe(specs(list(device.values)))
            device.publish(device.values)
            block = await take(driver, has_all(set(range(len(device.values)))))
        after = clock.now_ns()
        assert ((before - 60 * clock.NS_PER_S <= block.time) & (block.time <= block.received)).all()
        assert ((before <= block.received) & (block.received <= after)).all()

    async def test_that_changes_arrive_scaled(self, device: Device) -> None:
        address, value = next(iter(device.values.items()))
        async with opened(self.driver(device.port)) as driver:
            await driver.subscribe([TagSpec(3, address, SCAN_MS, gain=0.5, offset=-1.0)])
            await take(driver, lambda block: block.value[-1] == value * 0.5 - 1.0)
            device.publish({address: value + 10.0})
            await take(driver, lambda block: block.value[-1] == (value + 10.0) * 0.5 - 1.0)
            read = await driver.read([TagSpec(4, address, gain=0.5, offset=-1.0)])
        assert read.value.tolist() == [(value + 10.0) * 0.5 - 1.0]

    async def test_that_a_tag_no_longer_wanted_comes_no_more(self, device: Device) -> None:
        first, second = list(device.values)[:2]
        async with opened(self.driver(device.port)) as driver:
            await driver.subscribe([TagSpec(0, first, SCAN_MS)])
            await take(driver, has_all({0}))
            await driver.unsubscribe([0, 99])
            await driver.subscribe([TagSpec(1, second, SCAN_MS)])
            await take(driver, has_all({1}))
            device.publish(device.values)
            after = await take(driver, has_all({1}))
        assert set(after.handle.tolist()) == {1}

    async def test_that_a_tag_may_be_subscribed_again_elsewhere(self, device: Device) -> None:
        (first, _), (second, value) = list(device.values.items())[:2]
        async with opened(self.driver(device.port)) as driver:
            await driver.subscribe([TagSpec(0, first, SCAN_MS)])
            await driver.subscribe([TagSpec(0, second, SCAN_MS * 2)])
            device.publish(device.values)
            await take(driver, lambda block: block.value[-1] == value)

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
        assert not results[0].is_sent
        assert all(result.is_answered for result in results)
        assert block.value.tolist() == [7.0]

    async def test_that_browsing_finds_what_can_be_read(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            found = await self.readable(driver)
            block = await driver.read(specs(found))
        assert self.browsed(device) <= set(found)
        wanted = np.isin(found, list(self.browsed(device)))
        assert status.good_mask(block.status[wanted]).all()

    @abstractmethod
    def browsed(self, device: Device) -> set[str]:
        """Return the addresses of the device as browsing writes them."""

    @abstractmethod
    def is_worth_opening(self, address: str) -> bool:
        """Return whether browsing should look below an address, to keep the suite short."""

    async def readable(self, driver: Driver) -> list[str]:
        found, waiting = [], [""]
        while waiting:
            reference, cursor = waiting.pop(), b""
            for _ in range(4):
                page = await driver.browse(reference, cursor)
                found += [entry.address for entry in page.entries if entry.is_readable]
                waiting += [e.address for e in page.entries if e.has_children and self.is_worth_opening(e.address)]
                cursor = page.cursor
                if not cursor:
                    break
        return found

    async def test_that_browsing_nowhere_is_refused(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            with pytest.raises(BadAddress, match=device.malformed):
                await driver.browse(device.malformed)

    async def test_that_a_lost_connection_is_told_after_what_came_before_it(self, device: Device) -> None:
        async with relay_to(device.port) as relay, opened(self.driver(relay.port)) as driver:
            await driver.subscribe(specs(list(device.values)))
            await take(driver, has_all(set(range(len(device.values)))))
            device.publish(device.values)
            await until(lambda: driver.diagnose().samples > len(device.values))
            relay.cut()
            began = clock.monotonic_ns()
            with pytest.raises(ConnectionLost, match=str(relay.port)):
                await take(driver, lambda block: False)
            assert clock.monotonic_ns() - began < clock.NS_PER_S
            with pytest.raises(ConnectionLost):
                await driver.read(specs(list(device.values)))

    async def test_that_what_was_delivered_before_a_loss_is_not_lost_with_it(self, device: Device) -> None:
        async with relay_to(device.port) as relay, opened(self.driver(relay.port)) as driver:
            await driver.subscribe(specs(list(device.values)))
            await until(lambda: driver.diagnose().samples >= len(device.values))
            relay.cut()
            await asyncio.sleep(0.1)
            block = await driver.batches().get()
            assert has_all(set(range(len(device.values))))(block)
            with pytest.raises(ConnectionLost):
                await take(driver, lambda block: False)

    async def test_that_a_server_that_hangs_is_noticed_and_let_go_of_in_time(self, device: Device) -> None:
        async with relay_to(device.port) as relay, opened(self.driver(relay.port)) as driver:
            await driver.subscribe(specs(list(device.values)))
            await take(driver, has_all(set(range(len(device.values)))))
            relay.freeze()
            began = clock.monotonic_ns()
            with pytest.raises(ConnectionLost, match=str(relay.port)):
                await take(driver, lambda block: False)
            noticed = clock.monotonic_ns()
            assert noticed - began < 2.3 * clock.NS_PER_S
            await driver.close()
            assert clock.monotonic_ns() - noticed < clock.NS_PER_S

    async def test_that_closing_does_not_wait_for_a_server_that_hangs(self, device: Device) -> None:
        async with relay_to(device.port) as relay, opened(self.driver(relay.port)) as driver:
            await driver.subscribe(specs(list(device.values)))
            await take(driver, has_all(set(range(len(device.values)))))
            relay.freeze()
            began = clock.monotonic_ns()
            await driver.close()
            assert clock.monotonic_ns() - began < 2 * clock.NS_PER_S

    async def test_that_an_address_where_nothing_listens_is_named(self) -> None:
        async with relay_to(0) as relay:
            port = relay.port
        began = clock.monotonic_ns()
        with pytest.raises(ConnectionLost, match=rf"127\.0\.0\.1:{port}: nothing listens there: check"):
            async with opened(self.driver(port)):
                pass
        assert clock.monotonic_ns() - began < 2 * clock.NS_PER_S

    async def test_that_a_driver_leaves_no_task_and_no_thread_behind(self, device: Device) -> None:
        tasks, threads = asyncio.all_tasks(), threading.active_count()
        for _ in range(2):
            async with opened(self.driver(device.port)) as driver:
                await driver.subscribe(specs(list(device.values)))
                await take(driver, has_all({0}))
                await driver.close()
        await until(lambda: asyncio.all_tasks() <= tasks)
        assert threading.active_count() <= threads

    async def test_that_a_closed_driver_says_so(self, device: Device) -> None:
        driver = self.driver(device.port)
        await driver.close()
        with pytest.raises(ConnectionLost):
            await driver.read(specs(list(device.values)))
        async with opened(self.driver(device.port)) as driver:
            await driver.subscribe(specs(list(device.values)))
            await take(driver, has_all({0}))
        with pytest.raises(ConnectionLost, match="closed"):
            await take(driver, lambda block: False)

    async def test_that_an_option_that_is_not_known_is_named(self) -> None:
        known = self.definition(1)
        options = {**known.options, "colour": "red"}
        with pytest.raises(BadAddress, match='unknown option "colour"'):
            self.make(ConnectionDefinition(known.id, known.driver, known.url, options))
