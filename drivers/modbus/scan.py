"""A scan: the tags of one unit that are read at the same period, each time one sample per tag."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from app.model import clock
from app.model.block import Block
from drivers.modbus.reader import Reader
from drivers.modbus.request import Point, Request, plan_requests
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.traits import Traits


class Scan:
    """Reads its points every `period_ms`; `skipped` counts periods left out because the device was too slow.

    The first time is at once. The others have a place of their own in the period: all devices of a plant are connected
    in the same instant, and what they answer would otherwise come in one burst each second, in which an alarm waits for
    thousands of samples that are none.
    """

    def __init__(self, period_ms: int, settings: ModbusSettings, traits: Traits, *, unit: int = 0) -> None:
        """Begin without points; `unit`: of these points, which with the address of the device gives the place."""
        self._place = zlib.crc32(f"{settings.url} {unit}".encode()) / (1 << 32)
        self.skipped = 0
        self.points: dict[int, Point] = {}
        self._period_ms = max(1, period_ms)
        self._settings = settings
        self._traits = traits
        self._requests: list[Request] = []
        self._planned = -1
        self._removals = 0

    def add(self, points: Iterable[Point]) -> None:
        """Read these points too, from the next time on."""
        self.points.update((point.tag.handle, point) for point in points)
        self._plan()

    def remove(self, handles: Iterable[int]) -> None:
        """Read these tags no more."""
        removed = [self.points.pop(handle, None) for handle in handles]
        if any(removed):
            self._removals += 1
            self._plan()

    async def run(self, reader: Reader, deliver: Callable[[Block], None]) -> None:
        """Read until cancelled; raise ConnectionLost."""
        period = self._period_ms * clock.NS_PER_MS
        due = clock.monotonic_ns()
        due -= (due - int(self._place * period)) % period
        while True:
            if self._planned != self._traits.version:
                self._plan()
            await reader.read(self._requests, self._period_ms, partial(self._deliver, deliver, self._removals))
            due += period
            late = clock.monotonic_ns() - due
            if late > 0:
                missed = late // period
                self.skipped += missed
                due += missed * period
            await asyncio.sleep(max(0, due - clock.monotonic_ns()) / clock.NS_PER_S)

    def _plan(self) -> None:
        self._planned = self._traits.version
        self._requests = plan_requests(self.points.values(), self._settings, self._traits)

    def _deliver(self, deliver: Callable[[Block], None], removals: int, block: Block) -> None:
        """Deliver a Block, but for what has been removed while it was being read."""
        if removals != self._removals:
            block = block.select(np.isin(block.handle, np.array(list(self.points), np.uint32)))
        deliver(block)
