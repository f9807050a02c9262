"""Which addresses of a network answer at the ports of drivers: one connection attempt each, a few at a time."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

MOST_ADDRESSES = 1_024
"""More are refused: a network of 1,024 takes half a minute, and a larger one is nobody's cell."""
AT_ONCE = 64
TIMEOUT_S = 0.6
PORTS: dict[int, str] = {4840: "opc.tcp://{host}:{port}", 502: "modbus://{host}:{port}", 802: "modbus+tls://{host}:{port}",
                         1883: "sparkplug://{host}:{port}"}  # fmt: skip
"""The ports that IANA gives to the protocols, and the URL that each leads to."""


class BadNetwork(ValueError):
    """What was given is no network that can be scanned; the message shows how to write one."""


@dataclass(frozen=True, slots=True)
class OpenPort:
    """A port that takes connections, and the URL of the device that is probably behind it."""

    host: str
    port: int
    url: str


def hosts_in(network: str) -> list[str]:
    """Return the addresses of "192.168.0.0/28" or "192.168.0.10"; raise BadNetwork."""
    how = f'"{network}" is no network: write 192.168.0.0/28, or one address such as 192.168.0.10'
    try:
        found = ipaddress.ip_network(network.strip(), strict=False)
    except ValueError as error:
        raise BadNetwork(f"{how} ({error})") from error
    if found.num_addresses > MOST_ADDRESSES:
        raise BadNetwork(
            f"{network} has {found.num_addresses:,} addresses, more than {MOST_ADDRESSES:,}: give a part of it, "
            f"such as {found.network_address}/24"
        )
    return [str(host) for host in found.hosts()]


async def open_ports(
    hosts: Sequence[str],
    *,
    ports: Sequence[int] = tuple(PORTS),
    timeout_s: float = TIMEOUT_S,
    on_tried: Callable[[int], object] = lambda _: None,
) -> AsyncGenerator[OpenPort, None]:
    """Yield each port that takes a connection, as it is found; it is closed at once and nothing is sent to it.

    `on_tried` hears after each attempt how many there have been.
    """
    waiting = iter([(host, port) for host in hosts for port in ports])
    found: asyncio.Queue[OpenPort | None] = asyncio.Queue()
    tried = 0

    async def work() -> None:
        nonlocal tried
        for host, port in waiting:
            if await _is_open(host, port, timeout_s):
                shown = f"[{host}]" if ":" in host else host
                url = PORTS.get(port, "tcp://{host}:{port}").format(host=shown, port=port)
                found.put_nowait(OpenPort(host, port, url))
            tried += 1
            on_tried(tried)

    async def work_all() -> None:
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(AT_ONCE, len(hosts) * len(ports))):
                    group.create_task(work())
        except BaseExceptionGroup as several:  # all ended for the same reason
            raise several.exceptions[0] from None
        finally:
            found.put_nowait(None)

    scan = asyncio.create_task(work_all(), name="host-scan")
    try:
        while (each := await found.get()) is not None:
            yield each
        await scan
    finally:
        scan.cancel()
        with suppress(asyncio.CancelledError):
            await scan


async def _is_open(host: str, port: int, timeout_s: float) -> bool:
    try:
        async with asyncio.timeout(timeout_s):
            _, writer = await asyncio.open_connection(host, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True
