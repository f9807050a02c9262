"""How soon the first good value comes once a server is back, and what a silent unit behind a gateway costs the others.

docs/reference/benchmarks.md says what each figure means.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from asyncua.client.client import Client
from asyncua.common.node import Node
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.exceptions import ModbusException

from app.acquisition.acquisition import Acquisition
from app.command.free_port import free_port
from app.model import clock, status
from app.model.block import Block
from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from drivers.opcua.quiet import quiet_library
from tests.benchmarks.__main__ import Options
from tests.benchmarks.child import Child, module
from tests.benchmarks.figure import Figure
from tests.benchmarks.offered import HOST, NAMESPACE, modbus_address, opcua_name
from tests.benchmarks.silent_gateway import HEALTHY, SILENT

OUTAGES_S = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0)
QUICK_OUTAGES_S = (0.5, 10.0)
MOST_S, QUICK_MOST_S = 30.0, 8.0
"""A client that is not back after so long counts as back then."""
SCAN_MS, SCAN_RATE_MS = 50, 100
CALM_S = 1.0
RATE_S, QUICK_RATE_S = 25.0, 6.0
DEMOTION_S = 2.5
TIMEOUT_S, RETRIES = 0.6, 2
PROTOCOLS = ("modbus", "opcua")
PEERS = {"modbus": "pymodbus", "opcua": "asyncua"}
GOALS = {"modbus": "ours <= 1.5", "opcua": "ours <= 2"}


def measure(options: Options) -> Iterator[Figure]:
    """Yield the figures; the quick form has two outages, of half a second and of ten."""
    quiet_library()
    for library in ("pymodbus", "asyncua", "asyncio", "app", "drivers"):
        logging.getLogger(library).setLevel(logging.CRITICAL)
    outages = QUICK_OUTAGES_S if options.quick else OUTAGES_S
    with tempfile.TemporaryDirectory(prefix="foreshift-benchmark-") as folder:
        course = asyncio.run(_outages(outages, Path(folder), QUICK_MOST_S if options.quick else MOST_S))
        for protocol in PROTOCOLS:
            for outage_s, late in course:
                name = f"{protocol}: first good value after the server's return, outage of {outage_s:g} s"
                ours, peer = late[protocol, "ours"], late[protocol, "peer"]
                yield Figure(name, "s", ours, peer, PEERS[protocol], GOALS[protocol])
        seconds = QUICK_RATE_S if options.quick else RATE_S
        share, peers_share = asyncio.run(_rates(Path(folder), seconds))
        name = "rate of healthy units beside a silent one, of their rate without it"
        yield Figure(name, "", share, peers_share, "pymodbus", "ours >= 0.95")


Key = tuple[str, str]
"""A protocol, and "ours" or "peer"."""


class Sight:
    """What a client has seen: (monotonic s, value) of its first tag, newest last."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.seen: list[tuple[float, float]] = []

    def note(self, value: float) -> None:
        """Take a good value."""
        self.seen.append((_now(), value))

    def first_after(self, instant: float) -> float | None:
        """Return when the first value was seen that the server set after an instant; None where none was."""
        return next((at for at, value in self.seen if value >= instant), None)

    def datachange_notification(self, node: Node, value: float, data: object) -> None:
        """Take a notification of asyncua."""
        if value:
            self.note(value)


async def _outages(outages: Sequence[float], folder: Path, most_s: float) -> list[tuple[float, dict[Key, float]]]:
    """Return, for each outage, how late each client was, s.

    Each has a server of its own: asyncua's client would take over the other client's subscription, whose number in the
    new server is that of its old one.
    """
    keys = [(protocol, whose) for protocol in PROTOCOLS for whose in ("ours", "peer")]
    ports = {key: free_port(0) for key in keys}
    servers = {key: _server(key[0], ports[key], 0.0) for key in keys}
    sights = {key: Sight() for key in keys}
    for server in servers.values():
        await asyncio.to_thread(server.wait_for, "returned")
    acquisition = Acquisition(
        _plant(_devices(ports), [modbus_address(0), f"nsu={NAMESPACE};s={opcua_name(0)}"]),
        deliver=lambda block: _note_ours(block, [sights[protocol, "ours"] for protocol in PROTOCOLS]),
        faults=folder / "fault.log",
    )
    clients = [
        asyncio.create_task(acquisition.run()),
        asyncio.create_task(_pymodbus(ports["modbus", "peer"], sights["modbus", "peer"])),
        asyncio.create_task(_asyncua(ports["opcua", "peer"], sights["opcua", "peer"])),
    ]
    course = []
    try:
        for outage_s in outages:
            await _until(lambda: all(_is_fresh(sight) for sight in sights.values()), most_s)
            await asyncio.sleep(CALM_S)
            for server in servers.values():
                server.process.kill()
            back_at = _now() + outage_s
            servers = {key: _server(key[0], ports[key], back_at) for key in keys}
            course.append((outage_s, await _lateness(servers, sights, most_s)))
    finally:
        for client in clients:
            if client.done():
                client.result()
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)
        for server in servers.values():
            await asyncio.to_thread(server.end)
    return course


async def _lateness(servers: dict[Key, Child], sights: dict[Key, Sight], most_s: float) -> dict[Key, float]:
    for server in servers.values():
        await asyncio.to_thread(server.wait_for, "returned", timeout_s=120.0)
    returned = {key: float(server.told("returned")[-1][0]) for key, server in servers.items()}
    await _until(lambda: all(sight.first_after(returned[key]) is not None for key, sight in sights.items()), most_s)
    return {key: (sight.first_after(returned[key]) or _now()) - returned[key] for key, sight in sights.items()}


