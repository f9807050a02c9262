"""The OPC UA driver: tags of one server, delivered by its subscriptions."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from typing import ClassVar, Self

from asyncua import ua

from app.model import clock
from app.model.block import Block
from app.model.connection import ConnectionDefinition
from drivers.alarm_source import DeedResult, DeviceEvents
from drivers.array_source import ArrayValue
from drivers.block_queue import BlockQueue
from drivers.driver import (
    BrowsePage,
    ConnectionLost,
    Diagnostics,
    DriverError,
    SubscribeResult,
    TagSpec,
    WriteItem,
    WriteResult,
)
from drivers.historian import HistoryPage
from drivers.method_caller import CallResult
from drivers.opcua import identity
from drivers.opcua.array import read_array
from drivers.opcua.browse import Browser
from drivers.opcua.data_types import DataTypes
from drivers.opcua.events import EventSubscription
from drivers.opcua.history import HistoryService
from drivers.opcua.introduction import introduce_server
from drivers.opcua.login import login_offer
from drivers.opcua.method import MethodService
from drivers.opcua.node_id import check_node_id
from drivers.opcua.part import split_address
from drivers.opcua.probe import probe_server
from drivers.opcua.read import Reader, node_of
from drivers.opcua.session import ServiceRefused, Session
from drivers.opcua.settings import SCHEMES, OpcUaSettings, parse_settings
from drivers.opcua.subscription import ScanSubscription
from drivers.opcua.write import write_item

log = logging.getLogger(__name__)

SKEW_TOLD_S = 2.0
"""A server's clock that is further from ours than that is worth a note."""
_CHECK_EVERY_S = 1.0


