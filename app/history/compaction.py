"""Compaction: the fresh chunks of an hour that has passed become one chunk per tag, with its rollups and key frame.

Late samples come as fresh chunks of an old hour: that hour is then compacted again. Each step replaces what it read in
one transaction, so that a reader sees the same samples before and after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.database import PlantConnection, transaction
from app.history.chunk import COLUMNS, LONGEST_CHUNK, PackedChunk, StampPacker, StampReader, pack_chunk, unpack_chunk
from app.history.codec import CodecError
from app.history.gap import Gap, GapReason, record_gaps
from app.history.layout import HOUR_NS, PIECES, chunk_key, hour_key, tag_key
from app.history.remake import remade_page
from app.history.rollup import TIERS, Buckets, Tier, bucketed, no_buckets, pack_page, regrouped, replaced, unpack_page
from app.history.samples import KIND_OF, Samples, converted, lost_mark, merged
from app.history.seal import Step, plain_value
from app.model import status
from app.model.exact import DataType

_TAGS_PER_STEP = 32
_HOURLY = "INSERT OR REPLACE INTO hourly VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class _Merged:
    """What an hour of a tag becomes."""

    tag: int
    fresh: list[int]
    pieces: list[tuple[int, PackedChunk]]
    hourly: tuple[object, ...]
    pages: list[tuple[Tier, int, tuple[int, int, bytes]]]
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
    tags = [
        tag
        for (tag,) in connection.execute(
            "SELECT DISTINCT tag FROM fresh WHERE hour = ? AND seal <= (SELECT value FROM history_state "
            "WHERE key = 'seal') ORDER BY tag",
            (hour,),
        ).fetchall()
    ]
    lowest, highest = hour_key(hour, 0), hour_key(hour + 1, 0) - 1
    first = connection.execute(
        "SELECT coalesce(max(id) + 1, ?) FROM stamp WHERE id BETWEEN ? AND ?", (lowest, lowest, highest)
    ).fetchone()[0]
    stamps, times = StampPacker(first), _Times(StampReader("stamp"), StampReader("fresh_stamp"))
    written = 0
    for begin in range(0, len(tags), _TAGS_PER_STEP):
        part = [_merge(connection, hour, tag, stamps, times) for tag in tags[begin : begin + _TAGS_PER_STEP]]
        yield _replace(hour, part, stamps.rows[written:])
        written = len(stamps.rows)
    yield _tidy(hour, lowest, highest)


@dataclass(frozen=True, slots=True)
class _Times:
    compacted: StampReader
    fresh: StampReader


def _merge(connection: PlantConnection, hour: int, tag: int, stamps: StampPacker, times: _Times) -> _Merged:
    data_type = connection.execute("SELECT data_type FROM tag WHERE id = ?", (tag,)).fetchone()[0]
    kind = KIND_OF[DataType(data_type)]
    former = connection.execute(
        f"SELECT {COLUMNS} FROM chunk WHERE id BETWEEN ? AND ?",  # noqa: S608 - a constant
        (chunk_key(hour, tag), chunk_key(hour, tag, PIECES - 1)),
    ).fetchall()
    fresh = connection.execute(
        f"SELECT id, {COLUMNS} FROM fresh WHERE tag = ? AND hour = ? AND seal <= "  # noqa: S608 - a constant
        "(SELECT value FROM history_state WHERE key = 'seal') ORDER BY id",
        (tag, hour),
    ).fetchall()
    times.compacted.load(connection, [row[0] for row in former])
    times.fresh.load(connection, [row[1] for row in fresh])
    chunks = [(PackedChunk(*row), times.compacted) for row in former]
    chunks += [(PackedChunk(*row[1:]), times.fresh) for row in fresh]
    parts, damaged = [], []
    for chunk, reader in chunks:
        try:
            samples = unpack_chunk(chunk, tag, reader.time_of(chunk.stamp))
        except CodecError:
            damaged.append(Gap(chunk.start, chunk.end + 1, GapReason.DAMAGED_CHUNK, chunk.samples, tag))
        else:
            parts.append(samples.in_kind(kind))
    samples = merged([*parts, *(lost_mark(tag, gap.start).in_kind(kind) for gap in damaged)], kind)
    return _Merged(
        tag,
        [row[0] for row in fresh],
        list(_pieces(hour, samples, stamps)),
        hourly_row(hour, tag, samples),
        list(pages_of(connection, hour, tag, samples)),
        damaged,
    )


def _pieces(hour: int, samples: Samples, stamps: StampPacker) -> Iterator[tuple[int, PackedChunk]]:
    """Yield the hour in as many pieces of equal time as keep one from being long."""
    count = 1
    while count < PIECES and len(samples) > count * LONGEST_CHUNK:
        count *= 2
    edges = np.array([hour * HOUR_NS + piece * HOUR_NS // count for piece in range(1, count)], np.int64)
    rows = [0, *samples.time.searchsorted(edges).tolist(), len(samples)]
    for piece, (first, last) in enumerate(pairwise(rows)):
        if first < last:
            part = samples.rows(slice(first, last))
            yield piece * PIECES // count, pack_chunk(part, stamps.stamp_of(part.time))


def hourly_row(hour: int, tag: int, samples: Samples) -> tuple[object, ...]:
    """Return the row of `hourly` for the samples of an hour of a tag."""
    number = converted(samples.value, "f")
    usable = number[status.usable_mask(samples.status) & ~np.isnan(number)]
    has_any = bool(len(usable))
    return (
        tag_key(tag, hour),
        tag,
        hour,
        float(usable.min()) if has_any else None,
        float(usable.max()) if has_any else None,
        _mean(usable),
        float(usable[0]) if has_any else None,
        float(usable[-1]) if has_any else None,
        len(samples),
        len(usable),
        int(samples.status.max()),
        int(samples.time[-1]),
        plain_value(samples),
        int(samples.status[-1]),
    )


def _mean(values: NDArray[np.float64]) -> float | None:
    """Return the mean, None where there is none: of nothing, or of both infinities."""
    if not len(values):
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        mean = float(values.mean())
    return None if np.isnan(mean) else mean


def pages_of(
    connection: PlantConnection, hour: int, tag: int, samples: Samples
) -> Iterator[tuple[Tier, int, tuple[int, int, bytes]]]:
    """Yield tier, key and content of the rollup pages that hold an hour of a tag, brought up to date."""
    number = converted(samples.value, "f")
    start = hour * HOUR_NS
    buckets: Buckets | None = None
    for tier in TIERS:
        buckets = (
            bucketed(samples.time, number, samples.status, tier.width)
            if buckets is None
            else regrouped([buckets], tier.width)
        )
        page = start // tier.page_ns
        key = tag_key(tag, page)
        row = connection.execute(
            f"SELECT buckets, crc, data FROM {tier.table} WHERE id = ?",  # noqa: S608 - a constant
            (key,),
        ).fetchone()
        try:
            former = no_buckets() if row is None else unpack_page(tier, *row)
        except CodecError:
            former = remade_page(connection, tag, tier, page)
        yield tier, key, pack_page(replaced(former, start, start + HOUR_NS, buckets), tier)


def _replace(hour: int, parts: Sequence[_Merged], stamps: Sequence[tuple[int, int, int, bytes]]) -> Step:
    def replace(connection: PlantConnection) -> None:
        with transaction(connection):
            connection.executemany("INSERT INTO stamp VALUES (?, ?, ?, ?)", stamps)
            connection.executemany(
                "DELETE FROM chunk WHERE id BETWEEN ? AND ?",
                [(chunk_key(hour, part.tag), chunk_key(hour, part.tag, PIECES - 1)) for part in parts],
            )
            connection.executemany(
                f"INSERT INTO chunk (id, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                [(chunk_key(hour, part.tag, place), *packed.row()) for part in parts for place, packed in part.pieces],
            )
            connection.executemany(_HOURLY, [part.hourly for part in parts])
            for tier in TIERS:
                connection.executemany(
                    f"INSERT OR REPLACE INTO {tier.table} VALUES (?, ?, ?, ?)",  # noqa: S608 - a constant
                    [(key, *page) for part in parts for each, key, page in part.pages if each is tier],
                )
            record_gaps(connection, [gap for part in parts for gap in part.damaged])
            connection.executemany(
                "DELETE FROM fresh WHERE id = ?", [(number,) for part in parts for number in part.fresh]
            )
            connection.execute("UPDATE history_state SET value = value + 1 WHERE key = 'generation'")

    return replace


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
