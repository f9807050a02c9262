"""Several Publish requests at a time."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from typing import cast

import pytest
from asyncua import ua
from asyncua.client.ua_client import UaClient
from asyncua.common.utils import Buffer
from asyncua.ua.status_codes import StatusCodes
from asyncua.ua.ua_binary import struct_from_binary, struct_to_binary
from asyncua.ua.uaerrors import UaStructParsingError

from app.model.clock import now_ns
from app.model.connection import ConnectionDefinition
from drivers.driver import TagSpec
from drivers.opcua.bounds import BoundedBuffer
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.encoded import EncodedRequest
from drivers.opcua.publish import Answer, PublishingSession
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from tests.drivers.opcua.slow_line import slow_line

NAMESPACE = "urn:foreshift:publish"
SCANS_MS = (50, 60, 70, 80)
CHANGES = 60


class Asked(PublishingSession):
    """A session that reaches no server: what it asks waits in `requests`; `given` is what it has passed on."""

    def __init__(self, *, subscriptions: int) -> None:
        super().__init__(cast("UaClient", None))
        self.given: list[int] = []
        self.waits: dict[int, asyncio.Future[None]] = {}
        self.failures: list[Exception] = []
        self.on_failed = self.failures.append
        self._subscription_callbacks = dict.fromkeys(range(1, subscriptions + 1), self._give_on)
        self.requests: list[tuple[list[ua.SubscriptionAcknowledgement], Answer]] = []

    def _give_on(self, result: ua.PublishResult) -> Awaitable[None] | None:
        number = result.NotificationMessage.SequenceNumber
        waiting = self.waits.get(number)
        if waiting is None:
            self.given.append(number)
            return None
        return self._give_later(waiting, number)

    async def _give_later(self, waiting: asyncio.Future[None], number: int) -> None:
        await waiting
        self.given.append(number)

    def begin(self, request: EncodedRequest, answer: Answer) -> None:
        self.requests.append((sent_acks(request), answer))

    @property
    def open(self) -> list[Answer]:
        """The requests without an answer."""
        return [answer for _, answer in self.requests if not answer.done()]

    def answer(self, *numbers: int, has_data: bool = True) -> None:
        """Answer the first requests with these messages."""
        for number in numbers:
            self.open[0].set_result(answer_of(number, has_data=has_data))


@asynccontextmanager
async def publishing(*, subscriptions: int) -> AsyncGenerator[Asked, None]:
    """Yield a session whose loop has begun."""
    session = Asked(subscriptions=subscriptions)
    session.ensure_publish_loop()
    await settle()
    yield session
    if session._publish_task is not None:
        session._publish_task.cancel()
        await asyncio.gather(session._publish_task, return_exceptions=True)


async def settle() -> None:
    """Let every task go as far as it can."""
    for _ in range(5):
        await asyncio.sleep(0)


def sent_acks(request: EncodedRequest) -> list[ua.SubscriptionAcknowledgement]:
    parameters = struct_from_binary(ua.PublishRequest, Buffer(request.as_bytes())).Parameters
    return list(parameters.SubscriptionAcknowledgements)


def answer_of(sequence: int, *, has_data: bool = True, subscription: int = 1) -> Buffer:
    parts = [ua.StatusChangeNotification()] if has_data else []
    message = ua.NotificationMessage(ua.UInt32(sequence), NotificationData=cast("list[ua.ExtensionObject]", parts))
    result = ua.PublishResult(subscription, NotificationMessage=message)
    return BoundedBuffer(struct_to_binary(ua.PublishResponse(Parameters=result)))


def refusal(code: int) -> Buffer:
    fault = ua.ServiceFault()
    fault.ResponseHeader.ServiceResult = ua.StatusCode(ua.UInt32(code))
    return BoundedBuffer(struct_to_binary(fault))


async def test_that_two_requests_per_subscription_and_one_more_wait_at_the_server() -> None:
    async with publishing(subscriptions=2) as session:
        session.answer(1, 2, 3)

        assert session.given == [1, 2, 3]
        assert len(session.open) == 5


async def test_that_there_are_never_more_than_ten() -> None:
    async with publishing(subscriptions=30) as session:
        session.answer(1)

        assert len(session.open) == 10


async def test_that_an_acknowledgement_goes_out_once_with_the_next_request() -> None:
    async with publishing(subscriptions=1) as session:
        session.answer(7, 8)

        sent = [[(ack.SubscriptionId, ack.SequenceNumber) for ack in acks] for acks, _ in session.requests]
        assert sent == [[], [], [], [(1, 7)], [(1, 8)]]


async def test_that_a_keep_alive_is_not_acknowledged() -> None:
    async with publishing(subscriptions=1) as session:
        session.answer(7, has_data=False)

        assert session.given == [7]
        assert [acks for acks, _ in session.requests] == [[], [], [], []]


async def test_that_a_server_that_finds_them_too_many_gets_fewer() -> None:
    async with publishing(subscriptions=2) as session:
        for _ in range(2):
            session.open[0].set_result(refusal(StatusCodes.BadTooManyPublishRequests))
        assert len(session.open) == 3

        session.answer(1)

        assert len(session.open) == 3


async def test_that_a_request_that_the_server_gives_up_leaves_the_others_to_be_answered() -> None:
    async with publishing(subscriptions=1) as session:
        session.open[0].set_result(refusal(StatusCodes.BadTimeout))
        session.answer(5)

        assert session.given == [5]
        assert len(session.open) == 3
        assert session.failures == []


async def test_that_answers_behind_a_message_that_is_asked_for_again_wait_for_it() -> None:
    async with publishing(subscriptions=1) as session:
        session.waits = {number: asyncio.get_running_loop().create_future() for number in (2, 4)}
        session.answer(1, 2, 3, 4, 5)
        await settle()
        assert session.given == [1]

        session.waits[2].set_result(None)
        await settle()
        assert session.given == [1, 2, 3]

        session.waits[4].set_result(None)
        await settle()
        assert session.given == [1, 2, 3, 4, 5]
        assert len(session.open) == 3


async def test_that_a_message_that_cannot_be_asked_for_again_ends_the_loop_and_is_told_once() -> None:
    async with publishing(subscriptions=1) as session:
        session.waits = {2: asyncio.get_running_loop().create_future()}
        session.answer(2, 3)
        session.waits[2].set_exception(ConnectionError("gone"))
        await settle()

        assert [str(error) for error in session.failures] == ["gone"]
        assert session.given == []
        assert session.open == []


async def test_that_an_answer_that_cannot_be_read_ends_the_loop_and_is_told_once() -> None:
    async with publishing(subscriptions=1) as session:
        session.open[0].set_result(BoundedBuffer(bytes(answer_of(1))[:-20]))
        session.answer(2)
        await settle()

        assert [type(error) for error in session.failures] == [UaStructParsingError]


@pytest.mark.parametrize("last", [refusal(StatusCodes.BadNoSubscription), answer_of(0, subscription=0)])
async def test_that_the_loop_ends_quietly_when_no_subscription_is_left_and_begins_with_the_next(last: Buffer) -> None:
    async with publishing(subscriptions=1) as session:
        session.open[0].set_result(last)
        await settle()
        assert (session.open, session.failures) == ([], [])

        session.ensure_publish_loop()
        await settle()
        assert len(session.open) == 3


async def test_that_a_lost_link_ends_every_request() -> None:
    async with publishing(subscriptions=1) as session:
        for answer in session.open:
            answer.set_exception(ConnectionError())
        await settle()
        assert len(session.failures) == 1
        assert len(session.requests) == 3

        session.ensure_publish_loop()
        await settle()
        waiting = session.open
        assert len(waiting) == 3
    assert session.open == []
    with pytest.raises(asyncio.InvalidStateError):
        waiting[0].set_result(answer_of(1))


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
