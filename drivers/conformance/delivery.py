"""Delivery: every subscribed tag comes, scaled, in time and from a queue that has bounds."""

from __future__ import annotations

import asyncio
import dataclasses

import numpy as np
import pytest

from app.model import clock, status
from drivers.block_queue import BlockQueue
from drivers.conformance.device import PATIENCE_S, SCAN_MS, Device, DriverSubject, has_all, opened, specs, take, until
from drivers.driver import TagSpec

MANY = 600


class DeliveryContract(DriverSubject):
    """The part of the suite about subscribing."""

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

    async def test_that_of_many_tags_none_misses_its_first_value(self, device: Device) -> None:
        held = list(device.values.items()) * (MANY // len(device.values))
        async with opened(self.driver(device.port)) as driver:
            results = await driver.subscribe(specs([address for address, _ in held]))
            block = await take(driver, has_all(set(range(len(held)))))
        assert [result.handle for result in results] == list(range(len(held)))
        assert all(result.status < status.BAD for result in results)
        first = np.unique(block.handle, return_index=True)[1]
        assert block.value[first].tolist() == pytest.approx([value for _, value in held])

    async def test_that_a_tag_comes_anew_where_it_is_subscribed_anew(self, device: Device) -> None:
        tags = specs(list(device.values))
        async with opened(self.driver(device.port)) as driver:
            for _ in range(3):
                await driver.subscribe(tags)
                await take(driver, has_all(set(range(len(tags)))))
                await driver.unsubscribe(range(len(tags)))

    async def test_that_a_queue_nobody_takes_from_keeps_the_newest_and_says_what_it_left_out(
        self, device: Device
    ) -> None:
        tags = specs(list(device.values))
        address, value = next(iter(device.values.items()))
        async with opened(self.driver(device.port)) as driver:
            queue = driver.batches()
            assert isinstance(queue, BlockQueue)
            assert driver.batches() is queue
            queue.limit = 2 * len(tags)
            await driver.subscribe(tags)
            async with asyncio.timeout(PATIENCE_S):
                while driver.diagnose().coalesced < 10:
                    device.publish(device.values)
                    await asyncio.sleep(SCAN_MS / 1000)
            device.publish({address: value + 3.0})
            seen = driver.diagnose().samples
            await until(lambda: driver.diagnose().samples >= seen + 2 * len(tags) or not driver.diagnose().is_cyclic)
            block = await take(driver, lambda block: block.value[block.handle == 0][-1] == value + 3.0)
            diagnostics = driver.diagnose()
        assert has_all(set(range(len(tags))))(block)
        assert (block.status & status.OVERFLOW == status.OVERFLOW).any()
        assert status.good_mask(block.status).all()
        assert diagnostics.coalesced >= 10
        assert diagnostics.coalesced + len(block) <= diagnostics.samples

    async def test_that_what_is_cyclic_gives_a_sample_each_scan_without_a_change(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            if not driver.diagnose().is_cyclic:
                pytest.skip("this driver delivers changes")
            await driver.subscribe([*specs(list(device.values)), TagSpec(99, device.missing, SCAN_MS)])
            block = await take(driver, lambda block: int((block.handle == 99).sum()) >= 5)
        counts = np.unique(block.handle, return_counts=True)[1]
        assert counts.min() >= 4
        times = block.time[block.handle == 0]
        assert (np.diff(times) > 0).all()

    async def test_that_what_it_counts_is_what_was_done(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            before = driver.diagnose()
            await driver.subscribe(specs(list(device.values)))
            block = await take(driver, has_all(set(range(len(device.values)))))
            await driver.read(specs(list(device.values)))
            after = driver.diagnose()
        assert dataclasses.replace(before, requests=0, round_trip_ms=0.0, notes=(), clock_ahead_s=0.0) == (
            dataclasses.replace(before, requests=0, round_trip_ms=0.0, notes=(), clock_ahead_s=0.0, samples=0)
        )
        assert after.samples >= len(block)
        assert after.requests > before.requests
        assert after.coalesced == 0
        assert np.isnan(after.round_trip_ms) or 0 <= after.round_trip_ms < 10_000
