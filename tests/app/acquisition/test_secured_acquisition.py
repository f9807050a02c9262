"""A worker process collects from a secured server as soon as somebody trusts it, and tells how it is protected."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from asyncua import ua

from app.collector.station_watch import LEAST_CERTIFICATE_DAYS
from app.model.connection import ConnectionDefinition, ConnectionReport, LinkState
from drivers.opcua.client import OpcUaDriver
from tests.app.acquisition.acquiring import Acquired, acquiring, plant_of
from tests.drivers.opcua.authority import made
from tests.drivers.opcua.secured_server import secured_server


@pytest.mark.timeout(90)
async def test_that_trusting_a_server_while_it_is_waited_for_lets_its_values_in(tmp_path: Path) -> None:
    policies = [ua.SecurityPolicyType.NoSecurity, ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt]
    folder = str(tmp_path / "plant")
    async with secured_server(made(ends_d=10), tmp_path, policies=policies) as url:
        press = ConnectionDefinition("press", "opcua", url, folder=folder)
        plain = ConnectionDefinition("plain", "opcua", url, {"security": "None"}, folder=folder)
        plant = plant_of((press, ["i=2267"]), (plain, ["i=2267"]))
        async with acquiring(plant, tmp_path / "fault.log") as acquired:
            waiting = await _until(acquired, "press", LinkState.BACKOFF)
            assert "nobody has trusted it yet" in waiting.reason
            assert (await _until(acquired, "plain", LinkState.RUNNING)).security == "None"
            shown = OpcUaDriver.known_identity(press)
            assert shown.offered is not None
            OpcUaDriver.trust(press, shown.offered.thumbprint, by="engineer")
            running = await _until(acquired, "press", LinkState.RUNNING)
            assert running.security == "Basic256Sha256/SignAndEncrypt"
            assert any("the server's certificate" in note and "renew it this week" in note for note in running.notes)
            assert running.certificate_days is not None
            assert 0.0 < running.certificate_days < LEAST_CERTIFICATE_DAYS


async def _until(acquired: Acquired, connection: str, state: LinkState) -> ConnectionReport:
    """Return the report of a connection once it is in a state, and knows of its security where it runs."""
    async with asyncio.timeout(30):
        while True:
            (report,) = [each for each in acquired.acquisition.reports() if each.connection == connection]
            if report.state is state and (state is not LinkState.RUNNING or report.security):
                return report
            await asyncio.sleep(0.05)
