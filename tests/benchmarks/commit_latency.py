"""How long the recorder's thread holds up a commit while it seals and other processes read."""

from __future__ import annotations

import contextlib
import itertools
import multiprocessing
import random
import threading
import time
from collections.abc import Iterator, Sequence
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
    """Record a plant at ten times its speed beside readers; yield the median and the 99th percentile."""
    before, recorded = (120, 120) if is_quick else (3_600, 1_200)
    plant = RecordedPlant(DEVICES, before + recorded)
    samples = plant.samples()
    border = int(np.searchsorted(samples.time, plant.start + before * NS_PER_S))
    history = OurHistory(folder, plant.tags)
    history.load(slices(samples.select(slice(0, border)), LOAD_S))
    history.close()
    blocks = list(slices(samples.select(slice(border, len(samples))), BLOCK_S))
    seals = _seals(history.path)
    waits = _recorded(history.path, plant, blocks)
    seals = _seals(history.path) - seals
    stored = f"{before // 60} min of 1,000 tags"
    text = f"a commit onto {stored} at ten times their speed beside {READERS} readers and {seals} seals"
    if not seals:
        say_not_run(f"{text}: nothing was sealed meanwhile")
        return
    yield Figure(f"{text}: median", "ms", float(np.percentile(waits, 50)))
    yield Figure(f"{text}: 99th percentile of {len(waits)}", "ms", float(np.percentile(waits, 99)), goal=GOAL)


def _seals(path: Path) -> int:
    with contextlib.closing(open_reader(path)) as connection:
        return int(connection.execute("SELECT value FROM history_state WHERE key = 'seal'").fetchone()[0])


def _recorded(path: Path, plant: RecordedPlant, blocks: Sequence[Block]) -> list[float]:
    """Return for each commit the ms from its being due to its being on disk: whatever holds the thread up counts."""
    stored: list[float] = []
    recorder = Recorder(path, plant.tags, on_stored=lambda _: stored.append(time.perf_counter()), interval_s=INTERVAL_S)
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    readers = [
        context.Process(target=_read, args=(path, len(plant.tags), plant.start, stop, number))
        for number in range(READERS)
    ]
    for reader in readers:
        reader.start()
    recorder.start()
    try:
        pause = threading.Event()
        began = time.perf_counter()
        for number, block in enumerate(blocks):
            recorder.add(block)
            pause.wait(max(0.0, began + (number + 1) * INTERVAL_S / 2 - time.perf_counter()))
    finally:
        recorder.stop()
        stop.set()
        for reader in readers:
            reader.join()
    return [(late - early - INTERVAL_S) * 1e3 for early, late in itertools.pairwise(stored)]


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
