"""Sealing: the journal's commits become fresh chunks of one tag and hour each.

Packing needs no lock and is done beside the writer, from what a reading connection gave. What is written comes in
small transactions, each as soon as it is packed, so that commits of new samples need not wait; nobody sees the new
chunks until the last of them, which also removes the commits from the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise

import numpy as np

from app.database import PlantConnection, insert_rows, transaction
from app.history.chunk import COLUMNS, PackedChunk, StampPacker, StampRow, pack_chunk
from app.history.codec import QUICK
from app.history.gap import Gap, GapReason, record_gaps
from app.history.journal import JournalRow, rows_after, rows_to_seal
from app.history.layout import HOUR_NS, hour_of
from app.history.samples import Samples, gathered, merged
from app.history.tag_table import kinds_of_tags
from app.history.unsealed import Unsealed

Step = Callable[[PlantConnection], None]
"""One short transaction on the writing connection."""

_CHUNKS_PER_STEP = 64


@dataclass(frozen=True, slots=True)
class FreshChunk:
    """A chunk of a seal: whose, and of which hour."""

    hour: int
    tag: int
    packed: PackedChunk


@dataclass(slots=True)
class Seal:
    """Samples of the commits up to `through`, ready to be packed; `damaged` commits could not be read.

    `chunks`: how many of them have been made.
    """

    number: int
    through: int
    samples: list[Samples]
    first_stamp: int
    damaged: list[Gap]
    chunks: int = 0

    def steps(self) -> Generator[Step]:
        """Yield the transactions to be executed in this order; each is packed only when it is asked for."""
        stamps = StampPacker(self.first_stamp, level=QUICK)
        chunks = chain.from_iterable(_chunks(samples, stamps) for samples in self.samples)
        while part := list(islice(chunks, _CHUNKS_PER_STEP)):
            self.chunks += len(part)
            yield _insert(self.number, part, stamps.take())
        self.samples = []
        yield self._finish

    def _finish(self, connection: PlantConnection) -> None:
        with transaction(connection):
            connection.execute("UPDATE history_state SET value = ? WHERE key = 'seal'", (self.number,))
            connection.execute("UPDATE history_state SET value = ? WHERE key = 'sealed_through'", (self.through,))
            connection.execute("DELETE FROM journal WHERE seq <= ?", (self.through,))
            record_gaps(connection, self.damaged)


def prepare_seal(connection: PlantConnection, unsealed: Unsealed | None = None) -> Seal | None:
    """Return the commits that are in the journal now, put in order; None where there are none.

    `unsealed`: where those of this process still are in memory.
    """
    state = dict(connection.execute("SELECT key, value FROM history_state").fetchall())
    through = state["sealed_through"]
    commits = list(rows_after(connection, through) if unsealed is None else rows_to_seal(connection, through, unsealed))
    if not commits:
        return None
    first_stamp = connection.execute("SELECT coalesce(max(id), 0) + 1 FROM fresh_stamp").fetchone()[0]
    samples = list(_in_own_kind(commits, kinds_of_tags(connection)))
    damaged = [Gap(row.start, row.end + 1, GapReason.DAMAGED_COMMIT, row.samples) for row in commits if row.damage]
    return Seal(state["seal"] + 1, commits[-1].seq, samples, first_stamp, damaged)


def plain_value(samples: Samples) -> object:
    """Return the last value as SQLite holds it for people: NaN is NULL."""
    value = samples.value[-1]
    if samples.kind == "f":
        return None if np.isnan(value) else float(value)
    return value if samples.kind == "O" else int(value)


def _in_own_kind(commits: Sequence[JournalRow], kinds: dict[int, str]) -> Iterator[Samples]:
    """Yield the samples of all tags, those of one kind of value together."""
    arrived = [part for row in commits for part in row.arrived]
    found = {
        kind: gathered([part for part in arrived if part.kind == kind]) for kind in {part.kind for part in arrived}
    }
    for kind in sorted(set(kinds.values())):
        # where kinds were mixed, the tag's own counts
        others = [samples for each, samples in found.items() if each != kind]
        parts = [_of_kind(samples, kind, kinds).in_kind(kind) for samples in others]
        if kind in found:
            parts.append(_of_kind(found[kind], kind, kinds))
        yield merged(parts, kind)


def _of_kind(samples: Samples, kind: str, kinds: dict[int, str]) -> Samples:
    """Return the samples of the tags that have this kind of value."""
    if set(kinds.values()) == {kind}:
        return samples
    tags = [tag for tag, _ in samples.by_tag()]
    mine = [tag for tag in tags if kinds[tag] == kind]
    return samples if len(mine) == len(tags) else samples.rows(np.isin(samples.tag, mine))


def _chunks(samples: Samples, stamps: StampPacker) -> Iterator[FreshChunk]:
    """Yield a chunk of each tag and hour."""
    if not len(samples):
        return
    is_new = samples.tag[1:] != samples.tag[:-1]
    if hour_of(int(samples.time.min())) != hour_of(int(samples.time.max())):
        hours = samples.time // HOUR_NS
        is_new |= hours[1:] != hours[:-1]
    edges = [0, *(np.flatnonzero(is_new) + 1).tolist(), len(samples)]
    owners = zip((samples.time[edges[:-1]] // HOUR_NS).tolist(), samples.tag[edges[:-1]].tolist(), strict=True)
    for (first, last), (hour, tag) in zip(pairwise(edges), owners, strict=True):
        part = samples.rows(slice(first, last))
        yield FreshChunk(hour, tag, pack_chunk(part, stamps.stamp_of(part.time), level=QUICK))


def _insert(seal: int, chunks: list[FreshChunk], stamps: list[StampRow]) -> Step:
    rows = [(seal, chunk.hour, chunk.tag, *chunk.packed.row()) for chunk in chunks]

    def insert(connection: PlantConnection) -> None:
        with transaction(connection):
            # a seal that was cut off has left some of these numbers
            insert_rows(connection, "INSERT OR REPLACE INTO fresh_stamp", stamps)
            insert_rows(connection, f"INSERT INTO fresh (seal, hour, tag, {COLUMNS})", rows)

    return insert
