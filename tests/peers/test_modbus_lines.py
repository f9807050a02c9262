"""Serial lines against a device that is neither ours nor pymodbus's."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app.model import clock, status
from app.model.connection import ConnectionDefinition
from drivers.driver import TagSpec, WriteItem
from drivers.modbus.client import ModbusDriver
from tests.drivers.modbus.scripted_line import terminals
from tests.peers.installed import environment

pytestmark = pytest.mark.peer


@asynccontextmanager
async def modbus_tk(port: Path) -> AsyncIterator[None]:
    known = await asyncio.to_thread(environment, "modbus_tk")
    script = Path(__file__).with_name("modbus_tk_serial.py")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(script), str(port), stdout=pipe, stderr=pipe, env=known
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(90):
            line = await process.stdout.readline()
        if line.strip() != b"ready":
            _, told = await process.communicate()
            pytest.skip(f"modbus_tk does not start here: {told.decode()[-300:]}")
        yield
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_that_a_device_of_modbus_tk_is_read_and_written_over_a_serial_line(tmp_path: Path) -> None:
    async with terminals(tmp_path) as (ours, its, _), modbus_tk(its):
        url = f"modbus+rtu://{ours}?baud=19200&parity=N&unit=5"
        driver = ModbusDriver.from_definition(ConnectionDefinition("c", "modbus", url, {"timeout_ms": 2_000}))
        await driver.open()
        try:
            expires = clock.monotonic_ns() + 10**10
            items = [WriteItem("HR8:F32:CDAB", 2.5, expires), WriteItem("CO3:FC15", 1.0, expires)]
            results = await driver.write([*items, WriteItem("HR300", 1.0, expires)])
            read = [*(f"HR{offset}" for offset in range(8)), "HR8:F32:CDAB", "CO3", "CO4", "HR150"]
            block = await driver.read([TagSpec(row, address) for row, address in enumerate(read)])
        finally:
            await driver.close()
    assert [result.status for result in results] == [0, 0, status.BAD_NODE_ID_UNKNOWN]
    assert block.value.tolist() == [*map(float, range(8)), 2.5, 1.0, 0.0, 150.0]
