"""Reading: one sample per tag, in their order, exact, whatever else is asked for meanwhile."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from app.model import clock, status
from app.model.exact import DataType
from drivers.conformance.device import PATIENCE_S, SCAN_MS, Device, DriverSubject, has_all, item, opened, specs, take
from drivers.driver import TagSpec

MANY = 1_200


class ReadingContract(DriverSubject):
    """The part of the suite about reading once, and about values that a float64 cannot hold."""

    async def test_that_reading_gives_one_sample_per_tag_in_their_order(self, device: Device) -> None:
        addresses = [*device.values, device.missing, device.malformed][::-1]
        before = clock.now_ns()
        async with opened(self.driver(device.port)) as driver:
            block = await driver.read(specs(addresses, first=10))
        assert block.handle.tolist() == list(range(10, 10 + len(addresses)))
        assert block.value[2:].tolist() == pytest.approx(list(device.values.values())[::-1])
        assert status.good_mask(block.status).tolist() == [False, False] + [True] * len(device.values)
        assert block.status[0] == status.BAD_NODE_ID_INVALID
        assert block.status[1] == status.BAD_NODE_ID_UNKNOWN
        assert np.isnan(block.value[:2]).all()
        assert ((before <= block.received) & (block.received <= clock.now_ns())).all()

    async def test_that_nothing_to_read_is_an_empty_block(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            assert len(await driver.read([])) == 0
            assert await driver.subscribe([]) == []
            assert await driver.write([]) == []

    async def test_that_many_tags_are_read_at_once_also_of_the_same_address(self, device: Device) -> None:
        held = list(device.values.items()) * (MANY // len(device.values))
        wanted = [TagSpec((1 << 32) - 1 - row, address) for row, (address, _) in enumerate(held)]
        async with opened(self.driver(device.port)) as driver:
            block = await driver.read(wanted)
        assert block.handle.tolist() == [tag.handle for tag in wanted]
        assert block.value.tolist() == pytest.approx([value for _, value in held])

    async def test_that_what_is_asked_for_at_the_same_time_is_answered_each(self, device: Device) -> None:
        held = list(device.values.items())
        async with opened(self.driver(device.port)) as driver:
            await driver.subscribe(specs(list(device.values), first=100))
            reads = [driver.read([TagSpec(turn, held[turn % len(held)][0])]) for turn in range(20)]
            writes = [driver.write([item(device.writable, float(value))]) for value in range(3)]
            async with asyncio.timeout(PATIENCE_S):
                blocks, results = await asyncio.gather(asyncio.gather(*reads), asyncio.gather(*writes))
        assert [block.handle.tolist() for block in blocks] == [[turn] for turn in range(20)]
        wanted = [held[turn % len(held)][1] for turn in range(20)]
        assert [float(block.value[0]) for block in blocks] == pytest.approx(wanted)
        assert [result.is_answered for (result,) in results] == [True] * 3

    async def test_that_a_read_that_is_given_up_harms_no_later_one(self, device: Device) -> None:
        held = list(device.values.items())
        async with opened(self.driver(device.port)) as driver:
            for turn in range(12):
                given_up = asyncio.ensure_future(driver.read(specs([address for address, _ in held[1:]])))  # noqa: RUF006 - it is kept
                for _ in range(turn):
                    await asyncio.sleep(0)
                given_up.cancel()
                await asyncio.gather(given_up, return_exceptions=True)
                block = await driver.read(specs([held[0][0]]))
                assert block.value.tolist() == pytest.approx([held[0][1]])

    async def test_that_what_a_float64_cannot_hold_is_read_exactly(self, device: Device) -> None:
        held = self._exact(device)
        async with opened(self.driver(device.port)) as driver:
            typed = await driver.read(held)
            free = await driver.read([TagSpec(tag.handle, tag.address, data_type=None) for tag in held])
            plain = await driver.read([TagSpec(tag.handle, tag.address) for tag in held])
        wanted = list(device.exact.values())
        assert typed.exact is not None
        assert free.exact is not None
        assert typed.exact.tolist() == free.exact.tolist() == wanted
        assert status.good_mask(typed.status).all()
        for row, value in enumerate(wanted):
            if isinstance(value, str):
                assert plain.status[row] == status.BAD_TYPE_MISMATCH
                assert np.isnan(plain.value[row])
                assert np.isnan(typed.value[row])
            else:
                assert plain.value[row] == typed.value[row] == float(value)

    async def test_that_what_a_float64_cannot_hold_is_delivered_exactly(self, device: Device) -> None:
        held = self._exact(device)
        async with opened(self.driver(device.port)) as driver:
            await driver.subscribe([*held, TagSpec(len(held), next(iter(device.values)), SCAN_MS)])
            block = await take(driver, has_all(set(range(len(held) + 1))))
        assert block.exact is not None
        for tag, value in zip(held, device.exact.values(), strict=True):
            assert set(block.exact[block.handle == tag.handle].tolist()) == {value}
        assert set(block.exact[block.handle == len(held)].tolist()) == {None}

    def _exact(self, device: Device) -> list[TagSpec]:
        if not device.exact:
            pytest.skip("this device holds nothing that a float64 cannot hold")
        types = [DataType.STRING if isinstance(value, str) else DataType.INT64 for value in device.exact.values()]
        return [
            TagSpec(row, address, SCAN_MS, data_type=data_type)
            for row, (address, data_type) in enumerate(zip(device.exact, types, strict=True))
        ]
