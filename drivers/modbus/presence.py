"""Whether anybody answers under a unit id."""

from __future__ import annotations

from enum import Enum, auto

from drivers.modbus.address import Table
from drivers.modbus.bus import Bus
from drivers.modbus.link import BadAnswer, ExceptionAnswer, NoAnswer

_GATEWAY_HAS_NOBODY = {10, 11}
"""The exceptions by which a gateway says that it has no way to a unit, or no answer from it."""


class Presence(Enum):
    """What came of one read: nothing, a refusal or nonsense, or a value."""

    ABSENT = auto()
    REFUSES = auto()
    READS = auto()


async def presence(bus: Bus, unit: int) -> Presence:
    """Return what a unit does about one read of its first register; raise ConnectionLost."""
    try:
        await bus.read(unit, Table.HOLDING_REGISTERS, 0, 1)
    except ExceptionAnswer as refusal:
        return Presence.ABSENT if refusal.code in _GATEWAY_HAS_NOBODY else Presence.REFUSES
    except NoAnswer:
        return Presence.ABSENT
    except BadAnswer:
        return Presence.REFUSES
    return Presence.READS


async def is_present(bus: Bus, unit: int) -> bool:
    """Return whether a unit answers one read, be it with a refusal or with nonsense; raise ConnectionLost."""
    return await presence(bus, unit) is not Presence.ABSENT
