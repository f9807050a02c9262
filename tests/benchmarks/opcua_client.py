"""A client of the benchmark `opcua`, in a process of its own.

`python -m tests.benchmarks.opcua_client KIND URL SECONDS`.

KIND: `ours` is the driver as the collector uses it, up to the Blocks that it delivers; `handler` and `iterator` are the
two ways of asyncua, with a queue that holds everything; `o6` is the Python client of open62541. Each subscribes 1,000
and 5,000 variables in turn, waits for the first value of all and then tells `monitor TAGS VALUES CPU_S` of SECONDS;
then it reads 1,000 at once again and again, but for `iterator`: `read VALUES CPU_S`. CPU_S is the processor time of the
whole process.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from asyncua.client.client import Client

from app.model.connection import ConnectionDefinition
from drivers.driver import TagSpec
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.quiet import quiet_library
from tests.benchmarks.child import tell
from tests.benchmarks.opcua_server import address

TAGS = (1_000, 5_000)
READ = 1_000
PERIOD_MS = 100
WAIT_S = 30.0
PATIENCE_S = 60.0
"""asyncua's own 4 s end its connection while the one server of all is late on a busy machine."""

Counter = Callable[[], int]


async def _run(kind: str, url: str, seconds: float) -> None:
    subscribed, read = {"ours": (_ours, _ours_read), "handler": (_handler, _read), "iterator": (_iterator, _read)}[kind]
    for tags in TAGS:
        tell("subscribing", tags)
        async with subscribed(url, tags) as count:
            await _all_there(count, tags)
            before, cpu = count(), time.process_time()
            await asyncio.sleep(seconds)
            tell("monitor", tags, count() - before, time.process_time() - cpu)
    if kind == "iterator":
        return
    async with read(url) as once:
        await once()
        values, cpu, ends = 0, time.process_time(), time.monotonic() + seconds
        while time.monotonic() < ends:
            values += await once()
        tell("read", values, time.process_time() - cpu)


async def _all_there(count: Counter, tags: int) -> None:
    async with asyncio.timeout(WAIT_S):
        while count() < tags:  # noqa: ASYNC110 - the same wait for every client, whatever it calls back
            await asyncio.sleep(0.05)


@asynccontextmanager
async def _driver(url: str) -> AsyncIterator[OpcUaDriver]:
    driver = OpcUaDriver.from_definition(ConnectionDefinition("server", "opcua", url, {"max_items": READ}))
    await driver.open()
    try:
        yield driver
    finally:
        await driver.close()


@asynccontextmanager
async def _ours(url: str, tags: int) -> AsyncIterator[Counter]:
    seen = 0

    async def take(driver: OpcUaDriver) -> None:
        nonlocal seen
        while True:
            seen += len(await driver.batches().get())

    async with _driver(url) as driver:
        taking = asyncio.create_task(take(driver))
        await driver.subscribe([TagSpec(tag, address(tag), PERIOD_MS) for tag in range(tags)])
        yield lambda: seen
        taking.cancel()


@asynccontextmanager
async def _ours_read(url: str) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    tags = [TagSpec(tag, address(tag)) for tag in range(READ)]

    async def once() -> int:
        return len(await driver.read(tags))

    async with _driver(url) as driver:
        yield once


class _Counting:
    """A handler that counts."""

    def __init__(self) -> None:
        self.seen = 0

    def datachange_notification(self, node: object, value: object, data: object) -> None:
        self.seen += 1


@asynccontextmanager
async def _handler(url: str, tags: int) -> AsyncIterator[Counter]:
    counting = _Counting()
    async with Client(url, PATIENCE_S, PATIENCE_S) as client:
        subscription = await client.create_subscription(PERIOD_MS, counting)
        await _monitor(client, subscription, tags)
        yield lambda: counting.seen


@asynccontextmanager
async def _iterator(url: str, tags: int) -> AsyncIterator[Counter]:
    seen = 0

    async def take(subscription: Any) -> None:  # noqa: ANN401 - asyncua's subscription
        nonlocal seen
        async for _ in subscription:
            seen += 1

    async with Client(url, PATIENCE_S, PATIENCE_S) as client:
        subscription = await client.create_subscription(PERIOD_MS, queue_maxsize=0)
        taking = asyncio.create_task(take(subscription))
        await _monitor(client, subscription, tags)
        yield lambda: seen
        taking.cancel()


async def _monitor(client: Client, subscription: Any, tags: int) -> None:  # noqa: ANN401
    nodes = [client.get_node(address(tag)) for tag in range(tags)]
    for at in range(0, tags, 500):
        await subscription.subscribe_data_change(nodes[at : at + 500], queuesize=10, sampling_interval=PERIOD_MS)


@asynccontextmanager
async def _read(url: str) -> AsyncIterator[Callable[[], Awaitable[int]]]:
    async with Client(url, PATIENCE_S, PATIENCE_S) as client:
        nodes = [client.get_node(address(tag)) for tag in range(READ)]

        async def once() -> int:
            return len(await client.read_values(nodes))

        yield once


def _o6(url: str, seconds: float) -> None:
    from o6 import Client as O6Client  # type: ignore[import-not-found]

    for tags in TAGS:
        tell("subscribing", tags)
        seen = 0

        def note(_: object) -> None:
            nonlocal seen
            seen += 1

        with O6Client(url) as client:
            subscription = client.createSubscription(publishingInterval=float(PERIOD_MS))
            for at in range(0, tags, 500):
                wanted = [address(tag) for tag in range(at, at + 500)]
                client.monitor(wanted, note, samplingInterval=float(PERIOD_MS), subscription=subscription, queueSize=10)
            until = time.monotonic() + WAIT_S
            while seen < tags and time.monotonic() < until:
                time.sleep(0.05)
            before, cpu = seen, time.process_time()
            time.sleep(seconds)
            tell("monitor", tags, seen - before, time.process_time() - cpu)
    with O6Client(url) as client:
        wanted = [address(tag) for tag in range(READ)]
        client.read(wanted)
        values, cpu, ends = 0, time.process_time(), time.monotonic() + seconds
        while time.monotonic() < ends:
            values += len(client.read(wanted))
        tell("read", values, time.process_time() - cpu)


def main() -> None:
    """Run one client."""
    kind, url, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    if kind == "o6":
        _o6(url, seconds)
        return
    quiet_library()
    with contextlib.suppress(asyncio.CancelledError):
        asyncio.run(_run(kind, url, seconds))


if __name__ == "__main__":
    main()
