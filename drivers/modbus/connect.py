"""Makes the TCP connection of a link, with TLS where the URL says so, and says in words why there is none."""

from __future__ import annotations

import asyncio
import ssl

from drivers.driver import ConnectionLost
from drivers.modbus.settings import ModbusSettings
from drivers.modbus.tls import client_context, tls_reason


async def connect_tcp(protocol: asyncio.BaseProtocol, settings: ModbusSettings) -> None:
    """Connect `protocol`; raise ConnectionLost with a reason and a remedy, BadOption for a file of TLS."""
    context = None
    server_name = None
    if settings.certificates is not None:
        context = client_context(settings.certificates, settings.url)
        server_name = settings.certificates.server_name or settings.host
    timeout_s = settings.connect_timeout_ms / 1000
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            await loop.create_connection(
                lambda: protocol,
                settings.host,
                settings.port,
                ssl=context,
                server_hostname=server_name,
                ssl_handshake_timeout=timeout_s if context else None,
            )
    except TimeoutError as error:
        raise ConnectionLost(
            f"{settings.url}: no connection within {settings.connect_timeout_ms} ms: is the device on, the address "
            "right, and no firewall between?"
        ) from error
    except OSError as error:
        raise ConnectionLost(f"{settings.url}: {_reason(error, context)}") from error


def lost_reason(error: BaseException | None, *, is_refusal: bool = False) -> str:
    """Return in words why a connection ended that was there; `is_refusal`: at once, and certificates were shown."""
    closed = "the device closed the connection"
    if error:
        return f"{closed} ({tls_reason(error) or error})"
    if is_refusal:
        return f"{closed} at once: does it trust our certificate (options certificate and key), and its role?"
    return closed


def _reason(error: OSError, context: ssl.SSLContext | None) -> str:
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there: check host and port, and that the device's Modbus server is on"
    if context is not None:
        if told := tls_reason(error):
            return told
        if isinstance(error, ConnectionResetError):
            return "the device closed the connection while keys were exchanged: does it speak TLS on this port (802)?"
    return f"cannot be reached ({error.strerror or error}): check host, port and network"