class OpcUaDriver:
    """One session with an OPC UA server; see `drivers.driver.Driver` for the contract."""

    schemes: ClassVar[tuple[str, ...]] = SCHEMES

    def __init__(self, settings: OpcUaSettings) -> None:
        """Prepare a session that is not open yet."""
        self._settings = settings
        self._queue = BlockQueue()
        self._session = Session(settings, self._lost)
        self._types = DataTypes(self._session)
        self._browser = Browser(self._session, self._types)
        self._reader = Reader(self._session, self._types)
        self._histories = HistoryService(self._session, self._types)
        self._events = EventSubscription(self._session)
        self._methods = MethodService(self._session, self._types)
        self._subscriptions: dict[int, ScanSubscription] = {}
        self._checking: asyncio.TimerHandle | None = None
        self._comparing: asyncio.Task[None] | None = None
        self._delivered = 0

    @classmethod
    def from_definition(cls, definition: ConnectionDefinition) -> Self:
        """Return an unopened driver; raise BadAddress for a URL or an option that is not understood."""
        return cls(parse_settings(definition))

    identify = staticmethod(identity.identify)
    present = staticmethod(identity.present)
    known_identity = staticmethod(identity.known_identity)
    trust = staticmethod(identity.trust)
    refuse = staticmethod(identity.refuse)
    hand_over = staticmethod(identity.hand_over)
    own = staticmethod(identity.own)
    warnings = staticmethod(identity.warnings)
    probe = staticmethod(probe_server)
    introduce = staticmethod(introduce_server)
    login_offer = staticmethod(login_offer)

    @staticmethod
    def check_address(address: str) -> None:
        """Raise BadAddress for what is no NodeId, and no part of a value either."""
        check_node_id(split_address(address)[1])

    async def open(self) -> None:
        """Connect; raise ConnectionLost with a reason and a remedy."""
        await self._session.open()
        self._check_later()
        log.info("opcua.opened", extra={"url": self._settings.url})

    async def close(self) -> None:
        """End the session, by force where the server does not answer."""
        comparing, self._comparing = self._comparing, None
        if self._checking is not None:
            self._checking.cancel()
        if comparing is not None:
            comparing.cancel()
            await asyncio.gather(comparing, return_exceptions=True)
        self._queue.fail(ConnectionLost(f"{self._settings.url}: closed"))
        self._subscriptions.clear()
        self._events.close()
        await self._session.close()

    async def browse(self, reference: str = "", cursor: bytes = b"") -> BrowsePage:
        """Return what stands below a NodeId, "" being the Objects folder."""
        self._session.require_open()
        return await self._browser.browse(reference, cursor)

    async def subscribe(self, tags: Sequence[TagSpec]) -> list[SubscribeResult]:
        """Monitor `tags`, each with its scan period; one result per tag, as the server gives it."""
        self._session.require_open()
        await self.unsubscribe([tag.handle for tag in tags])
        await self._types.learn(tags)
        results: dict[int, SubscribeResult] = {}
        classes: dict[int, list[tuple[TagSpec, ua.NodeId]]] = {}
        for tag in tags:
            node = node_of(tag, self._session.namespaces)
            if isinstance(node, ua.NodeId):
                classes.setdefault(tag.scan_ms, []).append((tag, node))
            else:
                results[tag.handle] = node
        for period_ms, members in classes.items():
            results.update((result.handle, result) for result in await self._monitor(period_ms, members))
        return [results[tag.handle] for tag in tags]

    async def unsubscribe(self, handles: Sequence[int]) -> None:
        """Monitor these tags no more."""
        for subscription in self._subscriptions.values():
            await subscription.remove(handles)

    async def read(self, tags: Sequence[TagSpec]) -> Block:
        """Read once, one sample per tag in their order; raise ConnectionLost."""
        self._session.require_open()
        return await self._reader.read(tags)

    async def read_array(self, address: str) -> ArrayValue:
        """Read a variable that is an array of numbers; see `drivers.array_source`."""
        self._session.require_open()
        return await read_array(self._session, address)

    def history(
        self, tags: Sequence[TagSpec], start: int, end: int, *, limit: int = 0
    ) -> AsyncGenerator[HistoryPage, None]:
        """Yield what the server has kept of `tags` with start <= time < end (ns UTC); see `drivers.historian`."""
        return self._histories.read(tags, start, end, limit=limit)

    async def listen(self, tell: Callable[[DeviceEvents], None]) -> None:
        """Let the server's events be told, first the conditions that stand; see `drivers.alarm_source`."""
        self._session.require_open()
        await self._events.listen(tell)

    async def acknowledge(self, condition: str, event_id: bytes, comment: str) -> DeedResult:
        """Acknowledge a state of a condition in the server; raise ConnectionLost."""
        self._session.require_open()
        return await self._events.acknowledge(condition, event_id, comment)

    async def call(
        self,
        owner: str,
        method: str,
        arguments: Sequence[str],
        *,
        expires: int | None = None,
        timeout_s: float | None = None,
    ) -> CallResult:
        """Call a method of an object once; see `drivers.method_caller`."""
        self._session.require_open()
        return await self._methods.call(owner, method, arguments, expires=expires, timeout_s=timeout_s)

    async def write(self, items: Sequence[WriteItem]) -> list[WriteResult]:
        """Write once, in order; raise ConnectionLost."""
        self._session.require_open()
        return [await write_item(self._session, item) for item in items]

    def batches(self) -> BlockQueue:
        """Return the queue of delivered Blocks."""
        return self._queue

    def diagnose(self) -> Diagnostics:
        """Return the counters so far."""
        ahead_ns = self._session.clock.ahead_ns
        ahead_s = math.nan if ahead_ns is None else ahead_ns / clock.NS_PER_S
        told = "; its times are corrected" if self._session.skew_ns else ""
        security = self._session.access.security
        notes = (
            *self._session.access.notes,
            *(note for subscription in self._subscriptions.values() for note in subscription.notes),
            *self._events.notes,
            *((f"the server's clock is {ahead_s:+.1f} s off{told}",) if abs(ahead_s) > SKEW_TOLD_S else ()),
        )
        return Diagnostics(
            requests=self._session.requests,
            failures=self._session.failures,
            samples=self._delivered,
            coalesced=self._queue.coalesced,
            round_trip_ms=self._session.round_trip_ms,
            notes=notes,
            clock_ahead_s=ahead_s,
            certificate_days=self._session.access.certificate_days,
            security="" if security is None else security.text,
        )

    async def _monitor(self, period_ms: int, members: Sequence[tuple[TagSpec, ua.NodeId]]) -> list[SubscribeResult]:
        try:
            if period_ms not in self._subscriptions:
                subscription = ScanSubscription(
                    self._session,
                    self._settings,
                    period_ms=period_ms,
                    deliver=self._deliver,
                    on_lost=self._lost,
                    shape=self._types.shaped,
                )
                await subscription.create()
                self._subscriptions[period_ms] = subscription
            return await self._subscriptions[period_ms].add(members)
        except ServiceRefused as error:
            return [SubscribeResult(tag.handle, error.code, str(error)) for tag, _ in members]

    def _check_later(self) -> None:
        self._checking = asyncio.get_running_loop().call_later(_CHECK_EVERY_S, self._check)

    def _check(self) -> None:
        """End the connection when a subscription has died quietly while the session lives on."""
        silent = [period for period, subscription in self._subscriptions.items() if subscription.is_silent]
        if silent or self._events.is_silent:
            fallen = f"subscription of {silent[0]} ms" if silent else "subscription to events"
            self._session.drop()
            self._lost(f"{self._settings.url}: the {fallen} has fallen silent")
            return
        if self._session.clock.is_due and (self._comparing is None or self._comparing.done()):
            self._comparing = asyncio.create_task(self._compare_clocks(), name="opcua-clock")
        self._check_later()

    async def _compare_clocks(self) -> None:
        with suppress(DriverError):  # who does not answer is told by the session
            await self._session.compare_clocks()

    def _deliver(self, block: Block) -> None:
        self._delivered += len(block)
        self._queue.put(block)

    def _lost(self, reason: str) -> None:
        log.info("opcua.lost", extra={"url": self._settings.url, "reason": reason})
        self._queue.fail(ConnectionLost(reason))
