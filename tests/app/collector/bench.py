"""A small plant behind a real Modbus server, and the collector process that collects it."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.pubsub.live import LiveSubscriber, LiveUnavailable
from drivers.modbus.server import ModbusPoint, ModbusPublisher
from tests.warm_start import start

HOST = "127.0.0.1"
TAGS = 10


def small_plant(port: int, *, scan_ms: int = 50) -> Plant:
    """Return a plant of ten registers; the first has a high alarm at 50."""
    tags = tuple(
        TagDefinition(
            n, f"P.T{n}", "P", LocalText(f"T{n}"), "plc", f"HR{2 * n}:F32", low=-1e6, high=1e6, scan_ms=scan_ms
        )
        for n in range(TAGS)
    )
    return Plant(
        id="small",
        name=LocalText("Small plant"),
        equipment=(Equipment("P", LocalText("Press")),),
        connections=(ConnectionDefinition("plc", "modbus", f"modbus://{HOST}:{port}?unit=1"),),
        tags=tags,
        alarms=(AlarmDefinition("P.T0.H", "P.T0", ConditionKind.HIGH, 50.0, Priority.HIGH, LocalText("T0 high")),),
    )


@asynccontextmanager
async def serving(values: Callable[[int], float]) -> AsyncIterator[ModbusPublisher]:
    """Serve `values(turn)` in every register of the small plant, a new turn each 50 ms."""
    points = [ModbusPoint(f"P.T{n}", 1, f"HR{2 * n}:F32") for n in range(TAGS)]
    server = ModbusPublisher(HOST, 0, points)
    await server.start()

    async def publish() -> None:
        turn = 0
        while True:
            server.publish(dict.fromkeys((point.name for point in points), values(turn)), 0)
            turn += 1
            await asyncio.sleep(0.05)

    publishing = asyncio.create_task(publish())
    try:
        yield server
    finally:
        publishing.cancel()
        with suppress(asyncio.CancelledError):
            await publishing
        await server.stop()


def small_folder(path: Path, port: int) -> PlantFolder:
    """Return a folder with the small plant in it."""
    folder = PlantFolder(path)
    write_plant(folder.configuration, small_plant(port))
    return folder


def start_collector(folder: PlantFolder) -> subprocess.Popen[str]:
    """Start the worker of `foreshift collect` on a folder."""
    command = ["collect", str(folder.path), "--worker", "--ends-with-parent"]
    return start(command, os.environ | {"FORESHIFT_HOME": str(folder.path / "home")})


@contextmanager
def collectors() -> Iterator[list[subprocess.Popen[str]]]:
    """Take collectors that are killed at the end of the block, whatever happened."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


async def subscribed(folder: PlantFolder, *, pid: int, timeout_s: float = 60.0) -> LiveSubscriber:
    """Return a subscriber to the collector of that pid as soon as it publishes."""
    async with asyncio.timeout(timeout_s):
        while True:
            with suppress(LiveUnavailable):
                live = LiveSubscriber(folder.live)
                if live.pid == pid:
                    return live
                live.close()
            await asyncio.sleep(0.05)


async def until(fact: Callable[[], bool], *, timeout_s: float = 60.0) -> None:
    """Wait until `fact` holds; raise TimeoutError."""
    async with asyncio.timeout(timeout_s):
        while not fact():  # noqa: ASYNC110 - another process gives no event to await
            await asyncio.sleep(0.02)
