"""`history-start`: from the start of a collector's process to its first commit, after a kill, on a large file.

The file holds an hour of 1,000 tags again and again, moved from hour to hour until it has its size. Behind that lie
five minutes of commits that nobody has sealed or checkpointed when their writer is killed. The devices cannot be
reached, which is what the first commit says of all tags: what is measured is what the file costs.
"""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from app.database import PlantConnection, open_writer, transaction
from app.history.layout import chunk_key, hour_key, hour_of
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import clock
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.plant import Plant
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.write_ahead import checkpoint, reserve_wal
from tests.app.collector.bench import start_collector, subscribed, until
from tests.benchmarks.__main__ import Options
from tests.benchmarks.figure import Figure
from tests.benchmarks.recorded_plant import RecordedPlant, slices

DEVICES = 50
HOUR_NS = 3_600 * clock.NS_PER_S
TAIL_S = 300
GIGABYTE = 1_000_000_000
STARTS = 3


def measure(options: Options) -> Iterator[Figure]:
    """Fill, kill, start; the file is small with `--quick`."""
    size = GIGABYTE // 4 if options.quick else 10 * GIGABYTE
    with tempfile.TemporaryDirectory() as name:
        folder = _plant_folder(Path(name) / "plant")
        _fill(folder, seconds=600 if options.quick else 3_600, size=size)
        _commit_until_killed(folder)
        wal = folder.history.with_name(folder.history.name + "-wal")
        bytes_now = folder.history.stat().st_size + wal.stat().st_size
        starts = [asyncio.run(_start_s(folder)) for _ in range(STARTS)]
    text = f"start after a kill with a file of {bytes_now / GIGABYTE:.1f} GB and five minutes unsealed"
    yield Figure(f"{text}: the first", "s", starts[0], goal="ours <= 2")
    yield Figure(f"{text}: median of {STARTS}", "s", statistics.median(starts), goal="ours <= 2")


def _plant_folder(path: Path) -> PlantFolder:
    """Return a folder whose plant has the tags of the recorded one, at an address that nobody listens at."""
    tags = [replace(tag, connection="plc", address=f"HR{2 * tag.handle}:F32") for tag in RecordedPlant(DEVICES, 1).tags]
    plant = Plant(
        "large",
        LocalText("Large"),
        tuple(Equipment(name, LocalText(name)) for name in sorted({tag.equipment for tag in tags})),
        (ConnectionDefinition("plc", "modbus", "modbus://127.0.0.1:1?unit=1"),),
        tuple(tags),
    )
    folder = PlantFolder(path)
    write_plant(folder.configuration, plant)
    return folder


def _fill(folder: PlantFolder, *, seconds: int, size: int) -> None:
    # the copies lie before it, the unsealed commits behind it: all is older than now
    start = (hour_of(clock.now_ns()) - 2) * HOUR_NS
    plant = RecordedPlant(DEVICES, seconds, start=start)
    with closing(open_writer(folder.history)) as connection:
        writer = HistoryWriter(connection, plant.tags)
        for block in slices(plant.samples(), 60.0):
            writer.write(block)
        HistoryUpkeep(folder.history, lambda step: step(connection)).settle()
        hour = hour_of(start)
        while _bytes(connection) < size:
            hour -= 1
            _copy_hour(connection, hour_of(start), hour)
            checkpoint(connection)


def _bytes(connection: PlantConnection) -> int:
    pages, width = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    return int(pages * width)


def _copy_hour(connection: PlantConnection, source: int, target: int) -> None:
    """Copy the chunks of an hour and their times to an earlier one; the times inside stay: a start never reads them."""
    chunk, stamp = chunk_key(target, 0) - chunk_key(source, 0), hour_key(target, 0) - hour_key(source, 0)
    moved = (target - source) * HOUR_NS
    with transaction(connection):
        connection.execute(
            "INSERT INTO chunk SELECT id + ?, stamp + ?, samples, start + ?, end + ?, crc, value, status FROM chunk "
            "WHERE id BETWEEN ? AND ?",
            (chunk, stamp, moved, moved, chunk_key(source, 0), chunk_key(source + 1, 0) - 1),
        )
        connection.execute(
            "INSERT INTO stamp SELECT id + ?, samples, crc, data FROM stamp WHERE id BETWEEN ? AND ?",
            (stamp, hour_key(source, 0), hour_key(source + 1, 0) - 1),
        )


def _commit_until_killed(folder: PlantFolder) -> None:
    command = [sys.executable, "-P", "-m", "tests.benchmarks.history_start", str(folder.path)]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "committed\n"
        writer.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))


def _commit(folder: PlantFolder) -> None:
    """Commit five minutes four times a second, as a collector does, without any upkeep, and wait to be killed."""
    start = clock.now_ns() - TAIL_S * clock.NS_PER_S
    plant = RecordedPlant(DEVICES, TAIL_S, start=start)
    connection = open_writer(folder.history)
    reserve_wal(connection)
    writer = HistoryWriter(connection, plant.tags)
    for block in slices(plant.samples(), 0.25):
        writer.write(block)
    sys.stdout.write("committed\n")
    sys.stdout.flush()
    signal.pause()


async def _start_s(folder: PlantFolder) -> float:
    began = clock.monotonic_ns()
    process = start_collector(folder)
    try:
        with closing(await subscribed(folder, pid=process.pid, timeout_s=60)) as live:
            await until(lambda: live.stored > 0, timeout_s=60)
        return (clock.monotonic_ns() - began) / clock.NS_PER_S
    finally:
        process.kill()
        await asyncio.to_thread(process.communicate)


if __name__ == "__main__":
    _commit(PlantFolder(Path(sys.argv[1])))
