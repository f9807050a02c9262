"""On which server a tag of the demo plant stands, and at which address.

Unit 1 is the compressors' gateway (float32, ABCD, in holding registers), unit 2 the pumps' (float32, CDAB, in input
registers), unit 3 the switchboard's: scaled 16-bit integers, counters of 32 and 16 bits, states as discrete inputs, and
coils that take maintenance commands. Dryer, net, tower, furnace and oil tank speak OPC UA.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from app.model.tag import TagKind
from drivers.simulation.tag import NAMESPACE, PlantTag

OPC_UA = "plc"
"""The name of the OPC UA connection; those of the Modbus units are in UNITS."""
UNITS: dict[str, int] = {"compressors": 1, "pumps": 2, "switchboard": 3}
ORDERS: dict[str, str] = {"compressors": "ABCD", "pumps": "CDAB", "switchboard": "ABCD"}

_FLOATS = {"AC": ("compressors", "HR"), "PU": ("pumps", "IR")}
_SWITCHBOARD = ("TR", "EM")
_PER_EQUIPMENT = 100
"""Registers that each item of equipment has to itself, so that later tags find room."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """Where a tag stands: its connection, its address in that driver's grammar, and raw = value / gain."""

    connection: str
    address: str
    gain: float = 1.0


def expose(tags: Sequence[PlantTag]) -> dict[str, Exposure]:
    """Return where each tag stands, by name; the same tags always get the same addresses."""
    book = _AddressBook()
    return {tag.name: _expose(tag, book) for tag in tags}


def _expose(tag: PlantTag, book: _AddressBook) -> Exposure:
    family = tag.equipment[:2]
    if family not in _FLOATS and family not in _SWITCHBOARD:
        return Exposure(OPC_UA, f"nsu={NAMESPACE};s={tag.name}")
    if tag.kind is TagKind.DISCRETE:
        return Exposure("switchboard", book.next("switchboard", "DI", 1, apart=0))
    if tag.kind is TagKind.COUNTER:
        words = 1 if tag.width_bits == 16 else 2
        place = book.next("switchboard", "HR", words, apart=0)
        return Exposure("switchboard", f"{place}:U{tag.width_bits}", tag.resolution)
    if family in _SWITCHBOARD:
        return Exposure("switchboard", book.next("switchboard", "IR", 1, apart=0) + ":I16", 10.0**-tag.decimals)
    connection, table = _FLOATS[family]
    number = int(tag.equipment[2:])
    return Exposure(connection, book.next(connection, table, 2, apart=number * _PER_EQUIPMENT) + ":F32")


class _AddressBook:
    """Hands out addresses one after the other: one run per unit, table and starting offset."""

    def __init__(self) -> None:
        self._next: dict[tuple[str, str, int], int] = defaultdict(int)

    def next(self, connection: str, table: str, words: int, *, apart: int) -> str:
        """Return the next free address of that many words; `apart` is where the run begins."""
        place = self._next[connection, table, apart]
        self._next[connection, table, apart] = place + words
        return f"{table}{apart + place}"
