"""Sealing: the journal's commits become fresh chunks of one tag and hour each.

Packing needs no lock and is done beside the writer, from a reading connection. What is then written comes in small
transactions, so that commits of new samples need not wait; nobody sees the new chunks until the last of them, which
also removes the commits from the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.database import PlantConnection, transaction
from app.history.chunk import COLUMNS, PackedChunk, StampPacker, pack_chunk
from app.history.gap import Gap, GapReason, record_gaps
from app.history.layout import HOUR_NS
from app.history.samples import KIND_OF, Samples, merged
from app.history.tail import Tail
from app.model.exact import DataType

Step = Callable[[PlantConnection], None]
"""One short transaction on the writing connection."""

_CHUNKS_PER_STEP = 64


@dataclass(frozen=True, slots=True)
class FreshChunk:
    """A chunk of a seal: whose, and of which hour."""

    hour: int
    tag: int
    packed: PackedChunk


@dataclass(frozen=True, slots=True)
class Seal:
    """Packed samples of the commits up to `through`, ready to be written; `damaged` commits could not be read."""

    number: int
    through: int
    chunks: list[FreshChunk]
    stamps: list[tuple[int, int, int, bytes]]
    damaged: list[Gap]

    def steps(self) -> Iterator[Step]:
        """Yield the transactions to be executed in this order."""
        for first in range(0, len(self.stamps), _CHUNKS_PER_STEP):
            yield _insert_stamps(self.stamps[first : first + _CHUNKS_PER_STEP])
        for first in range(0, len(self.chunks), _CHUNKS_PER_STEP):
            yield _insert_chunks(self.number, self.chunks[first : first + _CHUNKS_PER_STEP])
        yield self._finish

    def _finish(self, connection: PlantConnection) -> None:
        with transaction(connection):
            connection.execute("UPDATE history_state SET value = ? WHERE key = 'seal'", (self.number,))
            connection.execute("UPDATE history_state SET value = ? WHERE key = 'sealed_through'", (self.through,))
            connection.execute("DELETE FROM journal WHERE seq <= ?", (self.through,))
            record_gaps(connection, self.damaged)


def prepare_seal(connection: PlantConnection) -> Seal | None:
    """Return the commits that are in the journal now, packed; None where there are none."""
    state = dict(connection.execute("SELECT key, value FROM history_state").fetchall())
    tail = Tail()
    tail.follow(connection, state["sealed_through"])
    if not tail.last_seq or tail.last_seq <= state["sealed_through"]:
        return None
    first_stamp = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM fresh_stamp").fetchone()[0]
    stamps = StampPacker(first_stamp)
    chunks: list[FreshChunk] = []
    types = dict(connection.execute("SELECT id, data_type FROM tag").fetchall())
    for tag, samples in _by_tag(tail, types):
        chunks += _chunks(tag, samples, stamps)
    damaged = [Gap(row.start, row.end + 1, GapReason.DAMAGED_COMMIT, row.samples) for row in tail.damaged]
    return Seal(state["seal"] + 1, tail.last_seq, chunks, stamps.rows, damaged)


def plain_value(samples: Samples) -> object:
    """Return the last value as SQLite holds it for people: NaN is NULL."""
    value = samples.value[-1]
    if samples.kind == "f":
        return None if np.isnan(value) else float(value)
    return value if samples.kind == "O" else int(value)


def _by_tag(tail: Tail, types: dict[int, str]) -> Iterator[tuple[int, Samples]]:
    """Yield the samples of each tag, in its own kind of value."""
    kinds = {kind: merged([part for part in tail.all_parts() if part.kind == kind], kind) for kind in ("f", "i", "O")}
    tags = np.unique(np.concatenate([samples.tag for samples in kinds.values()]))
    filled = [samples for samples in kinds.values() if len(samples)]
    for tag in tags.tolist():
        own = KIND_OF[DataType(types[tag])]
        parts = [samples.rows(samples.of(tag)) for samples in filled]
        if len(filled) > 1:
            parts.sort(key=lambda part: part.kind == own)  # where kinds were mixed, the tag's own counts
        yield tag, merged([part.in_kind(own) for part in parts])


def _chunks(tag: int, samples: Samples, stamps: StampPacker) -> Iterator[FreshChunk]:
    hours = samples.time // HOUR_NS
    edges = [0, *(np.flatnonzero(np.diff(hours)) + 1).tolist(), len(samples)]
    for first, last in pairwise(edges):
        part = samples.rows(slice(first, last))
        yield FreshChunk(int(hours[first]), tag, pack_chunk(part, stamps.stamp_of(part.time)))


def _insert_stamps(rows: list[tuple[int, int, int, bytes]]) -> Step:
    def insert(connection: PlantConnection) -> None:
        with transaction(connection):
            connection.executemany("INSERT OR REPLACE INTO fresh_stamp VALUES (?, ?, ?, ?)", rows)

    return insert


def _insert_chunks(seal: int, chunks: list[FreshChunk]) -> Step:
    def insert(connection: PlantConnection) -> None:
        with transaction(connection):
            connection.executemany(
                f"INSERT INTO fresh (seal, hour, tag, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                [(seal, chunk.hour, chunk.tag, *chunk.packed.row()) for chunk in chunks],
            )

    return insert
