"""Tens of thousands of tags subscribed at once: each first value comes, whatever the server's limits are."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import numpy as np
import pytest

from app.model.connection import ConnectionDefinition
from drivers.driver import TagSpec
from drivers.loopback import claim_port
from drivers.opcua.client import OpcUaDriver
from tests.peers.installed import environment

Server = tuple[list[str], Mapping[str, str] | None, str, int, int]
"""The command, its environment, the address without its number, how many variables there are, and tags on them."""

BUILD_S, STORM_S = 300, 300
O6_SERVER = """
import sys, time, o6
server = o6.Server(port=int(sys.argv[1]))
folder = server.addObject("many", server.objectsNode, nodeId="ns=1;s=many")
for number in range(int(sys.argv[2])):
    server.addVariable(f"V{number}", folder, o6.Double(number), nodeId=f"ns=1;s=V{number}")
server.start()
print(f"opc.tcp://127.0.0.1:{sys.argv[1]}", flush=True)
time.sleep(540)
"""


def _asyncua() -> Server:
    """Return asyncua's, which needs minutes to build 50,000 variables: ten tags stand on each."""
    command = [sys.executable, "-m", "tests.drivers.opcua.served", "5000"]
    return command, None, "nsu=urn:foreshift:served;s=V", 5_000, 50_000


def _o6() -> Server:
    """Return open62541's, which takes no more than 32,768 items."""
    port, tags = claim_port("127.0.0.1", 0), 32_000
    return [sys.executable, "-c", O6_SERVER, str(port), str(tags)], environment("o6"), "ns=1;s=V", tags, tags


@asynccontextmanager
async def served(command: list[str], environment: Mapping[str, str] | None) -> AsyncIterator[str]:
    """Yield the URL that a server's process prints once it listens."""
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(BUILD_S):
            line = b" "
            while line and not line.startswith(b"opc.tcp:"):
                line = await process.stdout.readline()
        assert line, "the server has ended"
        yield line.decode().strip()
    finally:
        process.kill()
        await process.wait()


@pytest.mark.slow
@pytest.mark.timeout(BUILD_S + STORM_S)
@pytest.mark.parametrize("server", [_asyncua, pytest.param(_o6, marks=pytest.mark.peer)], ids=["asyncua", "open62541"])
async def test_that_tens_of_thousands_of_first_values_arrive_without_a_loss(
    server: Callable[[], Server],
) -> None:
    command, known, address, variables, tags = server()
    async with served(command, known) as url:
        options: dict[str, object] = {"timeout_ms": 20_000, "hang_ms": 20_000}
        driver = OpcUaDriver.from_definition(ConnectionDefinition("storm", "opcua", url, options))
        await driver.open()
        try:
            async with asyncio.timeout(STORM_S):
                results = await driver.subscribe([TagSpec(n, f"{address}{n % variables}", 1_000) for n in range(tags)])
                assert [result for result in results if result.status] == []
                values = np.full(tags, np.nan)
                while np.isnan(values).any():
                    block = await driver.batches().get()
                    values[block.handle] = block.value
            assert driver.diagnose().coalesced == 0
            assert "never came" not in "".join(driver.diagnose().notes)
        finally:
            await driver.close()
    np.testing.assert_array_equal(values, np.arange(tags) % variables)
