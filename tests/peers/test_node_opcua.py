"""The OPC UA driver on a server of others: node-opcua, with companion specifications and thousands of nodes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from app.model import status
from app.model.connection import ConnectionDefinition
from drivers.conformance import Device, DriverContract, opened, take
from drivers.driver import BrowseEntry, ConnectionLost, Driver, Refused, TagSpec
from drivers.opcua.client import OpcUaDriver
from tests.drivers.opcua.plant_folder import Plant
from tests.peers.process import PeerServer, peer_server

pytestmark = pytest.mark.peer

VALUES = {"ns=1;s=T": 21.5, "ns=1;s=N": -3.0, "ns=1;s=RUN": 1.0}
EXACT: dict[str, int | str] = {"ns=1;s=COUNT": (1 << 53) + 1, "ns=1;s=BATCH": "Läufer 7"}
MANY = 5_000
VARIABLE = "FORESHIFT_TEST_MACHINE"
"""The environment variable with the operator's password."""
MACHINERY, MACHINE_TOOL, PACK_ML = (
    f"http://opcfoundation.org/UA/{name}/" for name in ("Machinery", "MachineTool", "PackML")
)
SECURITY = [
    f"{policy}/{mode}"
    for policy in ("Aes256_Sha256_RsaPss", "Basic256Sha256", "Aes128_Sha256_RsaOaep")
    for mode in ("SignAndEncrypt", "Sign")
]


@dataclass
class Machine:
    """The server, and where it keeps its certificate; `plant`: ours, in which that is trusted."""

    server: PeerServer
    folder: Path
    plant: Plant

    @property
    def url(self) -> str:
        return f"opc.tcp://127.0.0.1:{self.server.port}"

    def open_driver(self, **options: object) -> OpcUaDriver:
        definition = ConnectionDefinition(
            "server", "opcua", self.url, {"timeout_ms": 4_000, **options}, folder=str(self.plant.folder)
        )
        return OpcUaDriver.from_definition(definition)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def machine(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Machine]:
    folder = tmp_path_factory.mktemp("machine")
    async with peer_server("node-opcua", "opcua_plant.js", str(folder)) as server:
        found = Machine(server, folder, Plant(tmp_path_factory.mktemp("plant")))
        with pytest.raises(ConnectionLost, match="foreshift trust"):
            await found.plant.connect(found.url)
        await found.plant.trust(found.url)
        yield found


@pytest.mark.asyncio(loop_scope="module")
class TestOpcUaDriverOnNodeOpcua(DriverContract):
    @pytest.fixture
    def device(self, machine: Machine) -> Device:
        machine.server.publish(VALUES)
        return Device(
            port=machine.server.port,
            values=VALUES,
            writable="ns=1;s=SP",
            unwritable="ns=1;s=T",
            missing="ns=1;s=missing",
            malformed="x=1",
            publish=machine.server.publish,
            exact=EXACT,
            writable_text="ns=1;s=ORDER",
        )

    def definition(self, port: int) -> ConnectionDefinition:
        options: dict[str, object] = {"timeout_ms": 2_000, "security": "None"}
        return ConnectionDefinition("server", "opcua", f"opc.tcp://127.0.0.1:{port}", options)

    def make(self, definition: ConnectionDefinition) -> Driver:
        return OpcUaDriver.from_definition(definition)

    async def readable(self, driver: Driver) -> list[str]:
        found = await super().readable(driver)
        return [f"ns=1;{address.rpartition(';')[2]}" for address in found if ";s=" in address]

    def browsed(self, device: Device) -> set[str]:
        return {*device.values, *device.exact, device.writable, device.writable_text}

    def is_worth_opening(self, address: str) -> bool:
        return address.endswith(";s=air")


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("security", [*SECURITY, "auto"])
async def test_that_every_safe_policy_is_spoken_with_node_opcua_and_a_user_logs_in(
    machine: Machine, security: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "valve")
    machine.server.publish(VALUES)
    driver = machine.open_driver(security=security, user="operator", password_env=VARIABLE)
    async with opened(driver):
        block = await driver.read([TagSpec(0, "ns=1;s=T")])
        used = driver.diagnose().security
    assert block.value.tolist() == [21.5]
    assert used == (SECURITY[0] if security == "auto" else security)


