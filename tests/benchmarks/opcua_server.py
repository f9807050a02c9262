"""The server of the benchmark `opcua`, in a process of its own.

`python -m tests.benchmarks.opcua_server PORT`: the variables T0, T1, ... as float64 in the namespace below, as many of
them set anew as the last line on standard input says, each as often as it says in ms. Tells `ready` once it listens.
"""

from __future__ import annotations

import asyncio
import sys

from app.model import clock
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from tests.benchmarks.child import tell

HOST = "127.0.0.1"
NAMESPACE = "urn:foreshift:benchmark"
INDEX = 2
MOST = 5_000
_FOLDER = 100
"""Variables of a folder: asyncua looks through all that a folder has for each one that is added."""


def url(port: int) -> str:
    """Return where the server listens."""
    return f"opc.tcp://{HOST}:{port}/foreshift/"


def address(tag: int) -> str:
    """Return the NodeId of a variable, with the index of the namespace, which every client understands."""
    return f"ns={INDEX};s=T{tag}"


async def _serve(port: int) -> None:
    names = [f"T{tag}" for tag in range(MOST)]
    points = [OpcUaPoint(name, folder=str(at // _FOLDER)) for at, name in enumerate(names)]
    publisher = OpcUaPublisher(HOST, port, NAMESPACE, points)
    await publisher.start()
    publisher.publish(dict.fromkeys(names, 0.0), clock.now_ns())
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    changing = _Changing(names)
    ending = asyncio.create_task(changing.follow(reader))
    tell("ready")
    turn = 0
    while not ending.done():
        turn += 1
        publisher.publish(dict.fromkeys(changing.names, float(turn)), clock.now_ns())
        await asyncio.sleep(changing.period_s)
    await publisher.stop()


class _Changing:
    """Which variables change, and how often."""

    def __init__(self, names: list[str]) -> None:
        self._all = names
        self.names: list[str] = []
        self.period_s = 0.1

    async def follow(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            tags, period_ms = line.split()
            self.names, self.period_s = self._all[: int(tags)], int(period_ms) / 1000


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
