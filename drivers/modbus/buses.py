"""The buses of this process: connections of a plant to a device that bears few share what it bears."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from drivers.modbus.bus import Bus
from drivers.modbus.settings import ModbusSettings

_Key = tuple[asyncio.AbstractEventLoop, str]
_SHARED: dict[_Key, list[Bus]] = {}


async def join(settings: ModbusSettings, on_lost: Callable[[str], None]) -> Bus:
    """Return an open bus, one's own or, where the device bears no more, one shared; raise ConnectionLost."""
    if not settings.max_connections:
        bus = Bus(settings)
        await bus.open(on_lost)
        return bus
    buses = _SHARED.setdefault((asyncio.get_running_loop(), settings.url), [])
    buses[:] = [bus for bus in buses if bus.members]
    if len(buses) < settings.max_connections:
        buses.append(Bus(settings))
        bus = buses[-1]
    else:
        bus = min(buses, key=lambda bus: bus.members)
    await bus.open(on_lost)
    return bus


def leave(bus: Bus, on_lost: Callable[[str], None]) -> None:
    """Leave a bus; the last that leaves closes it."""
    if not bus.close(on_lost):
        return
    key = asyncio.get_running_loop(), bus.settings.url
    remaining = [other for other in _SHARED.get(key, ()) if other is not bus]
    if remaining:
        _SHARED[key] = remaining
    else:
        _SHARED.pop(key, None)
