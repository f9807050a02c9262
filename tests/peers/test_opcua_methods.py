"""Methods of a server that is not ours, called through a plant: with their types, refused, and without an answer."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from app.collector.service import Collector
from app.model import status
from app.model.audit import AuditAction
from app.model.connection import ConnectionDefinition
from app.model.content import Content
from app.model.control import ControlState
from app.model.equipment import Equipment
from app.model.exact import DataType
from app.model.method import MethodArgument, MethodDefinition
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.model.value_rule import ValueRule
from app.plant.folder import PlantFolder
from drivers.conformance import opened
from drivers.driver import TagSpec
from drivers.opcua.client import OpcUaDriver
from tests.app.collector.press import BIG
from tests.app.collector.writing import Window, collecting, made_folder, trail
from tests.peers.process import peer_server

pytestmark = [pytest.mark.peer, pytest.mark.asyncio(loop_scope="module")]

GIVEN: tuple[Content, ...] = (6.5, BIG, 1.0, "Ä铝")
ARGUMENTS = (
    MethodArgument("Target", LocalText("Target"), ValueRule(0.0, 100.0, 0.5)),
    MethodArgument("Parts", LocalText("Parts"), ValueRule(0, 2**63 - 1, 1.0), DataType.INT64),
    MethodArgument("Fast", LocalText("Fast"), ValueRule(0.0, 1.0, allowed=(0.0, 1.0)), DataType.BOOLEAN),
    MethodArgument("Name", LocalText("Name"), ValueRule(math.nan, math.nan, longest=8), DataType.STRING),
)


@dataclass
class Station:
    """The folder of a plant that is collected, and where its press is: node-opcua's."""

    folder: PlantFolder
    collector: Collector
    line: ConnectionDefinition

    async def calls(self) -> float:
        """Return how often the server has run a method, as it says itself."""
        async with opened(OpcUaDriver.from_definition(self.line)) as driver:
            return float((await driver.read([TagSpec(0, "ns=1;s=Calls")])).value[0])


def _plant(port: int) -> Plant:
    def method(name: str, *arguments: MethodArgument, timeout_s: float = 10.0) -> MethodDefinition:
        return MethodDefinition(
            name, "P", LocalText(name), "press", "ns=1;s=Press", name, arguments, is_enabled=True, timeout_s=timeout_s
        )

    return Plant(
        id="press",
        name=LocalText("Press"),
        equipment=(Equipment("P", LocalText("Press")),),
        connections=(ConnectionDefinition("press", "opcua", f"opc.tcp://127.0.0.1:{port}", {"security": "None"}),),
        tags=(TagDefinition(0, "P.CALLS", "P", LocalText("Calls"), "press", "ns=1;s=Calls", scan_ms=50),),
        methods=(method("Move", *ARGUMENTS), method("Reset"), method("Absent"), method("Slow", timeout_s=0.5)),
        is_read_only=False,
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def station(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Station]:
    async with peer_server("node-opcua", "opcua_press.js") as peer:
        plant = _plant(peer.port)
        folder = made_folder(tmp_path_factory.mktemp("press"), plant)
        async with collecting(folder, plant) as collector:
            yield Station(folder, collector, plant.connections[0])


async def test_that_methods_of_node_opcua_are_called_exactly_refused_and_never_repeated(station: Station) -> None:
    window = await Window.on(station.folder, user="operate")
    moved = await window.call("move", "Move", *GIVEN)
    assert (moved.state, moved.code) == (ControlState.DONE, status.GOOD)
    assert moved.outputs == ("6.5", str(BIG), "True", "Ä铝")
    assert await station.calls() == 1
    beyond = await window.call("beyond", "Move", 101.0, *GIVEN[1:])
    assert beyond.state is ControlState.REFUSED
    absent = await window.call("absent", "Absent")
    assert (absent.state, "it has Move, Reset, Slow" in str(absent.reason)) == (ControlState.FAILED, True)
    reset = await window.call("reset", "Reset")
    assert (reset.state, reset.code) == (ControlState.FAILED, status.BAD_OUT_OF_SERVICE)
    assert await station.calls() == 2
    slow = await window.call("slow", "Slow")
    assert slow.state is ControlState.UNKNOWN
    again = await window.call("again", "Move", *GIVEN)
    assert again.state is ControlState.DONE
    assert await station.calls() == 4
    window.close()
    await asyncio.wrap_future(station.collector._recorder.audit([]))  # all before it is stored then
    results = [record for record in trail(station.folder) if record.action is AuditAction.METHOD_RESULT]
    assert [(record.operation, record.outcome) for record in results] == [
        ("move", "done"), ("absent", "failed"), ("reset", "failed"), ("slow", "unknown"), ("again", "done"),
    ]  # fmt: skip
