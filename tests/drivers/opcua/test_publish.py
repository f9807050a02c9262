"""Several Publish requests at a time."""

from __future__ import annotations

import asyncio
import itertools
from typing import cast

import pytest
from asyncua import ua
from asyncua.client.ua_client import UaClient
from asyncua.common.utils import Buffer
from asyncua.ua.ua_binary import struct_from_binary, struct_to_binary
from asyncua.ua.uaerrors import BadTimeout, BadTooManyPublishRequests

from app.model.clock import now_ns
from app.model.connection import ConnectionDefinition
from drivers.driver import TagSpec
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.encoded import EncodedRequest
from drivers.opcua.publish import PublishingSession
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from tests.drivers.opcua.slow_line import slow_line

NAMESPACE = "urn:foreshift:publish"
SCANS_MS = (50, 60, 70, 80)
CHANGES = 60


class Asked(PublishingSession):
    """A session that reaches no server: what it asks waits in `requests` for an answer."""

    def __init__(self, *, subscriptions: int) -> None:
        super().__init__(cast("UaClient", None))
        self._subscription_callbacks = dict.fromkeys(range(1, subscriptions + 1), lambda _: None)
        self.requests: list[tuple[list[ua.SubscriptionAcknowledgement], asyncio.Future[Buffer]]] = []

    def begin(self, request: EncodedRequest) -> asyncio.Future[Buffer]:
        answer: asyncio.Future[Buffer] = asyncio.get_running_loop().create_future()
        self.requests.append((sent_acks(request), answer))
        return answer

    async def start(self, *acks: ua.SubscriptionAcknowledgement) -> asyncio.Task[ua.PublishResponse]:
        """Begin to publish, and let all requests go out."""
        task = asyncio.create_task(self.publish(list(acks)))
        await self.settle()
        return task

    async def settle(self) -> None:
        """Let every task go as far as it can."""
        for _ in range(5):
            await asyncio.sleep(0)

    @property
    def open(self) -> list[asyncio.Future[Buffer]]:
        """The requests without an answer."""
        return [answer for _, answer in self.requests if not answer.done()]


def sent_acks(request: EncodedRequest) -> list[ua.SubscriptionAcknowledgement]:
    parameters = struct_from_binary(ua.PublishRequest, Buffer(request.as_bytes())).Parameters
    return list(parameters.SubscriptionAcknowledgements)


def answer_of(sequence: int) -> Buffer:
    message = ua.NotificationMessage(SequenceNumber=ua.UInt32(sequence))
    return Buffer(struct_to_binary(ua.PublishResponse(Parameters=ua.PublishResult(1, NotificationMessage=message))))


async def answered(session: Asked, sequence: int, *acks: ua.SubscriptionAcknowledgement) -> int:
    task = await session.start(*acks)
    session.open[0].set_result(answer_of(sequence))
    return int((await task).Parameters.NotificationMessage.SequenceNumber)


async def test_that_two_requests_per_subscription_and_one_more_wait_at_the_server() -> None:
    session = Asked(subscriptions=2)

    assert [await answered(session, number) for number in (1, 2, 3)] == [1, 2, 3]
    task = await session.start()
    assert len(session.open) == 5
    task.cancel()


async def test_that_there_are_never_more_than_ten() -> None:
    session = Asked(subscriptions=30)
    task = await session.start()

    assert len(session.open) == 10
    task.cancel()


async def test_that_an_acknowledgement_goes_out_once_with_the_next_request() -> None:
    session = Asked(subscriptions=1)
    ack = ua.SubscriptionAcknowledgement(1, 7)

    await answered(session, 7)
    await answered(session, 8, ack)

    assert [acks for acks, _ in session.requests] == [[], [], [], [ack]]


async def test_that_a_server_that_finds_them_too_many_gets_fewer() -> None:
    session = Asked(subscriptions=2)
    task = await session.start()
    for _ in range(2):
        session.open[0].set_exception(BadTooManyPublishRequests())
        await session.settle()
    session.open[0].set_result(answer_of(1))
    await task

    task = await session.start()
    assert len(session.open) == 3
    task.cancel()


async def test_that_a_request_that_the_server_gives_up_leaves_the_others_to_be_answered() -> None:
    session = Asked(subscriptions=1)
    task = await session.start()
    session.open[0].set_exception(BadTimeout())
    with pytest.raises(BadTimeout):
        await task

    assert await answered(session, 5) == 5
    assert len(session.requests) == 4


async def test_that_a_lost_link_ends_every_request() -> None:
    session = Asked(subscriptions=1)
    task = await session.start()
    for answer in session.open:
        answer.set_exception(ConnectionError())
    with pytest.raises(ConnectionError):
        await task

    task = await session.start()
    assert len(session.open) == 3
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await session.settle()
    assert session.open == []


async def test_that_a_slow_line_loses_no_change() -> None:
    names = [f"U{scan}" for scan in SCANS_MS]
    publisher = OpcUaPublisher("127.0.0.1", 0, NAMESPACE, [OpcUaPoint(name) for name in names])
    await publisher.start()
    async with slow_line(publisher.port, one_way_s=0.05) as port:
        url = f"opc.tcp://127.0.0.1:{port}/foreshift/"
        driver = OpcUaDriver.from_definition(ConnectionDefinition("far", "opcua", url))
        await driver.open()
        try:
            tags = [TagSpec(n, f"nsu={NAMESPACE};s=U{scan}", scan) for n, scan in enumerate(SCANS_MS)]
            await driver.subscribe(tags)
            for change in range(1, CHANGES + 1):
                publisher.publish(dict.fromkeys(names, float(change)), now_ns())
                await asyncio.sleep(0.02)
            assert await seen_of(driver, len(tags)) == set(itertools.product(range(len(tags)), range(1, CHANGES + 1)))
        finally:
            await driver.close()
            await publisher.stop()


async def seen_of(driver: OpcUaDriver, tags: int) -> set[tuple[int, int]]:
    """Take what a driver delivers until each tag has shown the last change."""
    seen: set[tuple[int, int]] = set()
    async with asyncio.timeout(20):
        while sum((tag, CHANGES) in seen for tag in range(tags)) < tags:
            block = await driver.batches().get()
            known = block.value == block.value
            seen.update(zip(block.handle[known].tolist(), block.value[known].astype(int).tolist(), strict=True))
    return seen
