"""The search for devices: real servers are found and say who they are, also where nobody expects them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from app.__main__ import main
from app.acquisition import host_scan
from app.command.device_search import search
from drivers.modbus import introduction
from drivers.modbus.patience import patient_settings
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from drivers.probe import Introduction, unheard
from tests.drivers.modbus.sunspec_map import served
from tests.drivers.opcua.server_thread import running
from widgets.engineering.devices import DeviceFound, SearchEnd, SearchWish, Stopped


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody be too slow on a busy computer; whoever does not speak a protocol here hangs up."""
    monkeypatch.setattr(introduction, "patient_settings", partial(patient_settings, patience_ms=20_000))
    monkeypatch.setattr(introduction, "LONGEST_S", 60.0)
    monkeypatch.setattr("drivers.opcua.introduction.PATIENCE_MS", 20_000)
    monkeypatch.setattr("app.command.device_search.LONGEST_S", 60.0)


@asynccontextmanager
async def three_ports() -> AsyncIterator[tuple[int, int, int]]:
    """Serve OPC UA, Modbus (units 2 and 5), and an answer that is neither; the ports are free ones."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(8)  # who answers before it was asked is not heard
        writer.write(b"220 printer ready\r\n")
        writer.close()

    stranger = await asyncio.start_server(greet, "127.0.0.1", 0)
    server = OpcUaPublisher("127.0.0.1", 0, "urn:search", [OpcUaPoint("T")])
    await server.start()
    try:
        async with served({2: {0: [7]}, 5: {0: [8]}}) as modbus:
            yield server.port, modbus, stranger.sockets[0].getsockname()[1]
    finally:
        await server.stop()
        stranger.close()


def searched(*networks: str, is_asking: bool = True) -> tuple[list[DeviceFound], SearchEnd]:
    found: list[DeviceFound] = []
    end = search(SearchWish(networks, is_asking), found.append, unheard)
    return found, end


def test_that_a_modbus_device_at_an_unusual_port_says_which_units_it_has() -> None:
    with running(three_ports()) as (_, modbus, _):
        found, end = searched(f"127.0.0.1:{modbus},1")
    (device,) = found
    assert device.port.url == f"modbus://127.0.0.1:{modbus}"
    assert device.who == Introduction("", (2, 5), (*range(11), 255))
    assert (end.tried, end.there, end.strangers) == (1, (), 0)


def test_that_an_opc_ua_server_at_an_unusual_port_says_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    # what makes ours does not hang up on Modbus, and would be waited for
    monkeypatch.setattr("app.command.device_search._STRANGERS", ("opc.tcp",))
    with running(three_ports()) as (opcua, _, stranger):
        found, end = searched(f"127.0.0.1:{opcua},{stranger}")
    (device,) = found
    assert device.port.url == f"opc.tcp://127.0.0.1:{opcua}"
    assert device.who is not None
    assert device.who.name
    assert not device.who.is_guarded
    assert end.strangers == 1


def test_that_a_device_at_a_usual_port_is_told_when_found_and_when_known(monkeypatch: pytest.MonkeyPatch) -> None:
    with running(three_ports()) as (opcua, _, stranger):
        monkeypatch.setattr(
            "app.command.device_search.PORTS",
            {opcua: "opc.tcp://{host}:{port}", stranger: "modbus://{host}:{port}"},
        )
        monkeypatch.setattr("app.command.device_search.USUAL_PORTS", {})
        monkeypatch.setattr(host_scan, "PORTS", {opcua: "opc.tcp://{host}:{port}", stranger: "modbus://{host}:{port}"})
        found, _ = searched("127.0.0.1")
        unasked, _ = searched("127.0.0.1", is_asking=False)
    of_server = [device for device in found if device.port.port == opcua]
    assert [(device.is_asked, device.who is not None) for device in of_server] == [(True, False), (False, True)]
    assert [device.is_silent for device in found if device.port.port == stranger] == [False, True]
    assert sorted((device.port.port, device.is_asked, device.who) for device in unasked) == sorted(
        [(opcua, False, None), (stranger, False, None)]
    )


def test_that_an_address_where_somebody_is_without_a_device_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.command.device_search.PORTS", {1: "opc.tcp://{host}:{port}"})
    monkeypatch.setattr("app.command.device_search.USUAL_PORTS", {})
    found, end = searched("127.0.0.254/31")
    assert not found
    assert (end.tried, end.there) == (2, ("127.0.0.254", "127.0.0.255")[: len(end.there)])
    assert end.there


def test_that_a_search_ends_when_somebody_has_had_enough() -> None:
    def step(share: float, what: str) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        search(SearchWish(("127.0.0.1:1",)), lambda _: None, step)


def test_that_the_command_names_who_answers_and_where_to_look_further(capfd: pytest.CaptureFixture[str]) -> None:
    with running(three_ports()) as (_, modbus, _):
        assert main(["probe", f"127.0.0.1:{modbus},1"]) == 0
    shown = capfd.readouterr()
    assert f"modbus://127.0.0.1:{modbus}  units 2, 5" in shown.out
    assert "trying 1 addresses at the ports 2 given" in shown.err
    assert main(["probe", "127.0.0.1:1"]) == 1
    assert "127.0.0.1; to try them all: foreshift probe 127.0.0.1:1-65535" in capfd.readouterr().err
