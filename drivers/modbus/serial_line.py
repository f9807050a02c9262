"""Opens a serial port for a link, and says in words why it could not be opened."""

from __future__ import annotations

import asyncio
import errno
import sys

import serial
from pymodbus.transport.serialtransport import create_serial_connection
from serial.tools.list_ports import comports

from drivers.driver import ConnectionLost
from drivers.modbus.settings import ModbusSettings

if sys.platform == "win32":
    _Refused = ValueError  # there pyserial itself refuses them
else:
    import termios

    _Refused = termios.error

_POLL_S = 0.002


async def connect_serial(protocol: asyncio.Protocol, settings: ModbusSettings) -> None:
    """Open the port of `settings`; raise ConnectionLost with a reason and a remedy."""
    port = settings.serial
    assert port is not None  # noqa: S101 - only serial lines come here
    loop = asyncio.get_running_loop()
    try:
        transport, _ = await create_serial_connection(
            loop,
            lambda: protocol,
            port.name,
            baudrate=port.baud,
            bytesize=port.data_bits,
            parity=port.parity,
            stopbits=port.stop_bits,
        )
    except (OSError, ValueError, _Refused) as error:
        raise ConnectionLost(f"{settings.url}: {_reason(error)}") from error
    # where the system cannot tell of what has come (Windows), it is asked; each half millisecond costs too much
    transport._poll_wait_time = _POLL_S  # type: ignore[attr-defined] # noqa: SLF001 - there is no other way to it


def _reason(error: Exception) -> str:
    if isinstance(error, _Refused) or "Cannot configure port" in str(error):
        return f"the port refuses these settings ({error}): check the options baud, parity, data_bits, stop_bits"
    number = error.errno if isinstance(error, OSError) else None
    if number in {errno.ENOENT, errno.ENODEV} or "FileNotFound" in str(error):
        there = ", ".join(sorted(found.device for found in comports())) or "none"
        return f"there is no such port: is the adapter plugged in? Ports of this computer: {there}"
    if number in {errno.EACCES, errno.EPERM} or "PermissionError" in str(error):
        return "the port may not be used: another program holds it, or the user lacks the right (Linux: group dialout)"
    if number in {errno.EAGAIN, errno.EBUSY} or "exclusively lock" in str(error):
        return "another program holds the port: end it, or give each line one connection"
    words = error.strerror if isinstance(error, serial.SerialException) and error.strerror else error
    return f"the port cannot be opened: {words}"
