"""This program's history as one of the stores that are compared."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from app.collector.thread_turns import shorten_turns
from app.collector.upkeep_thread import MOST_UNSEALED
from app.database import open_writer, unhurried
from app.history.envelope import Envelope
from app.history.reader import HistoryReader
from app.history.seal import Step
from app.history.unsealed import Unsealed
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model.block import Block
from app.model.datavalue import DataValue
from app.model.tag import TagDefinition
from app.write_ahead import checkpoint, reserve_wal
from tests.benchmarks.history_store import Answer, Table, used_bytes, written_here
from tests.benchmarks.recorded_plant import tag_name

LARGEST_COMMIT = 200_000


class OurHistory:
    """The history in its own file; upkeep runs when `settle` is called."""

    name = "ours"

    def __init__(self, folder: Path, tags: Sequence[TagDefinition]) -> None:
        """Open a new file in `folder` for the tags; the threads of this process have turns as in the collector."""
        shorten_turns()
        self.path = folder / "plant.sqlite"
        self._handles = {tag.name: tag.handle for tag in tags}
        self._connection = open_writer(self.path)
        reserve_wal(self._connection)
        unsealed = Unsealed()
        self._writer = HistoryWriter(self._connection, tags, unsealed=unsealed)
        self._upkeep = HistoryUpkeep(self.path, self._execute, unsealed=unsealed)
        self._packer = ThreadPoolExecutor(1, "upkeep")
        self._packing: Future[int] | None = None
        self._steps: queue.SimpleQueue[tuple[Step, Future[None]]] = queue.SimpleQueue()
        self._reader = HistoryReader(self.path)

    def load(self, blocks: Iterable[Block]) -> None:
        """Fill the file in commits as large as those after an outage, sealed as often as the recorder does it."""
        unsealed = 0
        for block in blocks:
            for first in range(0, len(block), LARGEST_COMMIT):
                part = block.select(slice(first, first + LARGEST_COMMIT))
                self.commit(part)
                unsealed += len(part)
                if unsealed >= MOST_UNSEALED:
                    self.upkeep()
                    unsealed = 0
        self.settle()

    def commit(self, block: Block) -> None:
        """Store samples durably, and see to the log between two commits as the recorder does."""
        self._writer.write(block)
        checkpoint(self._connection)
        if self._packing is not None:
            self._execute_waiting(0.0)

    def begin_upkeep(self) -> None:
        """Seal in another thread, whose steps the commits take along, as the recorder does every five minutes."""
        self._packing = self._packer.submit(self._upkeep.seal)

    def upkeep(self) -> None:
        """End the sealing; hours are compacted when they have passed."""
        if self._packing is None:
            self.begin_upkeep()
        while self._packing is not None and not (self._packing.done() and self._steps.empty()):
            self._execute_waiting(0.01)
        if self._packing is not None:
            self._packing.result()
        self._packing = None

    def _execute(self, step: Step) -> None:
        if threading.current_thread() is threading.main_thread():
            with unhurried(self._connection):
                step(self._connection)
            return
        done: Future[None] = Future()
        self._steps.put((step, done))
        done.result()

    def _execute_waiting(self, timeout_s: float) -> None:
        with contextlib.suppress(queue.Empty):
            step, done = self._steps.get(timeout=timeout_s) if timeout_s else self._steps.get_nowait()
            with unhurried(self._connection):
                step(self._connection)
            done.set_result(None)

    def settle(self) -> None:
        """Seal and compact all, and bring the log into the file."""
        self._upkeep.settle()
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def size(self) -> int:
        """Return the bytes of the pages in use."""
        return used_bytes(self._connection)

    def written(self) -> int:
        """Return the bytes that this process has handed to the disk."""
        return written_here()

    def close(self) -> None:
        """Close the file."""
        self._packer.shutdown()
        self._reader.close()
        self._connection.close()

    def reopen(self) -> None:
        """Forget what the reader remembers."""
        self._reader.close()
        self._reader = HistoryReader(self.path)

    def raw(self, handle: int, start: int, end: int) -> Answer:
        """Return time, value and status of a tag."""
        found = self._reader.raw(tag_name(handle), start, end)
        return lambda: (found.time, found.value, found.status)

    def envelope(self, handles: Sequence[int], start: int, end: int, *, buckets: int, from_raw: bool = False) -> Answer:
        """Return tag, bucket's start, minimum, maximum and count, by tag and bucket."""
        found = self._envelopes(handles, start, end, buckets=buckets, from_raw=from_raw)
        return lambda: _by_bucket({self._handles[name]: envelope for name, envelope in found.items()})

    def bucket_width(self, handle: int, start: int, end: int, *, buckets: int, from_raw: bool = False) -> int:
        """Return the width in ns of the buckets that `envelope` chooses."""
        (envelope,) = self._envelopes([handle], start, end, buckets=buckets, from_raw=from_raw).values()
        return envelope.width

    def _envelopes(
        self, handles: Sequence[int], start: int, end: int, *, buckets: int, from_raw: bool
    ) -> dict[str, Envelope]:
        names = [tag_name(handle) for handle in handles]
        return self._reader.envelope(names, start, end, buckets, is_from_samples=from_raw)

    def snapshot(self, at: int) -> Answer:
        """Return tag, time, value and status of every tag's last sample up to an instant, by tag."""
        found = self._reader.state_at(at)
        return lambda: _by_handle({self._handles[name]: sample for name, sample in found.samples()})


def _by_bucket(found: dict[int, Envelope]) -> Table:
    parts = [
        (np.full(len(one), handle, np.int64), one.time, one.minimum, one.maximum, one.count)
        for handle, one in sorted(found.items())
    ]
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def _by_handle(found: dict[int, DataValue]) -> Table:
    handles = sorted(found)
    return (
        np.array(handles, np.int64),
        np.array([found[handle].source_time for handle in handles], np.int64),
        np.array([found[handle].value for handle in handles], np.float64),
        np.array([found[handle].status for handle in handles], np.int64),
    )
