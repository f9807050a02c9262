"""`history-ingest`: durable samples a second and bytes handed to the disk, ours and peers in turn on filled stores.

Each gets the same second of 1,000 tags as columns and commits it durably; upkeep (seal, compaction, checkpoint) counts
in time and bytes. The first second lies at the beginning of an hour: in the end ours compacts what was committed, as it
does after each hour. Then ours alone: commits while it seals and others read; its memory over an hour of 10,000 tags.
"""

from __future__ import annotations

import contextlib
import gc
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.model.block import Block, concatenate
from app.model.clock import NS_PER_S
from tests.benchmarks.__main__ import Options
from tests.benchmarks.clustered_rows import ClusteredRows
from tests.benchmarks.commit_latency import commit_latency
from tests.benchmarks.duckdb_store import DuckDbStore
from tests.benchmarks.figure import Figure
from tests.benchmarks.history_store import HistoryStore, opened, say_not_run
from tests.benchmarks.memory_growth import memory_growth
from tests.benchmarks.our_history import OurHistory
from tests.benchmarks.postgres_store import PostgresStore
from tests.benchmarks.recorded_plant import START, RecordedPlant, slices

DEVICES = 50
LOAD_S = 300
RATE_GOAL = {ClusteredRows.name: "ratio >= 10", DuckDbStore.name: "ratio >= 1.4", PostgresStore.name: "ratio >= 1.4"}
BYTES_GOAL = "ours <= 40"


@dataclass(frozen=True, slots=True)
class Extent:
    """Seconds of plant: in the stores before, committed one by one, between two upkeeps, in one turn.

    `slow_turn`: in a turn of a store that is known to be many times slower and has no upkeep that more would pay for.
    """

    before: int
    committed: int
    upkeep: int
    turn: int
    slow_turn: int


QUICK = Extent(before=180, committed=900, upkeep=300, turn=100, slow_turn=5)
FULL = Extent(before=3_600, committed=3_600, upkeep=300, turn=100, slow_turn=25)
SLOW = {ClusteredRows.name, PostgresStore.name}


@dataclass(slots=True)
class Account:
    """What a store has taken, in how many seconds, and how many bytes went to the disk for it."""

    samples: int = 0
    seconds: float = 0.0
    bytes: int = 0


def measure(options: Options) -> Iterator[Figure]:
    """Commit the same seconds of plant to each store in turn; then ours under readers, then its memory."""
    extent = QUICK if options.quick else FULL
    with tempfile.TemporaryDirectory() as folder:
        yield from _rates(Path(folder), extent)
    with tempfile.TemporaryDirectory() as folder:
        yield from commit_latency(Path(folder), is_quick=options.quick)
    if options.quick:
        say_not_run("memory over an hour of 10,000 tags: only without --quick")
        return
    with tempfile.TemporaryDirectory() as folder:
        yield from memory_growth(Path(folder))


def _rates(folder: Path, extent: Extent) -> Iterator[Figure]:
    plant = RecordedPlant(DEVICES, extent.before + extent.committed, start=START + (3_600 - extent.before) * NS_PER_S)
    stretches = list(slices(plant.samples(), 1.0))
    before, seconds = stretches[: extent.before], stretches[extent.before :]
    stores = opened(
        [
            lambda: OurHistory(folder, plant.tags),
            lambda: ClusteredRows(folder, tags=len(plant.tags)),
            lambda: DuckDbStore(folder),
            PostgresStore,
        ]
    )
    with contextlib.ExitStack() as closing:
        for store in stores:
            closing.enter_context(contextlib.closing(store))
            store.load(_joined(before))
        ours, *peers = _take_turns(stores, seconds, extent)
    text = f"onto {extent.before // 60} min of 1,000 tags, a commit a second of plant, upkeep included"
    for store, peer in zip(stores[1:], peers, strict=True):
        goal = RATE_GOAL[store.name]
        yield Figure(
            f"durable ingest {text}",
            "samples/s",
            ours.samples / ours.seconds,
            peer.samples / peer.seconds,
            store.name,
            goal,
        )
    if not ours.bytes:
        say_not_run("bytes handed to the disk: this system does not count them, or the temporary folder is in memory")
        return
    for number, (store, peer) in enumerate(zip(stores[1:], peers, strict=True)):
        yield Figure(
            f"bytes handed to the disk per sample {text}",
            "B",
            ours.bytes / ours.samples,
            peer.bytes / peer.samples,
            store.name,
            "" if number else BYTES_GOAL,
        )


def _joined(stretches: Sequence[Block]) -> Iterator[Block]:
    """Yield seconds of plant in blocks of some minutes."""
    for first in range(0, len(stretches), LOAD_S):
        yield concatenate(stretches[first : first + LOAD_S])


def _take_turns(stores: Sequence[HistoryStore], seconds: Sequence[Block], extent: Extent) -> list[Account]:
    """Commit a turn's seconds to one store after the other; another one begins each time."""
    accounts = [Account() for _ in stores]
    contestants = list(zip(stores, accounts, strict=True))
    for turn, first in enumerate(range(0, len(seconds), extent.turn)):
        part = seconds[first : first + extent.turn]
        last = first + len(part)
        for store, account in contestants[turn % len(stores) :] + contestants[: turn % len(stores)]:
            taken = part[: extent.slow_turn] if store.name in SLOW else part
            is_due = last // extent.upkeep > first // extent.upkeep
            with _entered(account, store):
                if is_due:
                    store.begin_upkeep()
                for second in taken:
                    store.commit(second)
                if is_due:
                    store.upkeep()
                if last == len(seconds):
                    store.settle()
            account.samples += sum(map(len, taken))
    return accounts


@contextlib.contextmanager
def _entered(account: Account, store: HistoryStore) -> Iterator[None]:
    """Enter what is done meanwhile into a store's account."""
    gc.collect()
    written, began = store.written(), time.perf_counter()
    yield
    account.seconds += time.perf_counter() - began
    account.bytes += store.written() - written
