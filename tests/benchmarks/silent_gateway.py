"""A gateway with one silent unit: `python -m tests.benchmarks.silent_gateway PORT`.

Units but SILENT answer reads of holding registers after 4 ms, one after the other, as on a serial line; asking the
silent one holds the line for 300 ms, and nothing is answered.
"""

from __future__ import annotations

import asyncio
import struct
import sys

from app.ending import on_end_signal, on_parent_gone
from tests.benchmarks.child import tell
from tests.benchmarks.offered import HOST

SILENT = 9
HEALTHY = (1, 2, 3, 4)
_ANSWER_S, _SILENCE_S = 0.004, 0.3
_HEAD = struct.Struct(">HHHBBHH")


class Gateway:
    """One line behind any number of connections."""

    def __init__(self) -> None:
        """Begin with a free line."""
        self._line = asyncio.Lock()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until it ends."""
        try:
            while True:
                transaction, _, _, unit, function, _, count = _HEAD.unpack(await reader.readexactly(_HEAD.size))
                async with self._line:
                    await asyncio.sleep(_SILENCE_S if unit == SILENT else _ANSWER_S)
                if unit != SILENT:
                    head = struct.pack(">HHHBBB", transaction, 0, 3 + 2 * count, unit, function, 2 * count)
                    writer.write(head + bytes(2 * count))
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.close()


async def main(port: int) -> None:
    """Serve until a signal or the parent's end."""
    stopping = asyncio.Event()
    on_end_signal(stopping.set)
    on_parent_gone(stopping.set)
    server = await asyncio.start_server(Gateway().serve, HOST, port)
    tell("ready")
    await stopping.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
