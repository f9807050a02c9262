"""The events of an OPC UA server: a subscription to its Server object, and ConditionRefresh for what stands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds
from asyncua.ua.object_ids import ObjectIds

from app.model import clock, status
from drivers.alarm_source import DeedResult, DeviceEvent, DeviceEvents
from drivers.driver import BadAddress, DriverError
from drivers.opcua.event_filter import (
    OVERFLOW,
    REFRESH_END,
    REFRESH_REQUIRED,
    REFRESH_START,
    device_event,
    event_filter,
    is_audit,
    standard_kind,
)
from drivers.opcua.node_id import parse_node_id
from drivers.opcua.refusal import status_name
from drivers.opcua.sequence import MessageSequence
from drivers.opcua.session import ServiceRefused, Session

log = logging.getLogger(__name__)

PERIOD_MS = 250.0
QUEUE = 10_000
_KEEPALIVES = 20
_LIFETIMES = 240
_STALE_KEEPALIVES = 3


class EventSubscription:
    """Hears the events of one session; `tell` gets them in their order."""

    def __init__(self, session: Session) -> None:
        """Prepare; `listen` begins."""
        self.notes: tuple[str, ...] = ()
        self._session = session
        self._tell: Callable[[DeviceEvents], None] = lambda _: None
        self._id = 0
        self._sequence = MessageSequence()
        self._heard = 0
        self._silent_ns = 0
        self._refreshing: asyncio.Task[None] | None = None

    @property
    def is_silent(self) -> bool:
        """Return whether neither events nor a keep-alive have come for too long."""
        return self._silent_ns > 0 and clock.monotonic_ns() - self._heard > self._silent_ns

    async def listen(self, tell: Callable[[DeviceEvents], None]) -> None:
        """Subscribe and let the server tell what stands; a server that refuses is noted. Raise ConnectionLost."""
        self._tell = tell
        try:
            await self._subscribe()
        except ServiceRefused as error:
            self._note(f"the server tells no events: {status_name(error.code)}")
            return
        await self._refresh()

    async def acknowledge(self, condition: str, event_id: bytes, comment: str) -> DeedResult:
        """Call Acknowledge of a condition (Part 9, 5.7.3); raise ConnectionLost."""
        try:
            node = parse_node_id(condition, self._session.namespaces)
        except BadAddress as error:
            return DeedResult(status.BAD_NODE_ID_INVALID, str(error))
        arguments = [
            ua.Variant(event_id, ua.VariantType.ByteString),
            ua.Variant(ua.LocalizedText(comment), ua.VariantType.LocalizedText),
        ]
        code = await self._call(node, ObjectIds.AcknowledgeableConditionType_Acknowledge, arguments)
        if code < status.BAD:
            return DeedResult(code)
        return DeedResult(code, f"the server refuses it: {status_name(code)}")

    def close(self) -> None:
        """End what is under way."""
        if self._refreshing is not None:
            self._refreshing.cancel()

    async def _subscribe(self) -> None:
        parameters = ua.CreateSubscriptionParameters(
            RequestedPublishingInterval=PERIOD_MS,
            RequestedLifetimeCount=ua.UInt32(_LIFETIMES),
            RequestedMaxKeepAliveCount=ua.UInt32(_KEEPALIVES),
            MaxNotificationsPerPublish=ua.UInt32(0),
            PublishingEnabled=True,
        )
        revised = await self._session.request(
            lambda client: client.uaclient.create_subscription(parameters, self._take)
        )
        self._id = revised.SubscriptionId
        keepalive_ms = revised.RevisedPublishingInterval * revised.RevisedMaxKeepAliveCount
        self._heard = clock.monotonic_ns()
        self._silent_ns = int((_STALE_KEEPALIVES * keepalive_ms + 1_000) * clock.NS_PER_MS)
        item = ua.MonitoredItemCreateRequest(
            ua.ReadValueId(ua.NodeId(ua.Int32(ObjectIds.Server)), AttributeIds.EventNotifier),
            ua.MonitoringMode.Reporting,
            ua.MonitoringParameters(
                ClientHandle=ua.UInt32(0), SamplingInterval=0.0, Filter=event_filter(), QueueSize=ua.UInt32(QUEUE)
            ),
        )
        wanted = ua.CreateMonitoredItemsParameters(self._id, ua.TimestampsToReturn.Neither, [item])
        results = await self._session.request(lambda client: client.uaclient.create_monitored_items(wanted))
        code = results[0].StatusCode.value if results else status.BAD_INTERNAL_ERROR
        if code >= status.BAD:
            raise ServiceRefused(code, f"{self._session.url}: events are refused")

    async def _refresh(self) -> None:
        """Let the server tell its conditions anew (Part 9, 5.5.7); some have no such method."""
        argument = ua.Variant(self._id, ua.VariantType.UInt32)
        node = ua.NodeId(ua.Int32(ObjectIds.ConditionType))
        code = await self._call(node, ObjectIds.ConditionType_ConditionRefresh, [argument])
        if code >= status.BAD:
            self._note(f"alarms that stood before are not told: ConditionRefresh: {status_name(code)}")

    async def _call(self, node: ua.NodeId, method: int, arguments: Sequence[ua.Variant]) -> int:
        request = ua.CallMethodRequest(node, ua.NodeId(ua.Int32(method)), list(arguments))

        async def call(client: Client) -> list[ua.CallMethodResult]:
            return await client.uaclient.call([request])

        try:
            results = await self._session.request(call)
        except ServiceRefused as error:
            return error.code
        return results[0].StatusCode.value if results else status.BAD_INTERNAL_ERROR

    def _take(self, result: ua.PublishResult) -> None:
        self._heard = clock.monotonic_ns()
        self._session.heard()
        if self._sequence.missing_before(result.NotificationMessage, result.AvailableSequenceNumbers or ()):
            self._refresh_soon()  # what stands is told by it; what has come and gone meanwhile is lost
        try:
            for notification in result.NotificationMessage.NotificationData or []:
                if isinstance(notification, ua.EventNotificationList):
                    self._use([event.EventFields or [] for event in notification.Events or []])
        except Exception:
            log.exception("opcua.event.unreadable", extra={"url": self._session.url})

    def _use(self, events: Sequence[Sequence[ua.Variant]]) -> None:
        told: list[DeviceEvent] = []
        for fields in events:
            kind = standard_kind(fields)
            if kind in {REFRESH_REQUIRED, OVERFLOW}:
                self._refresh_soon()
            elif kind == REFRESH_END:
                self._tell(DeviceEvents(tuple(told), is_whole=True))
                told = []
            elif kind == REFRESH_START:
                continue
            elif not is_audit(fields):
                told.append(device_event(fields, self._session.namespaces, skew_ns=self._session.skew_ns))
        if told:
            self._tell(DeviceEvents(tuple(told)))

    def _refresh_soon(self) -> None:
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refresh_again(), name="opcua-condition-refresh")

    async def _refresh_again(self) -> None:
        try:
            await self._refresh()
        except DriverError as error:
            log.info("opcua.condition_refresh.failed %s", error)

    def _note(self, text: str) -> None:
        self.notes = (text,)
        log.warning("opcua.events", extra={"url": self._session.url, "note": text})
