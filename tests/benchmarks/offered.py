"""The servers of a benchmark, in a process of their own: every value tells the instant at which it was set.

`python -m tests.benchmarks.offered MODBUS_PORT OPCUA_PORT TAGS PERIOD_MS`: half of TAGS on each server, all set anew
to the monotonic clock in seconds, as float64, so that any process of this machine can tell their age. From one time to
the next it is PERIOD_MS in the mean, at random between half and one and a half of it: else changes and scans would keep
whatever phase they began with. Tells `changed` with each instant.
"""

from __future__ import annotations

import asyncio
import random
import sys

from app.ending import on_end_signal, on_parent_gone
from app.model import clock
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from tests.benchmarks.child import tell

HOST = "127.0.0.1"
NAMESPACE = "urn:foreshift:benchmark"
DEFAULT_SCAN_MS = 500
SCREEN = "screen"
TAGS_OF_EQUIPMENT = 20


def modbus_name(index: int) -> str:
    """Return the name of the index-th Modbus tag."""
    return f"M{index}"


def modbus_address(index: int) -> str:
    """Return the address of the index-th Modbus tag."""
    return f"HR{4 * index}:F64"


def opcua_name(index: int) -> str:
    """Return the name of the index-th OPC UA tag."""
    return f"U{index}"


def scan_of(index: int, scan_ms: int) -> int:
    """Return the scan of the index-th tag of either server: the first is read at the default, all others faster."""
    return DEFAULT_SCAN_MS if index == 0 else scan_ms


def offered_plant(*, modbus_port: int, opcua_port: int, tags: int, scan_ms: int) -> Plant:
    """Return a plant of `tags` tags that reads both servers.

    The first equipment has the first two tags of each server: the four panes that a window shows at first. The others
    have 20 tags each.
    """
    each = tags // 2
    names = [*map(modbus_name, range(2)), *map(opcua_name, range(2))]
    names += [*map(modbus_name, range(2, each)), *map(opcua_name, range(2, each))]
    equipment = [SCREEN, *(f"E{n}" for n in range(-(-(tags - 4) // TAGS_OF_EQUIPMENT)))]
    return Plant(
        "bench",
        LocalText("Benchmark"),
        tuple(Equipment(name, LocalText(name)) for name in equipment),
        (
            ConnectionDefinition("modbus", "modbus", f"modbus://{HOST}:{modbus_port}?unit=1"),
            ConnectionDefinition("opcua", "opcua", f"opc.tcp://{HOST}:{opcua_port}/foreshift/"),
        ),
        tuple(
            _tag(handle, name, equipment[(handle - 4) // TAGS_OF_EQUIPMENT + 1], scan_ms)
            for handle, name in enumerate(names)
        ),
    )


def _tag(handle: int, name: str, equipment: str, scan_ms: int) -> TagDefinition:
    index = int(name[1:])
    is_modbus = name == modbus_name(index)
    return TagDefinition(
        handle,
        name,
        equipment,
        LocalText(name),
        "modbus" if is_modbus else "opcua",
        modbus_address(index) if is_modbus else f"nsu={NAMESPACE};s={name}",
        unit="s",
        decimals=3,
        scan_ms=scan_of(index, scan_ms),
        low=0.0,
        high=1e9,
    )


async def serve(modbus_port: int, opcua_port: int, tags: int, period_ms: float) -> None:
    """Publish until a signal or the parent's end."""
    names = [modbus_name(n) for n in range(tags // 2)], [opcua_name(n) for n in range(tags // 2)]
    points = [ModbusPoint(name, 1, modbus_address(n)) for n, name in enumerate(names[0])]
    modbus = ModbusPublisher(HOST, modbus_port, points)
    opcua = OpcUaPublisher(HOST, opcua_port, NAMESPACE, [OpcUaPoint(name) for name in names[1]])
    await modbus.start()
    await opcua.start()
    stopping = asyncio.Event()
    on_end_signal(stopping.set)
    on_parent_gone(stopping.set)
    tell("ready")
    chance = random.Random(1)
    due = asyncio.get_running_loop().time()
    while not stopping.is_set():
        changed = clock.monotonic_ns() / clock.NS_PER_S
        modbus.publish(dict.fromkeys(names[0], changed), clock.now_ns())
        opcua.publish(dict.fromkeys(names[1], changed), clock.now_ns())
        tell("changed", changed)
        due = max(due + chance.uniform(0.5, 1.5) * period_ms / 1_000, asyncio.get_running_loop().time())
        await asyncio.sleep(due - asyncio.get_running_loop().time())
    await opcua.stop()
    await modbus.stop()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
