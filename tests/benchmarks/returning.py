"""A server that comes back: `python -m tests.benchmarks.returning PROTOCOL PORT LISTEN_AT`.

It listens from LISTEN_AT on (monotonic s), and tells `returned` with the instant at which it does.
Its values are set each 50 ms to the monotonic clock in seconds, so that nobody takes an old value for a new one.
"""

from __future__ import annotations

import asyncio
import logging
import sys

from app.ending import on_end_signal, on_parent_gone
from app.model import clock
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from tests.benchmarks.child import tell
from tests.benchmarks.offered import HOST, NAMESPACE, modbus_address, opcua_name

TAGS = 10
PERIOD_S = 0.05


async def serve(protocol: str, port: int, listen_at: float) -> None:
    """Serve until a signal or the parent's end."""
    logging.getLogger("asyncua").setLevel(logging.CRITICAL)  # it tells of each request of an old session
    names = [opcua_name(n) for n in range(TAGS)]
    server: ModbusPublisher | OpcUaPublisher
    if protocol == "modbus":
        server = ModbusPublisher(HOST, port, [ModbusPoint(name, 1, modbus_address(n)) for n, name in enumerate(names)])
    else:
        server = OpcUaPublisher(HOST, port, NAMESPACE, [OpcUaPoint(name) for name in names])
    await asyncio.sleep(max(0.0, listen_at - clock.monotonic_ns() / clock.NS_PER_S))
    await server.start()
    tell("returned", clock.monotonic_ns() / clock.NS_PER_S)
    stopping = asyncio.Event()
    on_end_signal(stopping.set)
    on_parent_gone(stopping.set)
    while not stopping.is_set():
        server.publish(dict.fromkeys(names, clock.monotonic_ns() / clock.NS_PER_S), clock.now_ns())
        await asyncio.sleep(PERIOD_S)
    await server.stop()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
