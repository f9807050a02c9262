"""How long a collector's commits wait while a backup of its history is taken, in our way and in others.

The peers are SQLite's own: the online backup in one step, and VACUUM INTO. Each way copies the same history while
another process commits a thousand samples ten times a second; the ways take turns.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.database import open_writer
from app.exchange.part_file import sync_file
from app.exchange.progress import unheard
from app.exchange.store import copy_file
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import clock
from app.model.block import block_of
from app.model.clock import NS_PER_S
from tests.app.history.plant import tag
from tests.benchmarks.committing import TAGS
from tests.benchmarks.figure import Figure

if TYPE_CHECKING:
    from tests.benchmarks.__main__ import Options

ROOT = Path(__file__).parents[2]
BYTES = 320_000_000
QUICK_BYTES = 80_000_000
TURNS = 3
_HOUR_S = 3_600


def measure(options: Options) -> Iterator[Figure]:
    """Yield the longest and the median commit during a backup, and how long the backup takes."""
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        history = Path(folder) / "history.sqlite"
        size = _fill(history, QUICK_BYTES if options.quick else BYTES)
        yield Figure("size of the history", "MB", size / 1e6)
        ways = {"ours": _ours, "one step": _in_one_step, "VACUUM INTO": _vacuum}
        commits: dict[str, list[float]] = {name: [] for name in ways}
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(1 if options.quick else TURNS):
            for name, way in ways.items():
                took, waited = _during(history, way)
                commits[name] += waited
                seconds[name].append(took)
        for peer in ("one step", "VACUUM INTO"):
            longest, other = max(commits["ours"]), max(commits[peer])
            yield Figure("longest commit during a backup", "ms", longest, other, peer, "ratio <= 1")
            median, other = np.median(commits["ours"]), np.median(commits[peer])
            yield Figure("median commit during a backup", "ms", float(median), float(other), peer)
            took, other = np.median(seconds["ours"]), np.median(seconds[peer])
            yield Figure("backup", "s", float(took), float(other), peer)


def _fill(history: Path, size: int) -> int:
    """Write hours of a thousand tags at 1 Hz, with values that no codec makes small, until the file has that size."""
    chance = np.random.default_rng(1)
    begin = clock.now_ns() - 30 * 24 * _HOUR_S * NS_PER_S
    with closing(open_writer(history)) as connection:
        writer = HistoryWriter(connection, [tag(handle) for handle in range(TAGS)])
        upkeep = HistoryUpkeep(history, lambda step: step(connection))
        hour = 0
        while history.stat().st_size < size:
            for minute in range(0, 60, 20):
                second = np.arange(1_200) + (hour * 60 + minute) * 60
                time = begin + np.repeat(second * NS_PER_S, TAGS)
                writer.write(block_of(np.tile(np.arange(TAGS), 1_200), time, chance.normal(0, 1, len(time))))
            upkeep.settle()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            hour += 1
    return history.stat().st_size


def _during(history: Path, way: Callable[[Path, Path], None]) -> tuple[float, list[float]]:
    """Return how long a backup took (s) and how long the commits of another process took meanwhile (ms)."""
    target = history.with_name("copy.sqlite")
    target.unlink(missing_ok=True)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.committing", str(history)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        began = clock.monotonic_ns()
        way(history, target)
        took = (clock.monotonic_ns() - began) / NS_PER_S
        told, _ = process.communicate("")
    return took, json.loads(told)


def _ours(history: Path, target: Path) -> None:
    copy_file(history, target, {}, on_pages=unheard)


def _in_one_step(history: Path, target: Path) -> None:
    with closing(sqlite3.connect(history)) as connection, closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)
    sync_file(target)


def _vacuum(history: Path, target: Path) -> None:
    with closing(sqlite3.connect(history, isolation_level=None)) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))
    sync_file(target)
