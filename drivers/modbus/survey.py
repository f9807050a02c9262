"""Which registers and bits of a unit can be read: single ones where maps usually begin, then how far each reaches.

The protocol has no catalogue. A map is found where its first value stands at one of the usual places, which takes
some twenty requests for an empty table instead of 65,536; a map elsewhere is found by `browse`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from drivers.modbus.address import Table
from drivers.modbus.bus import Bus
from drivers.modbus.link import BadAnswer, ExceptionAnswer, NoAnswer

LONGEST = 2_000
"""How far a range is followed, in registers or bits."""
_STARTS = (0, 1, 10, 100, 200, 256, 300, 400, 500, 512, 1_000, 2_000, 3_000, 4_000, 4_096, 5_000, 8_192, 10_000, 20_000,
           30_000, 40_000, 50_000)  # fmt: skip
_MOST_REQUESTS = 70

IsReadable = Callable[[int, int], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Extent:
    """A range of a table that can be read; `is_open`: it goes on behind `end`, the first that was not tried."""

    table: Table
    start: int
    end: int
    is_open: bool = False

    def __str__(self) -> str:
        return f"{self.table}{self.start}-{self.end - 1}{' and further' if self.is_open else ''}"


def _never() -> bool:
    return False


async def extents(bus: Bus, unit: int, table: Table, is_over: Callable[[], bool] = _never) -> tuple[Extent, ...]:
    """Return the ranges that were found, in their order; raise NoAnswer where the unit fell silent, ConnectionLost.

    Once `is_over()` no further place is tried, and a range that was being followed is open.
    """
    size = bus.settings.max_block_bits if table.is_bits else bus.settings.max_block
    asked = 0

    async def is_readable(start: int, count: int) -> bool:
        nonlocal asked
        asked += 1
        try:
            await bus.read(unit, table, start, count)
        except (ExceptionAnswer, BadAnswer):
            return False
        except NoAnswer:
            if count == 1:
                raise
            return False  # some devices do not answer what is too long for them
        return True

    found: list[Extent] = []
    for start in _STARTS:
        if (found and start < found[-1].end) or asked >= _MOST_REQUESTS:
            continue
        if is_over():
            break
        if await is_readable(start, 1):
            end, is_whole = await _end(is_readable, start, size, is_over)
            found.append(Extent(table, start, end, is_open=not is_whole))
        elif start == 0 and not await _knows(bus, unit, table):
            break
    return tuple(found)


async def _knows(bus: Bus, unit: int, table: Table) -> bool:
    """Return whether a unit knows a table at all: exception 1 says that it has no such function."""
    try:
        await bus.read(unit, table, 0, 1)
    except ExceptionAnswer as refusal:
        return refusal.code != 1
    except BadAnswer:
        return True
    return True


async def _end(is_readable: IsReadable, start: int, size: int, is_over: Callable[[], bool]) -> tuple[int, bool]:
    """Return the offset behind the last that can be read together with those before it, and whether it is the end."""
    end = start + 1
    while end - start < LONGEST and end < 65_536:
        if is_over():
            return end, False
        count = min(size, LONGEST - (end - start), 65_536 - end)
        if await is_readable(end, count):
            end += count
            continue
        low, high = 0, count - 1
        while low < high:
            if is_over():
                return end + low, False
            middle = (low + high + 1) // 2
            if await is_readable(end, middle):
                low = middle
            else:
                high = middle - 1
        return end + low, True
    return end, end - start < LONGEST
