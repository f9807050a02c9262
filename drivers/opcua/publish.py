"""asyncua's client, but for the answers to Publish: changes of data stay bytes until somebody wants their columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from asyncua import ua
from asyncua.client.client import Client
from asyncua.client.ua_session import UaSession
from asyncua.common.shortcuts import Shortcuts
from asyncua.common.utils import Buffer
from asyncua.ua.object_ids import ObjectIds
from asyncua.ua.ua_binary import Primitives, extensionobject_from_binary, nodeid_from_binary, struct_from_binary
from asyncua.ua.uaerrors import UaStructParsingError

_DATA_CHANGE = ua.FourByteNodeId(ua.Int32(ObjectIds.DataChangeNotification_Encoding_DefaultBinary))
_HAS_BYTES = 1


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
    async def publish(self, acks: list[ua.SubscriptionAcknowledgement]) -> ua.PublishResponse:
        request = ua.PublishRequest()
        request.Parameters.SubscriptionAcknowledgements = acks
        data = await self._send_request(request, timeout=0)
        try:
            return publish_response(data)
        except Exception as error:
            raise UaStructParsingError from error


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
