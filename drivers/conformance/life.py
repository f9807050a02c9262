"""Life: a driver is opened and closed, as often as one likes, at any moment, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from drivers.conformance.device import (
    PATIENCE_S,
    Device,
    DriverSubject,
    files_open,
    has_all,
    never,
    opened,
    specs,
    take,
    until,
)
from drivers.conformance.relay import relay_to
from drivers.conformance.turn_clock import turn_clock
from drivers.driver import ConnectionLost

ROUNDS = 6


class LifeContract(DriverSubject):
    """The part of the suite about opening, closing and giving up."""

    async def test_that_a_driver_leaves_no_task_and_no_thread_behind(self, device: Device) -> None:
        async with self._leaving_nothing():
            for _ in range(2):
                async with opened(self.driver(device.port)) as driver:
                    await driver.subscribe(specs(list(device.values)))
                    await take(driver, has_all({0}))
                    await driver.close()

    async def test_that_a_closed_driver_says_so(self, device: Device) -> None:
        driver = self.driver(device.port)
        await driver.close()
        with pytest.raises(ConnectionLost):
            await driver.read(specs(list(device.values)))
        async with opened(self.driver(device.port)) as driver:
            await driver.subscribe(specs(list(device.values)))
            await take(driver, has_all({0}))
        with pytest.raises(ConnectionLost, match="closed"):
            await take(driver, never)

    async def test_that_a_driver_may_be_closed_at_any_moment_and_twice(self, device: Device) -> None:
        driver = self.driver(device.port)
        await driver.close()
        await driver.close()
        async with opened(self.driver(device.port)) as driver:
            asked = [asyncio.ensure_future(driver.read(specs(list(device.values)))) for _ in range(3)]
            await asyncio.sleep(0)
            with turn_clock() as waited:
                await asyncio.gather(driver.close(), driver.close())
            assert waited.seconds < 2.0
            async with asyncio.timeout(PATIENCE_S):
                answers = await asyncio.gather(*asked, return_exceptions=True)
        for answer in answers:
            assert not isinstance(answer, Exception) or isinstance(answer, ConnectionLost), repr(answer)

    async def test_that_opening_may_be_given_up_at_any_moment(self, device: Device) -> None:
        async with self._leaving_nothing():
            for turn in (0, 1, 2, 4, 8, 16, 32):
                driver = self.driver(device.port)
                opening = asyncio.ensure_future(driver.open())
                for _ in range(turn):
                    await asyncio.sleep(0)
                opening.cancel()
                await asyncio.gather(opening, return_exceptions=True)
                await driver.close()

    async def test_that_opening_a_server_that_says_nothing_ends_in_time(self, device: Device) -> None:
        async with relay_to(device.port) as relay:
            relay.freeze()
            async with self._leaving_nothing():
                driver = self.driver(relay.port)
                with turn_clock() as waited:
                    with suppress(ConnectionLost):  # a protocol without a greeting is open before it knows
                        async with asyncio.timeout(PATIENCE_S):
                            await driver.open()
                    await driver.close()
                assert waited.seconds < 6.0
                relay.thaw()

    async def test_that_opening_and_closing_again_and_again_leaves_nothing_behind(self, device: Device) -> None:
        tags = specs(list(device.values))
        async with opened(self.driver(device.port)) as driver:
            await driver.read(tags)  # what is made once for all stays
        async with self._leaving_nothing():
            for _ in range(ROUNDS):
                async with opened(self.driver(device.port)) as driver:
                    await driver.subscribe(tags)
                    await take(driver, has_all({0}))

    async def test_that_losing_a_link_again_and_again_leaves_nothing_behind(self, device: Device) -> None:
        tags = specs(list(device.values))
        async with relay_to(device.port) as relay, self._leaving_nothing():
            for _ in range(ROUNDS):
                async with opened(self.driver(relay.port)) as driver:
                    await driver.subscribe(tags)
                    await take(driver, has_all({0}))
                    relay.cut()
                    with pytest.raises(ConnectionLost):
                        await take(driver, never)

    async def test_that_failing_to_open_again_and_again_leaves_nothing_behind(self) -> None:
        async with relay_to(0) as relay:
            port = relay.port
        async with self._leaving_nothing():
            for _ in range(ROUNDS):
                driver = self.driver(port)
                with pytest.raises(ConnectionLost):
                    await driver.open()
                await driver.close()

    @asynccontextmanager
    async def _leaving_nothing(self) -> AsyncIterator[None]:
        """Check that tasks, threads, files and sockets are as many afterwards as before."""
        await asyncio.sleep(0.05)  # what the test before has left may still be going
        before, files = self._running(), files_open()
        yield
        with suppress(TimeoutError):
            await until(lambda: self._running() <= before and files_open() <= files)
        assert self._running() - before == set()
        assert files_open() <= files

    def _running(self) -> set[asyncio.Task[Any] | threading.Thread]:
        """Return tasks and threads, but those of a server, and of the event loop's pool, which wait for more work."""
        running: list[asyncio.Task[Any] | threading.Thread] = [*asyncio.all_tasks()]
        running += [thread for thread in threading.enumerate() if not thread.name.startswith("asyncio_")]
        return {each for each in running if not self.is_of_server(each)}
