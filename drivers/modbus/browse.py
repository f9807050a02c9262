"""What a Modbus device offers: the protocol has no catalogue, so units and tables are probed, page by page.

References: "" is the device, "1/" a unit, "1/HR" a table. Cursors hold the next unit id or offset.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from drivers.driver import BadAddress, BrowseEntry, BrowsePage
from drivers.modbus.address import Table
from drivers.modbus.bus import Bus
from drivers.modbus.link import BadAnswer, ExceptionAnswer, NoAnswer
from drivers.modbus.presence import is_present
from drivers.modbus.settings import ModbusSettings

UNITS_PER_PAGE = 8
REQUESTS_PER_PAGE = 200
ENTRIES_PER_PAGE = 250
_LAST_UNIT = 247
_CURSOR_DIGITS = 5
_FINE_END = 125
_COARSE_STEP = 10
_TITLES = {
    Table.COILS: "Coils",
    Table.DISCRETE_INPUTS: "Discrete inputs",
    Table.INPUT_REGISTERS: "Input registers",
    Table.HOLDING_REGISTERS: "Holding registers",
}

Probe = Callable[[int, int], Awaitable[bool]]


async def browse_device(bus: Bus, settings: ModbusSettings, *, reference: str, cursor: bytes) -> BrowsePage:
    """Return a page of units, tables or readable registers; raise BadAddress for a reference it never gave."""
    unit_text, _, table_text = reference.partition("/")
    if cursor and not (cursor.isdigit() and len(cursor) <= _CURSOR_DIGITS):
        raise BadAddress("this is no cursor that was given out before")
    position = int(cursor) if cursor else 0
    if not reference:
        return await _units(bus, settings, position)
    if not unit_text.isdecimal() or int(unit_text) > 255 or table_text not in {"", *Table}:
        raise BadAddress(f'"{reference}" is nothing that can be browsed: write "", "<unit>/" or "<unit>/<HR|IR|CO|DI>"')
    unit = int(unit_text)
    if not table_text:
        return BrowsePage(tuple(_table(unit, table) for table in Table))
    return await _registers(bus, settings, unit=unit, table=Table(table_text), begin=position)


def _table(unit: int, table: Table) -> BrowseEntry:
    return BrowseEntry(f"{unit}/{table}", str(table), _TITLES[table], is_readable=False, has_children=True)


async def _units(bus: Bus, settings: ModbusSettings, position: int) -> BrowsePage:
    candidates = [settings.unit, *(unit for unit in range(1, _LAST_UNIT + 1) if unit != settings.unit)]
    entries, is_anybody_there = [], False
    for unit in candidates[position : position + UNITS_PER_PAGE]:
        if await is_present(bus, unit):
            entries.append(BrowseEntry(f"{unit}/", f"Unit {unit}", is_readable=False, has_children=True))
            is_anybody_there = True
        elif unit == settings.unit:
            # to try each offset of a silent unit would take hours; who knows better browses "99/" itself
            entries.append(BrowseEntry(f"{unit}/", f"Unit {unit}", "does not answer", is_readable=False))
    following = position + UNITS_PER_PAGE
    is_more = is_anybody_there and following < len(candidates)  # 247 silent units would take minutes
    return BrowsePage(tuple(entries), str(following).encode() if is_more else b"")


async def _registers(bus: Bus, settings: ModbusSettings, *, unit: int, table: Table, begin: int) -> BrowsePage:
    size = settings.max_block_bits if table.is_bits else settings.max_block
    asked = 0

    async def is_readable(start: int, count: int) -> bool:
        nonlocal asked
        asked += 1
        try:
            await bus.read(unit, table, start, count)
        except (ExceptionAnswer, BadAnswer, NoAnswer):
            return False
        return True

    entries: list[BrowseEntry] = []
    while begin < 65_536 and asked < REQUESTS_PER_PAGE and len(entries) < ENTRIES_PER_PAGE:
        end = min(begin + size, 65_536)
        found = await _readable(is_readable, begin, end)
        entries += [_register(unit, table, offset + settings.base) for offset in found]
        begin = end
    return BrowsePage(tuple(entries), str(begin).encode() if begin < 65_536 else b"")


def _register(unit: int, table: Table, offset: int) -> BrowseEntry:
    data_type = "BOOL" if table.is_bits else "U16"
    return BrowseEntry(f"{unit}/{table}{offset}:{data_type}", f"{table}{offset}", data_type=data_type)


async def _readable(is_readable: Probe, begin: int, end: int) -> list[int]:
    """Return the offsets that can be read: all, or what lies around single offsets that answer.

    In the first 125 every offset is tried, further on every tenth, since maps begin at round numbers.
    """
    if await is_readable(begin, end - begin):
        return list(range(begin, end))
    step = 1 if begin < _FINE_END else _COARSE_STEP
    found: list[int] = []
    offset = begin + -begin % step
    while offset < end:
        if await is_readable(offset, 1):
            first = await _first(is_readable, offset, found[-1] + 1 if found else begin)
            last = await _last(is_readable, offset, end)
            found += range(first, last + 1)
            offset = last + 2
            offset += -offset % step
        else:
            offset += step
    return found


async def _first(is_readable: Probe, offset: int, begin: int) -> int:
    while offset > begin and await is_readable(offset - 1, 1):
        offset -= 1
    return offset


async def _last(is_readable: Probe, first: int, end: int) -> int:
    low, high = 1, end - first
    while low < high:
        middle = (low + high + 1) // 2
        if await is_readable(first, middle):
            low = middle
        else:
            high = middle - 1
    return first + low - 1
