"""The Modbus driver keeps the contract of every driver."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest
import pytest_asyncio

from app.model.connection import ConnectionDefinition
from drivers.driver import Driver
from drivers.modbus.client import ModbusDriver
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from tests.conformance.driver import Device, DriverContract

VALUES = {"HR100:F32": 21.5, "IR7:I16": -3.0, "DI3:BOOL": 1.0, "CO4:BOOL": 1.0}
WRITABLE = "HR102:U16"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server() -> AsyncIterator[ModbusPublisher]:
    points = [ModbusPoint(address, 1, address, writable=address == WRITABLE) for address in (*VALUES, WRITABLE)]
    publisher = ModbusPublisher("127.0.0.1", 0, points)
    await publisher.start()
    yield publisher
    await publisher.stop()


@pytest.mark.asyncio(loop_scope="module")
class TestModbusDriver(DriverContract):
    @pytest.fixture
    def device(self, server: ModbusPublisher) -> Device:
        def publish(values: Mapping[str, float]) -> None:
            server.publish(values, 0)

        publish(VALUES)
        return Device(
            port=server.port,
            values=VALUES,
            writable=WRITABLE,
            unwritable="HR100:F32",
            missing="HR500:U16",
            malformed="HR1:F33",
            publish=publish,
        )

    def definition(self, port: int) -> ConnectionDefinition:
        return ConnectionDefinition("device", "modbus", f"modbus://127.0.0.1:{port}?unit=1", {"timeout_ms": 500})

    def make(self, definition: ConnectionDefinition) -> Driver:
        return ModbusDriver.from_definition(definition)

    def browsed(self, device: Device) -> set[str]:
        return {"1/HR100:U16", "1/HR102:U16", "1/IR7:U16", "1/DI3:BOOL", "1/CO4:BOOL"}

    def is_worth_opening(self, address: str) -> bool:
        return address.startswith("1/")
