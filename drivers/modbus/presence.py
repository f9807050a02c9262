"""Whether anybody answers under a unit id."""

from __future__ import annotations

from drivers.modbus.address import Table
from drivers.modbus.bus import Bus
from drivers.modbus.link import BadAnswer, ExceptionAnswer, NoAnswer

_GATEWAY_HAS_NOBODY = {10, 11}
"""The exceptions by which a gateway says that it has no way to a unit, or no answer from it."""


async def is_present(bus: Bus, unit: int) -> bool:
    """Return whether a unit answers one read, be it with a refusal or with nonsense; raise ConnectionLost."""
    try:
        await bus.read(unit, Table.HOLDING_REGISTERS, 0, 1)
    except ExceptionAnswer as refusal:
        return refusal.code not in _GATEWAY_HAS_NOBODY
    except NoAnswer:
        return False
    except BadAnswer:
        return True
    return True
