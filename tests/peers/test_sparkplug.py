"""The Sparkplug driver hears an edge node that is not ours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from app.model import status
from app.model.block import Block
from app.model.connection import ConnectionDefinition
from app.model.exact import DataType
from drivers.driver import TagSpec
from drivers.sparkplug.client import SparkplugDriver
from tests.drivers.sparkplug.broker_process import mosquitto
from tests.peers.process import peer_server

pytestmark = pytest.mark.peer

SOURCE = "Plant1/Edge1/Pump1:"
TAGS = [
    TagSpec(0, SOURCE + "Temperature"),
    TagSpec(1, SOURCE + "Count", data_type=DataType.INT64),
    TagSpec(2, SOURCE + "Running"),
    TagSpec(3, SOURCE + "Batch", data_type=DataType.STRING),
]


async def newest(driver: SparkplugDriver, known: dict[int, tuple[object, int]], is_enough: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_enough():
            block: Block = await driver.batches().get()
            exact = block.exact if block.exact is not None else [None] * len(block)
            for handle, value, each, code in zip(block.handle, block.value, exact, block.status, strict=True):
                known[int(handle)] = (float(value) if each is None else each, int(code))


async def test_that_births_data_and_deaths_of_another_edge_node_are_understood(tmp_path: Path) -> None:
    with mosquitto(tmp_path) as port:
        options: dict[str, object] = {"birth_ms": 100}
        driver = SparkplugDriver.from_definition(
            ConnectionDefinition("b", "sparkplug", f"sparkplug://127.0.0.1:{port}", options)
        )
        async with peer_server("mqtt-spb-wrapper", "sparkplug_edge.py", port=port) as edge:
            await driver.open()
            try:
                known: dict[int, tuple[object, int]] = {}
                await driver.subscribe(TAGS)
                await newest(driver, known, lambda: known.get(3) == ("A-17", 0))
                edge.publish({"Temperature": 30.25, "Count": 8, "Running": False})
                expected = {0: (30.25, 0), 1: (8, 0), 2: (0.0, 0), 3: ("A-17", 0)}
                await newest(driver, known, lambda: known == expected)
                edge.kill()
                await newest(driver, known, lambda: known[0][1] == status.BAD_NO_COMMUNICATION)
            finally:
                await driver.close()
