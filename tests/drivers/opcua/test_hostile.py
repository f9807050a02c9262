"""Servers whose answers announce more than they hold: the driver takes a bad value, or comes back."""

from __future__ import annotations

import asyncio
import math
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import cast

import pytest
import pytest_asyncio
from asyncua import ua
from asyncua.ua.ua_binary import struct_to_binary

from app.model import status
from app.model.block import Block
from app.model.clock import now_ns
from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost, TagSpec
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from tests.drivers.opcua.middleman import PUBLISH, READ, Change, middleman
from tests.drivers.opcua.test_bounds import NULLS_IN_FIVE_BYTES

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAMESPACE = "urn:foreshift:hostile"
TAG = TagSpec(1, f"nsu={NAMESPACE};s=T", 50)


class Turncoat:
    """Answers honestly until `is_hostile`, then puts `body` behind the header of every answer of one kind, `times`."""

    def __init__(self, kind: int, tail: bytes, times: int = 1) -> None:
        self.is_hostile = False
        self._kind, self._tail, self._left = kind, tail, times

    def __call__(self, kind: int, body: bytes) -> bytes:
        if not self.is_hostile or kind != self._kind or self._left == 0:
            return body
        self._left -= 1
        return body[: 4 + 24] + self._tail


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[OpcUaPublisher]:
    publisher = OpcUaPublisher("127.0.0.1", 0, NAMESPACE, [OpcUaPoint("T")])
    await publisher.start()
    yield publisher
    await publisher.stop()


@asynccontextmanager
async def opened(server: OpcUaPublisher, change: Change) -> AsyncIterator[OpcUaDriver]:
    async with middleman(server.port, change) as port:
        driver = OpcUaDriver.from_definition(
            ConnectionDefinition("c", "opcua", f"opc.tcp://127.0.0.1:{port}/foreshift/")
        )
        await driver.open()
        try:
            yield driver
        finally:
            await driver.close()


async def wait_for_value(driver: OpcUaDriver, value: float) -> Block:
    async with asyncio.timeout(10):
        while True:
            block = await driver.batches().get()
            if value in block.value:
                return block


def publish_tail(item: bytes) -> bytes:
    """Return a PublishResponse behind its header, with one item."""
    body = struct.pack("<i", 1) + item + struct.pack("<i", -1)
    sent = cast("ua.DateTime", datetime(2026, 1, 2, tzinfo=UTC))
    message = struct_to_binary(ua.NotificationMessage(ua.UInt32(0), sent))[:12] + struct.pack("<i", 1)
    change = b"\x01\x00" + struct.pack("<HBi", 811, 1, len(body)) + body
    return struct.pack("<IiB", 1, 0, 0) + message + change + struct.pack("<ii", 0, 0)


HOSTILE_READS = {
    "nulls in five bytes": struct.pack("<iB", 1, 1) + NULLS_IN_FIVE_BYTES + struct.pack("<i", 0),
    "nulls in seventeen bytes": struct.pack("<iB", 1, 1) + b"\x80" + struct.pack("<i", 3_000_000) + bytes(12),
    "values without end": struct.pack("<i", 2**31 - 1) + bytes(100),
    "nothing": b"",
}


@pytest.mark.parametrize("tail", HOSTILE_READS.values(), ids=HOSTILE_READS)
async def test_that_a_hostile_answer_to_read_is_a_bad_value_or_a_lost_connection(
    server: OpcUaPublisher, tail: bytes
) -> None:
    server.publish({"T": 1.0}, now_ns())
    turncoat = Turncoat(READ, tail)
    async with opened(server, turncoat) as driver:
        turncoat.is_hostile = True
        try:
            assert (await driver.read([TAG])).status.tolist() == [status.BAD_TYPE_MISMATCH]
        except ConnectionLost:
            return
        assert (await driver.read([TAG])).value.tolist() == [1.0]


HOSTILE_PUBLISHES = {
    "items without end": struct.pack("<IiB", 1, 0, 0) + bytes(12) + struct.pack("<i", 2**31 - 1),
    "acknowledgements without end": struct.pack("<Ii", 1, 2**31 - 1) + bytes(40),
    "cut off": struct.pack("<Ii", 1, 0),
}


@pytest.mark.parametrize("tail", HOSTILE_PUBLISHES.values(), ids=HOSTILE_PUBLISHES)
async def test_that_a_hostile_notification_ends_the_connection_and_a_fresh_driver_goes_on(
    server: OpcUaPublisher, tail: bytes
) -> None:
    server.publish({"T": 1.0}, now_ns())
    turncoat = Turncoat(PUBLISH, tail)
    async with opened(server, turncoat) as driver:
        await driver.subscribe([TAG])
        await wait_for_value(driver, 1.0)
        turncoat.is_hostile = True
        server.publish({"T": 2.0}, now_ns())
        with pytest.raises(ConnectionLost, match="a notification could not be read"):
            await wait_for_value(driver, math.inf)
    async with opened(server, turncoat) as driver:
        await driver.subscribe([TAG])
        await wait_for_value(driver, 2.0)


async def test_that_a_null_array_as_a_value_leaves_the_subscription_alive(server: OpcUaPublisher) -> None:
    server.publish({"T": 1.0}, now_ns())
    turncoat = Turncoat(PUBLISH, b"")
    async with opened(server, turncoat) as driver:
        await driver.subscribe([TAG])
        await wait_for_value(driver, 1.0)
        (identity,) = driver._subscriptions.values()
        turncoat._tail = (
            struct.pack("<I", identity._id) + publish_tail(struct.pack("<IB", 0, 1) + NULLS_IN_FIVE_BYTES)[4:]
        )
        turncoat.is_hostile = True
        server.publish({"T": 2.0}, now_ns())
        async with asyncio.timeout(10):
            block = await driver.batches().get()
        assert block.status.tolist() == [status.BAD_TYPE_MISMATCH]
        server.publish({"T": 3.0}, now_ns())
        await wait_for_value(driver, 3.0)


@pytest.mark.parametrize("size", [0, 7, 65_537, 2**32 - 1])
async def test_that_a_chunk_of_an_impossible_size_ends_the_connection_at_once(
    server: OpcUaPublisher, size: int
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1_000)
        writer.write(b"ACKF" + struct.pack("<I", size) + bytes(100))
        await reader.read()
        writer.close()

    hostile = await asyncio.start_server(answer, "127.0.0.1", 0)
    url = f"opc.tcp://127.0.0.1:{hostile.sockets[0].getsockname()[1]}"
    driver = OpcUaDriver.from_definition(ConnectionDefinition("c", "opcua", url))
    try:
        with pytest.raises(ConnectionLost, match=f"a chunk of {size} bytes"):
            async with asyncio.timeout(2):
                await driver.open()
    finally:
        await driver.close()
        hostile.close()
