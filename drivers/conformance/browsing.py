"""Browsing: what a device offers, page by page."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest

from app.model import status
from drivers.conformance.device import PATIENCE_S, Device, DriverSubject, opened, specs
from drivers.driver import BadAddress, BrowseEntry, Driver, DriverError


class BrowsingContract(DriverSubject):
    """The part of the suite about browsing."""

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

    async def test_that_browsing_finds_what_can_be_read(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            found = await self.readable(driver)
            block = await driver.read([replace(tag, data_type=None) for tag in specs(found)])
        assert self.browsed(device) <= set(found)
        wanted = np.isin(found, list(self.browsed(device)))
        assert status.good_mask(block.status[wanted]).all()

    async def test_that_browsing_nowhere_is_refused(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            with pytest.raises(BadAddress, match=device.malformed):
                await driver.browse(device.malformed)

    async def test_that_pages_end_name_what_they_hold_and_repeat_nothing(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            below = [entry for entry in await self._all_of(driver, "", pages=1) if self.is_worth_opening(entry.address)]
            for entry in below:
                found = await self._all_of(driver, entry.address) if entry.has_children else []
                addresses = [each.address for each in found]
                assert len(addresses) == len(set(addresses))
                assert all(each.name and each.address for each in found)
                for each in found:
                    if each.is_readable:
                        driver.check_address(each.address)

    async def test_that_a_cursor_of_another_connection_does_no_harm(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            for cursor in (b"\xff", b"\0" * 4, b"\xff" * 16, b"nonsense"):
                async with asyncio.timeout(PATIENCE_S):
                    with suppress(DriverError):
                        await driver.browse("", cursor)
            block = await driver.read(specs(list(device.values)))
        assert status.good_mask(block.status).all()

    async def _all_of(self, driver: Driver, reference: str, *, pages: int = 0) -> list[BrowseEntry]:
        found: list[BrowseEntry] = []
        cursor = b""
        for number in range(1, 101):
            page = await driver.browse(reference, cursor)
            found += page.entries
            cursor = page.cursor
            if not cursor or number == pages:
                return found
        raise AssertionError(f"{reference}: 100 pages, and no end")
