"""A bus: the units behind one link, asked one request at a time, each in its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from drivers.driver import ConnectionLost
from drivers.modbus.address import Table
from drivers.modbus.link import Link
from drivers.modbus.links import link_to
from drivers.modbus.pdu import WordArray, check_answer, read_request, words_of
from drivers.modbus.settings import ModbusSettings


class Bus:
    """The units behind one link."""

    def __init__(self, settings: ModbusSettings, on_lost: Callable[[str], None]) -> None:
        """Prepare a bus that calls `on_lost(reason)` once, unless it is closed from this side."""
        self._settings = settings
        self._link: Link = link_to(settings, on_lost)
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        """Connect and let the device settle; raise ConnectionLost with a reason and a remedy."""
        await self._link.open()
        await asyncio.sleep(self._settings.settle_ms / 1000)

    def close(self) -> None:
        """Let go at once; requests in flight end with ConnectionLost."""
        self._link.close()

    @property
    def is_open(self) -> bool:
        """Return whether requests can be sent."""
        return self._link.is_open

    @property
    def late(self) -> int:
        """Return how many answers came after their time."""
        return self._link.late

    async def read(self, unit: int, table: Table, start: int, count: int) -> WordArray:
        """Return registers, or bits as 0 and 1: uint16, shape (count,); raise NoAnswer, BadAnswer, ExceptionAnswer."""
        answer = await self.request(unit, read_request(table, start, count))
        return words_of(answer, table, start, count)

    async def request(self, unit: int, request: bytes, *, is_due: Callable[[], bool] = lambda: True) -> bytes:
        """Send a request's PDU and return the answer's, once all before it are answered.

        Raise NoAnswer, ExceptionAnswer, ConnectionLost, BadAnswer, and TimeoutError where `is_due` is not true any
        more when its turn comes.
        """
        async with self._turn:
            if not is_due():
                raise TimeoutError
            if not self._link.is_open:
                raise ConnectionLost(f"{self._settings.url}: not connected")
            try:
                answer = await self._link.request(unit, request)
            finally:
                if self._settings.min_gap_ms:
                    await asyncio.sleep(self._settings.min_gap_ms / 1000)
        check_answer(request, answer)
        return answer
