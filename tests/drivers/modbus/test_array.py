"""Arrays of registers: their addresses, and a buffer of a real server that takes several requests."""

from __future__ import annotations

import numpy as np
import pytest

from app.model.connection import ConnectionDefinition
from drivers.array_source import ArraySource
from drivers.driver import BadAddress
from drivers.modbus.array import array_addresses
from drivers.modbus.client import ModbusDriver
from drivers.modbus.server import ModbusPoint, ModbusPublisher

COUNT = 300


def test_that_an_array_is_its_consecutive_registers() -> None:
    assert array_addresses("HR10:F32[3]") == ["HR10:F32", "HR12:F32", "HR14:F32"]
    assert array_addresses("2/IR0:I16:BADC[2]") == ["2/IR0:I16:BADC", "2/IR1:I16:BADC"]
    assert array_addresses("40101:I16[2]", 1) == ["HR101:I16", "HR102:I16"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("HR10:F32", "is no array"),
        ("HR10:F32[0]", "outside"),
        ("HR65000:F32[400]", "outside"),
        ("HR10:STR8[2]", "no array of numbers"),
        ("CO1[8]", "no array of numbers"),
        ("XX[3]", "is not a Modbus address"),
    ],
)
def test_that_what_is_no_array_is_told(text: str, told: str) -> None:
    with pytest.raises(BadAddress, match=told):
        array_addresses(text)


async def test_that_a_buffer_of_several_requests_is_read_as_one_array() -> None:
    points = [ModbusPoint(f"w{k}", 1, f"HR{1000 + k}:I16") for k in range(COUNT)]
    server = ModbusPublisher("127.0.0.1", 0, points)
    await server.start()
    values = [float((k * 37) % 2001 - 1000) for k in range(COUNT)]
    server.publish({f"w{k}": value for k, value in enumerate(values)}, 0)
    driver = ModbusDriver.from_definition(ConnectionDefinition("c", "modbus", f"modbus://127.0.0.1:{server.port}"))
    assert isinstance(driver, ArraySource)
    await driver.open()
    try:
        found = await driver.read_array(f"HR1000:I16[{COUNT}]")
        absent = await driver.read_array("HR40000:I16[4]")
    finally:
        await driver.close()
        await server.stop()
    np.testing.assert_array_equal(found.values(), values)
    assert not absent.is_good
    assert "HR40000" in absent.reason
