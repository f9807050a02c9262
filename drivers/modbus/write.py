"""Writes to coils and holding registers: one request per value, sent once, never repeated by itself."""

from __future__ import annotations

import struct

from app.model import status
from drivers.driver import BadAddress, WriteItem, WriteResult
from drivers.modbus.address import Address, DataType, Table, parse_address
from drivers.modbus.bus import Bus
from drivers.modbus.encode import encoder
from drivers.modbus.link import BadAnswer, ExceptionAnswer, NoAnswer
from drivers.modbus.reader import meaning_of, status_of
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.turns import WRITE


async def write_item(bus: Bus, item: WriteItem, settings: ModbusSettings) -> WriteResult:
    """Write one value and return what became of it; raise ConnectionLost."""
    try:
        address = parse_address(item.address)
    except BadAddress as error:
        return WriteResult(item.address, status.BAD_NODE_ID_INVALID, str(error))
    if not address.table.is_writable:
        reason = f"{item.address}: only HR and CO can be written"
        return WriteResult(item.address, status.BAD_NOT_WRITABLE, reason)
    try:
        request = _pdu(address, (item.value - item.offset) / item.gain, settings)
    except (OverflowError, ValueError) as error:
        return WriteResult(item.address, status.BAD_OUT_OF_RANGE, f"{item.address}: {error}")
    unit = settings.unit if address.unit is None else address.unit
    return await _send(bus, item, unit, request)


async def _send(bus: Bus, item: WriteItem, unit: int, request: bytes) -> WriteResult:
    try:
        answer = await bus.ask(unit, request, WRITE, expires=item.expires).answer
    except TimeoutError:
        return WriteResult(item.address, status.BAD_TIMEOUT, f"{item.address}: expired before it could be sent")
    except NoAnswer as error:
        reason = f"{item.address}: {error}: whether it was written is not known: read it back"
        return WriteResult(item.address, status.BAD_COMMUNICATION_ERROR, reason)
    except ExceptionAnswer as refusal:
        return WriteResult(item.address, status_of(refusal.code), f"{item.address}: {meaning_of(refusal.code)}")
    except BadAnswer as error:
        return WriteResult(item.address, status.BAD_DECODING_ERROR, f"{item.address}: {error}")
    if answer[:5] != request[:5]:
        reason = f"{item.address}: the device confirmed another write: read it back"
        return WriteResult(item.address, status.BAD_DECODING_ERROR, reason)
    return WriteResult(item.address, status.GOOD)


def _pdu(address: Address, raw: float, settings: ModbusSettings) -> bytes:
    """Return the request of function 5, 22, 6 or 16; raise OverflowError or ValueError for what does not fit."""
    if address.data_type is DataType.BOOL and raw not in {0, 1}:
        raise ValueError(f"{raw:g} is neither 0 nor 1")
    if address.table is Table.COILS:
        return struct.pack(">BHH", 5, address.offset, 0xFF00 if raw else 0)
    if address.bit >= 0:
        mask = 1 << address.bit
        return struct.pack(">BHHH", 22, address.offset, 0xFFFF & ~mask, mask if raw else 0)
    words = encoder(address.data_type, address.order or settings.order)(raw)
    if len(words) == 1:
        return struct.pack(">BHH", 6, address.offset, *words)
    return struct.pack(f">BHHB{len(words)}H", 16, address.offset, len(words), len(words) * 2, *words)