def _server(protocol: str, port: int, listen_at: float) -> Child:
    return Child(module("returning", protocol, port, listen_at))


def _devices(ports: dict[Key, int]) -> list[ConnectionDefinition]:
    return [
        ConnectionDefinition("modbus", "modbus", f"modbus://{HOST}:{ports['modbus', 'ours']}?unit=1"),
        ConnectionDefinition("opcua", "opcua", f"opc.tcp://{HOST}:{ports['opcua', 'ours']}/foreshift/"),
    ]


def _plant(connections: Sequence[ConnectionDefinition], addresses: Sequence[str], scan_ms: int = SCAN_MS) -> Plant:
    """Return a plant whose tags are shared out among the connections in turn."""
    return Plant(
        "reconnect",
        LocalText("Reconnect"),
        (),
        tuple(connections),
        tuple(
            TagDefinition(
                n, f"T{n}", "", LocalText("t"), connections[n % len(connections)].id, address, scan_ms=scan_ms
            )
            for n, address in enumerate(addresses)
        ),
    )


def _note_ours(block: Block, sights: Sequence[Sight]) -> None:
    for handle, value, code in zip(block.handle, block.value, block.status, strict=True):
        if code < status.UNCERTAIN and value:
            sights[int(handle)].note(float(value))


async def _pymodbus(port: int, sight: Sight) -> None:
    """Poll as pymodbus's examples do: the client connects again by itself."""
    client = AsyncModbusTcpClient(HOST, port=port)
    await client.connect()
    try:
        while True:
            with suppress(ModbusException):
                answer = await client.read_holding_registers(0, count=4, device_id=1)
                value = client.convert_from_registers(answer.registers, client.DATATYPE.FLOAT64)
                if isinstance(value, float) and value:
                    sight.note(value)
            await asyncio.sleep(SCAN_MS / 1_000)
    finally:
        client.close()


async def _asyncua(port: int, sight: Sight) -> None:
    """Subscribe with asyncua's own reconnection."""
    async with Client(f"opc.tcp://{HOST}:{port}/foreshift/", auto_reconnect=True) as client:
        namespace = await client.get_namespace_index(NAMESPACE)
        subscription = await client.create_subscription(SCAN_MS, sight)
        await subscription.subscribe_data_change(client.get_node(f"ns={namespace};s={opcua_name(0)}"))
        await asyncio.Event().wait()


async def _rates(folder: Path, seconds: float) -> tuple[float, float]:
    """Return our rate of the healthy units beside a silent one as a share of that without it, and the peer's.

    All four run at once, each with a gateway of its own: what else the computer does meets them alike.
    """
    beside = (*HEALTHY, SILENT)
    counted = await asyncio.gather(
        _our_count(folder, HEALTHY, seconds),
        _our_count(folder, beside, seconds),
        _peer_count(HEALTHY, seconds),
        _peer_count(beside, seconds),
    )
    return counted[1] / counted[0], counted[3] / counted[2]


@asynccontextmanager
async def _gateway() -> AsyncIterator[int]:
    port = free_port(0)
    gateway = Child(module("silent_gateway", port))
    try:
        await asyncio.to_thread(gateway.wait_for, "ready")
        yield port
    finally:
        await asyncio.to_thread(gateway.end)


async def _our_count(folder: Path, units: Sequence[int], seconds: float) -> int:
    """Return how many good samples come in some seconds, once it is known who is silent."""
    counted = 0

    def count(block: Block) -> None:
        nonlocal counted
        counted += int(status.good_mask(block.status).sum())

    async with _gateway() as port:
        url = f"modbus://{HOST}:{port}?timeout_ms={round(TIMEOUT_S * 1_000)}&retries={RETRIES}"
        plant = _plant(
            [ConnectionDefinition("bus", "modbus", url)], [f"{unit}/HR0:F32" for unit in units], SCAN_RATE_MS
        )
        running = asyncio.create_task(Acquisition(plant, deliver=count, faults=folder / "fault.log").run())
        await _until(lambda: counted > 0, 20.0)
        await asyncio.sleep(DEMOTION_S)
        before = counted
        await asyncio.sleep(seconds)
        after = counted
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return after - before


async def _peer_count(units: Sequence[int], seconds: float) -> int:
    """Return the same of a loop over the units with pymodbus, time-out and repetitions alike."""
    counted = 0
    async with _gateway() as port:
        client = AsyncModbusTcpClient(HOST, port=port, timeout=TIMEOUT_S, retries=RETRIES)
        await client.connect()
        end = _now() + seconds
        while _now() < end:
            due = _now() + SCAN_RATE_MS / 1_000
            for unit in units:
                with suppress(ModbusException):
                    answer = await client.read_holding_registers(0, count=2, device_id=unit)
                    counted += not answer.isError()
            await asyncio.sleep(max(0.0, due - _now()))
        client.close()
    return counted


def _is_fresh(sight: Sight) -> bool:
    return bool(sight.seen) and _now() - sight.seen[-1][0] < 0.5


async def _until(fact: Callable[[], bool], most_s: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(most_s):
            while not fact():  # noqa: ASYNC110 - another process gives no event to await
                await asyncio.sleep(0.01)


def _now() -> float:
    return clock.monotonic_ns() / clock.NS_PER_S
