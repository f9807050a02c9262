"""Read of consecutive registers as an array: the buffer into which a device puts the waveform of a sensor.

Grammar: the address of its first number and how many there are, `HR1000:I16[4096]` or `HR1000:F32[2048]`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import numpy as np

from app.model import clock, status
from app.model.block import Block
from drivers.array_source import ArrayValue
from drivers.driver import BadAddress, TagSpec
from drivers.modbus.address import Address, parse_address
from drivers.modbus.data_type import DataType

MOST = 65_536
_ARRAY = re.compile(r"(?P<first>.+)\[(?P<count>\d{1,5})\]", re.ASCII)
_NO_ARRAY = {DataType.BITS, DataType.STR, DataType.BOOL}


def array_addresses(text: str, base: int = 0) -> list[str]:
    """Return the addresses of the numbers of an array; raise BadAddress, which shows the grammar.

    `base`: the number that the sheet gives to the first register of a table.
    """
    match = _ARRAY.fullmatch(text.strip())
    if match is None:
        raise BadAddress(f'"{text}" is no array of registers: write its first number and how many, "HR1000:I16[4096]"')
    first, count = parse_address(match["first"], base), int(match["count"])
    if first.data_type in _NO_ARRAY or first.data_type.is_part or first.bit >= 0:
        raise BadAddress(f'"{text}" is no array of numbers: give a type of whole registers, such as I16 or F32')
    if not 1 <= count <= MOST or first.offset + count * first.words > MOST:
        raise BadAddress(f'"{text}" ends outside of its table: a table has {MOST} registers')
    return [str(_at(first, place, base)) for place in range(count)]


async def read_array(text: str, read: Callable[[Sequence[TagSpec]], Awaitable[Block]], *, base: int = 0) -> ArrayValue:
    """Return the numbers at an address through `read`; bad where one of them is. Raise BadAddress, ConnectionLost.

    A buffer longer than one answer is read in several: the device must not fill it anew meanwhile.
    """
    addresses = array_addresses(text, base)
    block = await read([TagSpec(place, address) for place, address in enumerate(addresses)])
    bad = np.flatnonzero(block.status >= status.BAD)
    if len(bad):
        first = int(bad[0])
        code = int(block.status[first])
        return ArrayValue(code, clock.now_ns(), reason=f"{addresses[first]}: the device says {status.name(code)}")
    return ArrayValue(status.GOOD, int(block.time[0]), block.value.astype("<f8").tobytes())


def _at(first: Address, place: int, base: int) -> Address:
    return replace(first, offset=first.offset + place * first.words + base)
