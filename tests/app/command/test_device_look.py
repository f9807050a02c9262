"""What the window is told of real devices: their tree, their values while it looks, and the end of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.acquisition.registry import definition_of
from app.command.device_line import OpenLine
from app.command.device_look import look
from drivers.driver import ConnectionLost
from drivers.opcua.server import OpcUaPoint, OpcUaPublisher
from tests.drivers.modbus.sunspec_map import END, SUNS, common, inverter, served
from tests.drivers.opcua.server_thread import running
from widgets.engineering.devices import Stopped

PATIENT: dict[str, object] = {"timeout_ms": 20_000}
"""A device in a thread beside others on a busy computer answers late, and is there all the same."""


def _unheard(share: float, what: str) -> None:
    del share, what


@asynccontextmanager
async def modbus() -> AsyncIterator[str]:
    async with served({1: {40_000: [*SUNS, *common(), *inverter(), *END]}, 5: {100: [15729, 16991, 7]}}) as port:
        yield f"modbus://127.0.0.1:{port}"


@asynccontextmanager
async def opcua() -> AsyncIterator[str]:
    server = OpcUaPublisher("127.0.0.1", 0, "urn:look", [OpcUaPoint("Line.T"), OpcUaPoint("Line.P")])
    await server.start()
    server.publish({"Line.T": 21.5, "Line.P": 3.0}, 0)
    try:
        yield server.url
    finally:
        await server.stop()


def test_that_a_modbus_device_is_a_tree_of_units_proposed_tags_and_registers() -> None:
    with running(modbus()) as url:
        offer = look(definition_of(url, options=PATIENT), (1, 5), _unheard)
        line = OpenLine(definition_of(url, options=PATIENT))
        (value,) = line.read(["5/HR100:F32:CDAB"])
        found = line.decodings("5/HR100", 2)
        line.close()
        line._thread.join(30)
        with pytest.raises(ConnectionLost, match="closed"):
            line.read(["5/HR102"])
    names = {(each.level, each.entry.name): each for each in offer.found}
    assert names[0, "Unit 5"].entry.has_children
    assert names[2, "INV.W"].tag is not None
    assert names[2, "HR102"].entry.address == "5/HR102:U16"
    assert (0, "Unit 4") not in names
    assert (value.status, value.value) == (0, pytest.approx(55.81, rel=1e-6))
    assert (found[0].data_type, found[0].order) == ("F32", "CDAB")


def test_that_an_opc_ua_server_is_the_tree_of_its_address_space() -> None:
    with running(opcua()) as url:
        offer = look(definition_of(url, options=PATIENT), (), _unheard)
        addresses = [
            each.entry.address for each in offer.found if each.entry.name in {"T", "Line.T"} and each.entry.is_readable
        ]
        line = OpenLine(definition_of(url, options=PATIENT))
        value, state = line.read([addresses[0], "i=2259"])
        assert line.decodings(addresses[0], 4) == []
        line.close()
        line._thread.join(30)
    assert value.value == 21.5
    assert (state.value, state.state) == (0, "Running")
    assert offer.sections[0].fact("state") == "Running"


def test_that_a_look_ends_when_somebody_has_had_enough() -> None:
    def step(share: float, what: str) -> None:
        if share > 0.1:  # the device has answered by then
            raise Stopped

    with running(modbus()) as url, pytest.raises(Stopped):
        look(definition_of(url), tuple(range(1, 100)), step)


def test_that_a_device_that_is_not_there_is_told_by_each_call() -> None:
    line = OpenLine(definition_of("modbus://127.0.0.1:1"))
    for _ in range(2):
        with pytest.raises(ConnectionLost, match="nothing listens there"):
            line.read(["HR0"])
    line.close()
