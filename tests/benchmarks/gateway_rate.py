"""What a silent unit behind a gateway costs its neighbours: ours, and a plain loop over pymodbus's client."""

from __future__ import annotations

import asyncio
import logging
import struct
from collections import Counter
from collections.abc import Awaitable, Callable

from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from app.model import clock
from app.model.connection import ConnectionDefinition
from drivers.driver import TagSpec
from drivers.modbus.client import ModbusDriver
from tests.drivers.modbus.scripted_device import registers, scripted_device

HEALTHY = (1, 3, 4)
SILENT = 2
TIMEOUT_MS = 300
PERIOD_MS = 20
DEMOTE_S = 5

Poll = Callable[[int, tuple[int, ...], int], Awaitable[int]]


async def kept_rates(seconds: int) -> tuple[float, float]:
    """Return the share of their rate that healthy units keep beside a silent one: ours, and the loop's.

    All four plants are polled at once, so that what else the computer does meets all of them alike.
    """
    units = (*HEALTHY[:1], SILENT, *HEALTHY[1:])
    polls: list[tuple[Poll, tuple[int, ...]]] = [(_ours, units), (_ours, HEALTHY), (_loop, units), (_loop, HEALTHY)]
    samples = await asyncio.gather(*(_behind_gateway(poll, polled, seconds) for poll, polled in polls))
    return samples[0] / samples[1], samples[2] / samples[3]


async def _behind_gateway(poll: Poll, units: tuple[int, ...], seconds: int) -> int:
    def answer(request: bytes) -> bytes | None:
        count = struct.unpack_from(">H", request, 10)[0]
        return None if request[6] == SILENT else registers(request, *range(count))

    async with scripted_device(answer) as port:
        return await poll(port, units, seconds)


async def _ours(port: int, units: tuple[int, ...], seconds: int) -> int:
    """Return the good samples of healthy units in `seconds`, from where the silent unit has been found out on."""
    definition = ConnectionDefinition(
        "gateway", "modbus", f"modbus://127.0.0.1:{port}", {"timeout_ms": TIMEOUT_MS, "demote_s": DEMOTE_S}
    )
    driver = ModbusDriver.from_definition(definition)
    await driver.open()
    await driver.subscribe([TagSpec(unit, f"{unit}/HR0", PERIOD_MS) for unit in units])
    taken: Counter[int] = Counter()
    await asyncio.sleep(4 * TIMEOUT_MS / 1000)
    await driver.batches().get()
    end = clock.monotonic_ns() + seconds * clock.NS_PER_S
    while clock.monotonic_ns() < end:
        taken.update((await driver.batches().get()).handle.tolist())
    await driver.close()
    return sum(taken[unit] for unit in HEALTHY)


async def _loop(port: int, units: tuple[int, ...], seconds: int) -> int:
    # It writes a dump of its last frames for each time-out.
    logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)
    client = AsyncModbusTcpClient("127.0.0.1", port=port, timeout=TIMEOUT_MS / 1000, retries=0)
    await client.connect()
    taken = 0
    due = clock.monotonic_ns()
    end = due + seconds * clock.NS_PER_S
    while due < end:
        for unit in units:
            try:
                await client.read_holding_registers(0, count=1, device_id=unit)
            except ModbusException:
                continue
            taken += 1
        now = clock.monotonic_ns()
        period = PERIOD_MS * clock.NS_PER_MS
        due += max(1, -(-(now - due) // period)) * period
        await asyncio.sleep((due - now) / clock.NS_PER_S)
    client.close()
    return taken
