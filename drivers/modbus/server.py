"""A Modbus TCP server that offers values of ours as the registers and bits of one or more units.

Published values are kept in images of the four tables; pymodbus's server copies what a request asks for out of them.
"""

from __future__ import annotations

import asyncio
import logging
import math
import ssl
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pymodbus.constants import ExcCodes
from pymodbus.framer import FramerType
from pymodbus.pdu import ModbusPDU
from pymodbus.server import ModbusTcpServer, ModbusTlsServer
from pymodbus.simulator import DataType as SimDataType
from pymodbus.simulator import SimData, SimDevice

from app.model import status
from drivers.driver import DriverError
from drivers.loopback import claim_port
from drivers.modbus.address import Address, DataType, Order, Table, parse_address
from drivers.modbus.decode import decode_words
from drivers.modbus.encode import Encoder, encoder, mask_of, saturated

log = logging.getLogger(__name__)

_TABLE_OF_FUNCTION = {
    1: Table.COILS,
    2: Table.DISCRETE_INPUTS,
    3: Table.HOLDING_REGISTERS,
    4: Table.INPUT_REGISTERS,
    5: Table.COILS,
    6: Table.HOLDING_REGISTERS,
    15: Table.COILS,
    16: Table.HOLDING_REGISTERS,
    22: Table.HOLDING_REGISTERS,
    23: Table.HOLDING_REGISTERS,
}
_ANY_UNIT = 0
_EXACT = 1 << 53
"""Up to here a float64 holds every whole number; texts and larger ones are offered as they are, unscaled."""


@dataclass(frozen=True, slots=True)
class ModbusPoint:
    """One value in a unit: `raw = (value - offset) / gain`, at `address` in the driver's grammar.

    `width_bits` > 0 makes an integer a counter that rolls over after that many bits; other integers saturate.
    """

    name: str
    unit_id: int
    address: str
    gain: float = 1.0
    offset: float = 0.0
    writable: bool = False
    width_bits: int = 0


@dataclass(slots=True)
class _Image:
    """What one table of one unit holds: `words` from register `first` on (for bits: 16 to a word)."""

    table: Table
    first: int
    words: list[int]
    writable: dict[int, list[_Slot]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True, slots=True, eq=False)
class _Slot:
    """A point, prepared: where its words or its bit stand, and how a value becomes them."""

    point: ModbusPoint
    address: Address
    order: Order
    image: _Image
    index: int
    encode: Encoder


