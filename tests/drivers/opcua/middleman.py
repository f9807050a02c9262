"""Somebody between client and server who changes answers of one chunk, where SecurityPolicy is None."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from asyncua.ua.object_ids import ObjectIds

PUBLISH = ObjectIds.PublishResponse_Encoding_DefaultBinary
READ = ObjectIds.ReadResponse_Encoding_DefaultBinary
BROWSE = ObjectIds.BrowseResponse_Encoding_DefaultBinary
CREATE_SESSION = ObjectIds.CreateSessionResponse_Encoding_DefaultBinary
CREATE_ITEMS = ObjectIds.CreateMonitoredItemsResponse_Encoding_DefaultBinary

Change = Callable[[int, bytes], bytes]
"""What becomes of an answer: its type (ObjectIds) and its body, which begins with the NodeId of that type."""

HEADER = 24
"""MSG, F, size, channel, token, sequence number, request id."""


@asynccontextmanager
async def middleman(port: int, change: Change) -> AsyncIterator[int]:
    """Yield a port that leads to `port` of this computer."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        for carrying in (_carry(reader, far_writer, None), _carry(far_reader, writer, change)):
            tasks.add(asyncio.create_task(carrying))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _carry(source: asyncio.StreamReader, target: asyncio.StreamWriter, change: Change | None) -> None:
    try:
        while True:
            head = await source.readexactly(8)
            chunk = head + await source.readexactly(int.from_bytes(head[4:], "little") - len(head))
            target.write(chunk if change is None else changed(chunk, change))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        target.close()
        with suppress(ConnectionError):
            await target.wait_closed()


def changed(chunk: bytes, change: Change) -> bytes:
    """Return a chunk with another body, under its old numbers."""
    if chunk[:4] != b"MSGF" or chunk[HEADER : HEADER + 2] != b"\x01\x00":
        return chunk
    body = change(int.from_bytes(chunk[HEADER + 2 : HEADER + 4], "little"), chunk[HEADER:])
    return chunk[:4] + struct.pack("<I", HEADER + len(body)) + chunk[8:HEADER] + body
