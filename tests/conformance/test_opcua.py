"""The OPC UA driver keeps the contract of every driver."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest
import pytest_asyncio

from app.model.clock import now_ns
from app.model.connection import ConnectionDefinition
from drivers.driver import Driver
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from tests.conformance.driver import Device, DriverContract

NAMESPACE = "urn:foreshift:conformance"
POINTS = (
    OpcUaPoint("T", "air/AC01", low=0.0, high=150.0, unit="Cel"),
    OpcUaPoint("N", "air/AC01", "Int16"),
    OpcUaPoint("RUN", "air", "Boolean"),
    OpcUaPoint("SP", "air", "UInt16", writable=True),
)
VALUES = {"T": 21.5, "N": -3.0, "RUN": 1.0}


def _address(name: str) -> str:
    return f"nsu={NAMESPACE};s={name}"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def server() -> AsyncIterator[OpcUaPublisher]:
    publisher = OpcUaPublisher("127.0.0.1", 0, NAMESPACE, POINTS)
    await publisher.start()
    yield publisher
    await publisher.stop()


@pytest.mark.asyncio(loop_scope="module")
class TestOpcUaDriver(DriverContract):
    @pytest.fixture
    def device(self, server: OpcUaPublisher) -> Device:
        def publish(values: Mapping[str, float]) -> None:
            server.publish({address.rpartition("=")[2]: value for address, value in values.items()}, now_ns())

        values = {_address(name): value for name, value in VALUES.items()}
        publish({**values, _address("SP"): 0.0})
        return Device(
            port=server.port,
            values=values,
            writable=_address("SP"),
            unwritable=_address("T"),
            missing=_address("missing"),
            malformed="x=1",
            publish=publish,
        )

    def definition(self, port: int) -> ConnectionDefinition:
        return ConnectionDefinition("server", "opcua", f"opc.tcp://127.0.0.1:{port}", {"timeout_ms": 2_000})

    def make(self, definition: ConnectionDefinition) -> Driver:
        return OpcUaDriver.from_definition(definition)

    def browsed(self, device: Device) -> set[str]:
        return {*device.values, device.writable}

    def is_worth_opening(self, address: str) -> bool:
        return NAMESPACE in address
