"""Compaction: the fresh chunks of an hour that has passed become one chunk per tag, with its rollups and key frame.

Late samples come as fresh chunks of an old hour: that hour is then compacted again. Each step replaces what it read in
one transaction, so that a reader sees the same samples before and after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import attrgetter

import numpy as np

from app.database import PlantConnection, insert_rows, transaction
from app.history.chunk import (
    COLUMNS,
    LONGEST_CHUNK,
    PackedChunk,
    StampPacker,
    StampReader,
    StampRow,
    pack_chunk,
    unpack_chunk,
    unpack_together,
)
from app.history.codec import CodecError
from app.history.gap import Gap, GapReason, record_gaps
from app.history.hourly import HourlyRow, hourly_rows
from app.history.layout import HOUR_NS, PIECES, chunk_key, hour_key, tag_of_chunk
from app.history.rollup import Tier
from app.history.rollup_page import updated_pages
from app.history.samples import Samples, lost_mark, merged
from app.history.seal import Step
from app.history.tag_table import kinds_of_tags

_TAGS_PER_STEP = 32
_SAMPLES_PER_STEP = 500_000
_DELETED_AT_ONCE = 500
_STAMPS = ("stamp", "fresh_stamp")
_KEPT = 4 << 20
"""Times of 140 hours at 1 Hz: tags that are polled together are mostly neighbours."""
_SEALED = "seal <= (SELECT value FROM history_state WHERE key = 'seal')"


@dataclass(slots=True)
class _Batch:
    """Tags with one kind of value that are compacted in one step, in rising order; `room`: for so many more samples."""

    kind: str
    tags: list[int] = field(default_factory=list)
    room: int = _SAMPLES_PER_STEP


@dataclass(frozen=True, slots=True)
class _Merged:
    """What an hour of some tags becomes."""

    former: list[int]
    fresh: list[int]
    chunks: list[tuple[int, PackedChunk]]
    hourly: list[HourlyRow]
    pages: dict[Tier, list[tuple[int, int, int, bytes]]]
    damaged: list[Gap]


def open_hours(connection: PlantConnection) -> list[int]:
    """Return the hours that have fresh chunks, in rising order."""
    rows = connection.execute(
        "SELECT DISTINCT hour FROM fresh WHERE seal <= (SELECT value FROM history_state WHERE key = 'seal') "
        "ORDER BY hour"
    )
    return [hour for (hour,) in rows]


def compaction_steps(connection: PlantConnection, hour: int) -> Iterator[Step]:
    """Yield the transactions that compact an hour; `connection` reads, and sees what the former steps have written."""
    lowest, highest = hour_key(hour, 0), hour_key(hour + 1, 0) - 1
    first = connection.execute(
        "SELECT coalesce(max(id) + 1, ?) FROM stamp WHERE id BETWEEN ? AND ?", (lowest, lowest, highest)
    ).fetchone()[0]
    stamps, times = StampPacker(first), _Times(*(StampReader(table, most_bytes=_KEPT) for table in _STAMPS))
    for batch in _batches(connection, hour):
        part = _merge(connection, hour, batch, stamps, times)
        numbers = stamps.arrange()
        yield _replace(part, stamps.take(), numbers)
    yield _tidy(hour, lowest, highest)


@dataclass(frozen=True, slots=True)
class _Times:
    compacted: StampReader
    fresh: StampReader


@dataclass(frozen=True, slots=True)
class _Stored:
    """A chunk of an hour as it was found, and what knows its times."""

    tag: int
    packed: PackedChunk
    times: StampReader


def _batches(connection: PlantConnection, hour: int) -> list[_Batch]:
    """Return the tags with fresh chunks of an hour, as many together as one step takes."""
    rows = connection.execute(
        "SELECT fresh.tag, sum(samples) FROM fresh JOIN tag ON tag.id = fresh.tag "  # noqa: S608 - ours
        f"WHERE hour = ? AND {_SEALED} GROUP BY fresh.tag ORDER BY fresh.tag",
        (hour,),
    ).fetchall()
    former = connection.execute(
        "SELECT id, samples FROM chunk WHERE id BETWEEN ? AND ?", (chunk_key(hour, 0), chunk_key(hour + 1, 0) - 1)
    ).fetchall()
    compacted: Counter[int] = Counter()
    for key, samples in former:
        compacted[tag_of_chunk(key)] += samples
    batches: list[_Batch] = []
    newest: dict[str, _Batch] = {}
    kinds = kinds_of_tags(connection)
    for tag, fresh in rows:
        samples, kind = fresh + compacted[tag], kinds[tag]
        batch = newest.get(kind)
        if batch is None or len(batch.tags) == _TAGS_PER_STEP or samples > batch.room:
            batch = newest[kind] = _Batch(kind)
            batches.append(batch)
        batch.tags.append(tag)
        batch.room -= samples
    return batches


def _merge(connection: PlantConnection, hour: int, batch: _Batch, stamps: StampPacker, times: _Times) -> _Merged:
    """Return what the chunks of an hour of some tags become."""
    tags, kind = batch.tags, batch.kind
    former = connection.execute(
        f"SELECT id, {COLUMNS} FROM chunk WHERE id BETWEEN ? AND ?",  # noqa: S608 - a constant
        (chunk_key(hour, tags[0]), chunk_key(hour, tags[-1], PIECES - 1)),
    ).fetchall()
    fresh = connection.execute(
        f"SELECT id, tag, {COLUMNS} FROM fresh WHERE hour = ? AND {_SEALED} "  # noqa: S608 - a constant and marks
        f"AND tag IN ({','.join('?' * len(tags))}) ORDER BY tag, id",
        (hour, *tags),
    ).fetchall()
    times.compacted.load(connection, [row[1] for row in former])
    times.fresh.load(connection, [row[2] for row in fresh])
    mine = set(tags)
    chunks = [_Stored(tag_of_chunk(key), PackedChunk(*row), times.compacted) for key, *row in former]
    chunks += [_Stored(tag, PackedChunk(*row), times.fresh) for _, tag, *row in fresh]
    chunks = sorted((each for each in chunks if each.tag in mine), key=attrgetter("tag"))
    damaged: list[Gap] = []
    samples = unpack_together([(each.tag, each.packed, each.times) for each in chunks], kind)
    sources = _sources(chunks) if samples is not None else {}
    if samples is None:
        samples = _unpacked_one_by_one(chunks, kind, damaged)
    parts = list(samples.by_tag())
    return _Merged(
        [row[0] for row in former if tag_of_chunk(row[0]) in mine],
        [row[0] for row in fresh],
        [each for tag, rows in parts for each in _pieces(hour, tag, samples.rows(rows), (stamps, sources.get(tag)))],
        hourly_rows(hour, samples, parts),
        updated_pages(connection, hour, tags, samples),
        damaged,
    )


def _sources(chunks: Sequence[_Stored]) -> dict[int, tuple[tuple[str, int], ...]]:
    """Return of each tag the stamps of which its times are put together: where they are the same, so are the times."""
    return {
        tag: tuple((each.times.table, each.packed.stamp) for each in of_tag)
        for tag, of_tag in groupby(chunks, attrgetter("tag"))
    }


def _unpacked_one_by_one(chunks: Sequence[_Stored], kind: str, damaged: list[Gap]) -> Samples:
    """Return the samples of chunks that overlap, are of another kind of value or damaged, which is added to a list."""
    parts = []
    for each in chunks:
        tag, chunk = each.tag, each.packed
        try:
            samples = unpack_chunk(chunk, tag, each.times.time_of(chunk.stamp))
        except CodecError:
            damaged.append(Gap(chunk.start, chunk.end + 1, GapReason.DAMAGED_CHUNK, chunk.samples, tag))
        else:
            parts.append(samples.in_kind(kind))
    parts += [lost_mark(gap.tag or 0, gap.start).in_kind(kind) for gap in damaged]
    return merged(parts, kind)


def _pieces(
    hour: int, tag: int, samples: Samples, times: tuple[StampPacker, Hashable]
) -> Iterator[tuple[int, PackedChunk]]:
    """Yield the hour in as many pieces of equal time as keep one from being long, with their keys.

    `times`: what packs them, and what is alike where they are.
    """
    stamps, source = times
    if len(samples) <= LONGEST_CHUNK:
        yield chunk_key(hour, tag), pack_chunk(samples, stamps.stamp_of(samples.time, source))
        return
    count = 1
    while count < PIECES and len(samples) > count * LONGEST_CHUNK:
        count *= 2
    edges = np.array([hour * HOUR_NS + piece * HOUR_NS // count for piece in range(1, count)], np.int64)
    rows = [0, *samples.time.searchsorted(edges).tolist(), len(samples)]
    for piece, (first, last) in enumerate(pairwise(rows)):
        if first < last:
            part = samples.rows(slice(first, last))
            yield chunk_key(hour, tag, piece * PIECES // count), pack_chunk(part, stamps.stamp_of(part.time))


def _replace(part: _Merged, stamps: Sequence[StampRow], numbers: dict[int, int]) -> Step:
    """Store what an hour of some tags becomes; `numbers`: of those stamps that are numbered anew, by former number."""
    rows = [(key, packed.row()) for key, packed in part.chunks]
    chunks = [(key, numbers.get(stamp, stamp), *rest) for key, (stamp, *rest) in rows]

    def replace(connection: PlantConnection) -> None:
        with transaction(connection):
            insert_rows(connection, "INSERT INTO stamp", stamps)
            _delete(connection, "chunk", part.former)
            insert_rows(connection, f"INSERT INTO chunk (id, {COLUMNS})", chunks)
            insert_rows(connection, "INSERT OR REPLACE INTO hourly", part.hourly)
            for tier, pages in part.pages.items():
                insert_rows(connection, f"INSERT OR REPLACE INTO {tier.table}", pages)
            record_gaps(connection, part.damaged)
            _delete(connection, "fresh", part.fresh)
            connection.execute("UPDATE history_state SET value = value + 1 WHERE key = 'generation'")

    return replace


def _delete(connection: PlantConnection, table: str, numbers: Sequence[int]) -> None:
    for first in range(0, len(numbers), _DELETED_AT_ONCE):
        some = numbers[first : first + _DELETED_AT_ONCE]
        connection.execute(f"DELETE FROM {table} WHERE id IN ({','.join('?' * len(some))})", some)  # noqa: S608 - ours


def _tidy(hour: int, lowest: int, highest: int) -> Step:
    """Remove times that no chunk has any more."""

    def tidy(connection: PlantConnection) -> None:
        with transaction(connection):
            connection.execute(
                "DELETE FROM stamp WHERE id BETWEEN ? AND ? AND id NOT IN "
                "(SELECT stamp FROM chunk WHERE id BETWEEN ? AND ?)",
                (lowest, highest, chunk_key(hour, 0), chunk_key(hour + 1, 0) - 1),
            )
            connection.execute("DELETE FROM fresh_stamp WHERE id NOT IN (SELECT stamp FROM fresh)")

    return tidy
