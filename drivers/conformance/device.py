"""The device that a driver is tried on, and the few steps that all tests of the suite take with a driver."""

from __future__ import annotations

import asyncio
import math
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import psutil

from app.model.block import Block, concatenate
from app.model.connection import ConnectionDefinition
from drivers.driver import Driver, TagSpec, WriteItem

FAR = 1 << 62
"""A time of expiry (monotonic ns) that no test reaches."""
SCAN_MS = 50
PATIENCE_S = 30.0
"""How long is waited for what comes in a moment, on a computer that is busy with other things."""
UNFIT = (70_000.0, -1.0, math.nan, math.inf, "no number")


@dataclass(frozen=True)
class Device:
    """A server that a driver is tried on.

    `values`: at least two readable addresses and the numbers that they hold. `publish` gives the server other numbers;
    those of a tag with the same address are then delivered. `writable`: one more address, of whole numbers from 0 to
    1000 at least. `unwritable`, `missing` (in the grammar, but not in the server) and `malformed` (not in the grammar)
    are for what must be refused; `unfit` are values that `writable` cannot hold.
    `exact`: addresses of texts that are no numbers, and of whole numbers beyond 2^53, with what they hold; none where
    the protocol has none.
    `writable_text`: an address of texts that can be written, "" where there is none.
    `taken`: returns how many writes have reached the server since it started; None where it does not count them.
    """

    port: int
    values: Mapping[str, float]
    writable: str
    unwritable: str
    missing: str
    malformed: str
    publish: Callable[[Mapping[str, float]], None]
    unfit: Sequence[float | str] = UNFIT
    exact: Mapping[str, int | str] = field(default_factory=dict)
    writable_text: str = ""
    taken: Callable[[], int] | None = None

    def __post_init__(self) -> None:
        """Raise ValueError where the suite could not tell one value from another."""
        if len(self.values) < 2 or len(set(self.values.values())) < 2:
            raise ValueError(f"values: give at least two addresses with different numbers, not {dict(self.values)}")
        if numbers := [text for text in self.exact.values() if isinstance(text, str) and _is_number(text)]:
            raise ValueError(f"exact: {numbers} can be read as numbers too: let the server hold another text")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


class DriverSubject(ABC):
    """The driver that a suite is about; a subclass names it."""

    @abstractmethod
    def definition(self, port: int) -> ConnectionDefinition:
        """Return a connection to a server on this port of this machine, with time-outs of a second or less."""

    @abstractmethod
    def make(self, definition: ConnectionDefinition) -> Driver:
        """Return an unopened driver."""

    def is_of_server(self, running: asyncio.Task[Any] | threading.Thread) -> bool:
        """Return whether a task or thread belongs to a server that runs in the same process as the tests."""
        del running
        return False

    def driver(self, port: int) -> Driver:
        """Return an unopened driver for a server on this port."""
        return self.make(self.definition(port))


@asynccontextmanager
async def opened(driver: Driver) -> AsyncIterator[Driver]:
    """Open a driver and close it in any case."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await driver.open()
        yield driver
    finally:
        await driver.close()


async def take(driver: Driver, is_enough: Callable[[Block], bool], *, timeout_s: float = PATIENCE_S) -> Block:
    """Return all that is delivered until it is enough."""
    blocks: list[Block] = []
    async with asyncio.timeout(timeout_s):
        while not blocks or not is_enough(concatenate(blocks)):
            blocks.append(await driver.batches().get())
    return concatenate(blocks)


async def until(is_so: Callable[[], bool], *, timeout_s: float = PATIENCE_S) -> None:
    """Wait for what neither a driver nor a server tells."""
    async with asyncio.timeout(timeout_s):
        while not is_so():  # noqa: ASYNC110 - tasks and counters raise no event
            await asyncio.sleep(0.01)


def specs(addresses: Sequence[str], first: int = 0) -> list[TagSpec]:
    """Return tags of the addresses with handles from `first` on."""
    return [TagSpec(first + row, address, SCAN_MS) for row, address in enumerate(addresses)]


def item(address: str, value: float | str) -> WriteItem:
    """Return a write that does not expire."""
    return WriteItem(address, value, FAR)


def has_all(handles: set[int]) -> Callable[[Block], bool]:
    """Return whether a Block holds a sample of each handle."""
    return lambda block: handles <= set(block.handle.tolist())


def never(block: Block) -> bool:
    """Return that a Block is not enough: what is waited for is an exception."""
    del block
    return False


def files_open() -> int:
    """Return how many files and sockets this process holds."""
    process = psutil.Process()
    return int(process.num_handles() if sys.platform == "win32" else process.num_fds())
