"""The Modbus driver keeps its contract on servers that are not ours; our server is read by a client that is not."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from app.model.connection import ConnectionDefinition
from drivers.conformance import Device, DriverContract
from drivers.driver import Driver
from drivers.modbus.client import ModbusDriver
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from drivers.probe import ProbeWish, unheard
from tests.peers.installed import environment
from tests.peers.process import PeerServer, peer_server

pytestmark = pytest.mark.peer

VALUES = {"HR100:F32": 21.5, "IR7:I16": -3.0, "DI3:BOOL": 1.0, "CO4:BOOL": 1.0}
CLIENT = """
import sys
from pyModbusTCP.client import ModbusClient
from pyModbusTCP.utils import decode_ieee, word_list_to_long
client = ModbusClient(host="127.0.0.1", port=int(sys.argv[1]), unit_id=1, timeout=5)
words = client.read_holding_registers(100, 2)
print(decode_ieee(word_list_to_long(words)[0]), client.read_coils(3, 2), client.write_single_register(102, 9))
"""


class ModbusPeerContract(DriverContract):
    """The suite on any of them."""

    def device_of(self, server: PeerServer) -> Device:
        server.publish(VALUES)
        return Device(
            port=server.port,
            values=VALUES,
            writable="HR102:U16",
            unwritable="IR7:I16",
            missing="HR500:U16",
            malformed="HR1:F33",
            publish=server.publish,
            writable_text="HR110:STR16",
        )

    def definition(self, port: int) -> ConnectionDefinition:
        return ConnectionDefinition("device", "modbus", f"modbus://127.0.0.1:{port}", {"timeout_ms": 500})

    def make(self, definition: ConnectionDefinition) -> Driver:
        return ModbusDriver.from_definition(definition)

    def browsed(self, device: Device) -> set[str]:
        return {"1/HR100:U16", "1/HR102:U16", "1/IR7:U16", "1/DI3:BOOL", "1/CO4:BOOL"}

    def is_worth_opening(self, address: str) -> bool:
        return address.startswith("1/")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def pymodbustcp() -> AsyncIterator[PeerServer]:
    async with peer_server("pyModbusTCP", "pymodbustcp_server.py") as peer:
        yield peer


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def modbus_serial() -> AsyncIterator[PeerServer]:
    async with peer_server("modbus-serial", "modbus_serial_server.js") as peer:
        yield peer


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def libmodbus() -> AsyncIterator[PeerServer]:
    async with peer_server("libmodbus", "libmodbus_server.c") as peer:
        yield peer


@pytest.mark.asyncio(loop_scope="module")
class TestModbusDriverOnPyModbusTcp(ModbusPeerContract):
    @pytest.fixture
    def device(self, pymodbustcp: PeerServer) -> Device:
        return self.device_of(pymodbustcp)


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
class TestModbusDriverOnModbusSerial(ModbusPeerContract):
    @pytest.fixture
    def device(self, modbus_serial: PeerServer) -> Device:
        return self.device_of(modbus_serial)

    def browsed(self, device: Device) -> set[str]:
        return {"1/HR100:U16", "1/HR102:U16", "1/CO4:BOOL"}

    def is_worth_opening(self, address: str) -> bool:
        return address in {"1/", "1/CO", "1/HR"}  # it takes 3 ms for a request


@pytest.mark.asyncio(loop_scope="module")
class TestModbusDriverOnLibmodbus(ModbusPeerContract):
    @pytest.fixture
    def device(self, libmodbus: PeerServer) -> Device:
        return self.device_of(libmodbus)


async def test_that_a_client_of_others_reads_and_writes_our_server() -> None:
    points = [
        ModbusPoint("a", 1, "HR100:F32"),
        ModbusPoint("b", 1, "HR102:U16", writable=True),
        ModbusPoint("c", 1, "CO4"),
    ]
    ours = ModbusPublisher("127.0.0.1", 0, points)
    told: list[tuple[str, float]] = []
    ours.on_write = lambda name, value: told.append((name, value))
    known = environment("pyModbusTCP")
    await ours.start()
    ours.publish({"a": 1.5, "b": 1.0, "c": 1.0}, 0)
    client = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CLIENT, str(ours.port), env=known, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(20):
        printed, _ = await client.communicate()
    await ours.stop()
    assert printed.decode().split() == ["1.5", "[False,", "True]", "True"]
    assert told == [("b", 9.0)]


async def test_that_a_probe_finds_the_tables_of_a_server_that_is_not_ours() -> None:
    async with peer_server("pyModbusTCP", "pymodbustcp_server.py") as peer:
        peer.publish(VALUES)
        definition = ConnectionDefinition("c", "modbus", f"modbus://127.0.0.1:{peer.port}?unit=1")
        (section,) = (await ModbusDriver.probe(definition, ProbeWish(), unheard)).sections
    assert (section.fact("HR"), section.fact("IR")) == ("HR0-199", "IR0-199")
    assert (section.fact("CO"), section.fact("DI")) == ("CO0-19", "DI0-19")
