"""The integrity of the history: finds every damaged part.

Three nets: SQLite's own check of the file's structure; the checksum of every packed column; and what must agree with
something else, such as the extent of a chunk with its times, or the numbers of an hour with its samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from app.database import PlantConnection
from app.history.chunk import COLUMNS, PackedChunk, StampReader, unpack_chunk, unpack_stamp
from app.history.codec import CodecError
from app.history.hourly import SUMS, HourlyRow, hourly_row
from app.history.journal import rows_after
from app.history.layout import (
    HOUR_NS,
    chunk_key,
    chunk_keys,
    hour_of,
    hour_of_chunk,
    position_of,
    tag_key,
    tag_of_chunk,
    tag_of_key,
)
from app.history.remake import in_own_kind
from app.history.rollup import TIERS
from app.history.rollup_page import unpack_page
from app.history.samples import Samples, merged
from app.history.tag_repair import tag_problems


@dataclass(frozen=True, slots=True)
class Damage:
    """One damaged part: its table and key, what is wrong, and the stretch (ns UTC) and samples that it held.

    `tag` is 0 where it concerns several. `is_repairable`: it can be made again from samples that are there.
    """

    table: str
    key: int
    reason: str
    tag: int = 0
    start: int = 0
    end: int = 0
    samples: int = 0
    is_repairable: bool = False


def structure_problems(connection: PlantConnection, most: int = 100) -> list[str]:
    """Return what SQLite finds wrong with the file's structure; it reads the whole file."""
    rows = connection.execute(f"PRAGMA integrity_check({most})").fetchall()
    return [text for (text,) in rows if text != "ok"]


def find_damage(connection: PlantConnection, *, on_progress: Callable[[float], None] = lambda _: None) -> list[Damage]:
    """Return every damaged part of the history that `connection` reads; `on_progress` hears the share that is done."""
    found = [
        *(Damage("tag", key, reason, is_repairable=is_mended) for key, reason, is_mended in tag_problems(connection)),
        *_journal_damage(connection),
        *_stamp_damage(connection, "stamp"),
        *_stamp_damage(connection, "fresh_stamp"),
    ]
    found += _fresh_damage(connection)
    hours = _hours(connection)
    for done, hour in enumerate(hours):
        found += _hour_damage(connection, hour)
        on_progress((done + 1) / (len(hours) + 1))
    found += _page_damage(connection)
    on_progress(1.0)
    return found


def _hours(connection: PlantConnection) -> list[int]:
    hours: list[int] = []
    key: int | None = -(1 << 62)
    while True:
        (key,) = connection.execute("SELECT min(id) FROM chunk WHERE id >= ?", (key,)).fetchone()
        if key is None:
            return hours
        hours.append(hour_of_chunk(key))
        key = chunk_key(hours[-1] + 1, 0)


def _journal_damage(connection: PlantConnection) -> Iterator[Damage]:
    (sealed,) = connection.execute("SELECT value FROM history_state WHERE key = 'sealed_through'").fetchone()
    for row in rows_after(connection, sealed):
        reason = row.damage
        if not reason:
            times = [part.time for part in row.arrived]
            extent = (min(int(time.min()) for time in times), max(int(time.max()) for time in times))
            if extent != (row.start, row.end) or sum(map(len, row.arrived)) != row.samples:
                reason = "its extent is not that of its samples"
        if reason:
            yield Damage(
                "journal", row.seq, reason, 0, row.start, row.end + 1, row.samples, is_repairable=not row.damage
            )


def _stamp_damage(connection: PlantConnection, table: str) -> Iterator[Damage]:
    for key, samples, crc, data in connection.execute(f"SELECT id, samples, crc, data FROM {table}"):  # noqa: S608
        try:
            unpack_stamp(data, crc, samples)
        except CodecError as error:
            yield Damage(table, key, str(error), samples=samples)


def _fresh_damage(connection: PlantConnection) -> Iterator[Damage]:
    stamps = StampReader("fresh_stamp")
    rows = connection.execute(f"SELECT id, hour, tag, {COLUMNS} FROM fresh").fetchall()  # noqa: S608 - a constant
    for key, hour, tag, *columns in rows:
        chunk = PackedChunk(*columns)
        stamps.load(connection, [chunk.stamp])
        reason = _problem(chunk, tag, hour, stamps)
        if reason:
            yield Damage("fresh", key, reason, tag, chunk.start, chunk.end + 1, chunk.samples)


