"""A Modbus TCP device that answers as fast as it is asked: `python -m tests.benchmarks.fast_device PORT`.

Every read of 124 holding registers is answered with 62 float32 that wander in their last digits, as measured values do:
another one of 64 answers made before. It checks nothing: it must cost less than those who are measured.
"""

from __future__ import annotations

import asyncio
import struct
import sys

import numpy as np

from app.ending import on_end_signal, on_parent_gone
from tests.benchmarks.child import tell
from tests.benchmarks.offered import HOST

REGISTERS, VALUES = 124, 62
_REQUEST_BYTES = 12
_ANSWERS = 64
_BUFFER = 1 << 16


def answers() -> list[bytes]:
    """Return what stands behind the transaction number in each answer."""
    chance = np.random.default_rng(1)
    level = chance.uniform(10.0, 90.0, VALUES)
    head = struct.pack(">HHBBB", 0, 3 + 2 * REGISTERS, 1, 3, 2 * REGISTERS)
    return [head + (level + chance.normal(0.0, 0.01, VALUES)).astype(">f4").tobytes() for _ in range(_ANSWERS)]


class Device(asyncio.BufferedProtocol):
    """One connection."""

    def __init__(self, made: list[bytes]) -> None:
        """Answer with what was made."""
        self._made = made
        self._turn = 0
        self._buffer = bytearray(_BUFFER)
        self._filled = 0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the socket."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where the next bytes go."""
        return memoryview(self._buffer)[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        """Answer all whole requests at once."""
        end, place, sent = self._filled + nbytes, 0, list[bytes]()
        while end - place >= _REQUEST_BYTES:
            sent += [bytes(self._buffer[place : place + 2]), self._made[self._turn % _ANSWERS]]
            self._turn += 1
            place += _REQUEST_BYTES
        self._buffer[: end - place] = self._buffer[place:end]
        self._filled = end - place
        self._transport.write(b"".join(sent))


async def main(port: int) -> None:
    """Serve until a signal or the parent's end."""
    made = answers()
    server = await asyncio.get_running_loop().create_server(lambda: Device(made), HOST, port)
    stopping = asyncio.Event()
    on_end_signal(stopping.set)
    on_parent_gone(stopping.set)
    tell("ready")
    await stopping.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
