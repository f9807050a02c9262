"""A recorded day in the window of a replay, beside the live window that is given the same samples at the same pace.

docs/reference/benchmarks.md says what each figure means.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from app.database import open_writer
from app.history.writer import HistoryWriter
from app.model.block import Block
from app.plant.folder import PlantFolder
from tests.benchmarks.__main__ import Options
from tests.benchmarks.child import Child, module
from tests.benchmarks.figure import Figure
from tests.benchmarks.replay_day import SECOND, START, block_of, plant_of

FASTEST = 100
SPEEDS, QUICK_SPEEDS = (1, 10, FASTEST), (1, FASTEST)
DAY_S = 86_400
TAGS, HOURS = 1_000, 1.0
QUICK_HOURS = 0.2
RUN_S, QUICK_RUN_S = 8.0, 3.0
LEAPS, QUICK_LEAPS = 40, 10


@dataclass(frozen=True, slots=True)
class Run:
    """A window over some seconds: processor seconds a second, pictures shown a second, how late its event loop was."""

    cpu: float
    shown: float
    late_ms: float


def measure(options: Options) -> Iterator[Figure]:
    """Yield the figures; the quick form records some minutes and plays two speeds for three seconds each."""
    tags, hours = TAGS, QUICK_HOURS if options.quick else HOURS
    seconds, leaps = (QUICK_RUN_S, QUICK_LEAPS) if options.quick else (RUN_S, LEAPS)
    with tempfile.TemporaryDirectory(prefix="foreshift-benchmark-", ignore_cleanup_errors=True) as home:
        folder = PlantFolder(Path(home, "plant"))
        folder.path.mkdir()
        _record(folder, tags, int(hours * 3_600))
        what = f"{tags:,} tags each second"
        for speed in QUICK_SPEEDS if options.quick else SPEEDS:
            ours, peer = (_played(folder, mode, tags, speed, seconds) for mode in ("replay", "live"))
            name = f"{what}, {speed} times as fast"
            live = "the live window, same samples"
            yield Figure(f"{name}: processor time of the window", "s per s", ours.cpu, peer.cpu, live, "ratio <= 2")
            goal = "ours >= 5" if speed == FASTEST else ""
            if speed == FASTEST:
                yield Figure(f"{what}: processor time of a whole day so fast", "s", ours.cpu * DAY_S / speed)
            yield Figure(f"{name}: instants shown", "1/s", ours.shown, peer.shown, live, goal)
            yield Figure(f"{name}: how late the event loop is, p99", "ms", ours.late_ms, peer.late_ms, live)
        times = _leapt(folder, tags, leaps)
        yield Figure(f"{what}: a leap to any instant until it is shown, median", "ms", times[len(times) // 2])
        yield Figure(f"{what}: the longest of {leaps}", "ms", times[-1], goal="ours <= 1000")


def _record(folder: PlantFolder, tags: int, seconds: int) -> None:
    plant = plant_of(tags)
    with closing(open_writer(folder.history)) as connection:
        writer = HistoryWriter(connection, plant.tags, is_defining=True)
        for first in range(0, seconds, 60):
            parts = [block_of(tags, START + second * SECOND) for second in range(first, min(first + 60, seconds))]
            writer.write(Block(*(np.concatenate([getattr(part, name) for part in parts]) for name in _COLUMNS)))


_COLUMNS = ("handle", "time", "value", "status", "received")


def _played(folder: PlantFolder, mode: str, tags: int, speed: int, seconds: float) -> Run:
    command = module("replay_window", mode, folder.path, tags, speed, seconds)
    with Child(command, FORESHIFT_HOME=str(folder.path.parent)) as window:
        window.wait_for("ran", timeout_s=60.0 + 4.0 * seconds)
        ((cpu, shown, late),) = window.told("ran")
    return Run(float(cpu), float(shown), float(late))


def _leapt(folder: PlantFolder, tags: int, leaps: int) -> list[float]:
    """Return how long leaps took, ms, the shortest first."""
    with Child(module("replay_window", "leap", folder.path, tags, 1, leaps)) as window:
        window.wait_for("leapt", timeout_s=60.0 + 5.0 * leaps)
        ((*times,),) = window.told("leapt")
    return sorted(float(each) for each in times)
