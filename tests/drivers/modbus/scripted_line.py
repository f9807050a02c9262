"""Serial lines for tests: a pair of pseudo terminals, and a gateway that passes on what a test tells it to."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

Piece = bytes | float
Answer = Callable[[int, bytes], Sequence[Piece]]


@asynccontextmanager
async def terminals(folder: Path) -> AsyncIterator[tuple[Path, Path, asyncio.subprocess.Process]]:
    """Join two pseudo terminals by socat; skip the test where it is not installed."""
    socat = shutil.which("socat")
    if socat is None:
        pytest.skip("socat is not installed here (Debian package socat)")
    ends = folder / "A", folder / "B"
    process = await asyncio.create_subprocess_exec(socat, *(f"pty,raw,echo=0,link={end}" for end in ends))
    try:
        async with asyncio.timeout(10):
            while not all(end.exists() for end in ends):  # noqa: ASYNC110 - socat tells nobody that it is ready
                await asyncio.sleep(0.01)
        yield *ends, process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@asynccontextmanager
async def scripted_line(answer: Answer, *, request_size: int = 8) -> AsyncIterator[int]:
    """Serve RTU over TCP on a free port.

    `answer(number, request)` gets each request of `request_size` bytes and returns what is sent piece by piece, numbers
    being seconds of rest before the next.
    """
    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        number = 0
        try:
            while True:
                request = await reader.readexactly(request_size)
                number += 1
                for piece in answer(number, request):
                    if isinstance(piece, float):
                        await asyncio.sleep(piece)
                    else:
                        writer.write(piece)
                        await asyncio.sleep(0)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in writers:
            writer.close()
        await server.wait_closed()


def in_single_bytes(frame: bytes) -> list[bytes]:
    """Return a frame as pieces of one byte."""
    return [frame[place : place + 1] for place in range(len(frame))]
