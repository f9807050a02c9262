"""The search for devices: which addresses take connections, and who answers there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from app.acquisition.event_loop import run_drivers
from app.acquisition.host_scan import PORTS, USUAL_PORTS, OpenPort, open_ports
from app.acquisition.registry import definition_of, driver_class
from app.acquisition.search_range import SearchRange, ranges_of
from drivers.driver import DriverError
from drivers.probe import Introducing, Introduction
from widgets.engineering.devices import DeviceFound, OnStep, SearchEnd, SearchWish

log = logging.getLogger(__name__)

AT_ONCE = 8
"""So many devices are asked who they are at a time."""
LONGEST_S = 12.0
SEARCHED = 0.9
"""How much of a search is trying addresses; the rest is waiting for the last of those that are asked."""
_STRANGERS = ("modbus", "opc.tcp")
"""What is tried, in this order, at a port that no protocol is known for: most OPC UA servers hang up on Modbus at once,
while a Modbus device that hears OPC UA says nothing."""
_LOOK_S = 0.2

OnFound = Callable[[DeviceFound], None]


def search(wish: SearchWish, on_found: OnFound, on_step: OnStep) -> SearchEnd:
    """Search as wished; raise BadNetwork, or what `on_step` raises."""
    return run_drivers(_Search(wish, on_found, on_step).run())


class _Search:
    """One search; what it finds is told twice where it is also asked: when it is found, and when it is known."""

    def __init__(self, wish: SearchWish, on_found: OnFound, on_step: OnStep) -> None:
        self._wish = wish
        self._on_found = on_found
        self._on_step = on_step
        self._found: set[str] = set()
        self._there: dict[str, None] = {}
        self._strangers = 0
        self._asked: list[asyncio.Task[None]] = []
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> SearchEnd:
        ranges = ranges_of(self._wish.networks)
        try:
            for number, each in enumerate(ranges):
                await self._try(each, number, len(ranges))
            while any(not task.done() for task in self._asked):
                await asyncio.wait(self._asked, timeout=_LOOK_S)
                done = sum(task.done() for task in self._asked) / len(self._asked)
                self._step(SEARCHED + (1.0 - SEARCHED) * done)
            for task in self._asked:
                await task
        finally:
            for task in self._asked:
                task.cancel()
            await asyncio.gather(*self._asked, return_exceptions=True)
        self._step(1.0)
        silent = tuple(host for host in self._there if host not in self._found)
        return SearchEnd(len({host for each in ranges for host in each.hosts}), silent, self._strangers)

    async def _try(self, each: SearchRange, number: int, of: int) -> None:
        ports, further = (each.ports, ()) if each.ports else (tuple(PORTS), tuple(USUAL_PORTS))

        def tried(share: float) -> None:
            self._step(SEARCHED * (number + share) / of)

        def there(host: str) -> None:
            self._there[host] = None

        async for port in open_ports(each.hosts, ports=ports, further=further, on_share=tried, on_there=there):
            is_known = port.port in PORTS or port.port in USUAL_PORTS
            if is_known:
                self._tell(DeviceFound(port, is_asked=self._wish.is_asking))
            if self._wish.is_asking or not is_known:
                self._asked.append(asyncio.create_task(self._ask(port, is_known=is_known), name="introduction"))

    def _step(self, share: float) -> None:
        self._on_step(share, str(len(self._found)))

    def _tell(self, device: DeviceFound) -> None:
        self._found.add(device.port.host)
        self._on_found(device)

    async def _ask(self, port: OpenPort, *, is_known: bool) -> None:
        if is_known:
            who = await self._introduced(port.url)
            self._tell(DeviceFound(port, who, is_asked=False, is_silent=who is None))
            return
        for scheme in _STRANGERS:
            url = f"{scheme}://{port.url.partition('://')[2]}"
            who = await self._introduced(url)
            if who is not None and (who.units or not who.asked):
                self._tell(DeviceFound(replace(port, url=url), who))
                return
        self._strangers += 1

    async def _introduced(self, url: str) -> Introduction | None:
        """Return who answers at a URL, None where nobody does who speaks as it says."""
        try:
            definition = definition_of(url)
            driver = driver_class(definition.driver)
            if not isinstance(driver, Introducing):
                return Introduction()
            async with self._turns, asyncio.timeout(LONGEST_S):
                return await driver.introduce(definition)
        except (DriverError, TimeoutError) as reason:
            log.info("search.silent url=%s reason=%s", url, reason)
            return None
