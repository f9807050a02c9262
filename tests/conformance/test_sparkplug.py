"""The Sparkplug driver keeps the contract of every driver, with a broker of others in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
import pytest_asyncio

from app.model.connection import ConnectionDefinition
from drivers.conformance import Device, DriverContract
from drivers.driver import Driver
from drivers.sparkplug.client import SparkplugDriver
from drivers.sparkplug.edge_node import REBIRTH
from drivers.sparkplug.payload import Metric, MetricType
from tests.drivers.sparkplug.broker_process import mosquitto
from tests.drivers.sparkplug.edge import Edge

VALUES = {"Temperature": 21.5, "Speed/Actual": -3.0, "Running": 1.0}
SOURCE = "Plant1/Edge1/Pump1:"
EXACT: dict[str, int | str] = {"Count": (1 << 53) + 1, "Batch": "Läufer 7"}
TYPE_OF = {"Count": MetricType.INT64, "Batch": MetricType.STRING}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def edge(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Edge, int]]:
    folder: Path = tmp_path_factory.mktemp("broker")
    with mosquitto(folder) as port:
        node = Edge(port)
        node.offer(
            Metric("Temperature", 0.0, MetricType.DOUBLE),
            Metric("Speed/Actual", 0, MetricType.INT16),
            Metric("Running", value=False, data_type=MetricType.BOOLEAN),
            Metric("Speed/Setpoint", 0, MetricType.UINT16),
            *(Metric(name, value, TYPE_OF[name]) for name, value in EXACT.items()),
            Metric("Order", "", MetricType.STRING),
            Metric("Serial", 7.0, MetricType.DOUBLE, properties={"readOnly": True}),
        )
        await node.start()
        async with node.chattering():
            yield node, port
        await node.stop()


@pytest.mark.asyncio(loop_scope="module")
class TestSparkplugDriver(DriverContract):
    @pytest.fixture
    def device(self, edge: tuple[Edge, int]) -> Device:
        node, port = edge
        running = set()

        def publish(values: Mapping[str, float]) -> None:
            task = asyncio.ensure_future(
                node.tell({address.removeprefix(SOURCE): value for address, value in values.items()})
            )
            running.add(task)
            task.add_done_callback(running.discard)

        for name, value in VALUES.items():
            node._metrics[name] = Metric(name, value, node._metrics[name].data_type, node._metrics[name].alias)
        return Device(
            port=port,
            values={SOURCE + name: value for name, value in VALUES.items()},
            writable=SOURCE + "Speed/Setpoint",
            unwritable=SOURCE + "Serial",
            missing=SOURCE + "Nothing",
            malformed="Plant1:Temperature",
            publish=publish,
            exact={SOURCE + name: value for name, value in EXACT.items()},
            writable_text=SOURCE + "Order",
            taken=lambda: sum(command.name != REBIRTH for command in node.commands),
        )

    def definition(self, port: int) -> ConnectionDefinition:
        options: dict[str, object] = {"timeout_ms": 3_000, "birth_ms": 2_000}
        return ConnectionDefinition("broker", "sparkplug", f"sparkplug://127.0.0.1:{port}/Plant1", options)

    def make(self, definition: ConnectionDefinition) -> Driver:
        return SparkplugDriver.from_definition(definition)

    def browsed(self, device: Device) -> set[str]:
        return {*device.values, *device.exact, device.writable, device.writable_text, device.unwritable}

    def is_worth_opening(self, address: str) -> bool:
        return True
