"""A device that speaks SunSpec, served by pymodbus: its map as registers, and the units of a gateway."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

SUNS = [0x5375, 0x6E53]
END = [0xFFFF, 0]
NONE_SIGNED, NONE_UNSIGNED = 0x8000, 0xFFFF


def text(content: str, words: int) -> list[int]:
    return list(struct.unpack(f">{words}H", content.encode().ljust(2 * words, b"\0")))


def signed(*values: int) -> list[int]:
    return [value & 0xFFFF for value in values]


def common() -> list[int]:
    body = text("Sungold", 16) + text("SG-10", 16) + text("", 8) + text("1.4.2", 8) + text("SN0042", 16) + [1, 0]
    return [1, len(body), *body]


def inverter(*, number: int = 103, power: int = 4321) -> list[int]:
    """Three phases; no voltage between phases, no temperature of the transformer."""
    body = [
        *[187, 62, 63, 62], *signed(-1),  # A, 0.1 A
        *[NONE_UNSIGNED] * 3, *[2301, 2298, 2310], *signed(-1),  # V
        *signed(power, 0), *[4998], *signed(-2), *signed(4330, 0, -210, 0, 998, -1),  # W Hz VA VAr PF
        *[0x0001, 0x86A0], *signed(2),  # 100000 * 100 Wh
        *[NONE_UNSIGNED], *signed(NONE_SIGNED), *[6401], *signed(-1), *signed(4400, 0),
        *signed(412, 388, NONE_SIGNED, NONE_SIGNED, -1), 4, NONE_UNSIGNED,
        *[0] * 12,
    ]  # fmt: skip
    assert len(body) == 50
    return [number, 50, *body]


def float_inverter() -> list[int]:
    """One phase; only power and frequency are known."""
    values = [float("nan")] * 23
    values[10], values[11] = 1234.5, 50.02
    body = list(struct.unpack(">46H", struct.pack(">23f", *values))) + [4, NONE_UNSIGNED] + [0] * 12
    return [111, len(body), *body]


def meter() -> list[int]:
    body = [*signed(1234, 411, 412, 411, -2), *signed(230, 230, 231, 229, 399, 400, 398, 399, 0), *signed(50, 0)]
    for values in ((-1500, -500, -500, -500), (1600, 530, 535, 535), (-20, -7, -7, -6), (94, 94, 93, 95)):
        body += signed(*values, 0)
    for count in (8, 8, 16):
        body += [0, 777] * count + signed(0)
    body += [0, 0]
    assert len(body) == 105
    return [203, 105, *body]


@asynccontextmanager
async def served(registers: Mapping[int, Mapping[int, list[int]]]) -> AsyncIterator[int]:
    """Serve holding registers, by unit and first offset; every other address is refused. Yield the port."""
    devices = []
    for unit, blocks in registers.items():
        data = [SimData(start, values=list(words), datatype=DataType.REGISTERS) for start, words in blocks.items()]
        bits = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
        devices.append(SimDevice(unit, simdata=(bits, list(bits), data, [SimData(0)])))
    server = ModbusTcpServer(devices, address=("127.0.0.1", 0))
    await server.listen()
    try:
        yield server.transport.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
    finally:
        await server.shutdown()  # type: ignore[no-untyped-call]
        await asyncio.sleep(0.05)  # a connection that the client has just left is closed some turns of the loop later
