"""The live values of a plant in shared memory: one publisher in the collector, any number of subscribers.

The publisher never waits for a subscriber. A subscriber copies, then looks whether what it copied may have been
overwritten meanwhile (a seqlock), so it never sees a torn sample; a publisher that dies in the middle leaves whole
samples behind.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.model import status
from app.model.block import Block, TimeArray, ValueArray
from app.model.clock import monotonic_ns, now_ns
from app.model.status import StatusArray
from app.pubsub.live_map import Field, LiveUnavailable, create, identity_of, open_existing, order_memory
from app.pubsub.live_text import TextReader, TextWriter

__all__ = ["LatestValues", "LivePublisher", "LiveRead", "LiveSubscriber", "LiveUnavailable"]

READ_ATTEMPTS = 50


@dataclass(frozen=True, slots=True)
class LatestValues:
    """The newest sample of every tag; index is the tag's handle.

    `time`: int64 ns UTC, 0 where none has come yet. `value`: float64, NaN where none. `status`: uint32,
    BadWaitingForInitialData where none has come yet. Shape (tags,) each.
    `text`: by handle, the exact values of tags that a float64 cannot hold: texts, and whole numbers in digits.
    """

    time: TimeArray
    value: ValueArray
    status: StatusArray
    text: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LiveRead:
    """What was published since a position: `position` is for the next call; `lost` samples were overwritten before."""

    block: Block
    position: int
    lost: int


class LivePublisher:
    """The collector's side; made once per start, used from one thread."""

    def __init__(self, path: Path, tags: int, *, capacity: int = 1 << 17, texts: Sequence[int] = ()) -> None:
        """Put a new file in the place of `path`, folder 0700 and file 0600; raise LiveUnavailable where that fails.

        `tags`: how many; handles run from 0 to tags - 1. `capacity`: samples that the ring keeps. `texts`: the handles
        of the tags whose exact values are told.
        """
        self._live = create(path, tags, capacity=capacity, started=now_ns(), texts=texts)
        self._texts = TextWriter(self._live)
        self._last_row = np.zeros(tags, np.int64)
        self.beat()

    @property
    def generation(self) -> int:
        """Return the number that tells this start from all others."""
        return int(self._live.header[Field.GENERATION])

    def publish(self, block: Block) -> None:
        """Add the samples in their order; raise ValueError for a handle that the plant does not have."""
        if not len(block):
            return
        if int(block.handle.max()) >= self._live.tags:
            raise ValueError(f"handle {block.handle.max()}: there are {self._live.tags} tags")
        part = max(1, self._live.capacity // 2)
        for start in range(0, len(block), part):
            self._append(block.select(slice(start, start + part)))
        self._renew_latest(block)

    def beat(self) -> None:
        """Show that the collector lives; to be called a few times a second."""
        self._live.header[Field.PID] = os.getpid()
        self._live.header[Field.HEARTBEAT_MONOTONIC] = monotonic_ns()
        self._live.header[Field.HEARTBEAT] = now_ns()

    def mark_stored(self, count: int) -> None:
        """Add `count` samples to those committed to the history since the start."""
        self._live.header[Field.STORED] += count

    def close(self) -> None:
        """Say goodbye (pid and heartbeat 0) and let go of the file, which stays; may be called twice."""
        if not self._live.memory.closed:
            self._live.header[[Field.PID, Field.HEARTBEAT, Field.HEARTBEAT_MONOTONIC]] = 0
            self._live.close()

    def _append(self, block: Block) -> None:
        live = self._live
        start = int(live.header[Field.PUBLISHED])
        live.header[Field.RESERVED] = start + len(block)
        order_memory()
        at = start % live.capacity
        head = min(len(block), live.capacity - at)
        for rows, source in ((slice(at, at + head), slice(0, head)), (slice(0, len(block) - head), slice(head, None))):
            live.time[rows] = block.time[source]
            live.received[rows] = block.received[source]
            live.value[rows] = block.value[source]
            live.handle[rows] = block.handle[source]
            live.status[rows] = block.status[source]
        order_memory()
        live.header[Field.PUBLISHED] = start + len(block)

    def _renew_latest(self, block: Block) -> None:
        """Fill each tag's idle slot, then turn to it: a death in between leaves the former sample whole."""
        live = self._live
        row = np.arange(len(block))
        self._last_row[block.handle] = -1
        np.maximum.at(self._last_row, block.handle, row)
        last = block.select(self._last_row[block.handle] == row)
        turn = live.turn[last.handle] + np.uint32(1)
        slot = turn & 1
        live.latest_time[slot, last.handle] = last.time
        live.latest_value[slot, last.handle] = last.value
        live.latest_status[slot, last.handle] = last.status
        self._texts.renew(last, slot)
        order_memory()
        live.turn[last.handle] = turn
        order_memory()


class LiveSubscriber:
    """The window's side: reads without ever waiting for the collector; one thread per object."""

    def __init__(self, path: Path) -> None:
        """Open the file; raise LiveUnavailable where it is missing, incomplete or of another version."""
        self._path = path
        self._live = open_existing(path)
        self._generation = int(self._live.header[Field.GENERATION])
        self._texts = TextReader(self._live)
        tags = self._live.tags
        self._known = LatestValues(
            np.zeros(tags, np.int64),
            np.full(tags, np.nan),
            np.full(tags, status.BAD_WAITING_FOR_INITIAL_DATA, np.uint32),
        )

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the file."""
        self.close()

    @property
    def tags(self) -> int:
        """Return the number of tags."""
        return self._live.tags

    @property
    def position(self) -> int:
        """Return where the publisher stands now: a start for `since`."""
        return int(self._live.header[Field.PUBLISHED])

    @property
    def generation(self) -> int:
        """Return the number that tells this start of the collector from all others."""
        return self._generation

    @property
    def is_replaced(self) -> bool:
        """Whether a new collector has begun a new file: then close this and open another."""
        if int(self._live.header[Field.GENERATION]) != self._generation:
            return True
        return identity_of(self._path) not in {self._live.identity, None}

    @property
    def pid(self) -> int:
        """Return the collector's process number, 0 once it has said goodbye."""
        return int(self._live.header[Field.PID])

    @property
    def started(self) -> int:
        """Return when the collector started, int64 ns UTC."""
        return int(self._live.header[Field.STARTED])

    @property
    def heartbeat(self) -> int:
        """Return the collector's last heartbeat, int64 ns UTC, 0 once it has said goodbye."""
        return int(self._live.header[Field.HEARTBEAT])

    @property
    def silence_ns(self) -> int:
        """Return how long ago the last heartbeat was, in ns, untouched by jumps of the wall clock."""
        beat = int(self._live.header[Field.HEARTBEAT_MONOTONIC])
        now = monotonic_ns()
        return now - beat if 0 < beat <= now else np.iinfo(np.int64).max

    @property
    def published(self) -> int:
        """Return how many samples were published since the collector's start."""
        return int(self._live.header[Field.PUBLISHED])

    @property
    def stored(self) -> int:
        """Return how many samples were committed to the history since the collector's start."""
        return int(self._live.header[Field.STORED])

    def latest(self) -> LatestValues:
        """Return the newest sample of every tag; the arrays are the caller's own."""
        live, known = self._live, self._known
        rows: NDArray[np.intp] = np.arange(live.tags)
        for _ in range(READ_ATTEMPTS):
            turn = live.turn[rows]
            order_memory()
            slot = turn & 1
            time, value, code = (
                live.latest_time[slot, rows],
                live.latest_value[slot, rows],
                live.latest_status[slot, rows],
            )
            order_memory()
            whole = live.turn[rows] == turn
            done = rows[whole]
            known.time[done], known.value[done], known.status[done] = time[whole], value[whole], code[whole]
            rows = rows[~whole]
            if not len(rows):
                break
        return LatestValues(known.time.copy(), known.value.copy(), known.status.copy(), self._texts.latest())

    def since(self, position: int) -> LiveRead:
        """Return what was published after `position` (0: all that is still there)."""
        live = self._live
        end = int(live.header[Field.PUBLISHED])
        order_memory()
        wanted = min(max(position, 0), end)
        start = max(wanted, end - live.capacity)
        block = self._copy(start, end)
        order_memory()
        whole = max(start, min(end, int(live.header[Field.RESERVED]) - live.capacity))
        return LiveRead(block.select(slice(whole - start, None)), end, whole - wanted)

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        if not self._live.memory.closed:
            self._live.close()

    def _copy(self, start: int, end: int) -> Block:
        live = self._live
        rows = np.arange(start, end) % live.capacity
        return Block(live.handle[rows], live.time[rows], live.value[rows], live.status[rows], live.received[rows])
