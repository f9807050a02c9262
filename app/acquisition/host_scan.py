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
FIRST_SHARE = 0.9
"""How much of a scan trying all hosts is: those that answer are few."""
PORTS: dict[int, str] = {4840: "opc.tcp://{host}:{port}", 502: "modbus://{host}:{port}", 802: "modbus+tls://{host}:{port}",
                         1883: "sparkplug://{host}:{port}"}  # fmt: skip
"""The ports that IANA gives to the protocols, and the URL that each leads to."""
USUAL_PORTS: dict[int, str] = dict.fromkeys((49320, 48010, 53530, 62541), "opc.tcp://{host}:{port}") | {
    5020: "modbus://{host}:{port}"
}
"""Ports that programs on PCs use instead (KEPServerEX, UaCPPServer, Prosys, the .NET stack; Modbus without root)."""


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
    further: Sequence[int] = tuple(USUAL_PORTS),
    timeout_s: float = TIMEOUT_S,
    on_share: Callable[[float], object] = lambda _: None,
    on_there: Callable[[str], object] = lambda _: None,
) -> AsyncGenerator[OpenPort, None]:
    """Yield each port that takes a connection, as it is found; it is closed at once and nothing is sent to it.

    All `hosts` are tried at `ports`; those that gave any answer there, a refusal too, are then tried at the `further`
    ports: where nobody is, a hundred thousand attempts would only take time. `on_share` hears after each attempt which
    share of them is done, 0 to 1; `on_there` of each host that gave any answer.
    """
    found: asyncio.Queue[OpenPort | None] = asyncio.Queue()
    alive: dict[str, None] = {}

    async def work_all() -> None:
        try:
            # port by port, so that no host is asked for all of its ports at once
            everywhere = [(host, port) for port in ports for host in hosts]
            await _try_all(everywhere, timeout_s, found, alive, lambda share: on_share(FIRST_SHARE * share))
            for host in alive:
                on_there(host)
            there = [(host, port) for port in further for host in alive]
            await _try_all(
                there, timeout_s, found, alive, lambda share: on_share(FIRST_SHARE + (1.0 - FIRST_SHARE) * share)
            )
            on_share(1.0)
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


async def _try_all(
    attempts: Sequence[tuple[str, int]],
    timeout_s: float,
    found: asyncio.Queue[OpenPort | None],
    alive: dict[str, None],
    on_share: Callable[[float], object],
) -> None:
    """Try ports, some at a time; note who is there in `alive`, and what is open in `found`."""
    waiting = iter(attempts)
    tried = 0

    async def work() -> None:
        nonlocal tried
        for host, port in waiting:
            is_open, is_there = await _look_at(host, port, timeout_s)
            if is_there:
                alive[host] = None
            if is_open:
                shown = f"[{host}]" if ":" in host else host
                url = (PORTS | USUAL_PORTS).get(port, "tcp://{host}:{port}").format(host=shown, port=port)
                found.put_nowait(OpenPort(host, port, url))
            tried += 1
            on_share(tried / len(attempts))

    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, len(attempts))):
            group.create_task(work())


async def _look_at(host: str, port: int, timeout_s: float) -> tuple[bool, bool]:
    """Return whether a port takes a connection, and whether anybody is there at all."""
    try:
        async with asyncio.timeout(timeout_s):
            _, writer = await asyncio.open_connection(host, port)
    except ConnectionRefusedError:
        return False, True
    except (OSError, TimeoutError):
        return False, False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True, True
