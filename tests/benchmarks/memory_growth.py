"""Whether the memory of a process that records 10,000 tags stays as it is from one hour to the next."""

from __future__ import annotations

import contextlib
import multiprocessing
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import psutil

from app.model import status
from app.model.block import Block
from app.model.clock import NS_PER_S
from tests.benchmarks.figure import Figure
from tests.benchmarks.history_store import say_not_run
from tests.benchmarks.our_history import OurHistory
from tests.benchmarks.recorded_plant import SEED, START, TAGS_OF_DEVICE, RecordedPlant

TAGS = 10_000
FIRST_S, HOUR_S, AFTER_S = 1_800, 3_600, 300
PLANT_S = FIRST_S + HOUR_S + AFTER_S
UPKEEP_S, SAMPLE_S = 100, 10
LONGEST_S = 900.0
GOAL = "ours <= 20"


def memory_growth(folder: Path) -> Iterator[Figure]:
    """Let a fresh process commit second after second as fast as they go, and yield by how many MB it has grown.

    It begins at half past, and compacts after half an hour what it has and an hour later a whole hour. Growth: the
    median of the five minutes after that less that of the five minutes after the first time, when caches and the
    allocator's reserve are full. A fresh process, since in this one growth could hide in what others have left.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        resident = pool.submit(_resident, folder).result()
    minutes = (len(resident) - 1) * SAMPLE_S // 60
    for minute in (0, minutes // 3, minutes * 2 // 3, minutes):
        now = resident[minute * 60 // SAMPLE_S]
        yield Figure(f"memory of a process that records 10,000 tags at 1 Hz, minute {minute}", "MB", now)
    if minutes * 60 < PLANT_S:
        say_not_run(f"memory gained in an hour of 10,000 tags: {minutes} min of plant took {LONGEST_S:.0f} s")
        return
    settled, last = FIRST_S // SAMPLE_S + 1, AFTER_S // SAMPLE_S
    early, late = statistics.median(resident[settled : settled + last]), statistics.median(resident[-last:])
    yield Figure("memory gained in an hour of 10,000 tags at 1 Hz, with its compaction", "MB", late - early, goal=GOAL)


def _resident(folder: Path) -> list[float]:
    """Return the memory in MB after every ten seconds of plant; upkeep after a million samples, as in the collector.

    The first of them is that before anything was committed.
    """
    plant = RecordedPlant(TAGS // TAGS_OF_DEVICE, 0)
    process, chance = psutil.Process(), np.random.default_rng(SEED)
    began = time.perf_counter()
    with contextlib.closing(OurHistory(folder, plant.tags)) as history:
        resident = [process.memory_info().rss / 1e6]
        for second in range(PLANT_S):
            history.commit(_second(chance, second))
            if (second + 1) % SAMPLE_S == 0:
                resident.append(process.memory_info().rss / 1e6)
            if (second + 1) % UPKEEP_S == 0:
                history.upkeep()
                if (second + 1) % HOUR_S == FIRST_S:
                    history.settle()
                if time.perf_counter() - began > LONGEST_S:
                    break
    return resident


def _second(chance: np.random.Generator, second: int) -> Block:
    """Return one sample of every tag."""
    time_ns = START + (FIRST_S + second) * NS_PER_S + chance.integers(0, 1_000, TAGS) * 1_000_000
    value = np.round(50.0 + np.sin(second / 240.0 + np.arange(TAGS)) * 12.0 + chance.standard_normal(TAGS), 2)
    return Block(
        np.arange(TAGS, dtype=np.uint32), time_ns, value, np.full(TAGS, status.GOOD, np.uint32), received=time_ns
    )
