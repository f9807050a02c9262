"""Why a serial port could not be opened, in the words of each system: pyserial passes them on as they are."""

from __future__ import annotations

import asyncio

import pytest
import serial

from drivers.driver import ConnectionLost
from drivers.modbus import serial_line
from tests.drivers.modbus.test_lines import driver_at

WINDOWS = [
    (
        "could not open port 'COM9': FileNotFoundError(2, 'The system cannot find the file specified.', None, 2)",
        "there is no such port: is the adapter plugged in? Ports of this computer: ",
    ),
    (
        "could not open port 'COM3': PermissionError(13, 'Access is denied.', None, 5)",
        "the port may not be used: another program holds it",
    ),
    (
        "Cannot configure port, something went wrong. Original message: OSError(22, 'The parameter is incorrect.')",
        "the port refuses these settings",
    ),
    ("the driver of the adapter is not there", "the port cannot be opened: the driver of the adapter is not there"),
]


@pytest.mark.parametrize(("said", "told"), WINDOWS)
async def test_that_what_windows_says_of_a_port_is_told_with_the_remedy(
    said: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise serial.SerialException(said)

    monkeypatch.setattr(serial_line, "create_serial_connection", refuse)
    settings = driver_at("modbus+rtu://COM3?parity=N")._settings
    with pytest.raises(ConnectionLost) as caught:
        await serial_line.connect_serial(asyncio.Protocol(), settings)
    assert str(caught.value).startswith(f"modbus+rtu://COM3: {told}")
