"""Events of an asyncua server, which knows no conditions, and fields that are absent or odd."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from asyncua import ua
from asyncua.server.server import Server
from asyncua.ua.object_ids import ObjectIds

from app.model import clock, status
from app.model.connection import ConnectionDefinition
from drivers.alarm_source import AlarmSource, DeviceEvents
from drivers.conformance.device import opened
from drivers.loopback import claim_port
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.event_filter import device_event, event_filter

FIELDS = len(event_filter().SelectClauses)
NODE = {
    "C0": ua.NodeId(ua.String("C"), ua.Int16(0)),
    "C": ua.NodeId(ua.String("C"), ua.Int16(1)),
    "B": ua.NodeId(ua.String("B"), ua.Int16(1)),
}


@asynccontextmanager
async def _server() -> AsyncIterator[tuple[Server, int]]:
    server = Server()
    await server.init()
    port = claim_port("127.0.0.1", 0)
    server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
    server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
    await server.start()
    try:
        yield server, port
    finally:
        await server.stop()


def _driver(port: int) -> OpcUaDriver:
    return OpcUaDriver.from_definition(ConnectionDefinition("server", "opcua", f"opc.tcp://127.0.0.1:{port}"))


async def test_that_events_are_told_and_a_server_without_conditions_costs_a_note_only() -> None:
    told: list[DeviceEvents] = []
    async with _server() as (server, port), opened(_driver(port)) as driver:
        assert isinstance(driver, AlarmSource)
        await driver.listen(told.append)
        generator = await server.get_event_generator()
        generator.event.SourceName = "Oven"
        generator.event.Severity = 700
        before = clock.now_ns()
        await generator.trigger(message="Batch 7 done")
        async with asyncio.timeout(10):
            while not told:  # noqa: ASYNC110 - it tells by a call
                await asyncio.sleep(0.01)
        notes = driver.diagnose().notes
        refused = await driver.acknowledge("i=2253", b"1", "seen")
        odd = await driver.acknowledge("nowhere", b"1", "seen")
    (event,) = told[0].events
    assert (event.condition, event.source, event.message, event.severity) == ("", "Oven", "Batch 7 done", 700)
    assert abs(event.time - before) < 60 * clock.NS_PER_S
    assert any("ConditionRefresh" in note for note in notes)
    assert refused.status >= status.BAD
    assert "the server refuses it" in refused.reason
    assert odd.status == status.BAD_NODE_ID_INVALID


def _fields(**given: object) -> list[Any]:
    names = (
        "event_id", "event_type", "source", "time", "message", "severity", "condition", "name", "branch", "retain",
        "comment", "user", "acked", "active",
    )  # fmt: skip
    return [ua.Variant(given.get(name)) for name in names]


def test_that_the_fields_are_those_of_the_filter() -> None:
    assert len(_fields()) == FIELDS


def test_that_a_condition_that_is_no_alarm_is_active_while_it_is_retained() -> None:
    event = device_event(_fields(condition=NODE["C0"], retain=True, acked=False, severity=5_000), [], skew_ns=0)
    assert (event.condition, event.is_active, event.is_acknowledged, event.severity) == ("s=C", True, False, 1_000)


def test_that_times_are_corrected_by_the_skew_of_the_servers_clock() -> None:
    moment = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
    event = device_event(_fields(time=moment), [], skew_ns=5 * clock.NS_PER_S)
    assert event.time == clock.from_datetime(moment) - 5 * clock.NS_PER_S


@pytest.mark.parametrize("odd", [[], _fields(event_id=3, time="x", message=7, severity="9", condition=1, retain=2)])
def test_that_fields_that_are_absent_or_odd_stand_at_their_defaults(odd: list[Any]) -> None:
    event = device_event(odd, [], skew_ns=0)
    assert (event.condition, event.event_id, event.message, event.severity) == ("", b"", "", 1)
    assert (event.is_active, event.is_retained) == (False, False)


def test_that_a_branch_of_a_condition_is_told_apart() -> None:
    event = device_event(
        _fields(condition=NODE["C"], branch=NODE["B"], event_type=ua.NodeId(ua.Int32(ObjectIds.AlarmConditionType))),
        ["", "urn:plc"],
        skew_ns=0,
    )
    assert (event.condition, event.branch, event.kind) == ("nsu=urn:plc;s=C", "nsu=urn:plc;s=B", "AlarmConditionType")
