"""A plant made of the signals that were ticked in a device: one area, one equipment, one connection."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from urllib.parse import urlsplit

from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment, EquipmentLevel
from app.model.exact import DataType
from app.model.plant import Plant
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from drivers.driver import BrowseEntry
from drivers.probe import ProposedTag
from widgets.engineering.devices import Found
from widgets.model.register_place import place_of

_MODBUS = ("modbus", "tcp", "modbus+tls", "modbus+rtu", "modbus+ascii", "modbus+rtu-tcp", "modbus+ascii-tcp")
DRIVERS = {"opc.tcp": "opcua", "sparkplug": "sparkplug"} | dict.fromkeys(_MODBUS, "modbus")
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


_EXACT_TYPES = {
    "int64": DataType.INT64,
    "uint64": DataType.INT64,
    "string": DataType.STRING,
    "localizedtext": DataType.STRING,
    "datetime": DataType.STRING,
    "guid": DataType.STRING,
}
"""What is recorded of a device's values that a float64 cannot hold."""


def plant_of(name: str, connection: ConnectionDefinition, tags: Sequence[TagDefinition]) -> Plant:
    """Return a plant called `name` with `tags` of the device behind a connection."""
    identifier = identifier_of(name) or "plant"
    host = urlsplit(connection.url).hostname or connection.url
    equipment = (
        Equipment("area", LocalText(name.strip()), EquipmentLevel.AREA),
        Equipment(DEVICE, LocalText(host), EquipmentLevel.WORK_UNIT, "area"),
    )
    return Plant(identifier, LocalText(name.strip()), equipment, (connection,), tuple(tags))


def identifier_of(name: str) -> str:
    """Return an identifier for what somebody has named."""
    return _UNSAFE.sub("-", name.strip()).strip("-.").lower()


def tags_of(found: Sequence[Found], taken: Collection[str] = ()) -> list[TagDefinition]:
    """Return the tags of what was chosen in a device, with all that the device says of them.

    Their names are their own; `taken`: those that the plant has already.
    """
    names = _unique_names([each.entry for each in found], taken)
    return [
        _proposed(handle, name, each.tag) if each.tag is not None else _tag(handle, name, each.entry)
        for handle, (name, each) in enumerate(zip(names, found, strict=True))
    ]


def _proposed(handle: int, name: str, tag: ProposedTag) -> TagDefinition:
    kind = TagKind.COUNTER if tag.is_counter else TagKind.DISCRETE if tag.is_discrete else TagKind.ANALOG
    return TagDefinition(
        handle=handle,
        name=name,
        equipment=DEVICE,
        title=LocalText(tag.title or tag.name),
        connection=DEVICE,
        address=tag.address,
        unit=tag.unit,
        kind=kind,
        low=tag.low,
        high=tag.high,
        decimals=tag.decimals,
        gain=tag.gain,
        offset=tag.offset,
        data_type=DataType.STRING if tag.is_text else DataType.FLOAT64,
    )


def _tag(handle: int, name: str, entry: BrowseEntry) -> TagDefinition:
    data_type = _EXACT_TYPES.get(entry.data_type.lower(), DataType.FLOAT64)
    is_state = data_type is DataType.STRING or bool(entry.states) or entry.data_type.lower() in {"bool", "boolean"}
    has_range = (
        data_type is not DataType.STRING
        and math.isfinite(entry.low)
        and math.isfinite(entry.high)
        and entry.low < entry.high
    )
    return TagDefinition(
        handle=handle,
        name=name,
        equipment=DEVICE,
        title=LocalText(entry.description or entry.name or entry.address),
        connection=DEVICE,
        address=entry.address,
        unit="" if data_type is DataType.STRING else entry.unit,
        kind=TagKind.DISCRETE if is_state else TagKind.ANALOG,
        data_type=data_type,
        low=entry.low if has_range else -math.inf,
        high=entry.high if has_range else math.inf,
        decimals=0 if entry.states else 1,
        states=tuple((value, LocalText(name)) for value, name in entry.states if name),
    )


def _unique_names(entries: Sequence[BrowseEntry], others: Collection[str]) -> list[str]:
    taken = set(others)
    places = {entry.address: place_of(entry.address) for entry in entries}
    has_units = len({place.unit for place in places.values() if place is not None}) > 1
    names = []
    for entry in entries:
        root = _UNSAFE.sub("_", entry.name or entry.address).strip("_") or "tag"
        place = places[entry.address]
        if has_units and place is not None:  # else the second HR0 would be HR0_2, of whatever unit
            root = f"U{place.unit}_{root}"
        name, number = root, 2
        while name in taken:
            name, number = f"{root}_{number}", number + 1
        taken.add(name)
        names.append(name)
    return names
