"""The publish loop: several requests at a time, and changes of data that stay bytes until wanted.

An answer is handed on where its bytes arrive, and the next request goes out from there: to wake a task for it would be
a turn of the event loop more, with caches that have cooled since the last notification.
"""

from __future__ import annotations

import asyncio
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from asyncua import ua
from asyncua.client.ua_client import UaClient
from asyncua.client.ua_session import SessionState, UaSession
from asyncua.common.utils import Buffer
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.ua_binary import Primitives, extensionobject_from_binary, nodeid_from_binary
from asyncua.ua.uaerrors import (
    BadNoSubscription,
    BadTimeout,
    BadTooManyPublishRequests,
    UaStatusCodeError,
    UaStructParsingError,
)

from drivers.opcua.bounds import BoundedBuffer, Unbelievable
from drivers.opcua.encoded import EncodedRequest, publish_request, short_id, take_head

MOST_REQUESTS = 10
_DATA_CHANGE = struct.Struct("<IBi")
"""What kind of structure, how it is encoded, its bytes: what stands before a DataChangeNotification."""
_DATA_CHANGE_ID = short_id(ObjectIds.DataChangeNotification_Encoding_DefaultBinary)
_DATA_CHANGE_NODE = ua.FourByteNodeId(ua.Int32(ObjectIds.DataChangeNotification_Encoding_DefaultBinary))
_SUBSCRIPTION = struct.Struct("<Ii")
"""Its number, and how many numbers of messages follow."""
_MESSAGE = struct.Struct("<Iqi")
"""Number, time, how many notifications follow."""
_ANSWER = struct.Struct("<I12xIBi3sIi")
"""Type, time, handle, result, diagnostics, how many texts, additional header; subscription, how many numbers."""
_ANSWER_ID = short_id(ObjectIds.PublishResponse_Encoding_DefaultBinary)
_CHANGE = struct.Struct("<BIqiIBi")
"""Whether there is more; number, time, how many notifications; kind, how it is encoded, its bytes."""
_NO_HEADER = bytes(3)
_HAS_BYTES = 1
_CLOSING = {SessionState.CLOSING, SessionState.CLOSED}
_REQUESTS_PER_SUBSCRIPTION = 2
_UINT32 = 4


@dataclass(frozen=True, slots=True)
class DataChange:
    """A DataChangeNotification as it came: `drivers.opcua.notification` reads its `body`."""

    body: bytes


