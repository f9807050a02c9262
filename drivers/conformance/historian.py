"""What every driver must do whose device keeps a history: one suite, run against real servers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass

import numpy as np
import pytest

from app.model import clock, status
from app.model.block import Block, concatenate
from drivers.conformance.device import opened
from drivers.driver import ConnectionLost, Driver, TagSpec
from drivers.historian import Historian, HistoryEnd, historian_of


@dataclass(frozen=True)
class Past:
    """A device and what it has kept.

    `times`: int64 ns UTC, rising, of the samples of each of `addresses`; the value of row i of address k is i + k.
    `unkept`: an address that can be read, but of which nothing is kept. `missing`: one that is not there.
    """

    port: int
    times: Sequence[int]
    addresses: Sequence[str]
    unkept: str
    missing: str


async def past_of(
    driver: Driver, tags: Sequence[TagSpec], start: int, end: int, *, limit: int = 0
) -> tuple[Block, list[HistoryEnd]]:
    """Return all samples and how each tag ended."""
    blocks: list[Block] = []
    ends: list[HistoryEnd] = []
    async with aclosing(historian_of(driver, "device").history(tags, start, end, limit=limit)) as pages:
        async for page in pages:
            blocks.append(page.block)
            ends += page.ends
    return concatenate(blocks), ends


def of_tag(block: Block, handle: int) -> tuple[list[int], list[float]]:
    """Return times and values of one tag."""
    rows = block.handle == handle
    return block.time[rows].tolist(), block.value[rows].tolist()


class HistorianContract(ABC):
    """The suite; a subclass names the driver and gives the fixture `past`."""

    @abstractmethod
    def driver(self, port: int) -> Driver:
        """Return an unopened driver of the device on a port of this machine."""

    async def test_that_all_is_given_once_in_rising_time(self, past: Past) -> None:
        tags = [TagSpec(7 + row, address) for row, address in enumerate(past.addresses)]
        async with opened(self.driver(past.port)) as driver:
            assert isinstance(driver, Historian)
            block, ends = await past_of(driver, tags, past.times[0], past.times[-1] + 1)
        assert sorted((end.handle, end.status) for end in ends) == [(tag.handle, status.GOOD) for tag in tags]
        for row, tag in enumerate(tags):
            times, values = of_tag(block, tag.handle)
            assert times == list(past.times)
            assert values == [float(number + row) for number in range(len(past.times))]
        assert status.good_mask(block.status).all()
        assert (block.received >= block.time).all()

    async def test_that_the_start_belongs_to_the_stretch_and_the_end_does_not(self, past: Past) -> None:
        start, end = past.times[3], past.times[9]
        async with opened(self.driver(past.port)) as driver:
            block, _ = await past_of(driver, [TagSpec(0, past.addresses[0])], start, end)
        assert block.time.tolist() == list(past.times[3:9])

    async def test_that_a_limit_gives_the_earliest_and_says_that_there_is_more(self, past: Past) -> None:
        tags = [TagSpec(row, address) for row, address in enumerate(past.addresses)]
        async with opened(self.driver(past.port)) as driver:
            for limit in (1, 5, len(past.times) - 1):
                block, ends = await past_of(driver, tags, past.times[0], past.times[-1] + 1, limit=limit)
                assert [of_tag(block, tag.handle)[0] for tag in tags] == [list(past.times[:limit])] * len(tags)
                assert {end.status for end in ends} == {status.GOOD_MORE_DATA}

    async def test_that_a_stretch_without_samples_is_empty_and_good(self, past: Past) -> None:
        async with opened(self.driver(past.port)) as driver:
            block, ends = await past_of(
                driver, [TagSpec(0, past.addresses[0])], past.times[0] - 2 * clock.NS_PER_S, past.times[0]
            )
        assert len(block) == 0
        assert [end.status for end in ends] == [status.GOOD]

    async def test_that_tags_without_a_history_end_with_a_reason_and_hurt_nobody_else(self, past: Past) -> None:
        tags = [TagSpec(0, past.missing), TagSpec(1, past.addresses[0]), TagSpec(2, past.unkept)]
        async with opened(self.driver(past.port)) as driver:
            block, ends = await past_of(driver, tags, past.times[0], past.times[-1] + 1)
        found = {end.handle: end for end in ends}
        assert len(ends) == 3
        assert found[0].status >= status.BAD
        assert past.missing in found[0].reason
        assert found[2].status >= status.BAD
        assert past.unkept in found[2].reason
        assert set(block.handle.tolist()) == {1}
        assert len(block) == len(past.times)

    async def test_that_samples_are_scaled_as_live_ones(self, past: Past) -> None:
        async with opened(self.driver(past.port)) as driver:
            block, _ = await past_of(
                driver, [TagSpec(0, past.addresses[0], gain=0.5, offset=-1.0)], past.times[0], past.times[-1] + 1
            )
        assert np.array_equal(block.value, np.arange(len(past.times)) * 0.5 - 1.0)

    async def test_that_what_is_not_read_to_its_end_does_not_hold_up_the_next_reading(self, past: Past) -> None:
        tags = [TagSpec(0, past.addresses[0])]
        async with opened(self.driver(past.port)) as driver:
            for _ in range(30):  # more than a server has continuation points
                pages = historian_of(driver, "device").history(tags, past.times[0], past.times[-1] + 1)
                await anext(pages)
                await pages.aclose()
            block, _ = await past_of(driver, tags, past.times[0], past.times[-1] + 1)
        assert len(block) == len(past.times)

    async def test_that_the_history_of_a_closed_device_is_a_lost_connection(self, past: Past) -> None:
        driver = self.driver(past.port)
        with pytest.raises(ConnectionLost):
            await past_of(driver, [TagSpec(0, past.addresses[0])], past.times[0], past.times[-1])
