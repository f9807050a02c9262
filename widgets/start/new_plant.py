"""A plant made of the signals that were ticked in a device: one area, one equipment, one connection."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment, EquipmentLevel
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from drivers.driver import BrowseEntry

DRIVERS = {"opc.tcp": "opcua", "modbus": "modbus", "tcp": "modbus"}
DEVICE = "device"
_UNSAFE = re.compile(r"[^\w.-]+")


class UnknownScheme(ValueError):
    """No driver has this kind of URL."""


def driver_of(url: str) -> str:
    """Return the name of the driver for a URL; raise UnknownScheme where there is none."""
    scheme = url.strip().partition("://")[0].lower()
    if scheme not in DRIVERS:
        raise UnknownScheme(f"{url}: begin the address with opc.tcp:// or modbus://")
    return DRIVERS[scheme]


def plant_of(name: str, url: str, entries: Sequence[BrowseEntry]) -> Plant:
    """Return a plant called `name` whose tags are the readable things `entries` of the device at `url`."""
    identifier = _UNSAFE.sub("-", name.strip()).strip("-.").lower() or "plant"
    equipment = (
        Equipment("area", LocalText(name.strip()), EquipmentLevel.AREA),
        Equipment(DEVICE, LocalText(urlsplit(url).hostname or url), EquipmentLevel.WORK_UNIT, "area"),
    )
    names = _unique_names(entries)
    tags = tuple(_tag(handle, names[handle], entry) for handle, entry in enumerate(entries))
    connection = ConnectionDefinition(DEVICE, driver_of(url), url.strip())
    return Plant(identifier, LocalText(name.strip()), equipment, (connection,), tags)


def _tag(handle: int, name: str, entry: BrowseEntry) -> TagDefinition:
    kind = TagKind.DISCRETE if entry.data_type.lower() in {"bool", "boolean"} else TagKind.ANALOG
    has_range = math.isfinite(entry.low) and math.isfinite(entry.high) and entry.low < entry.high
    return TagDefinition(
        handle=handle,
        name=name,
        equipment=DEVICE,
        title=LocalText(entry.description or entry.name or entry.address),
        connection=DEVICE,
        address=entry.address,
        unit=entry.unit,
        kind=kind,
        low=entry.low if has_range else -math.inf,
        high=entry.high if has_range else math.inf,
    )


def _unique_names(entries: Sequence[BrowseEntry]) -> list[str]:
    taken: set[str] = set()
    names = []
    for entry in entries:
        root = _UNSAFE.sub("_", entry.name or entry.address).strip("_") or "tag"
        name, number = root, 2
        while name in taken:
            name, number = f"{root}_{number}", number + 1
        taken.add(name)
        names.append(name)
    return names
