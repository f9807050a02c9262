"""A line between client and server on which every byte takes its time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def slow_line(port: int, *, one_way_s: float) -> AsyncIterator[int]:
    """Yield a port that leads to `port` of this computer; each direction takes `one_way_s`, whatever is under way."""
    carrying: list[asyncio.Task[None]] = []
    ends: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        ends.extend((writer, far_writer))
        for source, target in ((reader, far_writer), (far_reader, writer)):
            carrying.append(asyncio.create_task(_carry(source, target, one_way_s)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in carrying:
            task.cancel()
        await asyncio.gather(*carrying, return_exceptions=True)
        for end in ends:
            end.close()
            with suppress(ConnectionError):
                await end.wait_closed()


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, one_way_s: float) -> None:
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError):
        while data := await source.read(65_536):
            loop.call_later(one_way_s, target.write, data)
