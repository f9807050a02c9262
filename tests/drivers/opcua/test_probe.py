"""Probing an OPC UA server: what it tells everybody, and what it tells us."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.model.connection import ConnectionDefinition
from drivers.driver import ConnectionLost
from drivers.opcua.client import OpcUaDriver
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from drivers.probe import ProbeWish, Probing, unheard


async def test_that_endpoints_server_and_namespaces_are_told(tmp_path: Path) -> None:
    server = OpcUaPublisher("127.0.0.1", 0, "urn:probe:line", [OpcUaPoint("T")])
    await server.start()
    try:
        definition = ConnectionDefinition("c", "opcua", server.url, folder=str(tmp_path))
        report = await OpcUaDriver.probe(definition, ProbeWish(), unheard)
    finally:
        await server.stop()
    (section,) = report.sections
    assert section.fact("endpoint").startswith("None at opc.tcp://127.0.0.1:")
    assert section.fact("login") == "anonymous"
    assert section.fact("state") == "Running"
    assert any(fact.text.endswith("urn:probe:line") for fact in section.facts if fact.name == "namespace")
    assert section.fact("clock").startswith("20")
    assert isinstance(OpcUaDriver, Probing)


async def test_that_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    definition = ConnectionDefinition("c", "opcua", "opc.tcp://127.0.0.1:1", folder=str(tmp_path))
    with pytest.raises(ConnectionLost, match=r"127\.0\.0\.1:1"):
        await OpcUaDriver.probe(definition, ProbeWish(), unheard)
