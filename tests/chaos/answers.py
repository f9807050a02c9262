"""Hostile OPC UA answers: those of a real server with lengths, counts, types and bytes changed, cut and spliced.

An answer may be refused, but what is read of it must be what asyncua reads of the same bytes, it must not take long,
and nothing may grow. Some reach the transport as chunks in pieces, headers changed as well.
"""

from __future__ import annotations

import asyncio
import random
import struct
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import psutil
from asyncua import ua
from asyncua.server.server import Server
from asyncua.ua.ua_binary import struct_from_binary

from app.model.connection import ConnectionDefinition
from drivers.driver import TagSpec
from drivers.loopback import claim_port
from drivers.opcua.bounds import BoundedBuffer, set_bounds
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.notification import Changes, decode_changes
from drivers.opcua.publish import DataChange, publish_result
from drivers.opcua.quiet import quiet_library
from drivers.opcua.read import read_response
from drivers.opcua.sample import rows
from drivers.opcua.transport import CHUNK, Transport
from tests.drivers.opcua.middleman import PUBLISH, READ, middleman

_LENGTHS = (-1, -5, 0, 1, 7, 255, 65_536, 3_000_000, 2_000_000_000, 2**31 - 1, -(2**31))
_LONGEST_S = 0.75
_MOST_MB = 40.0
_SETTLED = 2_000
_CHUNKS = 0.2
_SHOWN = 10
_HEAD = 24
_ALARM_EVERY = 20_000
_BROKEN = (RecursionError, MemoryError, SystemError, AssertionError)
"""What harms more than the answer that it is raised for."""

Answers = Sequence[tuple[int, bytes]]


