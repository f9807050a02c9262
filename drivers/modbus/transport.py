"""A Modbus TCP connection: up to 16 requests on their way at once, every answer matched to its own by all it carries.

It stands in for pymodbus's TCP client, which carries one request at a time, takes answers of the wrong length,
function or transaction as good ones and does not end a request whose connection is lost. See README.md.

Speed comes from doing little: no task and no timer per request, answers taken from the buffer that the socket has
filled, and requests that are sent while a burst of answers is read leave together.
"""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections.abc import Callable

from drivers.driver import ConnectionLost, DriverError
from drivers.modbus.connect import connect_tcp, lost_reason
from drivers.modbus.link import Answered, BadAnswer, NoAnswer
from drivers.modbus.settings import ModbusSettings

_HEADER = struct.Struct(">HHHB")
_QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)
_PREFIX = 6
_MAX_LENGTH = 254
_BUFFER = 65_536
_REMEMBERED = 256
_QUIET_S = 1.0


class Transport(asyncio.BufferedProtocol):
    """The connection; `late` counts answers that came after their time, or to nothing that was asked here."""

    def __init__(self, settings: ModbusSettings, on_lost: Callable[[str], None]) -> None:
        """Prepare a connection that calls `on_lost(reason)` once, unless it is closed from this side."""
        self.late = 0
        self._settings = settings
        self._on_lost = on_lost
        self._timeout = settings.timeout_ms / 1000
        self._also = frozenset(settings.accept_unit_ids)
        self._socket: asyncio.Transport | None = None
        self._loop: asyncio.AbstractEventLoop
        self._raw_socket: socket.socket
        self._buffer = bytearray(_BUFFER)
        self._view = memoryview(self._buffer)
        self._filled = 0
        # Begun anywhere, so that a gateway that repeats answers of a connection before meets no number of this one.
        self._transaction = random.randrange(0xFFFF)  # noqa: S311 - no secret
        self._asked: dict[int, tuple[Answered, int, float]] = {}
        self._given_up: dict[int, None] = {}
        self._unsent: list[bytes] = []
        self._is_held = False
        self._timer: asyncio.TimerHandle | None = None
        self._misfits = 0
        self._misfits_count_from = 0.0
        self._instead = ""

    async def open(self) -> None:
        """Connect; raise ConnectionLost with a reason and a remedy."""
        await connect_tcp(self, self._settings)

    def close(self) -> None:
        """Drop the connection at once; requests in flight end with ConnectionLost."""
        self._lose("closed", tell=False)

    @property
    def is_open(self) -> bool:
        """Return whether there is a connection."""
        return self._socket is not None

    async def request(self, unit: int, pdu: bytes) -> bytes:
        """Send a request's PDU and return the answer's; raise NoAnswer, BadAnswer, ConnectionLost."""
        came: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def answered(outcome: bytes | DriverError) -> None:
            if came.done():
                return
            if isinstance(outcome, DriverError):
                came.set_exception(outcome)
            else:
                came.set_result(outcome)

        self.send(unit, pdu, answered)
        return await came

    def send(self, unit: int, pdu: bytes, answered: Answered) -> None:
        """Send a request; `answered` gets the answer's PDU, NoAnswer, BadAnswer or ConnectionLost."""
        connection = self._socket
        if connection is None:
            raise ConnectionLost(f"{self._settings.url}: not connected")
        transaction = self._transaction = self._transaction % 0xFFFF + 1
        deadline = self._loop.time() + self._timeout
        frame = _HEADER.pack(transaction, 0, len(pdu) + 1, unit) + pdu
        if self._is_held:
            self._unsent.append(frame)
        elif self._asked:
            self._is_held = True
            self._unsent.append(frame)
            self._loop.call_soon(self._flush)
        else:
            connection.write(frame)
        self._asked[transaction] = (answered, unit, deadline)
        if self._timer is None:
            self._timer = self._loop.call_at(deadline, self._expire)

    def connection_made(self, transport: asyncio.BaseTransport, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Take the socket."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_connection makes
        self._loop = loop or asyncio.get_running_loop()
        self._misfits_count_from = self._loop.time() + _QUIET_S
        self._socket = transport
        self._raw_socket = transport.get_extra_info("socket")

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - the border of asyncio
        """Return where the next bytes go: behind the part of an answer that is there already."""
        return self._view[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        """Cut the stream into answers; a stream that cannot be cut any more is dropped."""
        buffer, view, end, start = self._buffer, self._view, self._filled + nbytes, 0
        was_held, self._is_held = self._is_held, True
        while end - start >= _HEADER.size:
            transaction, protocol, length, unit = _HEADER.unpack_from(buffer, start)
            if protocol or not 3 <= length <= _MAX_LENGTH:
                self._lose("it sends what is not Modbus TCP: is another service on this port?")
                return
            following = start + _PREFIX + length
            if following > end:
                break
            self._accept(transaction, unit, bytes(view[start + _HEADER.size : following]))
            if self._socket is None:
                return
            start = following
        if start:
            buffer[: end - start] = buffer[start:end]
        self._filled = end - start
        if was_held:
            return
        if self._asked and not self._unsent and _QUICK_ACK is not None:
            # A device that gathers small packets (Nagle) sends its next answers only once this one is acknowledged, and
            # with nothing to send the system puts that off by 40 ms: seen with libmodbus, at the end of each scan.
            self._raw_socket.setsockopt(socket.IPPROTO_TCP, _QUICK_ACK, 1)
        self._flush()

    def eof_received(self) -> bool:
        """Close: a device that sends no more answers no more."""
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the device has closed the connection."""
        is_early = self._socket is not None and self._loop.time() < self._misfits_count_from
        self._lose(lost_reason(exc, is_refusal=is_early and self._settings.certificates is not None))

    def _accept(self, transaction: int, unit: int, answer: bytes) -> None:
        asked = self._asked.pop(transaction, None)
        if asked is None:
            self._drop(transaction)
            return
        answered, asked_unit, _ = asked
        if unit == asked_unit or unit in self._also:
            self._misfits = 0
            self._instead = ""
            answered(answer)
        else:
            answered(BadAnswer(f"unit {unit} answered for unit {asked_unit} (accept_unit_ids)"))
            self._misfit(f"unit {unit} answered for unit {asked_unit}")

    def _drop(self, transaction: int) -> None:
        """Let go of an answer that came late; many to nothing that was asked end the connection."""
        self.late += 1
        if transaction in self._given_up:
            del self._given_up[transaction]
            return
        self._instead = f", but answers came to transaction {transaction}, which was not asked"
        self._misfit(f"answers came to transaction {transaction}, which was not asked")

    def _misfit(self, what: str) -> None:
        if self._loop.time() < self._misfits_count_from:
            return
        self._misfits += 1
        if self._misfits >= self._settings.max_bad_answers:
            self._lose(f"{self._misfits} answers in a row do not fit what was asked: {what}")

    def _flush(self) -> None:
        self._is_held = False
        if self._unsent and self._socket is not None:
            frames = b"".join(self._unsent)
            self._unsent.clear()
            self._socket.write(frames)

    def _expire(self) -> None:
        """End what has waited too long; one timer watches over all requests, since all may take as long."""
        self._timer = None
        now = self._loop.time()
        for transaction in [number for number, asked in self._asked.items() if asked[2] <= now]:
            answered, unit, _ = self._asked.pop(transaction)
            self._given_up[transaction] = None
            if len(self._given_up) > _REMEMBERED:
                del self._given_up[next(iter(self._given_up))]
            answered(NoAnswer(f"unit {unit} has not answered within {self._settings.timeout_ms} ms{self._instead}"))
            if self._socket is None:
                return
        # Whoever was told may have asked anew, which set the timer.
        if self._asked and not self._has_timer:
            self._timer = self._loop.call_at(min(asked[2] for asked in self._asked.values()), self._expire)

    @property
    def _has_timer(self) -> bool:
        return self._timer is not None

    def _lose(self, reason: str, *, tell: bool = True) -> None:
        connection, self._socket = self._socket, None
        if connection is None:
            return
        connection.abort()
        if self._timer is not None:
            self._timer.cancel()
        asked, self._asked = list(self._asked.values()), {}
        self._unsent.clear()
        # First that it is lost, so that nobody asks again when told that there is no answer.
        if tell:
            self._on_lost(f"{self._settings.url}: {reason}")
        for answered, _, _ in asked:
            answered(ConnectionLost(f"{self._settings.url}: {reason}"))
