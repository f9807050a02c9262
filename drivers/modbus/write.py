"""Writes to coils and holding registers: one request per value, sent once, never repeated by itself."""

from __future__ import annotations

from app.model import status
from drivers.driver import BadAddress, WriteItem, WriteResult
from drivers.modbus.address import Address, parse_address
from drivers.modbus.bus import Bus
from drivers.modbus.link import BadAnswer, ExceptionAnswer, NoAnswer
from drivers.modbus.pdu import read_request
from drivers.modbus.reader import meaning_of, status_of
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.turns import WRITE
from drivers.modbus.write_request import needs_present, write_request
from drivers.typed_value import raw_value

_INCONCLUSIVE = {4, 5, 11}
"""Exceptions after which a value may have been written: failed on the way, still at it, a gateway without an answer."""


async def write_item(bus: Bus, item: WriteItem, settings: ModbusSettings) -> WriteResult:
    """Write one value and return what became of it; raise ConnectionLost."""
    try:
        address = parse_address(item.address, settings.base)
    except BadAddress as error:
        return WriteResult(item.address, status.BAD_NODE_ID_INVALID, str(error), is_sent=False)
    if not address.table.is_writable:
        reason = f"{item.address}: only HR and CO can be written"
        return WriteResult(item.address, status.BAD_NOT_WRITABLE, reason, is_sent=False)
    unit = settings.unit if address.unit is None else address.unit
    order = address.order or settings.order
    try:
        held = await _held(bus, item, unit, address)
        request = write_request(address, raw_value(item), order, encoding=settings.encoding, held=held)
    except (OverflowError, ValueError) as error:
        return WriteResult(item.address, status.BAD_OUT_OF_RANGE, f"{item.address}: {error}", is_sent=False)
    return await _send(bus, item, unit, request)


async def _send(bus: Bus, item: WriteItem, unit: int, request: bytes) -> WriteResult:
    try:
        answer = await bus.ask(unit, request, WRITE, expires=item.expires).answer
    except TimeoutError:
        return WriteResult(
            item.address, status.BAD_TIMEOUT, f"{item.address}: expired before it could be sent", is_sent=False
        )
    except NoAnswer as error:
        reason = f"{item.address}: {error}: whether it was written is not known: read it back"
        return WriteResult(item.address, status.BAD_COMMUNICATION_ERROR, reason, is_answered=False)
    except ExceptionAnswer as refusal:
        reason = f"{item.address}: {meaning_of(refusal.code)}"
        return WriteResult(item.address, status_of(refusal.code), reason, is_answered=refusal.code not in _INCONCLUSIVE)
    except BadAnswer as error:
        return WriteResult(item.address, status.BAD_DECODING_ERROR, f"{item.address}: {error}", is_answered=False)
    if answer[:5] != request[:5]:
        reason = f"{item.address}: the device confirmed another write: read it back"
        return WriteResult(item.address, status.BAD_DECODING_ERROR, reason, is_answered=False)
    return WriteResult(item.address, status.GOOD)


async def _held(bus: Bus, item: WriteItem, unit: int, address: Address) -> int:
    """Return what the register of a part holds, where the part cannot be written alone; raise ValueError."""
    if not needs_present(address):
        return 0
    try:
        request = read_request(address.table, address.offset, 1)
        answer = await bus.ask(unit, request, WRITE, expires=item.expires).answer
    except (NoAnswer, ExceptionAnswer, BadAnswer, TimeoutError) as error:
        raise ValueError(f"its register could not be read before the write: {error}") from error
    return int.from_bytes(answer[2:4], "big")