@dataclass(slots=True)
class AnswerReport:
    """What became of changed answers: `outcomes` counts them, `faults` says what must not be."""

    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing happened that must not, and the trial was one: some were compared, others refused."""
        return not self.faults and all(self.outcomes[kind] for kind in ("same as asyncua", "read", "refused"))

    def as_text(self) -> str:
        """Return the report for people."""
        counted = ", ".join(f"{kind} {count:,}" for kind, count in sorted(self.outcomes.items()))
        shown = "".join(f"\n  {fault}" for fault in self.faults[:_SHOWN])
        return f"{self.cases:,} changed answers: {counted}; {len(self.faults)} faults{shown}"


async def record() -> list[tuple[int, bytes]]:
    """Return the answers that a server gives to a driver which connects, browses, reads and subscribes."""
    quiet_library()
    recorded: list[tuple[int, bytes]] = []

    def keep(kind: int, body: bytes) -> bytes:
        recorded.append((kind, body))
        return body

    server = Server()
    await server.init()
    server.set_endpoint(f"opc.tcp://127.0.0.1:{claim_port('127.0.0.1', 0)}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    values: tuple[object, ...] = (1.5, True, -3, "text", "12.5", [1.0, 2.0], b"bytes", [["a", "b"]], 2.5, 3.5)
    for number in range(30):
        node = ua.NodeId(ua.String(f"v{number}"), ua.Int16(2))
        await server.nodes.objects.add_variable(node, f"2:v{number}", values[number % len(values)])
    await server.start()
    port = server.endpoint.port or 0
    tags = [TagSpec(number, f"ns=2;s=v{number}", 50) for number in range(30)]
    try:
        async with middleman(port, keep) as between:
            url = f"opc.tcp://127.0.0.1:{between}"
            driver = OpcUaDriver.from_definition(ConnectionDefinition("recorded", "opcua", url))
            await driver.open()
            await driver.browse()
            await driver.read(tags)
            await driver.subscribe(tags)
            async with asyncio.timeout(10):
                await driver.batches().get()
            await driver.close()
    finally:
        await server.stop()
    return recorded


class HostileAnswers:
    """A campaign; the same seed makes the same answers of the same recording."""

    def __init__(self, seed: int, recorded: Answers) -> None:
        """Prepare to change `recorded`."""
        set_bounds()
        self._seed = seed
        self._recorded = recorded
        self._report = AnswerReport()
        self._loop = asyncio.new_event_loop()

    def run(self, numbers: Iterable[int]) -> AnswerReport:
        """Try the answers of these numbers."""
        settled_mb = 0.0
        for number in numbers:
            self._random = random.Random(f"{self._seed}/{number}")
            began = time.thread_time()
            try:
                self._try(number)
            except _BROKEN as error:
                self._report.faults.append(f"{number}: {type(error).__name__}: {error}")
            except Exception:  # noqa: BLE001 - whatever it is, the driver gives up the connection over it
                self._report.outcomes["refused"] += 1
            took_s = time.thread_time() - began
            if took_s > _LONGEST_S:
                self._report.faults.append(f"{number}: took {took_s:.2f} s of the processor")
            self._report.cases += 1
            if self._report.cases == _SETTLED:
                settled_mb = _resident_mb()
            if self._report.cases % _ALARM_EVERY == 0:
                print(f"{self._report.cases:,}: {len(self._report.faults)} faults", flush=True)
        if settled_mb and _resident_mb() - settled_mb > _MOST_MB:
            self._report.faults.append(f"grew by {_resident_mb() - settled_mb:.0f} MB")
        self._loop.close()
        return self._report

    def _try(self, number: int) -> None:
        kind, body = self._random.choice(self._recorded)
        if self._random.random() < _CHUNKS:
            self._receive(number, body)
            return
        body = self._changed(body)
        if kind == READ:
            self._compare(number, read_response(BoundedBuffer(body)), lambda: _values(body))
        elif kind == PUBLISH:
            parts = cast("list[object]", publish_result(BoundedBuffer(body)).NotificationMessage.NotificationData)
            ours = [decode_changes(part.body) for part in parts if isinstance(part, DataChange)]
            for at, changes in enumerate(ours):
                self._compare(number, changes, lambda at=at: _changes(body, at))
        else:
            struct_from_binary(ua.extension_objects_by_typeid[ua.FourByteNodeId(ua.Int32(kind))], BoundedBuffer(body))
            self._report.outcomes["read"] += 1

    def _compare(self, number: int, ours: Changes, read: object) -> None:
        """Compare with what asyncua reads, where it can and picoseconds do not stand where only it looks for them."""
        try:
            handles, samples = read()  # type: ignore[operator]
        except Exception:  # noqa: BLE001 - it gives up on some parts that we do not look at
            self._report.outcomes["read"] += 1
            return
        if any(sample.SourcePicoseconds is not None or sample.ServerPicoseconds is not None for sample in samples):
            self._report.outcomes["read"] += 1
            return
        values, codes, _ = rows(samples)
        same = (
            (not handles or handles == ours.handle.tolist())
            and codes == ours.status.tolist()
            and np.array_equal(np.array(values, np.float64), ours.value, equal_nan=True)
        )
        if same:
            self._report.outcomes["same as asyncua"] += 1
        else:
            self._report.faults.append(f"{number}: {ours.value.tolist()} {ours.status.tolist()}, not {values} {codes}")

    def _receive(self, number: int, body: bytes) -> None:
        """Let a transport receive a changed chunk in pieces."""
        transport = Transport(1.0)
        socket = _Socket()
        transport.connection_made(socket)
        waiting = [self._loop.create_future() for _ in range(2)]
        transport._callbackmap.update({1: waiting[0], 2: waiting[1]})
        chunk = b"MSGF" + struct.pack("<IIIII", len(body) + 24, 0, 0, 1, 1) + body
        data = self._random.choice((chunk, self._changed(chunk), self._change(chunk[:_HEAD]) + chunk[_HEAD:]))
        while data:
            size = self._random.randint(1, max(1, len(data)))
            if not socket.is_closed:
                transport.data_received(data[:size])
            data = data[size:]
        if len(transport._received) > CHUNK:
            self._report.faults.append(f"{number}: {len(transport._received)} bytes wait")
        for future in waiting:
            if future.done():
                future.exception()
        self._report.outcomes["closed" if socket.is_closed else "received"] += 1

    def _changed(self, body: bytes) -> bytes:
        for _ in range(self._random.randint(1, 3)):
            body = self._change(body)
        return body

    def _change(self, body: bytes) -> bytes:
        at = self._random.randrange(len(body)) if body else 0
        match self._random.randrange(6):
            case 0:
                return body[:at] + bytes([self._random.randrange(256)]) + body[at + 1 :]
            case 1:
                return body[:at] + struct.pack("<i", self._random.choice(_LENGTHS)) + body[at + 4 :]
            case 2:
                return body[:at]
            case 3:
                return body[:at] + body[max(0, at - self._random.randrange(64)) :]
            case 4:
                other = self._random.choice(self._recorded)[1]
                return body[:at] + other[self._random.randrange(len(other)) :]
            case _:
                return body[:at] + bytes([body[at] ^ 1 << self._random.randrange(8)] if body else ()) + body[at + 1 :]


class _Socket(asyncio.Transport):
    """A socket that only remembers to have been closed."""

    is_closed = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send to nobody."""

    def close(self) -> None:
        self.is_closed = True

    abort = close

    def is_closing(self) -> bool:
        return self.is_closed


def _values(body: bytes) -> tuple[list[int], list[ua.DataValue]]:
    return [], struct_from_binary(ua.ReadResponse, BoundedBuffer(body)).Results


def _changes(body: bytes, at: int) -> tuple[list[int], list[ua.DataValue]]:
    message = struct_from_binary(ua.PublishResponse, BoundedBuffer(body)).Parameters.NotificationMessage
    parts = [part for part in message.NotificationData if isinstance(part, ua.DataChangeNotification)]
    return [item.ClientHandle for item in parts[at].MonitoredItems], [item.Value for item in parts[at].MonitoredItems]


def _resident_mb() -> float:
    return float(psutil.Process().memory_info().rss) / 1e6