class PublishingSession(UaSession):
    """A session that keeps several Publish requests with the server.

    asyncua keeps one, so that no more than one notification comes per round trip, for all subscriptions together: the
    server's queues overflow behind a slow line. The standard leaves their number to the client (Part 4, 5.14.5).
    `most_requests` is their number at most; `on_failed` is told what ended the loop, once.
    """

    def __init__(self, client: UaClient) -> None:
        """Prepare; the loop begins with the first subscription."""
        super().__init__(client)
        self.most_requests = MOST_REQUESTS
        self.on_failed: Callable[[Exception], None] = lambda _: None
        self._asked: set[_PublishRequest] = set()
        self._acks: list[tuple[int, int]] = []
        self._ended: asyncio.Future[None] | None = None
        self._catching_up: asyncio.Future[None] | None = None
        self._later: deque[Buffer] = deque()

    async def republish(self, subscription_id: int, retransmit_sequence_number: int) -> ua.NotificationMessage:
        """Return a message once more (Part 4, 5.14.6); raise BadMessageNotAvailable where it is kept no longer."""
        request = ua.RepublishRequest()
        request.Parameters.SubscriptionId = subscription_id
        request.Parameters.RetransmitSequenceNumber = retransmit_sequence_number
        data = await self._send_request(request)
        take_head(data)
        return _message(data)

    async def send(self, request: EncodedRequest) -> Buffer:
        """Return the answer to a request."""
        return await self._send_request(request)

    def begin(self, request: EncodedRequest, answer: Answer) -> None:
        """Send a request that may wait at the server for as long as it likes; raise ConnectionError."""
        protocol = self._client.protocol
        if protocol is None:
            raise ConnectionError("the connection is not open")
        cast("_Transport", protocol).send(request, 0, answer)

    async def _publish_loop(self) -> None:
        """Last as long as requests are at the server: until no subscription is left, or one has failed."""
        self._ended = asyncio.get_running_loop().create_future()
        try:
            self._ask()
            await self._ended
        except Exception as error:  # noqa: BLE001 - whatever ends the loop ends the connection, told there
            self.on_failed(error)
        finally:
            self._forget()

    def _answered(self, request: _PublishRequest, answer: Buffer | Exception) -> None:
        """Take what came of a request, and send the next; answers behind messages that are asked for again wait."""
        self._asked.discard(request)
        if isinstance(answer, Exception):
            self._end(answer)
            return
        if self._catching_up is not None:
            self._later.append(answer)
            return
        try:
            self._take(answer)
        except Exception as error:  # noqa: BLE001 - it is told as the end of the loop
            self._end(error)

    def _take(self, answer: Buffer) -> None:
        """Give an answer to its subscription, and acknowledge it; asyncua would pass over one it cannot read."""
        try:
            result = _read(answer)
        except BadTooManyPublishRequests:
            self.most_requests = max(1, len(self._asked))
        except BadTimeout:
            pass  # the server has given up this request alone
        except BadNoSubscription:
            self._end(None)
            return
        else:
            if not result.SubscriptionId:
                self._end(None)  # no subscription is left
                return
            self._give(result)
        self._ask()

    def _give(self, result: ua.PublishResult) -> None:
        callback = self._subscription_callbacks.get(result.SubscriptionId)
        waiting = callback(result) if callback is not None else None
        message = result.NotificationMessage
        if message.NotificationData:
            self._acks.append((result.SubscriptionId, message.SequenceNumber))
        if waiting is not None:
            self._catching_up = asyncio.ensure_future(waiting)
            self._catching_up.add_done_callback(self._caught_up)

    def _caught_up(self, done: asyncio.Future[None]) -> None:
        self._catching_up = None
        if done.cancelled():
            return
        try:
            done.result()
            while self._later and self._catching_up is None:
                self._take(self._later.popleft())
        except Exception as error:  # noqa: BLE001 - it is told as the end of the loop
            self._end(error)

    def _ask(self) -> None:
        if self._ended is None or self._ended.done() or self._state in _CLOSING:
            return
        wanted = min(self.most_requests, _REQUESTS_PER_SUBSCRIPTION * len(self._subscription_callbacks) + 1)
        while not self._asked or len(self._asked) < wanted:
            acks, self._acks = self._acks, []
            request = _PublishRequest(self._answered)
            self._asked.add(request)
            self.begin(publish_request(acks), request)

    def _end(self, error: Exception | None) -> None:
        if self._ended is None or self._ended.done():
            return
        if error is None:
            self._ended.set_result(None)
        else:
            self._ended.set_exception(error)

    def _forget(self) -> None:
        """Give up the requests that nobody waits for any more: the loop ends, or begins anew."""
        self._ended = None
        for request in self._asked:
            request.cancel()
        self._asked.clear()
        self._acks.clear()
        self._later.clear()
        if self._catching_up is not None:
            self._catching_up.cancel()


class Answer(Protocol):
    """Where the transport puts what came of a request: what it uses of a Future."""

    def done(self) -> bool:
        """Return whether it has its result, or is given up."""

    def set_result(self, result: Buffer, /) -> None:
        """Take the answer; raise InvalidStateError where it is given up."""

    def set_exception(self, exception: Exception, /) -> None:
        """Take the reason why there is none."""


class _Transport(Protocol):
    def send(self, request: EncodedRequest, timeout_s: float, answer: Answer) -> None: ...


