"""The OPC UA driver keeps its contract on a server that is not ours; our server is read by a client that is not."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.model.clock import now_ns
from app.model.connection import ConnectionDefinition
from drivers.conformance import Device, DriverContract
from drivers.driver import Driver
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from tests.peers.installed import environment
from tests.peers.process import PeerServer, peer_server

pytestmark = pytest.mark.peer

VALUES = {"ns=1;s=T": 21.5, "ns=1;s=N": -3.0, "ns=1;s=RUN": 1.0}
CLIENT = """
import sys, threading
from o6 import Client
seen, changed = [], threading.Event()
def note(value):
    seen.append(float(value))
    changed.set()
with Client(sys.argv[1]) as client:
    client.monitor("ns=2;s=T", note, samplingInterval=50.0)
    changed.wait(5)
    print("seen", seen[-1:], float(client.read("ns=2;s=T")))
"""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server() -> AsyncIterator[PeerServer]:
    async with peer_server("o6", "o6_server.py") as peer:
        yield peer


@pytest.mark.asyncio(loop_scope="module")
class TestOpcUaDriverOnOpen62541(DriverContract):
    @pytest.fixture
    def device(self, server: PeerServer) -> Device:
        server.publish(VALUES)
        return Device(
            port=server.port,
            values=VALUES,
            writable="ns=1;s=SP",
            unwritable="ns=1;s=T",
            missing="ns=1;s=missing",
            malformed="x=1",
            publish=server.publish,
        )

    def definition(self, port: int) -> ConnectionDefinition:
        return ConnectionDefinition("server", "opcua", f"opc.tcp://127.0.0.1:{port}", {"timeout_ms": 2_000})

    def make(self, definition: ConnectionDefinition) -> Driver:
        return OpcUaDriver.from_definition(definition)

    async def readable(self, driver: Driver) -> list[str]:
        found = await super().readable(driver)
        return [f"ns=1;{address.rpartition(';')[2]}" for address in found if ";" in address]

    def browsed(self, device: Device) -> set[str]:
        return {*device.values, device.writable}

    def is_worth_opening(self, address: str) -> bool:
        return address.endswith(";s=air")


async def test_that_a_client_of_others_reads_and_monitors_our_server() -> None:
    known = environment("o6")
    ours = OpcUaPublisher("127.0.0.1", 0, "urn:foreshift:peer", [OpcUaPoint("T", low=0, high=100, unit="Cel")])
    await ours.start()
    ours.publish({"T": 21.5}, now_ns())
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CLIENT, ours.url, env=known, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(30):
        printed, _ = await client.communicate()
    await ours.stop()
    assert "seen [21.5] 21.5" in printed.decode()
