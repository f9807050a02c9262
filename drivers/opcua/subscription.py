"""One OPC UA subscription per scan class: monitored items whose notifications become one Block each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from asyncua import ua
from asyncua.client.client import Client
from asyncua.ua.attribute_ids import AttributeIds

from app.model import clock, status
from app.model.block import Block
from drivers.driver import SubscribeResult, TagSpec
from drivers.opcua.notification import Changes, decode_changes
from drivers.opcua.publish import DataChange
from drivers.opcua.refusal import status_name
from drivers.opcua.session import Session
from drivers.opcua.settings import OpcUaSettings
from drivers.opcua.slots import Slots

log = logging.getLogger(__name__)

_STALE_KEEPALIVES = 3


class ScanSubscription:
    """The tags of one period; `missed` counts notification messages that never came."""

    def __init__(
        self,
        session: Session,
        settings: OpcUaSettings,
        *,
        period_ms: int,
        deliver: Callable[[Block], None],
        on_lost: Callable[[str], None],
    ) -> None:
        """Prepare; `create` makes the subscription in the server."""
        self.missed = 0
        self._session = session
        self._settings = settings
        self._period_ms = period_ms
        self._deliver = deliver
        self._on_lost = on_lost
        self._id = 0
        self._items: dict[int, int] = {}
        self._slots = Slots()
        self._last_sequence = 0
        self._silent_ns = 0
        self._heard = clock.monotonic_ns()

    @property
    def is_silent(self) -> bool:
        """Return whether neither data nor a keep-alive has come for too long."""
        return self._silent_ns > 0 and clock.monotonic_ns() - self._heard > self._silent_ns

    async def create(self) -> None:
        """Make the subscription; raise ServiceRefused or ConnectionLost."""
        count = max(1, round(self._settings.keepalive_s * 1000 / self._period_ms))
        parameters = ua.CreateSubscriptionParameters(
            RequestedPublishingInterval=float(self._period_ms),
            RequestedLifetimeCount=max(3 * count, round(self._settings.session_s * 1000 / self._period_ms)),
            RequestedMaxKeepAliveCount=count,
            MaxNotificationsPerPublish=0,
            PublishingEnabled=True,
        )
        revised = await self._session.request(
            lambda client: client.uaclient.create_subscription(parameters, self._take)
        )
        self._id = revised.SubscriptionId
        keepalive_ms = revised.RevisedPublishingInterval * revised.RevisedMaxKeepAliveCount
        self._silent_ns = int((_STALE_KEEPALIVES * keepalive_ms + 1_000) * clock.NS_PER_MS)
        self._heard = clock.monotonic_ns()

    async def add(self, tags: Sequence[tuple[TagSpec, ua.NodeId]]) -> list[SubscribeResult]:
        """Monitor tags; one result per tag, in their order."""
        results = await self._session.in_batches(
            [self._item(tag, node) for tag, node in tags], self._create_items, refused=_refused
        )
        return [self._noted(tag, result) for (tag, _), result in zip(tags, results, strict=True)]

    async def remove(self, handles: Sequence[int]) -> None:
        """Monitor these tags no more; unknown handles are passed over."""
        items = [self._items.pop(handle) for handle in handles if handle in self._items]
        for handle in handles:
            self._slots.remove(handle)
        if items:
            await self._session.in_batches(
                items, self._delete_items, refused=lambda code: ua.StatusCode(ua.UInt32(code))
            )

    def _item(self, tag: TagSpec, node: ua.NodeId) -> ua.MonitoredItemCreateRequest:
        trigger = "StatusValueTimestamp" if self._settings.trigger == "timestamp" else "StatusValue"
        return ua.MonitoredItemCreateRequest(
            ua.ReadValueId(node, AttributeIds.Value),
            ua.MonitoringMode.Reporting,
            ua.MonitoringParameters(
                ClientHandle=ua.UInt32(self._slots.add(tag)),
                SamplingInterval=float(self._period_ms),
                Filter=ua.DataChangeFilter(Trigger=ua.DataChangeTrigger[trigger]),
                QueueSize=ua.UInt32(self._settings.queue_size),
                DiscardOldest=True,
            ),
        )

    async def _create_items(
        self, client: Client, items: list[ua.MonitoredItemCreateRequest]
    ) -> list[ua.MonitoredItemCreateResult]:
        return await client.uaclient.create_monitored_items(
            ua.CreateMonitoredItemsParameters(self._id, ua.TimestampsToReturn.Both, items)
        )

    async def _delete_items(self, client: Client, items: list[int]) -> list[ua.StatusCode]:
        return await client.uaclient.delete_monitored_items(ua.DeleteMonitoredItemsParameters(self._id, items))

    def _noted(self, tag: TagSpec, result: ua.MonitoredItemCreateResult) -> SubscribeResult:
        code = result.StatusCode.value
        if code >= status.BAD:
            self._slots.refuse(tag.handle)
            return SubscribeResult(tag.handle, code, f"{tag.address}: the server refuses it: {status_name(code)}")
        self._items[tag.handle] = result.MonitoredItemId
        return SubscribeResult(tag.handle, code)

    def _take(self, result: ua.PublishResult) -> None:
        """Turn one publish answer into Blocks; asyncua would swallow an exception, so it ends the connection here."""
        try:
            self._heard = clock.monotonic_ns()
            self._session.heard()
            message = result.NotificationMessage
            self._follow(message)
            for notification in message.NotificationData or []:
                if isinstance(notification, DataChange):
                    self._pass_on(decode_changes(notification.body, is_exact=self._slots.is_exact))
                elif isinstance(notification, ua.StatusChangeNotification):
                    self._ended(notification)
        except Exception as error:
            log.exception("opcua.notification.failed", extra={"url": self._session.url})
            self._on_lost(f"{self._session.url}: a notification could not be read: {type(error).__name__}: {error}")

    def _follow(self, message: ua.NotificationMessage) -> None:
        """Count the messages that are missing before this one; a keep-alive carries the number of the next."""
        if not message.NotificationData:
            return
        expected = self._last_sequence % 0xFFFF_FFFF + 1
        if self._last_sequence and message.SequenceNumber > expected:
            self.missed += message.SequenceNumber - expected
        self._last_sequence = message.SequenceNumber

    def _ended(self, notification: ua.StatusChangeNotification) -> None:
        code = notification.Status.value
        if code >= status.BAD:
            self._on_lost(f"{self._session.url}: the server ended the subscription: {status_name(code)}")

    def _pass_on(self, changes: Changes) -> None:
        block = self._slots.block_of(changes, skew_ns=self._session.skew_ns)
        if len(block):
            self._deliver(block)


def _refused(code: int) -> ua.MonitoredItemCreateResult:
    return ua.MonitoredItemCreateResult(StatusCode=ua.StatusCode(ua.UInt32(code)))