class ModbusPublisher:
    """Values of a plant behind a Modbus TCP port; `port` is the one in use once started.

    `on_write(name, value)` is called for each point that a client has written wholly.
    """

    def __init__(
        self,
        host: str,
        port: int,
        points: Sequence[ModbusPoint],
        *,
        order: Order = Order.ABCD,
        framer: FramerType = FramerType.SOCKET,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Prepare `points`; raise BadAddress for one that is not in the grammar, DriverError where two overlap.

        `framer`: RTU or ASCII for frames of these over TCP. `tls`: the server's side of Modbus/TCP Security.
        """
        self._framer = framer
        self._tls = tls
        self.host = host
        self.port = port
        self.on_write: Callable[[str, float], None] = _forget
        self._images = _images(points)
        self._slots = [_slot(point, self._images, order) for point in points]
        _refuse_overlap(self._slots)
        self._server: ModbusTcpServer | None = None

    async def start(self) -> None:
        """Listen; raise DriverError, naming the remedy, where the port cannot be opened."""
        self.port = claim_port(self.host, self.port)
        logging.getLogger("pymodbus").setLevel(logging.CRITICAL)  # it reports each client that leaves
        units = sorted({unit for unit, _ in self._images})
        devices = [_UnitDevice(unit, self._images, self._deliver).device() for unit in units]
        if _ANY_UNIT not in units:
            devices.append(_absent_units())
        address, trace = (self.host, self.port), _absent_to_zero(frozenset(units))
        server: ModbusTcpServer
        if self._tls is None:
            server = ModbusTcpServer(devices, framer=self._framer, address=address, trace_pdu=trace)
        else:
            server = ModbusTlsServer(devices, address=address, sslctx=self._tls, trace_pdu=trace)
        if not await server.listen():
            raise DriverError(f"port {self.port} on {self.host} was taken meanwhile: try again, or give another port")
        self._server = server
        log.info("modbus.server.started", extra={"host": self.host, "port": self.port, "points": len(self._slots)})

    async def stop(self) -> None:
        """Close the port and all connections; may be called twice."""
        server, self._server = self._server, None
        if server is not None:
            await server.shutdown()  # type: ignore[no-untyped-call]
            await asyncio.sleep(0)  # lets the transports finish closing
            log.info("modbus.server.stopped", extra={"host": self.host, "port": self.port})

    def publish(
        self, values: Mapping[str, float | str], time_ns: int, statuses: Mapping[str, int] | None = None
    ) -> None:
        """Offer new values from now on; names that are no points here are passed over.

        Modbus carries neither time nor status: `time_ns` is ignored, and a bad value is NaN in a float register,
        while an integer register keeps what it held.
        """
        del time_ns
        for slot in self._slots:
            value = values.get(slot.point.name)
            if value is None:
                continue
            if statuses and statuses.get(slot.point.name, status.GOOD) >= status.BAD:
                value = math.nan
            _store(slot, value)

    def _deliver(self, name: str, value: float) -> None:
        self.on_write(name, value)


def _forget(name: str, value: float) -> None:
    log.debug("modbus.server.write", extra={"tag": name, "value": value})


def _images(points: Sequence[ModbusPoint]) -> dict[tuple[int, Table], _Image]:
    ends: dict[tuple[int, Table], list[int]] = defaultdict(list)
    for point in points:
        address = parse_address(point.address)
        ends[point.unit_id, address.table] += [address.offset, address.offset + address.words]
    images = {}
    for (unit, table), bounds in ends.items():
        per_word = 16 if table.is_bits else 1
        first = min(bounds) // per_word
        size = -(-max(bounds) // per_word) - first
        images[unit, table] = _Image(table, first, [0] * size)
    return images


def _slot(point: ModbusPoint, images: Mapping[tuple[int, Table], _Image], order: Order) -> _Slot:
    address = parse_address(point.address)
    image = images[point.unit_id, address.table]
    index = address.offset - image.first * (16 if address.table.is_bits else 1)
    order = address.order or order
    slot = _Slot(point, address, order, image, index, encoder(address, order))
    if point.writable and address.table.is_writable:
        for place in range(address.offset, address.offset + address.words):
            image.writable[place].append(slot)
    return slot


def _refuse_overlap(slots: Sequence[_Slot]) -> None:
    taken: dict[tuple[int, Table, int, int], str] = {}
    for slot in slots:
        address = slot.address
        for word in range(address.words):
            place = (slot.point.unit_id, address.table, address.offset + word, address.bit)
            other = taken.setdefault(place, slot.point.name)
            if other != slot.point.name:
                raise DriverError(f"{slot.point.name} and {other} both stand at {address}: give one another address")


def _store(slot: _Slot, value: float | str) -> None:
    point, address = slot.point, slot.address
    if isinstance(value, str) or (isinstance(value, int) and abs(value) > _EXACT):
        _store_words(slot, slot.encode(value))
        return
    raw = (value - point.offset) / point.gain
    if math.isnan(raw) and not address.data_type.is_float:
        return
    if address.data_type is DataType.BOOL:
        _store_bit(slot, is_on=raw != 0)
        return
    raw = round(raw) % (1 << point.width_bits) if point.width_bits else saturated(raw, address.data_type)
    _store_words(slot, slot.encode(raw))


def _store_words(slot: _Slot, words: Sequence[int]) -> None:
    mask = mask_of(slot.address, slot.order) if slot.address.words == 1 else 0xFFFF
    for index, word in enumerate(words, start=slot.index):
        slot.image.words[index] = slot.image.words[index] & ~mask | word


def _store_bit(slot: _Slot, *, is_on: bool) -> None:
    words, bit = slot.image.words, slot.address.bit
    if slot.address.table.is_bits:
        index, bit = divmod(slot.index, 16)
    elif bit < 0:
        words[slot.index : slot.index + 1] = slot.encode(is_on)
        return
    else:
        index = slot.index
    words[index] = words[index] | 1 << bit if is_on else words[index] & ~(1 << bit)


class _UnitDevice:
    """One unit as pymodbus's server sees it: each request passes through `_answer` first."""

    def __init__(
        self, unit: int, images: Mapping[tuple[int, Table], _Image], deliver: Callable[[str, float], None]
    ) -> None:
        self._unit = unit
        self._images = {table: image for (owner, table), image in images.items() if owner == unit}
        self._deliver = deliver

    def device(self) -> SimDevice:
        return SimDevice(self._unit, simdata=_simdata(self._images), action=self._answer)

    async def _answer(  # noqa: PLR0917 - pymodbus calls it by position
        self,
        function: int,
        start: int,
        address: int,
        count: int,
        registers: list[int],
        written: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        image = self._images.get(_TABLE_OF_FUNCTION[function])
        if image is None:
            return ExcCodes.ILLEGAL_ADDRESS
        if written:
            return self._accept(image, address, written)
        index = (address // 16 if image.table.is_bits else address) - start
        registers[index : index + count] = image.words[index : index + count]
        return None

    def _accept(self, image: _Image, address: int, written: list[int] | list[bool]) -> ExcCodes | None:
        try:
            return self._write(image, address, written)
        except Exception:
            log.exception("modbus.server.write.failed", extra={"unit": self._unit, "address": address})
            return ExcCodes.DEVICE_FAILURE

    def _write(self, image: _Image, address: int, written: list[int] | list[bool]) -> ExcCodes | None:
        places = range(address, address + len(written))
        if not all(place in image.writable for place in places):
            return ExcCodes.ILLEGAL_ADDRESS
        for slot in dict.fromkeys(slot for place in places for slot in image.writable[place]):
            begin = slot.address.offset - address
            words = written[max(begin, 0) : begin + slot.address.words]
            if begin < 0 or len(words) < slot.address.words:
                return ExcCodes.ILLEGAL_VALUE
            raw = decode_words([int(word) for word in words], slot.address, slot.order)
            value = raw * slot.point.gain + slot.point.offset
            if abs(raw) < _EXACT:  # 2^53 itself may stand for 2^53 + 1
                _store(slot, value)
            else:  # a text, or a whole number of which a float64 is only near
                _store_words(slot, [int(word) for word in words])
            self._deliver(slot.point.name, value)
        return None


def _simdata(images: Mapping[Table, _Image]) -> tuple[list[SimData], list[SimData], list[SimData], list[SimData]]:
    coils, inputs = (
        [SimData(image.first * 16, values=[False] * (len(image.words) * 16), datatype=SimDataType.BITS)]
        if (image := images.get(table))
        else [SimData(0, values=[False] * 16, datatype=SimDataType.BITS)]
        for table in (Table.COILS, Table.DISCRETE_INPUTS)
    )
    holding, input_registers = (
        [SimData(image.first, values=[0] * len(image.words), datatype=SimDataType.REGISTERS)]
        if (image := images.get(table))
        else [SimData(0)]
        for table in (Table.HOLDING_REGISTERS, Table.INPUT_REGISTERS)
    )
    return coils, inputs, holding, input_registers


def _absent_units() -> SimDevice:
    """Return what answers for every other unit id, as a gateway does; pymodbus alone would log an error and send 4."""
    registers = SimData(0, values=[0] * 256, datatype=SimDataType.REGISTERS)
    return SimDevice(_ANY_UNIT, simdata=[registers], action=_no_answer)


def _absent_to_zero(units: frozenset[int]) -> Callable[[bool, ModbusPDU], ModbusPDU]:
    """Return a hook that moves requests to absent units to offset 0, since pymodbus checks the offset first."""

    def move(sending: bool, pdu: ModbusPDU) -> ModbusPDU:  # noqa: FBT001 - pymodbus calls it by position
        if not sending and pdu.dev_id not in units:
            pdu.address = 0
        return pdu

    return move


async def _no_answer(*request: object) -> ExcCodes:
    del request
    return ExcCodes.GATEWAY_NO_RESPONSE
