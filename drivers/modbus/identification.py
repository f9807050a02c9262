"""Who a Modbus device says it is: function 43 with MEI type 14 (Modbus Application Protocol V1.1b3, 6.21)."""

from __future__ import annotations

from drivers.driver import DriverError
from drivers.modbus.bus import Bus
from drivers.modbus.turns import OPERATOR
from drivers.probe import Fact

_READ = bytes([0x2B, 0x0E])
_REGULAR = 0x02
_HEAD = 7
_MOST_PARTS = 8
_NAMES = {
    0: "vendor",
    1: "product code",
    2: "revision",
    3: "vendor URL",
    4: "product",
    5: "model",
    6: "application",
}


async def identification(bus: Bus, unit: int) -> tuple[Fact, ...]:
    """Return what a unit says of itself, () where it does not know the function; raise ConnectionLost."""
    found: dict[int, str] = {}
    next_object = 0
    for _ in range(_MOST_PARTS):
        try:
            answer = await bus.ask(unit, _READ + bytes([_REGULAR, next_object]), OPERATOR).answer
        except DriverError:
            if not bus.is_open:
                raise
            break
        objects, following = objects_of(answer)
        found |= objects
        if following <= next_object:
            break
        next_object = following
    return tuple(Fact(_NAMES.get(number, f"object {number}"), text) for number, text in sorted(found.items()) if text)


def objects_of(answer: bytes) -> tuple[dict[int, str], int]:
    """Return the texts of an answer by their numbers, and the object that follows it, 0 for none; never raises."""
    found: dict[int, str] = {}
    if len(answer) < _HEAD or answer[:2] != _READ:
        return found, 0
    more, following, count = answer[4], answer[5], answer[6]
    at = _HEAD
    for _ in range(count):
        if at + 2 > len(answer) or at + 2 + answer[at + 1] > len(answer):
            return found, 0
        number, size = answer[at], answer[at + 1]
        text = answer[at + 2 : at + 2 + size].decode("utf-8", "replace")
        found[number] = "".join(letter for letter in text if letter.isprintable()).strip()
        at += 2 + size
    return found, following if more == 0xFF else 0
