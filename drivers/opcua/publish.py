"""The publish loop: several requests at a time, and changes of data that stay bytes until wanted."""

from __future__ import annotations

import asyncio
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from asyncua import ua
from asyncua.client.ua_client import UaClient, UASocketProtocol
from asyncua.client.ua_session import SessionState, UaSession
from asyncua.common.utils import Buffer
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.ua_binary import Primitives, extensionobject_from_binary, nodeid_from_binary
from asyncua.ua.uaerrors import BadNoSubscription, BadTimeout, BadTooManyPublishRequests, UaStructParsingError

from drivers.opcua.bounds import Unbelievable
from drivers.opcua.encoded import EncodedRequest, publish_request, take_header

MOST_REQUESTS = 10
_DATA_CHANGE = ua.FourByteNodeId(ua.Int32(ObjectIds.DataChangeNotification_Encoding_DefaultBinary))
_FAULT = struct.pack("<BBH", 1, 0, ObjectIds.ServiceFault_Encoding_DefaultBinary)
_HAS_BYTES = 1
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
        self._asked: deque[asyncio.Future[Buffer]] = deque()

    async def publish(self, acks: list[ua.SubscriptionAcknowledgement]) -> ua.PublishResponse:
        """Return the next answer, in the order of the requests, which is that in which servers answer."""
        data = await self._next_answer(acks)
        try:
            return ua.PublishResponse(Parameters=publish_result(data))
        except Exception as error:
            raise UaStructParsingError(f"{type(error).__name__}: {error}") from error

    async def republish(self, subscription_id: int, retransmit_sequence_number: int) -> ua.NotificationMessage:
        """Return a message once more (Part 4, 5.14.6); raise BadMessageNotAvailable where it is kept no longer."""
        request = ua.RepublishRequest()
        request.Parameters.SubscriptionId = subscription_id
        request.Parameters.RetransmitSequenceNumber = retransmit_sequence_number
        data = await self._send_request(request)
        nodeid_from_binary(data)
        take_header(data)
        return _message(data)

    async def send(self, request: EncodedRequest) -> Buffer:
        """Return the answer to a request."""
        return await self._send_request(request)

    def begin(self, request: EncodedRequest) -> asyncio.Future[Buffer]:
        """Send a request that may wait at the server for as long as it likes; raise ConnectionError."""
        return self._protocol._send_request(request, 0)  # noqa: SLF001 - without a task for each

    @property
    def _protocol(self) -> UASocketProtocol:
        if self._client.protocol is None:
            raise ConnectionError("the connection is not open")
        return self._client.protocol

    async def _publish_loop(self) -> None:
        """Give each answer to its subscription, and acknowledge it; asyncua would pass over one it cannot read."""
        acks: list[ua.SubscriptionAcknowledgement] = []
        while self._state not in {SessionState.CLOSING, SessionState.CLOSED}:
            try:
                result = (await self.publish(acks)).Parameters
                acks = []
                if not result.SubscriptionId:
                    return  # no subscription is left
                await self._give(result)
            except BadTimeout:
                acks = []
                continue
            except BadNoSubscription:
                return
            except Exception as error:  # noqa: BLE001 - whatever ends the loop ends the connection, told there
                self.on_failed(error)
                return
            if result.NotificationMessage.NotificationData:
                number = result.NotificationMessage.SequenceNumber
                acks.append(ua.SubscriptionAcknowledgement(result.SubscriptionId, number))

    async def _give(self, result: ua.PublishResult) -> None:
        callback = self._subscription_callbacks.get(result.SubscriptionId)
        if callback is not None:
            waiting = callback(result)
            if waiting is not None:
                await waiting

    async def _next_answer(self, acks: list[ua.SubscriptionAcknowledgement]) -> Buffer:
        while True:
            self._ask(acks)
            acks = []
            try:
                data = await self._asked.popleft()
                if data.copy().read(4) == _FAULT:
                    self._protocol.check_answer(data, "")
                return data
            except BadTooManyPublishRequests:
                self.most_requests = max(1, len(self._asked))
            except BadTimeout:
                raise  # the server has given up this request alone
            except BaseException:
                self._forget()
                raise

    def _ask(self, acks: list[ua.SubscriptionAcknowledgement]) -> None:
        wanted = min(self.most_requests, _REQUESTS_PER_SUBSCRIPTION * len(self._subscription_callbacks) + 1)
        while not self._asked or len(self._asked) < wanted or acks:
            request, acks = publish_request(acks), []
            self._asked.append(self.begin(request))

    def _forget(self) -> None:
        """Give up the requests that nobody waits for any more: the loop ends, or begins anew."""
        for answer in self._asked:
            if not answer.cancel() and not answer.cancelled():
                answer.exception()  # it has ended as the others have: nothing to tell
        self._asked.clear()


def publish_result(data: Buffer) -> ua.PublishResult:
    """Return an answer to Publish (OPC UA Part 4, 5.14.5); what it says of the acknowledgements is not read."""
    nodeid_from_binary(data)
    take_header(data)
    result = ua.PublishResult()
    result.SubscriptionId = Primitives.UInt32.unpack(data)
    numbers = _count(data, _UINT32)
    result.AvailableSequenceNumbers = [Primitives.UInt32.unpack(data) for _ in range(numbers)]
    result.MoreNotifications = Primitives.Boolean.unpack(data)
    result.NotificationMessage = _message(data)
    return result


def _message(data: Buffer) -> ua.NotificationMessage:
    message = ua.NotificationMessage()
    message.SequenceNumber = Primitives.UInt32.unpack(data)
    message.PublishTime = Primitives.DateTime.unpack(data)
    parts = [_notification(data) for _ in range(_count(data, 1))]
    message.NotificationData = cast("list[ua.ExtensionObject]", parts)
    return message


def _count(data: Buffer, size: int) -> int:
    """Return the length of a list whose elements take at least `size` bytes."""
    count = int(Primitives.Int32.unpack(data))
    if count * size > len(data):
        raise Unbelievable(f"{count} elements announced, {len(data)} bytes left")
    return count


def _notification(data: Buffer) -> object:
    ahead = data.copy()
    is_data_change = nodeid_from_binary(ahead) == _DATA_CHANGE and ahead.read(1)[0] & _HAS_BYTES
    length = Primitives.Int32.unpack(ahead) if is_data_change else -1
    if length < 0:
        return extensionobject_from_binary(data)
    data.skip(ahead.cur_pos - data.cur_pos)
    return DataChange(data.read(length))
