"""asyncua's client, but for Publish: several requests at a time, and changes of data that stay bytes until wanted."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import cast

from asyncua import ua
from asyncua.client.client import Client
from asyncua.client.ua_client import UaClient
from asyncua.client.ua_session import UaSession
from asyncua.common.shortcuts import Shortcuts
from asyncua.common.utils import Buffer
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.ua_binary import Primitives, extensionobject_from_binary, nodeid_from_binary, struct_from_binary
from asyncua.ua.uaerrors import BadTimeout, BadTooManyPublishRequests, UaStructParsingError

_DATA_CHANGE = ua.FourByteNodeId(ua.Int32(ObjectIds.DataChangeNotification_Encoding_DefaultBinary))
_HAS_BYTES = 1
_MOST_REQUESTS = 10
_REQUESTS_PER_SUBSCRIPTION = 2


@dataclass(frozen=True, slots=True)
class DataChange:
    """A DataChangeNotification as it came: `drivers.opcua.notification` reads its `body`."""

    body: bytes


class ColumnClient(Client):
    """A Client whose subscriptions' callbacks find a DataChange where asyncua puts its DataChangeNotification."""

    def __init__(self, url: str, *, timeout_s: float, watchdog_s: float) -> None:
        """Prepare; asyncua's own reconnection stays off."""
        super().__init__(url, timeout=timeout_s, watchdog_intervall=watchdog_s, auto_reconnect=False)
        self.uaclient.session = _Session(self.uaclient)
        self.nodes = Shortcuts(self.uaclient.session)


class _Session(UaSession):
    """A session that keeps several Publish requests with the server.

    asyncua keeps one, so that no more than one notification comes per round trip, for all subscriptions together: the
    server's queues overflow behind a slow line. The standard leaves their number to the client (Part 4, 5.14.5).
    """

    def __init__(self, client: UaClient) -> None:
        super().__init__(client)
        self._asked: deque[asyncio.Task[Buffer]] = deque()
        self._most = _MOST_REQUESTS

    async def publish(self, acks: list[ua.SubscriptionAcknowledgement]) -> ua.PublishResponse:
        """Return the next answer, in the order of the requests, which is that in which servers answer."""
        data = await self._next_answer(acks)
        try:
            return publish_response(data)
        except Exception as error:
            raise UaStructParsingError from error

    async def _next_answer(self, acks: list[ua.SubscriptionAcknowledgement]) -> Buffer:
        while True:
            self._ask(acks)
            acks = []
            try:
                return await self._asked.popleft()
            except BadTooManyPublishRequests:
                self._most = max(1, len(self._asked))
            except BadTimeout:
                raise  # the server has given up this request alone
            except BaseException:
                self._forget()
                raise

    def _ask(self, acks: list[ua.SubscriptionAcknowledgement]) -> None:
        wanted = min(self._most, _REQUESTS_PER_SUBSCRIPTION * len(self._subscription_callbacks) + 1)
        while not self._asked or len(self._asked) < wanted or acks:
            request = ua.PublishRequest()
            request.Parameters.SubscriptionAcknowledgements, acks = acks, []
            self._asked.append(asyncio.create_task(self._send_request(request, timeout=0), name="opcua-publish"))

    def _forget(self) -> None:
        """Give up the requests that nobody waits for any more: the loop ends, or begins anew."""
        for task in self._asked:
            if not task.cancel() and not task.cancelled():
                task.exception()  # it has ended as the others have: nothing to tell
        self._asked.clear()


def publish_response(data: Buffer) -> ua.PublishResponse:
    """Return an answer to Publish (OPC UA Part 4, 5.14.5); what it says of the acknowledgements is not read."""
    response = ua.PublishResponse(nodeid_from_binary(data), struct_from_binary(ua.ResponseHeader, data))
    result = response.Parameters
    result.SubscriptionId = Primitives.UInt32.unpack(data)
    result.AvailableSequenceNumbers = [Primitives.UInt32.unpack(data) for _ in range(Primitives.Int32.unpack(data))]
    result.MoreNotifications = Primitives.Boolean.unpack(data)
    message = result.NotificationMessage
    message.SequenceNumber = Primitives.UInt32.unpack(data)
    message.PublishTime = Primitives.DateTime.unpack(data)
    parts = [_notification(data) for _ in range(Primitives.Int32.unpack(data))]
    message.NotificationData = cast("list[ua.ExtensionObject]", parts)
    return response


def _notification(data: Buffer) -> object:
    ahead = data.copy()
    is_data_change = nodeid_from_binary(ahead) == _DATA_CHANGE and ahead.read(1)[0] & _HAS_BYTES
    length = Primitives.Int32.unpack(ahead) if is_data_change else -1
    if length < 0:
        return extensionobject_from_binary(data)
    data.skip(ahead.cur_pos - data.cur_pos)
    return DataChange(data.read(length))