def _hour_damage(connection: PlantConnection, hour: int) -> Iterator[Damage]:
    stamps = StampReader("stamp")
    pieces: dict[int, list[Samples]] = {}
    damaged: set[int] = set()
    for key, *columns in connection.execute(
        f"SELECT id, {COLUMNS} FROM chunk WHERE id BETWEEN ? AND ? ORDER BY id",  # noqa: S608 - a constant
        (chunk_key(hour, 0), chunk_key(hour + 1, 0) - 1),
    ).fetchall():
        chunk, tag = PackedChunk(*columns), tag_of_chunk(key)
        stamps.load(connection, [chunk.stamp])
        reason = _problem(chunk, tag, hour, stamps)
        if reason:
            damaged.add(tag)
            yield Damage("chunk", key, reason, tag, hour * HOUR_NS, (hour + 1) * HOUR_NS, chunk.samples)
        else:
            pieces.setdefault(tag, []).append(unpack_chunk(chunk, tag, stamps.time_of(chunk.stamp)))
    for tag, parts in pieces.items():
        if tag in damaged:
            continue
        kept = connection.execute("SELECT * FROM hourly WHERE id = ?", (tag_key(tag, hour),)).fetchall()
        if not _is_of(kept, hourly_row(hour, tag, in_own_kind(connection, tag, merged(parts)))):
            yield Damage(
                "hourly",
                tag_key(tag, hour),
                "the numbers of an hour are not those of its samples",
                tag,
                hour * HOUR_NS,
                (hour + 1) * HOUR_NS,
                is_repairable=True,
            )


def _is_of(kept: list[tuple[object, ...]], made: HourlyRow) -> bool:
    """Return whether a row is the one that is made of the samples; one of a former version has no sums."""
    if len(kept) != 1:
        return False
    without = len(made) - SUMS
    return kept[0] == made or (kept[0][:without] == made[:without] and kept[0][without:] == (None,) * SUMS)


def _page_damage(connection: PlantConnection) -> Iterator[Damage]:
    for tier in TIERS:
        for key, *row in connection.execute(f"SELECT id, buckets, crc, data FROM {tier.table}").fetchall():  # noqa: S608
            start = position_of(key) * tier.page_ns
            try:
                page = unpack_page(tier, *row)
                is_inside = bool(((page.time >= start) & (page.time < start + tier.page_ns)).all())
                reason = "" if is_inside else "a rollup holds buckets of another time"
            except CodecError as error:
                reason = str(error)
            if reason:
                gone = _hours_without_samples(connection, tag_of_key(key), start, start + tier.page_ns)
                if gone:
                    reason += f"; of {gone} of its hours there are no samples any more to make it of"
                yield Damage(
                    tier.table, key, reason, tag_of_key(key), start, start + tier.page_ns, is_repairable=not gone
                )


def _hours_without_samples(connection: PlantConnection, tag: int, start: int, end: int) -> int:
    """Return how many hours in start <= time < end (ns UTC) a tag was recorded in of which no chunk is left."""
    hours = connection.execute(
        "SELECT hour FROM hourly WHERE id BETWEEN ? AND ?",
        (tag_key(tag, hour_of(start)), tag_key(tag, hour_of(end - 1))),
    ).fetchall()
    query = "SELECT EXISTS (SELECT 1 FROM chunk WHERE id BETWEEN ? AND ?)"
    return sum(not connection.execute(query, chunk_keys(hour, tag)).fetchone()[0] for (hour,) in hours)


def _problem(chunk: PackedChunk, tag: int, hour: int, stamps: StampReader) -> str:
    try:
        samples = unpack_chunk(chunk, tag, stamps.time_of(chunk.stamp))
    except CodecError as error:
        return str(error)
    if hour_of(int(samples.time[0])) != hour or hour_of(int(samples.time[-1])) != hour:
        return "a chunk lies in another hour than its samples"
    return "" if bool((np.diff(samples.time) > 0).all()) else "the times of a chunk do not rise"