class _PublishRequest:
    """A Publish request at the server; its answer is handed on at once."""

    __slots__ = ("_answered", "_is_done")

    def __init__(self, answered: Callable[[_PublishRequest, Buffer | Exception], None]) -> None:
        self._answered = answered
        self._is_done = False

    def done(self) -> bool:
        return self._is_done

    def cancel(self) -> None:
        self._is_done = True

    def set_result(self, result: Buffer) -> None:
        if self._is_done:
            raise asyncio.InvalidStateError
        self._is_done = True
        self._answered(self, result)

    def set_exception(self, exception: Exception) -> None:
        self._is_done = True
        self._answered(self, exception)


def _read(answer: Buffer) -> ua.PublishResult:
    """Return an answer; raise what the server says instead, or UaStructParsingError."""
    try:
        return publish_result(answer)
    except UaStatusCodeError:
        raise
    except Exception as error:
        raise UaStructParsingError(f"{type(error).__name__}: {error}") from error


def publish_result(data: Buffer) -> ua.PublishResult:
    """Return an answer to Publish (OPC UA Part 4, 5.14.5); raise the error of a service that was refused.

    What it says of the acknowledgements, and when it was sent, is not read.
    """
    usual = _single_change(data) if isinstance(data, BoundedBuffer) else None
    if usual is not None:
        return usual
    take_head(data)
    subscription, numbers = _unpack(_SUBSCRIPTION, data)
    available = list(struct.unpack(f"<{numbers}I", data.read(_UINT32 * numbers))) if numbers > 0 else []
    (more,) = data.read(1)
    return ua.PublishResult(subscription, available, bool(more), _message(data), [], [])


def _single_change(data: BoundedBuffer) -> ua.PublishResult | None:
    """Return the answer that nearly all are: one change of data, and nothing refused; None for any other.

    It is read at two places instead of field by field: after 100 ms of sleep each function that is called has to be
    fetched, which takes longer than to run it.
    """
    body, place, end = data.rest()
    if end - place < _ANSWER.size + _CHANGE.size:
        return None
    kind, result, diagnostics, texts, header, subscription, numbers = _ANSWER.unpack_from(body, place)
    if kind != _ANSWER_ID or result or diagnostics or texts > 0 or header != _NO_HEADER:
        return None
    place += _ANSWER.size
    at = place + _UINT32 * max(0, numbers)
    if at + _CHANGE.size > end:
        return None
    more, number, _, count, encoding, mask, length = _CHANGE.unpack_from(body, at)
    at += _CHANGE.size
    if count != 1 or encoding != _DATA_CHANGE_ID or mask != _HAS_BYTES or not 0 <= length <= end - at:
        return None
    available = list(struct.unpack_from(f"<{numbers}I", body, place)) if numbers > 0 else []
    message = ua.NotificationMessage(number, None, [DataChange(body[at : at + length])])
    return ua.PublishResult(subscription, available, bool(more), message, [], [])


def _message(data: Buffer) -> ua.NotificationMessage:
    number, _, count = _unpack(_MESSAGE, data)
    if count > len(data):
        raise Unbelievable(f"{count} notifications announced, {len(data)} bytes left")
    parts = [_notification(data) for _ in range(count)]
    return ua.NotificationMessage(number, None, parts)


def _unpack(form: struct.Struct, data: Buffer) -> tuple[int, ...]:
    return form.unpack(data.read(form.size))


def _notification(data: Buffer) -> object:
    ahead = data.copy()
    if len(ahead) >= _DATA_CHANGE.size:
        encoding, mask, length = _unpack(_DATA_CHANGE, ahead)
        if encoding == _DATA_CHANGE_ID and mask & _HAS_BYTES and length >= 0:
            data.skip(_DATA_CHANGE.size)
            return DataChange(data.read(length))
    return _notification_at_length(data)


def _notification_at_length(data: Buffer) -> object:
    """Read one whose kind is told in one of the ways that servers seldom choose, or that is no change of data."""
    ahead = data.copy()
    is_data_change = nodeid_from_binary(ahead) == _DATA_CHANGE_NODE and ahead.read(1)[0] & _HAS_BYTES
    length = Primitives.Int32.unpack(ahead) if is_data_change else -1
    if length < 0:
        return extensionobject_from_binary(data)
    data.skip(ahead.cur_pos - data.cur_pos)
    return DataChange(data.read(length))
