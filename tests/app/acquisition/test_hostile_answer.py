"""A hostile OPC UA server: whatever its answers do to the worker that reads them, nobody else feels it."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.acquisition.worker_link import HANG_S
from app.command.free_port import free_port
from app.model import status
from app.model.connection import ConnectionDefinition
from drivers.conformance.relay import Relay, relay_to
from tests.app.acquisition.acquiring import Calm, acquiring, plant_of
from tests.benchmarks.offered import HOST, NAMESPACE, modbus_address, opcua_name

VARIANTS = {
    "an array of 2,000,000,000 Nulls": bytes.fromhex("8000943577"),
    "an array of 3,000,000 Nulls": bytes.fromhex("80c0c62d00"),  # of 17 bytes each a DataValue is made
}
"""What a Variant of five bytes announces."""
DATA_CHANGE = bytes.fromhex("01002b0301")
"""NodeId of the encoding of a DataChangeNotification (i=811) and the mark of a body in bytes."""
FIRST_VARIANT = len(DATA_CHANGE) + 4 + 4 + 4 + 1
"""Behind it come the body's length, the number of items, and the first one's handle and mask."""
DOUBLE = 11
WATCHED_S = 3.0
BACK_S = 2.0
MARGIN_S = 2.0
"""What a computer that has much else to do may add."""


@asynccontextmanager
async def offered() -> AsyncIterator[tuple[int, int]]:
    """Serve four tags, two over Modbus and two over OPC UA, in a process that has nothing to do with us."""
    ports = free_port(0), free_port(0)
    command = [sys.executable, "-m", "tests.benchmarks.offered", *map(str, (*ports, 4, 50))]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=Path(__file__).parents[3], stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    while (await process.stdout.readline()).strip() != b"ready":
        pass
    draining = asyncio.create_task(process.stdout.read())
    try:
        yield ports
    finally:
        process.kill()
        await process.wait()
        await draining


class Hostility:
    """Puts a hostile Variant in the place of a number, once."""

    def __init__(self, relay: Relay, variant: bytes) -> None:
        self.is_done = False
        self._variant = variant
        relay.falsify = self._falsify

    def _falsify(self, data: bytes) -> bytes:
        place = data.find(DATA_CHANGE) + FIRST_VARIANT
        if self.is_done or place < FIRST_VARIANT or data[place] != DOUBLE:
            return data
        self.is_done = True
        return data[:place] + self._variant + data[place + len(self._variant) :]


@pytest.mark.alone
async def test_that_hostile_answers_stall_no_other_group_and_their_device_is_soon_back(tmp_path: Path) -> None:
    async with offered() as (modbus_port, opcua_port), relay_to(opcua_port) as relay:
        plant = plant_of(
            (ConnectionDefinition("modbus", "modbus", f"modbus://{HOST}:{modbus_port}?unit=1"), [modbus_address(0)]),
            (
                ConnectionDefinition("opcua", "opcua", f"opc.tcp://{HOST}:{relay.port}/foreshift/"),
                [f"nsu={NAMESPACE};s={opcua_name(n)}" for n in range(2)],
            ),
        )
        async with acquiring(plant, tmp_path) as acquired:
            await acquired.until(lambda: acquired.is_good("modbus") and acquired.is_good("opcua"))
            calm = await Calm.of(acquired, "modbus", WATCHED_S)
            for name, variant in VARIANTS.items():
                hostility, began = Hostility(relay, variant), time.monotonic()
                hostile = await Calm.of(acquired, "modbus", WATCHED_S)
                assert hostility.is_done, name
                await acquired.until(lambda: acquired.is_good("opcua"))
                course = [(at, code) for at, code in acquired.course("opcua") if at >= began]
                hostile.assert_like(calm)
                lost = next(at for at, code in course if code >= status.BAD)
                back = next(at for at, code in course if at > lost and code < status.UNCERTAIN)
                assert lost - began <= HANG_S + MARGIN_S, name
                assert back - lost <= BACK_S + MARGIN_S, name
