"""How long the recorder's thread holds up a commit while it seals and other processes read."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.synchronize import Event
from pathlib import Path

import numpy as np

from app.collector.recorder import Recorder
from app.database import open_reader
from app.history.reader import HistoryReader
from app.model.block import Block
from app.model.clock import NS_PER_S
from tests.benchmarks.figure import Figure
from tests.benchmarks.history_store import say_not_run
from tests.benchmarks.our_history import OurHistory
from tests.benchmarks.recorded_plant import RecordedPlant, slices, tag_name

DEVICES = 50
READERS = 2
ASK_EVERY_S = 0.1
INTERVAL_S = 0.05
BLOCK_S = 0.25  # of plant; two blocks a commit, so that the plant runs ten times as fast as the clock
LOAD_S = 300
GOAL = "ours <= 20"


def commit_latency(folder: Path, *, is_quick: bool) -> Iterator[Figure]:
    """Record a plant at ten times its speed beside readers; yield the median and the 99th percentile.

    The peer is what this machine can do at the moment: a thread that commits the same bytes as one blob of SQLite.
    """
    before, recorded, floor = (120, 80, 30) if is_quick else (3_600, 1_200, 300)
    plant = RecordedPlant(DEVICES, before + recorded)
    samples = plant.samples()
    border = int(np.searchsorted(samples.time, plant.start + before * NS_PER_S))
    history = OurHistory(folder, plant.tags)
    history.load(slices(samples.select(slice(0, border)), LOAD_S))
    history.close()
    blocks = list(slices(samples.select(slice(border, len(samples))), BLOCK_S))
    seals = _seals(history.path)
    with _readers(history.path, len(plant.tags), plant.start):
        ours = _recorded(history.path, plant, blocks)
        seals = _seals(history.path) - seals
        peer = _blobs(folder / "blobs.sqlite", blocks[: int(floor / BLOCK_S)])
    stored = f"{before // 60} min of 1,000 tags"
    text = f"a commit onto {stored} at ten times their speed beside {READERS} readers and {seals} seals"
    if not seals:
        say_not_run(f"{text}: nothing was sealed meanwhile")
        return
    for share, name, goal in ((50, "median", ""), (99, f"99th percentile of {len(ours)}", GOAL)):
        percentiles = [float(np.percentile(waits, share)) for waits in (ours, peer)]
        yield Figure(f"{text}: {name}", "ms", percentiles[0], percentiles[1], "one plain blob", goal)


def _seals(path: Path) -> int:
    with contextlib.closing(open_reader(path)) as connection:
        return int(connection.execute("SELECT value FROM history_state WHERE key = 'seal'").fetchone()[0])


def _recorded(path: Path, plant: RecordedPlant, blocks: Sequence[Block]) -> list[float]:
    """Return for each commit the ms from its being due to its being on disk: whatever holds the thread up counts."""
    stored: list[float] = []
    recorder = Recorder(path, plant.tags, on_stored=lambda _: stored.append(time.perf_counter()), interval_s=INTERVAL_S)
    recorder.start()
    try:
        _feed(blocks, recorder.add)
    finally:
        recorder.stop()
    return _waits(stored)


def _blobs(path: Path, blocks: Sequence[Block]) -> list[float]:
    """Return the same for a thread that does no more than to commit the bytes of what came since the last commit."""
    stored: list[float] = []
    waiting: list[bytes] = []
    stopping = threading.Event()

    def run() -> None:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("CREATE TABLE journal (seq INTEGER PRIMARY KEY, data BLOB NOT NULL) STRICT")
            while not stopping.wait(INTERVAL_S):
                if waiting:
                    count = len(waiting)
                    connection.execute("INSERT INTO journal (data) VALUES (?)", (b"".join(waiting[:count]),))
                    del waiting[:count]
                    stored.append(time.perf_counter())

    thread = threading.Thread(target=run, name="blobs")
    thread.start()
    try:
        _feed(blocks, lambda block: waiting.append(block.time.tobytes() + block.value.tobytes()))
    finally:
        stopping.set()
        thread.join()
    return _waits(stored)


def _feed(blocks: Sequence[Block], add: Callable[[Block], None]) -> None:
    """Give two blocks for each commit, on time."""
    pause = threading.Event()
    began = time.perf_counter()
    for number, block in enumerate(blocks):
        add(block)
        pause.wait(max(0.0, began + (number + 1) * INTERVAL_S / 2 - time.perf_counter()))


def _waits(stored: Sequence[float]) -> list[float]:
    return [(late - early - INTERVAL_S) * 1e3 for early, late in itertools.pairwise(stored)]


@contextlib.contextmanager
def _readers(path: Path, tags: int, start: int) -> Iterator[None]:
    """Let processes of their own read meanwhile."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    readers = [context.Process(target=_read, args=(path, tags, start, stop, number)) for number in range(READERS)]
    for reader in readers:
        reader.start()
    try:
        yield
    finally:
        stop.set()
        for reader in readers:
            reader.join()


def _read(path: Path, tags: int, start: int, stop: Event, seed: int) -> None:
    """Ask as a screen does, in a process of its own, until told to stop."""
    chance = random.Random(seed)
    with HistoryReader(path) as reader:
        while not stop.wait(ASK_EVERY_S):
            tag = tag_name(chance.randrange(tags))
            end = (reader.extent() or (0, start))[1]
            reader.raw(tag, end - 600 * NS_PER_S, end)
            reader.envelope([tag], end - 3_600 * NS_PER_S, end, 1_920)
            reader.latest()
