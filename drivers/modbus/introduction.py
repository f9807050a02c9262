"""Who answers at a Modbus port: one register is asked of each of the usual unit ids, then one of them for its name."""

from __future__ import annotations

from collections.abc import Mapping

from app.model import clock
from app.model.connection import ConnectionDefinition
from drivers.modbus.bus import Bus
from drivers.modbus.identification import identification
from drivers.modbus.patience import patient_settings
from drivers.modbus.presence import Presence, presence
from drivers.probe import Fact, Introduction

USUAL_UNITS = (1, 255, 0, *range(2, 11))
"""1 and those that follow it are what devices are delivered with; 255 and 0 mean a gateway or a device on TCP."""
LONGEST_S = 5.0
_NAME = ("vendor", "product", "model", "product code")
_LONGEST_NAME = 2


async def introduce_device(definition: ConnectionDefinition) -> Introduction:
    """Return which of the usual units answer, and what the first of them calls itself (function 43).

    A device that answers to any unit id is one device. Raise ConnectionLost where nothing listens, or
    something that does not speak Modbus.
    """
    bus, lost = Bus(patient_settings(definition)), list[str]()
    ends = clock.monotonic_ns() + round(LONGEST_S * clock.NS_PER_S)
    await bus.open(lost.append)
    try:
        asked: dict[int, Presence] = {}
        for unit in USUAL_UNITS:
            if clock.monotonic_ns() >= ends:
                break
            asked[unit] = await presence(bus, unit)
        found = _found(asked)
        name = _name(await identification(bus, found[0])) if found else ""
    finally:
        bus.close(lost.append)
    return Introduction(name, found, tuple(sorted(asked)))


def _found(asked: Mapping[int, Presence]) -> tuple[int, ...]:
    """Return the units that are there; where all answer, those that give a value, or the first if they are all one."""
    there = [unit for unit, answer in asked.items() if answer is not Presence.ABSENT]
    if len(there) < len(USUAL_UNITS):
        return tuple(sorted(there))
    reading = sorted(unit for unit in there if asked[unit] is Presence.READS)
    return tuple(reading) if 0 < len(reading) < len(there) else tuple(there[:1])


def _name(facts: tuple[Fact, ...]) -> str:
    known = {fact.name: fact.text for fact in facts}
    parts = list(dict.fromkeys(known[name] for name in _NAME if name in known))
    return " ".join(parts[:_LONGEST_NAME])
