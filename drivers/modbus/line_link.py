"""The link over lines without transaction numbers: RTU and ASCII, on a serial port or carried by TCP.

An answer is told from others by its unit and function alone. After a time-out the line is therefore left alone for
`drain_ms`, or until the late answer has come, so that it is not taken for the answer to the next request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from drivers.driver import ConnectionLost
from drivers.modbus.connect import lost_reason
from drivers.modbus.framing import Ascii, Framing, Rtu
from drivers.modbus.link import BadAnswer, NoAnswer
from drivers.modbus.pdu import expected
from drivers.modbus.settings import ModbusSettings

Connect = Callable[[asyncio.Protocol, ModbusSettings], Awaitable[None]]

_SHOWN = 16


class LineLink(asyncio.Protocol):
    """One serial port, or one connection to a gateway that passes frames on; `late` counts frames nobody waited for."""

    def __init__(self, settings: ModbusSettings, on_lost: Callable[[str], None], connect: Connect) -> None:
        """Prepare a line that `connect` opens, and that calls `on_lost(reason)` once when it is lost."""
        self.late = 0
        self._settings = settings
        self._on_lost = on_lost
        self._connect = connect
        self._framing: Framing = Ascii() if settings.line.is_ascii else Rtu()
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._echo = b""
        self._waiting: asyncio.Future[bytes] | None = None
        self._asked: tuple[frozenset[int], int] = (frozenset(), 0)
        self._quiet_from = 0.0
        self._came = asyncio.Event()
        self._made = asyncio.Event()
        self._garbled = 0

    @property
    def is_open(self) -> bool:
        """Return whether requests can be sent."""
        return self._transport is not None

    async def open(self) -> None:
        """Open the line; raise ConnectionLost with a reason and a remedy."""
        await self._connect(self, self._settings)
        await self._made.wait()

    def close(self) -> None:
        """Let go of the line at once; a request in flight ends with ConnectionLost."""
        self._lose("closed", tell=False)

    async def request(self, unit: int, pdu: bytes) -> bytes:
        """Send a request's PDU and return the answer's; raise NoAnswer, BadAnswer, ConnectionLost."""
        await self._rest()
        transport = self._transport
        if transport is None:
            raise ConnectionLost(f"{self._settings.url}: not connected")
        frame = self._framing.frame(unit, pdu)
        self._came.clear()
        self._received = b""
        self._echo = frame if self._settings.serial is not None and self._settings.serial.echo else b""
        self._asked = frozenset((unit, *self._settings.accept_unit_ids)), pdu[0]
        self._waiting = asyncio.get_running_loop().create_future()
        transport.write(frame)
        try:
            async with asyncio.timeout(self._timeout_s(len(frame), pdu)):
                answer = await self._waiting
        except TimeoutError as error:
            self._drain()
            raise self._nothing(unit) from error
        except BadAnswer as error:
            self._drain()
            self._note_garbled(f"unit {unit}: {error}")
            raise
        finally:
            self._waiting = None
        self._garbled = 0
        self._quiet_from = asyncio.get_running_loop().time() + self._gap_s
        return answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the line."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what both ways of opening make
        self._transport = transport
        self._made.set()

    def data_received(self, data: bytes) -> None:
        """Look whether the answer is whole."""
        waiting = self._waiting
        if waiting is None or waiting.done():
            self.late += not self._came.is_set()
            self._came.set()
            return
        self._received += data
        try:
            if not self._without_echo():
                return
            answer = self._framing.answer(self._received, *self._asked)
        except BadAnswer as error:
            waiting.set_exception(error)
            return
        if answer is not None:
            waiting.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the line is gone: a cable or adapter pulled, a gateway that closed."""
        self._lose(f"the port is gone ({exc})" if self._settings.line.is_serial else lost_reason(exc))

    @property
    def _gap_s(self) -> float:
        return self._settings.serial.gap_s if self._settings.serial is not None else 0.0

    def _timeout_s(self, sent: int, pdu: bytes) -> float:
        """Return how long an answer may take: the device's time, and what the line needs for both frames."""
        device_s = self._settings.timeout_ms / 1000
        if self._settings.serial is None:
            return device_s
        size = (expected(pdu)[1] or 10) + 4
        characters = sent * (2 if self._settings.serial.echo else 1) + size * (2 if self._settings.line.is_ascii else 1)
        return device_s + characters * self._settings.serial.character_s

    async def _rest(self) -> None:
        """Wait until the line may be used again: the gap between frames, or an answer that is still on its way."""
        rest_s = self._quiet_from - asyncio.get_running_loop().time()
        if rest_s <= 0.0:
            return
        if rest_s <= self._gap_s:
            await asyncio.sleep(rest_s)
            return
        try:
            async with asyncio.timeout(rest_s):
                await self._came.wait()
                await asyncio.sleep(self._gap_s + self._settings.drain_ms / 4000)  # the rest of that frame
        except TimeoutError:
            return

    def _drain(self) -> None:
        self._came.clear()
        self._quiet_from = asyncio.get_running_loop().time() + self._settings.drain_ms / 1000

    def _without_echo(self) -> bool:
        """Take what was sent off what came back; return whether all of it has come. Raise BadAnswer for another."""
        if not self._echo:
            return True
        size = min(len(self._echo), len(self._received))
        if self._received[:size] != self._echo[:size]:
            raise BadAnswer("what came back is not what was sent: do two speak at once, or gives the adapter no echo?")
        if size < len(self._echo):
            return False
        self._received, self._echo = self._received[size:], b""
        return True

    def _nothing(self, unit: int) -> NoAnswer | BadAnswer:
        """Return what is to be said where no answer came in time."""
        if not self._received:
            return NoAnswer(f"unit {unit} has not answered within {self._settings.timeout_ms} ms")
        shown = self._received[:_SHOWN].hex(" ")
        reason = f"unit {unit} has not answered; {len(self._received)} bytes came that are no answer of it: {shown}"
        self._note_garbled(reason)
        return BadAnswer(reason)

    def _note_garbled(self, reason: str) -> None:
        """Give the line up, so that it is opened anew, where answer after answer cannot be read."""
        self._garbled += 1
        if self._garbled >= self._settings.max_bad_answers:
            self._lose(f"{self._garbled} answers in a row could not be read: {reason}")

    def _lose(self, reason: str, *, tell: bool = True) -> None:
        transport, self._transport = self._transport, None
        if transport is None:
            return
        transport.abort()
        if tell:
            self._on_lost(f"{self._settings.url}: {reason}")
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionLost(f"{self._settings.url}: {reason}"))
