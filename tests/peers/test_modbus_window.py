"""How many requests at once servers of others bear, and that the driver scans them so without losing a sample."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from app.model import status
from app.model.block import concatenate
from app.model.connection import ConnectionDefinition
from drivers.driver import TagSpec
from drivers.modbus.client import ModbusDriver
from drivers.modbus.traits import _KNOWN, traits_of
from tests.benchmarks.history_store import Absent
from tests.benchmarks.libmodbus import libmodbus
from tests.peers.process import peer_server

pytestmark = pytest.mark.peer

OFFSETS = range(0, 200, 40)


@asynccontextmanager
async def _libmodbus() -> AsyncIterator[int]:
    try:
        with libmodbus() as peer:
            yield peer.port
    except Absent as error:
        pytest.skip(str(error))


@asynccontextmanager
async def _pymodbustcp() -> AsyncIterator[int]:
    async with peer_server("pyModbusTCP", "pymodbustcp_server.py") as peer:
        peer.publish({f"HR{offset}:I16": offset for offset in OFFSETS})
        yield peer.port


@pytest.mark.parametrize("server", [_libmodbus, _pymodbustcp])
async def test_that_a_server_of_others_is_scanned_with_the_window_that_it_bears(
    server: Callable[[], AbstractAsyncContextManager[int]],
) -> None:
    async with server() as port:
        url = f"modbus://127.0.0.1:{port}"
        _KNOWN.pop(url, None)
        definition = ConnectionDefinition("c", "modbus", url, {"timeout_ms": 500, "window": "auto"})
        driver = ModbusDriver.from_definition(definition)
        await driver.open()
        await driver.subscribe([TagSpec(offset, f"HR{offset}", 20) for offset in OFFSETS])
        blocks = []
        async with asyncio.timeout(20):
            while driver.diagnose().samples < 300 or traits_of(url).window in {None, 1}:
                blocks.append(await driver.batches().get())
        diagnostics, grown = driver.diagnose(), driver._bus.window
        await driver.close()
    block = concatenate(blocks)
    assert traits_of(url).window == 16
    assert grown > 1
    assert diagnostics.failures == 0
    assert status.good_mask(block.status).all()
    assert block.value.tolist() == block.handle.tolist()
