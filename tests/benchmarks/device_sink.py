"""From a device to durable SQLite: `python -m tests.benchmarks.device_sink WAY PORT FOLDER SECONDS BLOCKS`.

WAY `ours`: the Modbus worker, the border, and the history's journal, committed each 250 ms; `whole`: with the recorder,
which seals, sums up and compacts beside that; `plain`: pymodbus, `convert_from_registers`, and rows that `executemany`
inserts each 250 ms into a WAL file at synchronous=FULL, as ours is. Tells `stored` with the values that came to the
disk, the seconds that took, the processor seconds, those of the worker as well, and how many values were not good.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import closing
from functools import partial
from pathlib import Path

import psutil
from pymodbus.client import AsyncModbusTcpClient

from app import database, write_ahead
from app.acquisition.acquisition import Acquisition
from app.collector.recorder import Recorder
from app.history.writer import HistoryWriter
from app.model import clock, status
from app.model.block import Block, concatenate
from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from tests.benchmarks.child import tell
from tests.benchmarks.fast_device import REGISTERS, VALUES
from tests.benchmarks.offered import HOST

SCAN_MS = 10
INSERT_S = 0.25


def plant_of(port: int, blocks: int) -> Plant:
    """Return a plant whose tags fill `blocks` requests of 124 registers each."""
    return Plant(
        "device",
        LocalText("Device"),
        (),
        (ConnectionDefinition("device", "modbus", f"modbus://{HOST}:{port}?unit=1&max_block={REGISTERS}&window=16"),),
        tuple(
            TagDefinition(
                n,
                f"T{n}",
                "",
                LocalText("t"),
                "device",
                f"HR{REGISTERS * (n // VALUES) + 2 * (n % VALUES)}:F32",
                scan_ms=SCAN_MS,
            )
            for n in range(blocks * VALUES)
        ),
    )


class Journal:
    """Commits what was delivered each 250 ms, in a thread, as the recorder does; nothing is sealed or summed up."""

    def __init__(self, path: Path, plant: Plant) -> None:
        """Begin to write the history at `path`."""
        self.stored = 0
        self._waiting: list[Block] = []
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(path, plant), name="journal")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def add(self, block: Block) -> None:
        """Take samples."""
        self._waiting.append(block)

    def stop(self) -> None:
        """End."""
        self._is_stopping.set()
        self._thread.join()

    def _run(self, path: Path, plant: Plant) -> None:
        with closing(database.open_writer(path)) as connection:
            writer = HistoryWriter(connection, plant.tags)
            while not self._is_stopping.wait(INSERT_S):
                blocks, self._waiting = self._waiting, []
                self.stored += writer.write(concatenate(blocks))
                write_ahead.checkpoint(connection)


async def ours(port: int, folder: Path, seconds: float, blocks: int, *, is_whole: bool = False) -> None:
    """Collect as fast as the worker scans; `is_whole`: with the history's upkeep."""
    plant = plant_of(port, blocks)
    path = folder / "history.sqlite"
    sink = Recorder(path, plant.tags, on_stored=lambda _: None) if is_whole else Journal(path, plant)
    bad, first = [0], asyncio.Event()

    def deliver(block: Block) -> None:
        count = int(status.good_mask(block.status).sum())
        if count:
            first.set()
        if first.is_set():
            bad[0] += len(block) - count
        sink.add(block)

    acquisition = Acquisition(plant, deliver=deliver, faults=folder / "fault.log")
    sink.start()
    running = asyncio.create_task(acquisition.run())
    await first.wait()
    await asyncio.sleep(1.0)
    began, before, used = time.perf_counter(), sink.stored, _cpu_s(acquisition.pids)
    await asyncio.sleep(seconds)
    used, kept, took = _cpu_s(acquisition.pids) - used, sink.stored - before, time.perf_counter() - began
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    sink.stop()
    tell("stored", kept, took, used, bad[0] + acquisition.lost_workers)


def _cpu_s(pids: tuple[int, ...]) -> float:
    times = [psutil.Process(pid).cpu_times() for pid in (os.getpid(), *pids)]
    return float(sum(one.user + one.system for one in times))


async def plain(port: int, folder: Path, seconds: float, blocks: int) -> None:
    """Read block after block, as fast as pymodbus does."""
    client = AsyncModbusTcpClient(HOST, port=port)
    await client.connect()
    kept = 0
    with closing(sqlite3.connect(folder / "plain.sqlite", check_same_thread=False, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=FULL")
        file.execute("CREATE TABLE sample (tag INTEGER, time INTEGER, value REAL)")
        began, used = time.perf_counter(), time.process_time()
        while time.perf_counter() - began < seconds:
            rows: list[tuple[int, int, float]] = []
            due = time.perf_counter() + INSERT_S
            number = 0
            while time.perf_counter() < due:
                answer = await client.read_holding_registers(0, count=REGISTERS, device_id=1)
                values = client.convert_from_registers(answer.registers, client.DATATYPE.FLOAT32)
                at, first = clock.now_ns(), number % blocks * VALUES
                rows += [(first + n, at, value) for n, value in enumerate(values)]  # type: ignore[arg-type, misc]
                number += 1
            await asyncio.to_thread(_insert, file, rows)
            kept += len(rows)
        tell("stored", kept, time.perf_counter() - began, time.process_time() - used, 0)
    client.close()


def _insert(file: sqlite3.Connection, rows: list[tuple[int, int, float]]) -> None:
    file.execute("BEGIN")
    file.executemany("INSERT INTO sample VALUES (?, ?, ?)", rows)
    file.execute("COMMIT")


if __name__ == "__main__":
    ways: dict[str, Callable[[int, Path, float, int], Coroutine[None, None, None]]] = {
        "ours": ours,
        "whole": partial(ours, is_whole=True),
        "plain": plain,
    }
    asyncio.run(ways[sys.argv[1]](int(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5])))
