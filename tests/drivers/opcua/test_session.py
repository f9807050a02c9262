"""Requests cut to what a server takes, and notifications that never came."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import TypeVar, cast

import pytest
from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.ua_binary import struct_to_binary

from app.model import clock, status
from app.model.block import Block
from drivers.driver import ConnectionLost, TagSpec
from drivers.opcua.limits import OperationLimits, Service
from drivers.opcua.publish import DataChange
from drivers.opcua.session import ServiceRefused, Session
from drivers.opcua.settings import OpcUaSettings
from drivers.opcua.subscription import ScanSubscription

Result = TypeVar("Result")

SETTINGS = OpcUaSettings("opc.tcp://plc:4840", max_items=10)
TOO_MANY = 0x8010_0000


class _Session(Session):
    """A session whose requests reach no server."""

    def __init__(self) -> None:
        super().__init__(SETTINGS, lambda reason: None)

    async def request(self, call: Callable[[Client], Awaitable[Result]]) -> Result:
        self.requests += 1
        return await call(None)  # type: ignore[arg-type] # no request here looks at the client


def _limited(limit: int) -> Callable[[Client, list[int]], Awaitable[list[int]]]:
    async def double(client: Client, items: list[int]) -> list[int]:
        if len(items) > limit:
            raise ServiceRefused(TOO_MANY, "too many")
        return [item * 2 for item in items]

    return double


async def test_that_batches_shrink_to_what_the_server_takes_and_stay_so() -> None:
    session = _Session()
    items = list(range(25))
    assert await session.in_batches(items, _limited(3), refused=lambda code: code) == [item * 2 for item in items]
    assert session.limits.most(Service.READ) <= 3
    assert session.limits.most(Service.MONITOR) == SETTINGS.max_items
    before = session.requests
    await session.in_batches(items, _limited(3), refused=lambda code: code)
    assert session.requests - before == -(-25 // session.limits.most(Service.READ))


async def test_that_a_refusal_of_the_whole_is_one_of_each_item() -> None:
    async def refuse(client: Client, items: list[int]) -> list[int]:
        raise ServiceRefused(status.BAD_USER_ACCESS_DENIED, "no")

    assert await _Session().in_batches([1, 2], refuse, refused=lambda code: code) == [status.BAD_USER_ACCESS_DENIED] * 2


async def test_that_an_answer_to_fewer_items_is_not_believed() -> None:
    async def forget(client: Client, items: list[int]) -> list[int]:
        return items[1:]

    with pytest.raises(ConnectionLost, match="answered 1 of 2 items"):
        await _Session().in_batches([1, 2], forget, refused=lambda code: code)


def _published(sequence: int, *values: float) -> ua.PublishResult:
    items = [
        ua.MonitoredItemNotification(ua.UInt32(0), ua.DataValue(ua.Variant(value, ua.VariantType.Double)))
        for value in values
    ]
    data = [DataChange(struct_to_binary(ua.DataChangeNotification(items)))] if items else []
    message = ua.NotificationMessage(SequenceNumber=sequence, NotificationData=data)
    return ua.PublishResult(1, NotificationMessage=message)


async def _subscription(blocks: list[Block], lost: list[str]) -> ScanSubscription:
    subscription = ScanSubscription(_Session(), SETTINGS, period_ms=100, deliver=blocks.append, on_lost=lost.append)
    assert subscription._slots.add(TagSpec(7, "i=1")) == 0
    return subscription


class _Republished(_Session):
    """A server that keeps some messages, by their numbers."""

    def __init__(self, kept: dict[int, ua.NotificationMessage]) -> None:
        super().__init__()
        self.kept = kept

    async def request(self, call: Callable[[Client], Awaitable[Result]]) -> Result:
        return await call(SimpleNamespace(uaclient=SimpleNamespace(session=self)))  # type: ignore[arg-type]

    async def republish(self, subscription: int, number: int) -> ua.NotificationMessage:
        if number not in self.kept:
            raise ServiceRefused(0x807B_0000, "BadMessageNotAvailable")
        return self.kept[number]


async def _shown(kept: dict[int, ua.NotificationMessage], *results: ua.PublishResult) -> tuple[list[float], list[str]]:
    """Return the values that a subscription passes on, and its notes."""
    blocks: list[Block] = []
    subscription = ScanSubscription(
        _Republished(kept), SETTINGS, period_ms=100, deliver=blocks.append, on_lost=lambda _: None
    )
    subscription._slots.add(TagSpec(7, "i=1"))
    for result in results:
        waiting = subscription._take(result)
        if waiting is not None:
            await waiting
    return [value for block in blocks for value in block.value.tolist()], list(subscription.notes)


async def test_that_a_message_that_never_came_is_asked_for_and_stands_in_its_place() -> None:
    kept = {n: _published(n, float(n)).NotificationMessage for n in (6, 7)}

    assert await _shown(kept, _published(5, 5.0), _published(8, 8.0)) == ([5.0, 6.0, 7.0, 8.0], [])


async def test_that_messages_that_the_server_has_no_more_are_counted() -> None:
    results = (_published(5, 1.0), _published(6), _published(6, 2.0), _published(9, 3.0), _published(10))

    assert await _shown({}, *results) == ([1.0, 2.0, 3.0], ["2 notification messages never came"])


async def test_that_what_the_server_does_not_list_is_not_asked_for() -> None:
    later = _published(9, 9.0)
    later.AvailableSequenceNumbers = [ua.UInt32(8)]
    kept = {n: _published(n, float(n)).NotificationMessage for n in (6, 7, 8)}

    values, notes = await _shown(kept, _published(5, 5.0), later)

    assert (values, notes) == ([5.0, 8.0, 9.0], ["2 notification messages never came"])


async def test_that_numbers_begin_anew_behind_the_last_one_and_a_late_message_is_used() -> None:
    last = 0xFFFF_FFFF

    assert await _shown({}, _published(last, 1.0), _published(1, 2.0), _published(last, 3.0)) == ([1.0, 2.0, 3.0], [])


async def test_that_a_server_whose_numbers_never_change_loses_nothing() -> None:
    assert await _shown({}, *(_published(1, value) for value in (1.0, 2.0, 3.0))) == ([1.0, 2.0, 3.0], [])


async def test_that_values_lost_in_the_servers_queue_are_counted_and_told() -> None:
    lost = ua.DataValue(ua.Variant(2.0), ua.StatusCode(ua.UInt32(status.OVERFLOW)))
    at_limit = ua.DataValue(ua.Variant(2.0), ua.StatusCode(ua.UInt32(status.LIMIT_HIGH)))
    items = [ua.MonitoredItemNotification(ua.UInt32(0), value) for value in (lost, at_limit)]
    result = _published(1, 1.0)
    data = [DataChange(struct_to_binary(ua.DataChangeNotification(items)))]
    result.NotificationMessage.NotificationData = cast("list[ua.ExtensionObject]", data)

    _, notes = await _shown({}, result)

    assert notes == ["1 times the server's queue has lost values at a scan of 100 ms: raise queue_size"]


def test_that_what_a_server_bears_is_remembered_when_it_ends_the_connection_over_it() -> None:
    url = "opc.tcp://small:4840"
    limits = OperationLimits(url, 500)
    limits.connection_ended("the server ends the connection: BadTcpMessageTooLarge")
    assert OperationLimits(url, 500).most(Service.READ) == 250
    OperationLimits(url, 500).connection_ended("the server closed the connection")
    assert OperationLimits(url, 500).most(Service.MONITOR) == 250
    assert OperationLimits("opc.tcp://other:4840", 500).most(Service.READ) == 500


async def test_that_a_notification_that_cannot_be_read_ends_the_connection(caplog: pytest.LogCaptureFixture) -> None:
    lost: list[str] = []
    subscription = await _subscription([], lost)
    broken = _published(1, 1.0)
    broken.NotificationMessage.NotificationData = [DataChange(b"\x02\x00\x00\x00" + bytes(7))]
    subscription._take(broken)
    assert "could not be read" in lost[0]
    assert "opcua.notification.failed" in caplog.text


async def test_that_a_subscription_the_server_ends_is_a_loss() -> None:
    lost: list[str] = []
    subscription = await _subscription([], lost)
    ended = ua.StatusChangeNotification(Status=ua.StatusCode(ua.UInt32(status.BAD_TIMEOUT)))
    message = ua.NotificationMessage(SequenceNumber=1, NotificationData=[ended])
    subscription._take(ua.PublishResult(1, NotificationMessage=message))
    assert lost == ["opc.tcp://plc:4840: the server ended the subscription: BadTimeout"]


async def test_that_silence_for_three_keep_alives_is_noticed() -> None:
    with clock.frozen(clock.now_ns()) as advance:
        subscription = await _subscription([], [])
        subscription._silent_ns = 4 * clock.NS_PER_S
        assert not subscription.is_silent
        advance(5 * clock.NS_PER_S)
        assert subscription.is_silent
        subscription._take(_published(1))
        assert not subscription.is_silent
