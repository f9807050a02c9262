"""The OPC UA driver reads the history of servers that are not ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.model import clock
from app.model.connection import ConnectionDefinition
from drivers.conformance import opened
from drivers.conformance.historian import HistorianContract, Past, past_of
from drivers.driver import Driver, TagSpec
from drivers.opcua.client import OpcUaDriver
from tests.peers.process import peer_server

pytestmark = pytest.mark.peer

NAMES = ("A", "B", "C")
WRITTEN = 40
NODE_START = 1_767_592_800 * clock.NS_PER_S
NODE_STEP = 250 * clock.NS_PER_MS
NODE_SAMPLES = 1_200


def _driver(port: int) -> OpcUaDriver:
    options: dict[str, object] = {"timeout_ms": 4_000, "security": "None"}
    return OpcUaDriver.from_definition(ConnectionDefinition("server", "opcua", f"opc.tcp://127.0.0.1:{port}", options))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def written() -> AsyncIterator[Past]:
    """Let o6 keep what is written, and take the times from what it has kept of the first variable."""
    async with peer_server("o6", "o6_history.py") as peer:
        began = clock.now_ns()
        for number in range(WRITTEN):
            for offset, name in enumerate(NAMES):  # alike for all, but for a few microseconds
                peer.publish({f"ns=1;s={name}": float(number + offset)})
            await asyncio.sleep(0.002)
        async with opened(_driver(peer.port)) as driver:
            block, _ = await past_of(driver, [TagSpec(0, "ns=1;s=A")], began, clock.now_ns())
        assert block.value.tolist() == [float(number) for number in range(WRITTEN)]
        yield Past(peer.port, block.time.tolist(), ["ns=1;s=A"], "ns=1;s=unkept", "ns=1;s=missing")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def known() -> AsyncIterator[Past]:
    async with peer_server("node-opcua", "opcua_history.js") as peer:
        times = [NODE_START + number * NODE_STEP for number in range(NODE_SAMPLES)]
        yield Past(peer.port, times, [f"ns=1;s={name}" for name in NAMES], "ns=1;s=unkept", "ns=1;s=missing")


@pytest.mark.asyncio(loop_scope="module")
class TestHistoryOfOpen62541(HistorianContract):
    @pytest.fixture
    def past(self, written: Past) -> Past:
        return written

    def driver(self, port: int) -> Driver:
        return _driver(port)


@pytest.mark.asyncio(loop_scope="module")
class TestHistoryOfNodeOpcua(HistorianContract):
    @pytest.fixture
    def past(self, known: Past) -> Past:
        return known

    def driver(self, port: int) -> Driver:
        return _driver(port)
