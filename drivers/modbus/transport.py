"""A Modbus TCP connection: one request at a time, every answer checked against its request.

It stands in for pymodbus's TCP client, which takes answers of the wrong length, function or transaction as good ones
and does not end a request whose connection is lost. See README.md.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable

from drivers.driver import ConnectionLost
from drivers.modbus.link import BadAnswer, NoAnswer
from drivers.modbus.settings import ModbusSettings

_HEADER = struct.Struct(">HHHB")
_MAX_LENGTH = 254


class Transport(asyncio.Protocol):
    """The connection; `late` counts answers that came after their time."""

    def __init__(self, settings: ModbusSettings, on_lost: Callable[[str], None]) -> None:
        """Prepare a connection that calls `on_lost(reason)` once, unless it is closed from this side."""
        self.late = 0
        self._settings = settings
        self._on_lost = on_lost
        self._socket: asyncio.Transport | None = None
        self._received = b""
        self._transaction = 0
        self._expected: tuple[int, int, int] | None = None
        self._answer: asyncio.Future[bytes] | None = None

    async def open(self) -> None:
        """Connect; raise ConnectionLost with a reason and a remedy."""
        settings = self._settings
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(settings.connect_timeout_ms / 1000):
                await loop.create_connection(lambda: self, settings.host, settings.port)
        except TimeoutError as error:
            raise ConnectionLost(
                f"{settings.url}: no connection within {settings.connect_timeout_ms} ms: is the device on, the address "
                "right, and no firewall between?"
            ) from error
        except OSError as error:
            raise ConnectionLost(f"{settings.url}: {_reason(error)}") from error

    def close(self) -> None:
        """Drop the connection at once; a request in flight ends with ConnectionLost."""
        if self._socket is not None:
            self._socket.abort()
            self._lose("closed", tell=False)

    @property
    def is_open(self) -> bool:
        """Return whether there is a connection."""
        return self._socket is not None

    async def request(self, unit: int, pdu: bytes) -> bytes:
        """Send a request's PDU and return the answer's; raise NoAnswer, BadAnswer, ConnectionLost."""
        if self._socket is None:
            raise ConnectionLost(f"{self._settings.url}: not connected")
        self._transaction = self._transaction % 0xFFFF + 1
        self._expected = (self._transaction, unit, pdu[0])
        self._answer = asyncio.get_running_loop().create_future()
        self._socket.write(_HEADER.pack(self._transaction, 0, len(pdu) + 1, unit) + pdu)
        try:
            async with asyncio.timeout(self._settings.timeout_ms / 1000):
                return await self._answer
        except TimeoutError as error:
            raise NoAnswer(f"unit {unit} has not answered within {self._settings.timeout_ms} ms") from error
        finally:
            self._expected = self._answer = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the socket."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what create_connection makes
        self._socket = transport

    def data_received(self, data: bytes) -> None:
        """Cut the stream into answers; a stream that cannot be cut any more is dropped."""
        self._received += data
        while len(self._received) >= _HEADER.size:
            transaction, protocol, length, unit = _HEADER.unpack_from(self._received)
            if protocol != 0 or not 3 <= length <= _MAX_LENGTH:
                self._lose("it sends what is not Modbus TCP: is another service on this port?", tell=True)
                return
            if len(self._received) < length + 6:
                return
            answer, self._received = self._received[_HEADER.size : length + 6], self._received[length + 6 :]
            self._accept(transaction, unit, answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the device has closed the connection."""
        if self._socket is not None:
            self._lose(f"the device closed the connection ({exc})" if exc else "the device closed the connection")

    def _accept(self, transaction: int, unit: int, answer: bytes) -> None:
        if self._expected is None or transaction != self._expected[0] or self._answer is None or self._answer.done():
            self.late += 1
            return
        _, asked_unit, function = self._expected
        if unit != asked_unit:
            self._answer.set_exception(BadAnswer(f"unit {unit} answered for unit {asked_unit}"))
        elif answer[0] & 0x7F != function:
            self._answer.set_exception(BadAnswer(f"function {answer[0]} came, {function} was asked for"))
        else:
            self._answer.set_result(answer)

    def _lose(self, reason: str, *, tell: bool = True) -> None:
        socket, self._socket = self._socket, None
        if socket is None:
            return
        socket.abort()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionLost(f"{self._settings.url}: {reason}"))
        if tell:
            self._on_lost(f"{self._settings.url}: {reason}")


def _reason(error: OSError) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there: check host and port, and that the device's Modbus server is on"
    return f"cannot be reached ({error.strerror or error}): check host, port and network"