@pytest.mark.asyncio(loop_scope="module")
async def test_that_a_wrong_password_is_told_and_not_tried_again_soon(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "wrong")
    driver = machine.open_driver(user="operator", password_env=VARIABLE)
    with pytest.raises(Refused, match="user"):
        await driver.open()
    await driver.close()


async def _all_below(driver: Driver, reference: str) -> tuple[list[BrowseEntry], int]:
    found: list[BrowseEntry] = []
    cursor, pages = b"", 0
    while not pages or cursor:
        page = await driver.browse(reference, cursor)
        found += page.entries
        cursor, pages = page.cursor, pages + 1
    return found, pages


@pytest.mark.asyncio(loop_scope="module")
async def test_that_a_folder_of_5000_variables_is_browsed_in_pages_and_subscribed_whole(machine: Machine) -> None:
    async with opened(machine.open_driver(security="None")) as driver:
        found, pages = await _all_below(driver, "ns=1;s=many")
        tags = [TagSpec(row, entry.address) for row, entry in enumerate(found)]
        await driver.subscribe(tags)
        block = await take(driver, lambda block: len(set(block.handle.tolist())) == MANY, timeout_s=30)
    assert [entry.name for entry in found] == [f"M{number}" for number in range(MANY)]
    assert pages >= 25
    assert status.good_mask(block.status).all()
    values = dict(zip(block.handle.tolist(), block.value.tolist(), strict=True))
    assert values == {number: float(number) for number in range(MANY)}


@pytest.mark.asyncio(loop_scope="module")
async def test_that_machines_of_companion_specifications_are_browsed_and_every_variable_has_a_status(
    machine: Machine,
) -> None:
    async with opened(machine.open_driver(security="None")) as driver:
        entries, waiting = [], [""]
        while waiting:
            below, _ = await _all_below(driver, waiting.pop())
            entries += below
            waiting += [
                entry.address
                for entry in below
                if entry.has_children and not entry.address.startswith("i=") and not entry.address.endswith("many")
            ]
        readable = [entry.address for entry in entries if entry.is_readable]
        tags = [TagSpec(row, address, data_type=None) for row, address in enumerate(readable)]
        results = await driver.subscribe(tags)
        block = await driver.read(tags)
    names = {entry.name for entry in entries}
    namespaces = {entry.address.partition(";")[0].removeprefix("nsu=") for entry in entries}
    assert {"Mill1", "Packer1", "Identification", "Manufacturer", "SerialNumber"} <= names
    assert namespaces & {MACHINERY, MACHINE_TOOL, PACK_ML}
    assert {name for name, code in zip(readable, block.status, strict=True) if code == status.GOOD}
    assert len(readable) >= 20
    assert [result.handle for result in results] == list(range(len(readable)))
    assert len(block) == len(readable)


@pytest.mark.asyncio(loop_scope="module")
async def test_that_a_deadband_leaves_out_what_moves_less(machine: Machine) -> None:
    machine.server.publish({"ns=1;s=T": 20.0})
    async with opened(machine.open_driver(security="None", deadband_percent=10.0)) as driver:
        await driver.subscribe([TagSpec(0, "ns=1;s=T", 50)])
        await take(driver, lambda block: block.value[-1] == 20.0)
        for value in (25.0, 30.0, 34.0, 60.0):
            machine.server.publish({"ns=1;s=T": value})
            await asyncio.sleep(0.15)
        block = await take(driver, lambda block: block.value[-1] == 60.0)
        notes = driver.diagnose().notes
    assert block.value.tolist() == [60.0]
    assert not [note for note in notes if "deadband" in note]


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
async def test_that_a_server_that_was_switched_off_and_on_is_trusted_and_read_again(machine: Machine) -> None:
    async with opened(machine.open_driver(security="auto")) as driver:
        await driver.subscribe([TagSpec(0, "ns=1;s=T")])
        await take(driver, lambda block: True)
        machine.server.kill()  # the last test of this file
        with pytest.raises(ConnectionLost):
            await take(driver, lambda block: False)
    async with (
        peer_server("node-opcua", "opcua_plant.js", str(machine.folder), port=machine.server.port),
        opened(machine.open_driver(security="auto")) as driver,
    ):
        await driver.subscribe([TagSpec(0, "ns=1;s=T")])
        block = await take(driver, lambda block: True)
    assert status.good_mask(block.status).all()
