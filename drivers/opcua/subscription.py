"""One OPC UA subscription per scan class: monitored items whose notifications become one Block each."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from asyncua import ua
from asyncua.client.client import Client

from app.model import clock, status
from app.model.block import Block
from drivers.driver import SubscribeResult, TagSpec
from drivers.opcua.limits import Service
from drivers.opcua.monitored_item import ItemTerms
from drivers.opcua.notification import Changes, decode_changes
from drivers.opcua.publish import DataChange
from drivers.opcua.refusal import status_name
from drivers.opcua.sequence import MessageSequence
from drivers.opcua.session import ServiceRefused, Session
from drivers.opcua.settings import OpcUaSettings
from drivers.opcua.slots import Shape, Slots

log = logging.getLogger(__name__)

_STALE_KEEPALIVES = 3
_NAMED = 5


class ScanSubscription:
    """The tags of one period."""

    def __init__(
        self,
        session: Session,
        settings: OpcUaSettings,
        *,
        period_ms: int,
        deliver: Callable[[Block], None],
        on_lost: Callable[[str], None],
        shape: Shape | None = None,
    ) -> None:
        """Prepare; `create` makes the subscription in the server. `shape` makes what tags show of raw values."""
        self._session = session
        self._settings = settings
        self._period_ms = period_ms
        self._deliver = deliver
        self._on_lost = on_lost
        self._id = 0
        self._items: dict[int, int] = {}
        self._slots = Slots(shape=shape)
        self._sequence = MessageSequence()
        self._terms = ItemTerms(settings, period_ms)
        self._silent_ns = 0
        self._heard = clock.monotonic_ns()

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what people should know of it, each as a sentence."""
        missed = self._sequence.missed
        return (
            *((f"{missed} notification messages never came",) if missed else ()),
            *self._terms.notes,
            *((_rounded_note(list(self._slots.rounded)),) if self._slots.rounded else ()),
        )

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
        self._terms.publishing_ms = revised.RevisedPublishingInterval
        keepalive_ms = revised.RevisedPublishingInterval * revised.RevisedMaxKeepAliveCount
        self._silent_ns = int((_STALE_KEEPALIVES * keepalive_ms + 1_000) * clock.NS_PER_MS)
        self._heard = clock.monotonic_ns()

    async def add(self, tags: Sequence[tuple[TagSpec, ua.NodeId]]) -> list[SubscribeResult]:
        """Monitor tags; one result per tag, in their order."""
        requests = [self._terms.request(tag, node, self._slots.add(tag)) for tag, node in tags]
        results = await self._create(requests)
        again = {
            row: request
            for row, (request, result) in enumerate(zip(requests, results, strict=True))
            if result.StatusCode.value >= status.BAD and self._terms.without_deadband(request, result) is not None
        }
        for row, result in zip(again, await self._create(list(again.values())), strict=True):
            results[row] = result
        return [self._noted(tag, result) for (tag, _), result in zip(tags, results, strict=True)]

    async def remove(self, handles: Sequence[int]) -> None:
        """Monitor these tags no more; unknown handles are passed over."""
        items = [self._items.pop(handle) for handle in handles if handle in self._items]
        for handle in handles:
            self._slots.remove(handle)
        if items:
            await self._session.in_batches(
                items,
                self._delete_items,
                refused=lambda code: ua.StatusCode(ua.UInt32(code)),
                service=Service.MONITOR,
            )

    async def _create(self, requests: list[ua.MonitoredItemCreateRequest]) -> list[ua.MonitoredItemCreateResult]:
        return await self._session.in_batches(requests, self._create_items, refused=_refused, service=Service.MONITOR)

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
        self._terms.note(result)
        self._items[tag.handle] = result.MonitoredItemId
        return SubscribeResult(tag.handle, code)

    def _take(self, result: ua.PublishResult) -> Awaitable[None] | None:
        """Turn one publish answer into Blocks, after those of the messages before it that never came."""
        self._heard = clock.monotonic_ns()
        self._session.heard()
        missing = self._sequence.missing_before(result.NotificationMessage, result.AvailableSequenceNumbers or ())
        if missing:
            return self._take_after(missing, result.NotificationMessage)
        self._use(result.NotificationMessage)
        return None

    async def _take_after(self, missing: Sequence[int], message: ua.NotificationMessage) -> None:
        for number in missing:
            try:
                self._use(await self._republish(number))
            except ServiceRefused:
                self._sequence.missed += 1
        self._use(message)

    async def _republish(self, number: int) -> ua.NotificationMessage:
        return await self._session.request(lambda client: client.uaclient.session.republish(self._id, number))

    def _use(self, message: ua.NotificationMessage) -> None:
        """Pass a message's values on; what cannot be read ends the connection."""
        try:
            for notification in message.NotificationData or []:
                if isinstance(notification, DataChange):
                    self._pass_on(decode_changes(notification.body, is_exact=self._slots.is_exact))
                elif isinstance(notification, ua.StatusChangeNotification):
                    self._ended(notification)
        except Exception as error:
            log.exception("opcua.notification.failed", extra={"url": self._session.url})
            self._on_lost(f"{self._session.url}: a notification could not be read: {type(error).__name__}: {error}")

    def _ended(self, notification: ua.StatusChangeNotification) -> None:
        code = notification.Status.value
        if code >= status.BAD:
            self._on_lost(f"{self._session.url}: the server ended the subscription: {status_name(code)}")

    def _pass_on(self, changes: Changes) -> None:
        self._terms.count_overflows(changes.status)
        block = self._slots.block_of(changes, skew_ns=self._session.skew_ns)
        if len(block):
            self._deliver(block)


def _rounded_note(addresses: list[str]) -> str:
    """Return what people should do about tags that have lost digits."""
    named = ", ".join(addresses[:_NAMED]) + (", ..." if len(addresses) > _NAMED else "")
    return (
        f"{len(addresses)} tags had whole numbers beyond 9007199254740992 (2^53), whose last digits a float64 does not "
        f'hold: give them type = "int64": {named}'
    )


def _refused(code: int) -> ua.MonitoredItemCreateResult:
    return ua.MonitoredItemCreateResult(StatusCode=ua.StatusCode(ua.UInt32(code)))
