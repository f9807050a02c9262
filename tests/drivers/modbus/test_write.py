"""What an answer, or its absence, says of a write: taken, refused, or not known."""

from __future__ import annotations

import pytest

from app.model import clock
from app.model.connection import ConnectionDefinition
from drivers.driver import WriteItem, WriteResult
from drivers.modbus.client import ModbusDriver
from tests.drivers.modbus.scripted_device import Answer, exception, frame, registers, scripted_device


async def written(answer: Answer) -> tuple[WriteResult, int]:
    """Return what became of one write to a device that answers so, and how often it was asked to write."""
    asked = 0

    def count(request: bytes) -> bytes | None:
        nonlocal asked
        if request[7] in {3, 4}:
            return registers(request, *[0] * int.from_bytes(request[10:12], "big"))
        asked += 1
        return answer(request)

    async with scripted_device(count) as port:
        url = f"modbus://127.0.0.1:{port}?unit=1&timeout_ms=200"
        driver = ModbusDriver.from_definition(ConnectionDefinition("plc", "modbus", url))
        await driver.open()
        try:
            (result,) = await driver.write([WriteItem("HR5", 7.0, clock.monotonic_ns() + 5 * clock.NS_PER_S)])
        finally:
            await driver.close()
    return result, asked


@pytest.mark.parametrize("code", [1, 2, 3, 6, 10])
async def test_that_an_exception_of_the_device_means_not_written(code: int) -> None:
    result, asked = await written(lambda request: exception(request, code))
    assert (result.is_sent, result.is_answered, result.is_written, asked) == (True, True, False, 1)


@pytest.mark.parametrize("code", [4, 5, 11])
async def test_that_an_exception_on_the_way_leaves_it_unknown_and_is_not_tried_again(code: int) -> None:
    result, asked = await written(lambda request: exception(request, code))
    assert (result.is_sent, result.is_answered, result.is_written, asked) == (True, False, False, 1)


async def test_that_silence_leaves_it_unknown_and_is_not_tried_again() -> None:
    result, asked = await written(lambda _: None)
    assert (result.is_answered, result.is_written, asked) == (False, False, 1)
    assert "read it back" in result.reason


async def test_that_the_confirmation_of_another_write_leaves_it_unknown() -> None:
    result, asked = await written(lambda request: frame(request, b"\x06\x00\x06\x00\x07"))
    assert (result.is_answered, result.is_written, asked) == (False, False, 1)


async def test_that_an_echo_means_written() -> None:
    result, asked = await written(lambda request: request)
    assert (result.is_written, asked) == (True, 1)
