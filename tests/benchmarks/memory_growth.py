"""Whether the memory of a process that records an hour of 10,000 tags stays as it is."""

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
from tests.benchmarks.our_history import OurHistory
from tests.benchmarks.recorded_plant import SEED, START, TAGS_OF_DEVICE, RecordedPlant

TAGS = 10_000
PLANT_S, UPKEEP_S, SAMPLE_S = 3_600, 300, 10
LONGEST_S = 900.0
GOAL = "ours <= 20"


def memory_growth(folder: Path) -> Iterator[Figure]:
    """Let a fresh process commit second after second as fast as they go, and yield by how many MB it has grown.

    Growth: the median of the last five minutes less that of the fifth to the tenth minute, when caches are full. A
    fresh process, since in this one growth could hide in what earlier benchmarks have left.
    """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        resident = pool.submit(_resident, folder).result()
    cycle = UPKEEP_S // SAMPLE_S
    early, late = statistics.median(resident[cycle : 2 * cycle]), statistics.median(resident[-cycle:])
    minutes = len(resident) * SAMPLE_S // 60
    yield Figure(f"memory gained from minute 10 to {minutes} of 10,000 tags at 1 Hz", "MB", late - early, goal=GOAL)


def _resident(folder: Path) -> list[float]:
    """Return the memory in MB after every ten seconds of plant; upkeep every five minutes of plant."""
    plant = RecordedPlant(TAGS // TAGS_OF_DEVICE, 0)
    process, chance = psutil.Process(), np.random.default_rng(SEED)
    began, resident = time.perf_counter(), []
    with contextlib.closing(OurHistory(folder, plant.tags)) as history:
        for second in range(PLANT_S):
            history.commit(_second(chance, second))
            if (second + 1) % SAMPLE_S == 0:
                resident.append(process.memory_info().rss / 1e6)
            if (second + 1) % UPKEEP_S == 0:
                history.upkeep()
                if time.perf_counter() - began > LONGEST_S:
                    break
    return resident


def _second(chance: np.random.Generator, second: int) -> Block:
    """Return one sample of every tag."""
    time_ns = START + second * NS_PER_S + chance.integers(0, 1_000, TAGS) * 1_000_000
    value = np.round(50.0 + np.sin(second / 240.0 + np.arange(TAGS)) * 12.0 + chance.standard_normal(TAGS), 2)
    return Block(
        np.arange(TAGS, dtype=np.uint32), time_ns, value, np.full(TAGS, status.GOOD, np.uint32), received=time_ns
    )
