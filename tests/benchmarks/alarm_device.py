"""The devices of the benchmark `alarm-window`: `python -m tests.benchmarks.alarm_device RAISES_PER_S PORT ...`.

A Modbus server with OF_DEVICE float32 at each port, all set anew within each second, a tenth of them at a time. Each
step lets as many go beyond their limit as RAISES_PER_S asks for; a tag comes back half a round later. Tells `ready`.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from app.ending import on_end_signal, on_parent_gone
from app.model import clock
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from tests.benchmarks.child import tell
from tests.benchmarks.offered import HOST

STEPS = 10
OF_DEVICE = 500
LIMIT = 100.0
CALM, BEYOND = 50.0, 150.0


def name(index: int) -> str:
    """Return the name of a tag."""
    return f"T{index}"


def address(index: int) -> str:
    """Return the address of a tag."""
    return f"HR{2 * (index % OF_DEVICE)}:F32"


async def serve(raises_per_s: int, ports: Sequence[int]) -> None:
    """Publish until a signal or the parent's end."""
    tags = OF_DEVICE * len(ports)
    servers = [
        ModbusPublisher(HOST, port, [ModbusPoint(name(n), 1, address(n)) for n in _tags_of(place)])
        for place, port in enumerate(ports)
    ]
    for server in servers:
        await server.start()
    stopping = asyncio.Event()
    on_end_signal(stopping.set)
    on_parent_gone(stopping.set)
    base = [CALM] * tags
    each, turn = raises_per_s // STEPS, 0
    due = asyncio.get_running_loop().time()
    tell("ready")
    while not stopping.is_set():
        for n in range(turn * each, (turn + 1) * each):
            base[n % tags] = BEYOND
            base[(n - tags // 2) % tags] = CALM
        low = turn % STEPS * (tags // STEPS)
        # the last digits wander in every tag each second; what has just gone beyond its limit is told at once
        told = {name(n): base[n] + turn % 7 / 100 for n in range(low, low + tags // STEPS)}
        told |= {name(n % tags): BEYOND for n in range(turn * each, (turn + 1) * each)}
        told |= {name((n - tags // 2) % tags): CALM for n in range(turn * each, (turn + 1) * each)}
        for place, server in enumerate(servers):
            server.publish({name(n): told[name(n)] for n in _tags_of(place) if name(n) in told}, clock.now_ns())
        turn += 1
        due = max(due + 1 / STEPS, asyncio.get_running_loop().time())
        await asyncio.sleep(due - asyncio.get_running_loop().time())
    for server in servers:
        await server.stop()


def _tags_of(device: int) -> range:
    return range(device * OF_DEVICE, (device + 1) * OF_DEVICE)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), [int(port) for port in sys.argv[2:]]))
