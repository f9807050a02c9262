"""A Foreshift driver for instruments that speak lines of text over TCP."""

import asyncio
import math
from collections.abc import Sequence
from typing import ClassVar, Self
from urllib.parse import urlsplit

from app.model import status
from app.model.connection import ConnectionDefinition
from drivers.driver import BadAddress, BadOption, BrowseEntry, BrowsePage
from drivers.polled import Answer, PolledDriver, WriteRefused

REFUSALS = {
    "unknown": status.BAD_NODE_ID_UNKNOWN,
    "read only": status.BAD_NOT_WRITABLE,
    "out of range": status.BAD_OUT_OF_RANGE,
    "not a number": status.BAD_TYPE_MISMATCH,
}


class LineDevice:
    """Asks with one line and gets one: `R name` is answered by `= value` or `! reason`, `W name value` by `ok`."""

    batch = 50

    def __init__(self, host: str, port: int, timeout_s: float) -> None:
        self.url = f"line://{host}:{port}"
        self.timeout_s = timeout_s
        self._host = host
        self._port = port
        self._writer: asyncio.StreamWriter | None = None

    async def connect(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port)

    def disconnect(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()

    async def read(self, addresses: Sequence[str]) -> Sequence[Answer]:
        return [self._answer(await self._line(f"R {address}")) for address in addresses]

    async def write(self, address: str, value: float | str) -> None:
        if isinstance(value, str) or not math.isfinite(value):
            raise WriteRefused(status.BAD_TYPE_MISMATCH, "instruments hold numbers", is_sent=False)
        if not 0 <= value <= 1000:
            raise WriteRefused(status.BAD_OUT_OF_RANGE, "instruments hold 0 to 1000", is_sent=False)
        told = await self._line(f"W {address} {value!r}")
        if told != "ok":
            raise WriteRefused(self._answer(told).status, told)

    async def browse(self, reference: str, cursor: bytes) -> BrowsePage:
        if reference:
            raise BadAddress(f'"{reference}": an instrument has no folders: write ""')
        names = (await self._line("L")).split()
        return BrowsePage(tuple(BrowseEntry(name, name) for name in names))

    async def _line(self, question: str) -> str:
        if self._writer is None:
            raise ConnectionError("not connected")
        self._writer.write(question.encode() + b"\n")
        line = await self._reader.readuntil(b"\n")
        return line.decode().strip()

    def _answer(self, line: str) -> Answer:
        mark, _, rest = line.partition(" ")
        if mark == "=":
            return Answer(float(rest))
        return Answer(None, REFUSALS.get(rest, status.BAD_DEVICE_FAILURE))


class LineDriver(PolledDriver):
    """One connection to one instrument: `line://host:port`, addresses are names of its values."""

    schemes: ClassVar[tuple[str, ...]] = ("line",)

    @classmethod
    def from_definition(cls, definition: ConnectionDefinition) -> Self:
        grammar = 'write line://host:port, for example "line://192.168.0.7:5025"'
        try:
            parts = urlsplit(definition.url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise BadAddress(f'"{definition.url}" is no URL ({error}): {grammar}') from error
        if parts.scheme != "line" or not host or not port:
            raise BadAddress(f'"{definition.url}" is no instrument: {grammar}')
        timeout_ms = 500
        for name, value in definition.options.items():
            if name != "timeout_ms":
                raise BadOption(name, f'unknown option "{name}"; there is timeout_ms')
            if isinstance(value, bool) or not isinstance(value, int) or not 10 <= value <= 60_000:
                raise BadOption(name, f"option timeout_ms = {value}: give a whole number from 10 to 60000")
            timeout_ms = value
        return cls(LineDevice(host, port, timeout_ms / 1000))

    @staticmethod
    def check_address(address: str) -> None:
        if not (address.isascii() and address.replace(".", "").isalnum() and len(address) <= 40):
            raise BadAddress(f'"{address}" is no name of a value: write letters, digits and dots, such as "T.inlet"')
