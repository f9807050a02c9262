"""The Modbus driver keeps the contract of every driver."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest
import pytest_asyncio
from pymodbus.framer import FramerType

from app.model.connection import ConnectionDefinition
from drivers.conformance import Device, DriverContract
from drivers.driver import Driver
from drivers.modbus.client import ModbusDriver
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from tests.drivers.modbus.certificates import Signed, server_context, signed

VALUES = {"HR100:F32": 21.5, "IR7:I16": -3.0, "DI3:BOOL": 1.0, "CO4:BOOL": 1.0}
WRITABLE, TEXT = "HR102:U16", "HR110:STR16"
EXACT: dict[str, int | str] = {"HR120:I64": (1 << 53) + 1, "HR130:STR12": "Läufer 7"}
POINTS = [
    ModbusPoint(address, 1, address, writable=address in {WRITABLE, TEXT})
    for address in (*VALUES, *EXACT, WRITABLE, TEXT)
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server() -> AsyncIterator[ModbusPublisher]:
    publisher = ModbusPublisher("127.0.0.1", 0, POINTS)
    await publisher.start()
    yield publisher
    await publisher.stop()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def rtu_server() -> AsyncIterator[ModbusPublisher]:
    publisher = ModbusPublisher("127.0.0.1", 0, POINTS, framer=FramerType.RTU)
    await publisher.start()
    yield publisher
    await publisher.stop()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Signed:
    return signed(tmp_path_factory.mktemp("certificates"), "authority")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def secure_server(authority: Signed) -> AsyncIterator[ModbusPublisher]:
    own = signed(authority.key_file.parent, "server", authority)
    publisher = ModbusPublisher("127.0.0.1", 0, POINTS, tls=server_context(own, authority))
    await publisher.start()
    yield publisher
    await publisher.stop()


def device_of(server: ModbusPublisher) -> Device:
    def publish(values: Mapping[str, float]) -> None:
        server.publish(values, 0)

    writes: list[str] = []
    server.on_write = lambda name, value: writes.append(name)
    server.publish({**VALUES, **EXACT}, 0)
    return Device(
        port=server.port,
        values=VALUES,
        writable=WRITABLE,
        unwritable="HR100:F32",
        missing="HR500:U16",
        malformed="HR1:F33",
        publish=publish,
        exact=EXACT,
        writable_text=TEXT,
        taken=lambda: len(writes),
    )


class ModbusContract(DriverContract):
    """The suite over any line."""

    def make(self, definition: ConnectionDefinition) -> Driver:
        return ModbusDriver.from_definition(definition)

    def browsed(self, device: Device) -> set[str]:
        return {"1/HR100:U16", "1/HR102:U16", "1/HR120:U16", "1/IR7:U16", "1/DI3:BOOL", "1/CO4:BOOL"}

    def is_worth_opening(self, address: str) -> bool:
        return address.startswith("1/")


@pytest.mark.asyncio(loop_scope="module")
class TestModbusDriver(ModbusContract):
    @pytest.fixture
    def device(self, server: ModbusPublisher) -> Device:
        return device_of(server)

    def definition(self, port: int) -> ConnectionDefinition:
        return ConnectionDefinition("device", "modbus", f"modbus://127.0.0.1:{port}?unit=1", {"timeout_ms": 500})


@pytest.mark.asyncio(loop_scope="module")
class TestModbusDriverOverRtu(ModbusContract):
    @pytest.fixture
    def device(self, rtu_server: ModbusPublisher) -> Device:
        return device_of(rtu_server)

    def definition(self, port: int) -> ConnectionDefinition:
        return ConnectionDefinition("device", "modbus", f"modbus+rtu-tcp://127.0.0.1:{port}", {"timeout_ms": 500})


@pytest.mark.asyncio(loop_scope="module")
class TestModbusDriverOverTls(ModbusContract):
    @pytest.fixture
    def device(self, secure_server: ModbusPublisher) -> Device:
        return device_of(secure_server)

    @pytest.fixture(autouse=True)
    def certificates(self, authority: Signed) -> None:
        own = signed(authority.key_file.parent, "client", authority)
        self.options = {
            "timeout_ms": 500,
            "authority": str(authority.certificate_file),
            "certificate": str(own.certificate_file),
            "key": str(own.key_file),
        }

    def definition(self, port: int) -> ConnectionDefinition:
        return ConnectionDefinition("device", "modbus", f"modbus+tls://127.0.0.1:{port}", self.options)


class TestModbusDriverThatFindsItsWindow(TestModbusDriver):
    """The server loses requests that come together, which the trial must find out, on its only connection."""

    def definition(self, port: int) -> ConnectionDefinition:
        options = {"timeout_ms": 500, "window": "auto", "max_connections": 1}
        return ConnectionDefinition("device", "modbus", f"modbus://127.0.0.1:{port}?unit=1", options)
