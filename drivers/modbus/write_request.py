"""The requests that write: which function carries a value, and what it says."""

from __future__ import annotations

import struct

from drivers.modbus.address import Address, DataType, Order, Table
from drivers.modbus.encode import Raw, encoder, mask_of

WRITE_COIL, WRITE_REGISTER, WRITE_COILS, WRITE_REGISTERS, MASK_REGISTER = 5, 6, 15, 16, 22


def function_for(address: Address) -> int:
    """Return the function that writes an address: the chosen one, else 5, 6, 16, or 22 for a part of a register."""
    if address.function:
        return address.function
    if address.table is Table.COILS:
        return WRITE_COIL
    if address.bit >= 0 or address.data_type.is_part:
        return MASK_REGISTER
    return WRITE_REGISTER if address.words == 1 else WRITE_REGISTERS


def needs_present(address: Address) -> bool:
    """Return whether the register has to be read first, for a device that cannot mask: the other bits stay in it."""
    is_part = address.bit >= 0 or address.data_type.is_part
    return is_part and function_for(address) != MASK_REGISTER


def write_request(address: Address, raw: Raw, order: Order, *, encoding: str, held: int = 0) -> bytes:
    """Return the PDU that writes `raw`; raise OverflowError or ValueError for what does not fit.

    `held`: what the register holds, where `needs_present`.
    """
    if address.data_type is DataType.BOOL and raw not in {0, 1}:
        raise ValueError(f"{raw} is neither 0 nor 1")
    function = function_for(address)
    if function == WRITE_COIL:
        return struct.pack(">BHH", function, address.offset, 0xFF00 if raw else 0)
    if function == WRITE_COILS:
        return struct.pack(">BHHBB", function, address.offset, 1, 1, 1 if raw else 0)
    words = encoder(address, order, encoding=encoding)(raw)
    mask = mask_of(address, order) if address.words == 1 else 0xFFFF
    if function == MASK_REGISTER:
        return struct.pack(">BHHH", function, address.offset, 0xFFFF & ~mask, words[0])
    if needs_present(address):
        words = (held & ~mask & 0xFFFF | words[0],)
    if function == WRITE_REGISTER:
        return struct.pack(">BHH", function, address.offset, *words)
    return struct.pack(f">BHHB{len(words)}H", function, address.offset, len(words), len(words) * 2, *words)
