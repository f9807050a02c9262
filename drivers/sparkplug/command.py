"""Commands to edge nodes: a value for a metric, sent once, and what the node then tells of it; the wish for a birth."""

from __future__ import annotations

import asyncio
import math

from app.model import clock, status
from drivers.driver import BadAddress, WriteItem, WriteResult
from drivers.sparkplug.address import MetricAddress, Source, parse_address
from drivers.sparkplug.broker import Broker
from drivers.sparkplug.edge_node import REBIRTH
from drivers.sparkplug.host import NAMESPACE, Host
from drivers.sparkplug.payload import INTEGER_BITS, Metric, MetricType, encode

Content = float | str
"""A number (a bool where the metric is one) or a text."""

_FLOAT32_SHARE = 1e-6


class Commands:
    """Sends commands, and hears from `told` what the nodes tell afterwards."""

    def __init__(self, broker: Broker, host: Host, timeout_ms: int) -> None:
        """Send through `broker`; an edge node has `timeout_ms` to follow."""
        self._broker = broker
        self._host = host
        self._timeout_s = timeout_ms / 1000
        self._waiting: dict[MetricAddress, list[asyncio.Queue[Metric]]] = {}

    async def ask_for_birth(self, edge: Source) -> None:
        """Ask an edge node to tell its birth and its devices' again (section 5.5.3); raise ConnectionLost."""
        metric = Metric(REBIRTH, value=True, data_type=MetricType.BOOLEAN)
        await self._broker.publish(_topic(edge), encode([metric], time=clock.now_ns()))

    async def write(self, item: WriteItem) -> WriteResult:
        """Send one value once, and wait until the node tells it back; raise ConnectionLost."""
        try:
            address = parse_address(item.address)
        except BadAddress as error:
            return WriteResult(item.address, status.BAD_NODE_ID_INVALID, f"{item.address}: {error}", is_sent=False)
        known = self._host.metric(address)
        refusal = self._refusal(address, known)
        if known is None or refusal is not None:
            code, reason = refusal or (status.BAD_NODE_ID_UNKNOWN, "unknown")
            return WriteResult(item.address, code, f"{item.address}: {reason}", is_sent=False)
        wanted = _wanted(item, known.data_type)
        metric = Metric("" if known.alias is not None else address.metric, wanted, known.data_type, known.alias)
        try:
            payload = encode([metric], time=clock.now_ns())
        except ValueError as error:
            return WriteResult(item.address, status.BAD_OUT_OF_RANGE, f"{item.address}: {error}", is_sent=False)
        if clock.monotonic_ns() > item.expires:
            reason = f"{item.address}: expired before it could be sent"
            return WriteResult(item.address, status.BAD_TIMEOUT, reason, is_sent=False)
        return await self._send(item.address, address, payload, wanted)

    def told(self, address: MetricAddress, metric: Metric) -> None:
        """Learn what a node has told of a metric; that it is lost is no answer."""
        if metric.value is not None:
            for answers in self._waiting.get(address, ()):
                answers.put_nowait(metric)

    def _refusal(self, address: MetricAddress, known: Metric | None) -> tuple[int, str] | None:
        """Return why nothing is sent, None where nothing speaks against it."""
        if not self._host.is_alive(address.source):
            return status.BAD_NO_COMMUNICATION, f"{address.source} is not online"
        if known is None:
            return status.BAD_NODE_ID_UNKNOWN, f"{address.source} has no metric of that name"
        if known.properties.get("readOnly") is True:
            return status.BAD_NOT_WRITABLE, "the edge node says that it is read only"
        if known.data_type not in set(MetricType):
            return status.BAD_TYPE_MISMATCH, "it does not hold a single value"
        return None

    async def _send(self, text: str, address: MetricAddress, payload: bytes, wanted: Content) -> WriteResult:
        answers: asyncio.Queue[Metric] = asyncio.Queue()
        self._waiting.setdefault(address, []).append(answers)
        told: Metric | None = None
        try:
            await self._broker.publish(_topic(address.source), payload)
            async with asyncio.timeout(self._timeout_s):
                while told is None or not _is_alike(told.value, wanted):
                    told = await answers.get()
        except TimeoutError:
            if told is None:
                reason = f"{text}: the edge node told nothing of it: whether it was written is not known: read it back"
                return WriteResult(text, status.BAD_TIMEOUT, reason, is_answered=False)
            return WriteResult(text, status.UNCERTAIN, f"{text}: sent, but the edge node tells {told.value}")
        finally:
            self._waiting[address].remove(answers)
            if not self._waiting[address]:
                del self._waiting[address]
        return WriteResult(text, status.GOOD)


def _topic(source: Source) -> str:
    kind = "DCMD" if source.device else "NCMD"
    return "/".join(part for part in (NAMESPACE, source.group, kind, source.node, source.device) if part)


def _wanted(item: WriteItem, data_type: int) -> Content:
    """Return what the node shall hold; whether its type can hold it shows when it is encoded."""
    if isinstance(item.value, str):
        return item.value
    value = (item.value - item.offset) / item.gain
    if data_type == MetricType.BOOLEAN and value in {0, 1}:
        return bool(value)
    return round(value) if data_type in INTEGER_BITS and math.isfinite(value) else value


def _is_alike(told: object, wanted: Content) -> bool:
    """Return whether a node tells what was sent; a Float has lost the last digits."""
    if isinstance(told, int | float) and not isinstance(wanted, str):
        return math.isclose(told, wanted, rel_tol=_FLOAT32_SHARE)
    return told == wanted
