"""A bus to a device on this machine, open for the length of a test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.model.connection import ConnectionDefinition
from drivers.modbus.address import Table
from drivers.modbus.bus import Bus
from drivers.modbus.settings import ModbusSettings, parse_settings


def settings_of(port: int, **options: object) -> ModbusSettings:
    """Return settings with a short time-out."""
    definition = ConnectionDefinition("c", "modbus", f"modbus://127.0.0.1:{port}", {"timeout_ms": 100, **options})
    return parse_settings(definition)


@asynccontextmanager
async def opened_bus(port: int, **options: object) -> AsyncIterator[tuple[Bus, list[str]]]:
    """Open a bus and give it with the list of the reasons for which it was lost."""
    lost: list[str] = []
    bus = Bus(settings_of(port, **options))
    await bus.open(lost.append)
    try:
        yield bus, lost
    finally:
        bus.close(lost.append)


async def read_two(bus: Bus, unit: int = 1) -> list[int]:
    """Read the holding registers 0 and 1."""
    return [int(word) for word in await bus.read(unit, Table.HOLDING_REGISTERS, 0, 2)]
