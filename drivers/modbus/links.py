"""Which link a URL means: the one place that knows all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from drivers.modbus.connect import connect_tcp
from drivers.modbus.line import Line
from drivers.modbus.line_link import LineLink
from drivers.modbus.link import Link
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.transport import Transport


def link_to(settings: ModbusSettings, on_lost: Callable[[str], None]) -> Link:
    """Return an unopened link to the device of `settings`, which calls `on_lost(reason)` once when it is lost."""
    if settings.line in {Line.TCP, Line.TLS}:
        return Transport(settings, on_lost)
    return LineLink(settings, on_lost, _connect_serial if settings.line.is_serial else connect_tcp)


async def _connect_serial(protocol: asyncio.Protocol, settings: ModbusSettings) -> None:
    from drivers.modbus.serial_line import connect_serial  # noqa: PLC0415 - half a second that only serial lines need

    await connect_serial(protocol, settings)
