"""Which link a URL means: the one place that knows all of them."""

from __future__ import annotations

from collections.abc import Callable

from drivers.modbus.link import Link
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.transport import Transport


def link_to(settings: ModbusSettings, on_lost: Callable[[str], None]) -> Link:
    """Return an unopened link to the device of `settings`, which calls `on_lost(reason)` once when it is lost."""
    return Transport(settings, on_lost)
