"""The Sparkplug B driver: tags that edge nodes publish through an MQTT broker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import ClassVar, Self

from app.model import clock, status
from app.model.block import Block
from app.model.connection import ConnectionDefinition
from drivers.block_queue import BlockQueue
from drivers.driver import (
    BadAddress,
    BrowsePage,
    ConnectionLost,
    Diagnostics,
    SubscribeResult,
    TagSpec,
    WriteItem,
    WriteResult,
)
from drivers.sparkplug.address import MetricAddress, parse_address
from drivers.sparkplug.broker import Broker
from drivers.sparkplug.browse import browse_host
from drivers.sparkplug.command import Commands
from drivers.sparkplug.edge_node import Change
from drivers.sparkplug.host import Host
from drivers.sparkplug.samples import Row, bad, block_from, row_of
from drivers.sparkplug.settings import SCHEMES, SparkplugSettings, parse_settings

log = logging.getLogger(__name__)

_TURN_S = 0.25
_LOOK_S = 0.02


class SparkplugDriver:
    """One connection to a broker; see `drivers.driver.Driver` for the contract."""

    schemes: ClassVar[tuple[str, ...]] = SCHEMES

    def __init__(self, settings: SparkplugSettings) -> None:
        """Prepare a connection that is not open yet."""
        self._settings = settings
        self._queue = BlockQueue()
        self._host = Host()
        self._broker = Broker(settings, self._take, self._lost)
        self._commands = Commands(self._broker, self._host, settings.timeout_ms)
        self._tags: dict[MetricAddress, dict[int, TagSpec]] = {}
        self._address_of: dict[int, MetricAddress] = {}
        self._awaited: dict[MetricAddress, dict[int, TagSpec]] = {}
        self._forward: Callable[[Block], None] | None = None
        self._turning: asyncio.Task[None] | None = None
        self._delivered = 0

    @classmethod
    def from_definition(cls, definition: ConnectionDefinition) -> Self:
        """Return an unopened driver; raise BadAddress for a URL or an option that is not understood."""
        return cls(parse_settings(definition))

    @staticmethod
    def check_address(address: str) -> None:
        """Raise BadAddress for what is no address of a metric."""
        parse_address(address)

    async def open(self) -> None:
        """Connect; raise ConnectionLost with a reason and a remedy."""
        await self._broker.open()
        self._turning = asyncio.create_task(self._turn(), name="sparkplug-turn")
        log.info("sparkplug.opened", extra={"url": self._settings.url})

    async def close(self) -> None:
        """Leave the broker."""
        turning, self._turning = self._turning, None
        if turning is not None:
            turning.cancel()
            await asyncio.gather(turning, return_exceptions=True)
        self._queue.fail(ConnectionLost(f"{self._settings.url}: closed"))
        await self._broker.close()

    def forward_to(self, take: Callable[[Block], None]) -> None:
        """Give to `take` what nodes had stored while they were cut off; see `drivers.forwarding.Forwarding`."""
        self._forward = take

    async def browse(self, reference: str = "", cursor: bytes = b"") -> BrowsePage:
        """Return the nodes, devices and metrics that were born since the connection was opened."""
        self._require_open()
        if not reference and not cursor:
            await asyncio.sleep(self._settings.birth_ms / 1000)
        elif not cursor:
            browse_host(self._host, reference, b"")  # raises BadAddress before anything is waited for
        return browse_host(self._host, reference, cursor)

    async def subscribe(self, tags: Sequence[TagSpec]) -> list[SubscribeResult]:
        """Deliver `tags`; a metric that a born node does not name is refused, one of a node not online is bad."""
        self._require_open()
        await self.unsubscribe([tag.handle for tag in tags])
        addresses = _parsed(tags)
        for tag, address in zip(tags, addresses, strict=True):
            if address is not None:  # what was stored comes once, and may come before we know who is born
                self._awaited.setdefault(address, {})[tag.handle] = tag
        try:
            await self._await_births([address for address in addresses if address is not None])
        finally:
            self._awaited.clear()
        results, rows = [], []
        for tag, address in zip(tags, addresses, strict=True):
            refusal = self._refusal(tag, address)
            results.append(SubscribeResult(tag.handle, status.GOOD) if refusal is None else refusal)
            if address is not None and refusal is None:
                self._tags.setdefault(address, {})[tag.handle] = tag
                self._address_of[tag.handle] = address
                rows.append(row_of(tag, self._host.metric(address), clock.now_ns()))
        self._deliver(rows)
        return results

    async def unsubscribe(self, handles: Sequence[int]) -> None:
        """Deliver these tags no more."""
        for handle in handles:
            address = self._address_of.pop(handle, None)
            if address is not None:
                self._tags[address].pop(handle)
                if not self._tags[address]:
                    del self._tags[address]

    async def read(self, tags: Sequence[TagSpec]) -> Block:
        """Return the last value of each tag as its node has told it; raise ConnectionLost."""
        self._require_open()
        addresses = _parsed(tags)
        await self._await_births([address for address in addresses if address is not None])
        rows: list[Row] = []
        for tag, address in zip(tags, addresses, strict=True):
            refusal = self._refusal(tag, address)
            if address is None or refusal is not None:
                rows += bad([tag], status.BAD_NODE_ID_INVALID if refusal is None else refusal.status)
            else:
                rows.append(row_of(tag, self._host.metric(address), clock.now_ns()))
        return block_from(rows)

    async def write(self, items: Sequence[WriteItem]) -> list[WriteResult]:
        """Send commands once, in order; raise ConnectionLost."""
        self._require_open()
        await self._await_births([address for address in _parsed(items) if address is not None])
        return [await self._commands.write(item) for item in items]

    def batches(self) -> BlockQueue:
        """Return the queue of delivered Blocks."""
        return self._queue

    def diagnose(self) -> Diagnostics:
        """Return the counters so far."""
        host = self._host
        notes = ((f"{host.missed} messages never came",) if host.missed else ()) + (
            (f"{host.refused} messages could not be read",) if host.refused else ()
        )
        return Diagnostics(
            requests=self._broker.requests,
            failures=self._broker.failures + host.refused,
            samples=self._delivered,
            coalesced=self._queue.coalesced,
            round_trip_ms=self._broker.round_trip_ms,
            notes=notes,
        )

    def _require_open(self) -> None:
        if not self._broker.is_open:
            raise ConnectionLost(f"{self._settings.url}: not connected")

    async def _await_births(self, addresses: Sequence[MetricAddress]) -> None:
        """Ask the nodes of these metrics for their births where they were not heard, and give them time to answer."""
        for address in addresses:
            self._host.expect(address.source.edge)
        deadline = clock.monotonic_ns() + self._settings.birth_ms * clock.NS_PER_MS
        await self._ask()
        while clock.monotonic_ns() < deadline and any(not self._host.is_alive(address.source) for address in addresses):
            self._require_open()
            await asyncio.sleep(_LOOK_S)

    def _refusal(self, tag: TagSpec, address: MetricAddress | None) -> SubscribeResult | None:
        if address is None:
            try:
                parse_address(tag.address)
            except BadAddress as error:
                return SubscribeResult(tag.handle, status.BAD_NODE_ID_INVALID, str(error))
        elif self._host.is_alive(address.source) and self._host.metric(address) is None:
            return SubscribeResult(
                tag.handle, status.BAD_NODE_ID_UNKNOWN, f"{address.source} has no metric {address.metric!r}"
            )
        return None

    async def _turn(self) -> None:
        """See to what time alone changes, and ask for births that are missing."""
        while True:
            await asyncio.sleep(_TURN_S)
            self._pass_on(self._host.tick(clock.now_ns()))
            try:
                await self._ask()
            except ConnectionLost:
                return

    async def _ask(self) -> None:
        if self._settings.rebirth == "ask":
            for edge in self._host.to_ask():
                await self._commands.ask_for_birth(edge)

    def _take(self, topic: str, payload: bytes) -> None:
        self._pass_on(self._host.take(topic, payload, clock.now_ns()))

    def _pass_on(self, changes: Sequence[Change]) -> None:
        now = clock.now_ns()
        rows: list[Row] = []
        past: list[Row] = []
        for change in changes:
            address = MetricAddress(change.source, change.metric.name)
            if change.metric.is_historical:
                tags = {**self._awaited.get(address, {}), **self._tags.get(address, {})}
                past += [row_of(tag, change.metric, now) for tag in tags.values()]
                continue
            self._commands.told(address, change.metric)
            rows += [row_of(tag, change.metric, now) for tag in self._tags.get(address, {}).values()]
        self._deliver(rows)
        if past and self._forward is not None:
            self._delivered += len(past)
            self._forward(block_from(sorted(past, key=lambda row: row[1])))

    def _deliver(self, rows: Sequence[Row]) -> None:
        if rows:
            self._delivered += len(rows)
            self._queue.put(block_from(rows))

    def _lost(self, reason: str) -> None:
        log.info("sparkplug.lost", extra={"url": self._settings.url, "reason": reason})
        self._queue.fail(ConnectionLost(reason))


def _parsed(items: Sequence[TagSpec] | Sequence[WriteItem]) -> list[MetricAddress | None]:
    """Return the addresses, None where the text is none."""
    found: list[MetricAddress | None] = []
    for item in items:
        try:
            found.append(parse_address(item.address))
        except BadAddress:
            found.append(None)
    return found
