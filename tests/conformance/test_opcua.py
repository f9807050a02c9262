"""The OPC UA driver keeps the contract of every driver."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from types import CoroutineType
from typing import Any

import pytest
import pytest_asyncio
from asyncua import ua
from asyncua.server.server import Server

from app.model.clock import now_ns
from app.model.connection import ConnectionDefinition
from drivers.conformance import Device, DriverContract, opened
from drivers.driver import Driver
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from tests.drivers.opcua.authority import made

NAMESPACE = "urn:foreshift:conformance"
POINTS = (
    OpcUaPoint("T", "air/AC01", low=0.0, high=150.0, unit="Cel"),
    OpcUaPoint("N", "air/AC01", "Int16"),
    OpcUaPoint("RUN", "air", "Boolean"),
    OpcUaPoint("SP", "air", "UInt16", writable=True),
    OpcUaPoint("COUNT", "air", "Int64"),
    OpcUaPoint("BATCH", "air", "String"),
    OpcUaPoint("ORDER", "air", "String", writable=True),
)
SHOWN = made(uri=f"{NAMESPACE}:server")
EXACT: dict[str, int | str] = {"COUNT": (1 << 53) + 1, "BATCH": "Läufer 7"}
VALUES = {"T": 21.5, "N": -3.0, "RUN": 1.0}


def _address(name: str) -> str:
    return f"nsu={NAMESPACE};s={name}"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server() -> AsyncIterator[OpcUaPublisher]:
    publisher = OpcUaPublisher("127.0.0.1", 0, NAMESPACE, POINTS)
    await publisher.start()
    yield publisher
    await publisher.stop()


def _device(server: OpcUaPublisher) -> Device:
    def publish(values: Mapping[str, float]) -> None:
        server.publish({address.rpartition("=")[2]: value for address, value in values.items()}, now_ns())

    values = {_address(name): value for name, value in VALUES.items()}
    publish({**values, _address("SP"): 0.0})
    server.publish({**EXACT, "ORDER": ""}, now_ns())
    writes: list[str] = []
    server.on_write = lambda name, value: writes.append(name)
    return Device(
        port=server.port,
        values=values,
        writable=_address("SP"),
        unwritable=_address("T"),
        missing=_address("missing"),
        malformed="x=1",
        publish=publish,
        exact={_address(name): value for name, value in EXACT.items()},
        writable_text=_address("ORDER"),
        taken=lambda: len(writes),
    )


class OpcUaContract(DriverContract):
    """What both servers below have in common; `folder`: where the certificates are."""

    folder = ""

    def definition(self, port: int) -> ConnectionDefinition:
        url = f"opc.tcp://127.0.0.1:{port}"
        return ConnectionDefinition("server", "opcua", url, {"timeout_ms": 2_000}, folder=self.folder)

    def make(self, definition: ConnectionDefinition) -> Driver:
        return OpcUaDriver.from_definition(definition)

    def is_of_server(self, running: asyncio.Task[Any] | threading.Thread) -> bool:
        """Asyncua's server keeps the session of a client that was cut for its time-out."""
        code = running.get_coro() if isinstance(running, asyncio.Task) else None
        return isinstance(code, CoroutineType) and "asyncua/server" in Path(code.cr_code.co_filename).as_posix()

    def browsed(self, device: Device) -> set[str]:
        return {*device.values, *device.exact, device.writable, device.writable_text}

    def is_worth_opening(self, address: str) -> bool:
        return NAMESPACE in address


@pytest.mark.asyncio(loop_scope="module")
class TestOpcUaDriver(OpcUaContract):
    @pytest.fixture
    def device(self, server: OpcUaPublisher) -> Device:
        return _device(server)


class _SecuredPublisher(OpcUaPublisher):
    """The same server with a certificate, for encrypted sessions only."""

    def __init__(self, folder: Path) -> None:
        super().__init__("127.0.0.1", 0, NAMESPACE, POINTS)
        self._made = SHOWN.put(folder)

    async def _build(self) -> Server:
        server = await super()._build()
        certificate, key = self._made
        await server.load_certificate(certificate)
        await server.load_private_key(key)
        server.set_security_policy([ua.SecurityPolicyType.Aes256Sha256RsaPss_SignAndEncrypt])
        return server


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a plant's folder in which the server's certificate is trusted, whatever its port."""
    folder = tmp_path_factory.mktemp("plant")
    SHOWN.put(folder / "pki" / "trusted")
    return folder


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def secured(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OpcUaPublisher]:
    publisher = _SecuredPublisher(tmp_path_factory.mktemp("server"))
    await publisher.start()
    yield publisher
    await publisher.stop()


@pytest.mark.asyncio(loop_scope="module")
class TestOpcUaDriverSignedAndEncrypted(OpcUaContract):
    @pytest.fixture
    def device(self, secured: OpcUaPublisher) -> Device:
        return _device(secured)

    @pytest.fixture(autouse=True)
    def _plant(self, trusting: Path) -> None:
        self.folder = str(trusting)

    async def test_that_the_session_is_encrypted(self, device: Device) -> None:
        async with opened(self.driver(device.port)) as driver:
            assert driver.diagnose().security == "Aes256_Sha256_RsaPss/SignAndEncrypt"
