"""A scan class: all tags of one connection that are read at the same period, each scan one sample per tag."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable

import numpy as np

from app.model import clock
from app.model.block import Block
from drivers.modbus.reader import Reader
from drivers.modbus.request import Point, Request, plan_requests
from drivers.modbus.settings import ModbusSettings


class ScanClass:
    """Reads its points every `period_ms`; `skipped` counts periods left out because the device was too slow."""

    def __init__(self, period_ms: int, settings: ModbusSettings) -> None:
        """Begin without points."""
        self.skipped = 0
        self.points: dict[int, Point] = {}
        self._period = max(1, period_ms) * clock.NS_PER_MS
        self._settings = settings
        self._requests: list[Request] = []

    def add(self, points: Iterable[Point]) -> None:
        """Read these points too, from the next scan on."""
        self.points.update((point.tag.handle, point) for point in points)
        self._requests = plan_requests(self.points.values(), self._settings)

    def remove(self, handles: Iterable[int]) -> None:
        """Read these tags no more."""
        removed = [self.points.pop(handle, None) for handle in handles]
        if any(removed):
            self._requests = plan_requests(self.points.values(), self._settings)

    async def run(self, reader: Reader, units: Callable[[], Collection[int]], deliver: Callable[[Block], None]) -> None:
        """Scan until cancelled; raise ConnectionLost."""
        due = clock.monotonic_ns()
        while True:
            requests = self._requests
            for request in requests:
                for block in await reader.read(request, units()):
                    deliver(block if requests is self._requests else self._present(block))
            due += self._period
            late = clock.monotonic_ns() - due
            if late > 0:
                missed = late // self._period
                self.skipped += missed
                due += missed * self._period
            await asyncio.sleep(max(0, due - clock.monotonic_ns()) / clock.NS_PER_S)

    def _present(self, block: Block) -> Block:
        """Leave out what has been removed while it was being read."""
        return block.select(np.isin(block.handle, np.array(list(self.points), np.uint32)))
