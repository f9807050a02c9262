"""A Modbus TCP connection: one request at a time, every answer checked against its request.

It stands in for pymodbus's TCP client, which takes answers of the wrong length, function or transaction as good ones
and does not end a request whose connection is lost. See README.md.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from drivers.driver import ConnectionLost, DriverError
from drivers.modbus.address import Table
from drivers.modbus.settings import ModbusSettings

WordArray = NDArray[np.uint16]

_HEADER = struct.Struct(">HHHB")
_MAX_LENGTH = 254
_READ_FUNCTION = {
    Table.COILS: 1,
    Table.DISCRETE_INPUTS: 2,
    Table.HOLDING_REGISTERS: 3,
    Table.INPUT_REGISTERS: 4,
}


class NoAnswer(DriverError):
    """The device was asked and has not answered in time."""


class BadAnswer(DriverError):
    """The device has answered something that does not fit the request."""


class ExceptionAnswer(DriverError):
    """The device has answered with a Modbus exception; `code` is its number."""

    def __init__(self, code: int) -> None:
        """Name the exception by its number."""
        super().__init__(f"Modbus exception {code}")
        self.code = code


class Transport(asyncio.Protocol):
    """The connection; `late` counts answers that came after their time."""

    def __init__(self, settings: ModbusSettings, on_lost: Callable[[str], None]) -> None:
        """Prepare a connection that calls `on_lost(reason)` once, unless it is closed from this side."""
        self.late = 0
        self._settings = settings
        self._on_lost = on_lost
        self._socket: asyncio.Transport | None = None
        self._turn = asyncio.Lock()
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
        await asyncio.sleep(settings.settle_ms / 1000)

    def close(self) -> None:
        """Drop the connection at once; a request in flight ends with ConnectionLost."""
        if self._socket is not None:
            self._socket.abort()
            self._lose("closed", tell=False)

    @property
    def is_open(self) -> bool:
        """Return whether there is a connection."""
        return self._socket is not None

    async def read(self, unit: int, table: Table, start: int, count: int) -> WordArray:
        """Return registers, or bits as 0 and 1: uint16, shape (count,); raise NoAnswer, BadAnswer, ExceptionAnswer."""
        answer = await self.request(unit, struct.pack(">BHH", _READ_FUNCTION[table], start, count))
        size = (count + 7) // 8 if table.is_bits else count * 2
        if len(answer) != size + 2 or answer[1] != size:
            raise BadAnswer(f"{table}{start}: {len(answer) - 2} bytes came, {size} were asked for")
        if table.is_bits:
            packed = np.frombuffer(answer, np.uint8, offset=2)
            return np.unpackbits(packed, count=count, bitorder="little").astype(np.uint16)
        return np.frombuffer(answer, ">u2", offset=2).astype(np.uint16)

    async def request(self, unit: int, request: bytes, *, is_due: Callable[[], bool] = lambda: True) -> bytes:
        """Send a request's PDU and return the answer's, once all before it are answered.

        Raise NoAnswer, ExceptionAnswer, ConnectionLost, BadAnswer, and TimeoutError where `is_due` is not true any
        more when its turn comes.
        """
        async with self._turn:
            if not is_due():
                raise TimeoutError
            try:
                return await self._exchange(unit, request)
            finally:
                self._expected = self._answer = None
                if self._settings.min_gap_ms:
                    await asyncio.sleep(self._settings.min_gap_ms / 1000)

    async def _exchange(self, unit: int, request: bytes) -> bytes:
        if self._socket is None:
            raise ConnectionLost(f"{self._settings.url}: not connected")
        self._transaction = self._transaction % 0xFFFF + 1
        self._expected = (self._transaction, unit, request[0])
        self._answer = asyncio.get_running_loop().create_future()
        self._socket.write(_HEADER.pack(self._transaction, 0, len(request) + 1, unit) + request)
        try:
            async with asyncio.timeout(self._settings.timeout_ms / 1000):
                answer = await self._answer
        except TimeoutError as error:
            raise NoAnswer(f"unit {unit} has not answered within {self._settings.timeout_ms} ms") from error
        if answer[0] & 0x80:
            raise ExceptionAnswer(answer[1])
        return answer

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
