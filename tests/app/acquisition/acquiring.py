"""An Acquisition with its real workers, and what it delivered when."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Self

import numpy as np

from app.acquisition.acquisition import Acquisition
from app.acquisition.worker_link import HANG_S
from app.model import status
from app.model.block import Block
from app.model.collector_settings import CollectorSettings
from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText

FELT_S = 0.5 * HANG_S
"""A busy computer delays everybody now and then; who had to wait for a hung worker would wait for HANG_S."""


def plant_of(*connections: tuple[ConnectionDefinition, list[str]], memory_mb: int = 512, scan_ms: int = 50) -> Plant:
    """Return a plant of connections, each with the addresses of its tags."""
    places = [(definition.id, address) for definition, addresses in connections for address in addresses]
    return Plant(
        "acquired",
        LocalText("Acquired"),
        (),
        tuple(definition for definition, _ in connections),
        tuple(
            TagDefinition(handle, f"{connection}.{handle}", "", LocalText("t"), connection, address, scan_ms=scan_ms)
            for handle, (connection, address) in enumerate(places)
        ),
        collector=CollectorSettings(memory_mb),
    )


class Acquired:
    """What was delivered: (monotonic s, Block) in order, beside the Acquisition itself."""

    def __init__(self, plant: Plant, faults: Path) -> None:
        self.plant = plant
        self.delivered: list[tuple[float, Block]] = []
        self.acquisition = Acquisition(plant, deliver=self._deliver, faults=faults)

    def _deliver(self, block: Block) -> None:
        self.delivered.append((time.monotonic(), block))

    def handles(self, connection: str) -> list[int]:
        return [tag.handle for tag in self.plant.tags if tag.connection == connection]

    def course(self, connection: str) -> list[tuple[float, int]]:
        """Return when samples of a connection's first tag came, and their StatusCodes."""
        handle = self.handles(connection)[0]
        return [(at, int(code)) for at, block in self.delivered for code in block.status[block.handle == handle]]

    def codes(self, connection: str) -> list[int]:
        return [code for _, code in self.course(connection)]

    def is_good(self, connection: str) -> bool:
        """Whether the newest sample of each tag of a connection is good."""
        newest = {
            int(handle): int(code)
            for _, block in self.delivered
            for handle, code in zip(block.handle, block.status, strict=True)
        }
        return all(newest.get(handle, status.BAD) < status.UNCERTAIN for handle in self.handles(connection))

    def bad_blocks(self, connection: str) -> list[Block]:
        """Return the Blocks that give up every tag of a connection."""
        handles = self.handles(connection)
        return [
            block
            for _, block in self.delivered
            if np.isin(handles, block.handle[block.status == status.BAD_NO_COMMUNICATION]).all()
        ]

    async def until(self, fact: Callable[[], bool], *, timeout_s: float = 20.0) -> None:
        async with asyncio.timeout(timeout_s):
            while not fact():  # noqa: ASYNC110 - workers are processes: no event to await
                await asyncio.sleep(0.01)


@dataclass(frozen=True, slots=True)
class Calm:
    """How a stretch of time went: the worst lag of this event loop, and when a connection's good samples came."""

    lag_s: float
    delivered: list[float]

    @classmethod
    async def of(cls, acquired: Acquired, connection: str, seconds: float) -> Self:
        """Watch the next `seconds`."""
        loop = asyncio.get_running_loop()
        began, lag_s = time.monotonic(), 0.0
        while (due := loop.time() + 0.01) < began + seconds:
            await asyncio.sleep(0.01)
            lag_s = max(lag_s, loop.time() - due)
        course = acquired.course(connection)
        return cls(lag_s, [at for at, code in course if at >= began and code < status.UNCERTAIN])

    @property
    def longest_gap_s(self) -> float:
        return max(later - earlier for earlier, later in pairwise(self.delivered))

    def assert_like(self, calm: Calm) -> None:
        """Assert that nothing was held up, beside a stretch before, for as long as the worker was."""
        assert self.longest_gap_s <= calm.longest_gap_s + FELT_S
        assert self.lag_s <= calm.lag_s + FELT_S
        assert len(self.delivered) >= 0.6 * len(calm.delivered)


@asynccontextmanager
async def acquiring(plant: Plant, folder: Path) -> AsyncIterator[Acquired]:
    """Collect a plant in this event loop."""
    acquired = Acquired(plant, folder / "log" / "fault.log")
    running = asyncio.create_task(acquired.acquisition.run())
    try:
        yield acquired
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
