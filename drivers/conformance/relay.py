"""A TCP relay before a server, with which a test cuts, freezes, withholds or falsifies a connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress


class Relay:
    """Passes bytes between whoever connects to `port` and a server's port, until told otherwise.

    `falsify` may be set: what the server sends passes through it.
    """

    def __init__(self, target: int) -> None:
        self.port = 0
        self.falsify: Callable[[bytes], bytes] = bytes
        self._target = target
        self._server: asyncio.Server | None = None
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._writers: list[asyncio.StreamWriter] = []

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        self._flowing.set()
        await self._server.wait_closed()

    def cut(self) -> None:
        """Close all connections, as a device does that is switched off."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def leave(self) -> None:
        """Close all connections and take no new ones, as a device does that is switched off for a while."""
        assert self._server is not None
        self._server.close()
        self.cut()
        await asyncio.sleep(0)

    async def come_back(self) -> None:
        """Listen again where it was."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    def freeze(self) -> None:
        """Pass nothing on any more, as if the server hung or a cable were pulled."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Pass on what was held back, and all that follows."""
        self._flowing.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers += [writer, far_writer]
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pass_on(reader, far_writer, falsify=bytes))
            group.create_task(self._pass_on(far_reader, writer, falsify=lambda data: self.falsify(data)))  # noqa: PLW0108 - as it is then

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, falsify: Callable[[bytes], bytes]
    ) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65_536):
                await self._flowing.wait()
                writer.write(falsify(data))
        writer.close()


@asynccontextmanager
async def relay_to(target: int) -> AsyncIterator[Relay]:
    """Relay to a port of this machine."""
    relay = Relay(target)
    await relay.start()
    try:
        yield relay
    finally:
        await relay.stop()
