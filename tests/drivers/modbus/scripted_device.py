"""A Modbus TCP device that answers as a test tells it to, right or wrong."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

Answer = Callable[[bytes], bytes | None]


def frame(request: bytes, pdu: bytes, *, transaction: int | None = None, unit: int | None = None) -> bytes:
    """Return a frame that answers `request` (a whole frame) with `pdu`."""
    asked, _, _, asked_unit = struct.unpack_from(">HHHB", request)
    transaction = asked if transaction is None else transaction
    return struct.pack(">HHHB", transaction, 0, len(pdu) + 1, asked_unit if unit is None else unit) + pdu


def registers(request: bytes, *words: int) -> bytes:
    """Return the frame that answers a read of registers."""
    return frame(request, struct.pack(f">BB{len(words)}H", request[7], len(words) * 2, *words))


def exception(request: bytes, code: int) -> bytes:
    """Return the frame that answers with a Modbus exception."""
    return frame(request, bytes([request[7] | 0x80, code]))


async def _send(writer: asyncio.StreamWriter, sent: bytes, piece: int) -> None:
    for start in range(0, len(sent), piece or len(sent) or 1):
        writer.write(sent[start : start + piece] if piece else sent)
        # What is written at once arrives at once; a turn of the loop parts the packets.
        await asyncio.sleep(0)


@asynccontextmanager
async def scripted_device(
    answer: Answer,
    *,
    port: int = 0,
    piece: int = 0,
    connections: set[str] | None = None,
    is_exclusive: bool = False,
) -> AsyncIterator[int]:
    """Serve on `port`, a free one for 0; `answer` gets each request's frame and returns what is sent, None for nothing.

    `piece`: how many bytes go into one packet, 0 for all. `connections`: gets the address of each that came.
    `is_exclusive`: whoever comes ends the connections that were there.
    """
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for other in writers if is_exclusive else ():
            other.close()
        writers.append(writer)
        if connections is not None:
            connections.add(str(writer.get_extra_info("peername")))
        try:
            while True:
                head = await reader.readexactly(7)
                request = head + await reader.readexactly(struct.unpack_from(">H", head, 4)[0] - 1)
                sent = answer(request)
                if sent == b"":
                    break
                await _send(writer, sent or b"", piece)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in writers:
            writer.close()
        await server.wait_closed()
