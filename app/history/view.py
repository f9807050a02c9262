"""One state of the history's file in a reader's transaction: finds a tag's samples in chunks and commits."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from app.database import PlantConnection
from app.history.chunk import COLUMNS, PackedChunk, StampReader, unpack_chunk
from app.history.codec import CodecError
from app.history.column_reader import ColumnReader
from app.history.layout import HOUR_NS, PIECE_BITS, PIECES, chunk_key, hour_of, position_of, tag_key, tag_of_chunk
from app.history.page_reader import PageReader
from app.history.samples import KIND_OF, Samples, lost_mark, merged
from app.history.stored_hours import FIRST_HOUR, newest_hour, stored_hours
from app.history.tag_name import FORMER
from app.history.tag_table import known_tags
from app.history.tail import Tail
from app.model.exact import DataType

log = logging.getLogger(__name__)

_CHUNKS_AT_ONCE = 48
"""Two days at 1 Hz, 3 MB of columns: they stay in the processor's cache."""
_FEW_HOURS = 4
"""So few hours are looked for without asking first which of them hold anything."""

MARKS = "(SELECT group_concat(value) FROM history_state), (SELECT max(seq) FROM journal)"
"""Two columns that are others once anything has been stored, sealed, compacted or repaired."""
_SELECT_MARKS = f"SELECT {MARKS}"

_HAS_CHUNKS = (
    "EXISTS (SELECT 1 FROM chunk WHERE chunk.id BETWEEN :chunk + hourly.hour * :hour "
    "AND :last_piece + hourly.hour * :hour)"
)

_CHUNKS_OF_HOURS = (
    f"SELECT {', '.join(f'chunk.{column}' for column in COLUMNS.split(', '))} "  # noqa: S608 - constants
    "FROM hourly CROSS JOIN chunk ON chunk.id BETWEEN :chunk + hourly.hour * :hour "
    "AND :last_piece + hourly.hour * :hour "
    "WHERE hourly.id BETWEEN :first AND :last AND chunk.end >= :start AND chunk.start < :end "
    "ORDER BY hourly.id, chunk.id"
)


class TagInFile:
    """A tag as the file knows it: its number and how its values are stored."""

    __slots__ = ("data_type", "kind", "number")

    def __init__(self, number: int, data_type: DataType) -> None:
        """Take a row of the table of tags."""
        self.number = number
        self.data_type = data_type
        self.kind = KIND_OF[data_type]


class HistoryView:
    """What a reader keeps between its transactions; `enter` brings it to the state of the one that has begun."""

    def __init__(self, check: Callable[[], None]) -> None:
        """Begin empty; `check` is called now and then and raises where the query was cancelled."""
        self.tail = Tail()
        self.seal = 0
        self.thinned_before = FIRST_HOUR
        self._check = check
        self.generation = self._version = -1
        self.has_fresh = False
        self.marks: tuple[str, int | None] | None = None
        self.compacted_stamps = StampReader("stamp")
        self._fresh_stamps = StampReader("fresh_stamp")
        self.pages = PageReader()
        self.columns = ColumnReader()
        self._tags_state = -1
        self._tags: dict[str, TagInFile] = {}
        self._former: dict[str, TagInFile] = {}
        self._tags_by_number: dict[int, tuple[str, TagInFile]] = {}
        self._told_damage: set[str] = set()
        self.connection: PlantConnection

    def enter(self, connection: PlantConnection) -> None:
        """Follow the file to the state that the open transaction of `connection` shows."""
        self.connection = connection
        # of the connection: it tells what others have committed, and a reader itself commits nothing
        version = connection.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return
        self._version, self.marks = -1, None
        self._follow(connection)
        self._version = version

    def _follow(self, connection: PlantConnection) -> None:
        state = dict(connection.execute("SELECT key, value FROM history_state").fetchall())
        if state["generation"] != self.generation:
            self.generation = state["generation"]
            self.compacted_stamps.forget()
            self._fresh_stamps.forget()
            self.pages.forget()
        if state["tags"] != self._tags_state:
            self._tags_state = state["tags"]
            self._tags = {name: TagInFile(number, data_type) for name, number, data_type in known_tags(connection)}
            self._tags_by_number = {tag.number: (name, tag) for name, tag in self._tags.items()}
            by_number = {tag.number: tag for tag in self._tags.values()}
            former = {key.removeprefix(FORMER): number for key, number in state.items() if key.startswith(FORMER)}
            self._former = {name: by_number[number] for name, number in former.items() if number in by_number}
        self.seal = state["seal"]
        self.thinned_before = state.get("thinned_before", FIRST_HOUR)
        self.has_fresh = bool(connection.execute("SELECT EXISTS (SELECT 1 FROM fresh)").fetchone()[0])
        self.tail.follow(connection, state["sealed_through"])
        self.marks = connection.execute(_SELECT_MARKS).fetchone()

    @property
    def is_settled(self) -> bool:
        """Whether all samples are compacted."""
        return not self.has_fresh and not self.tail

    def tag(self, name: str) -> TagInFile | None:
        """Return a tag by its name; by one that it had, where no tag has that now: a replay knows former names."""
        return self._tags.get(name) or self._former.get(name)

    def tags(self) -> dict[int, tuple[str, TagInFile]]:
        """Return all tags by their number in the file."""
        return self._tags_by_number

    def samples(self, tag: TagInFile, start: int, end: int, *, has_loose: bool = True) -> Samples:
        """Return the samples of a tag with start <= time < end (ns UTC), in its own kind of value.

        `has_loose`: False where it is known that all of them are compacted.
        """
        if end <= start:
            return merged([], tag.kind)
        parts = list(self.compacted(tag, start, end))
        if has_loose:
            parts += self.loose(tag, start, end)
        samples = merged(parts, tag.kind)
        if len(samples) and (samples.time[0] < start or samples.time[-1] >= end):
            first, last = samples.time.searchsorted(np.array((start, end), np.int64)).tolist()
            samples = samples.rows(slice(first, last))
        return samples

    def loose(self, tag: TagInFile, start: int, end: int) -> list[Samples]:
        """Return what is not compacted of a tag and may lie in start <= time < end, in the order of writing."""
        parts = list(self._fresh(tag, start, end))
        parts += [part.in_kind(tag.kind) for part in self.tail.parts(tag.number, start, end - 1)]
        return parts

    def loose_hours(self, tag: TagInFile, start: int, end: int) -> list[int]:
        """Return the hours in start <= time < end with samples that are not compacted, in rising order."""
        hours: set[int] = set()
        if self.has_fresh:
            rows = self.connection.execute(
                "SELECT DISTINCT hour FROM fresh WHERE tag = ? AND hour BETWEEN ? AND ? AND seal <= ?",
                (tag.number, hour_of(start), hour_of(end - 1), self.seal),
            ).fetchall()
            hours.update(hour for (hour,) in rows)
        for part in self.tail.parts(tag.number, hour_of(start) * HOUR_NS, (hour_of(end - 1) + 1) * HOUR_NS - 1):
            hours.update(np.unique(part.time // HOUR_NS).tolist())
        return sorted(hours)

    def hours_backwards(self, tag: TagInFile, start: int, end: int) -> Iterator[int]:
        """Yield the hours in start <= time < end that have chunks, in falling order, as far as they are wanted."""
        early, late = hour_of(start), hour_of(end - 1)
        for first, last, condition in (
            (max(early, self.thinned_before), late, ""),
            (early, min(late, self.thinned_before - 1), f"AND {_HAS_CHUNKS}"),
        ):
            for (key,) in self.connection.execute(
                f"SELECT id FROM hourly WHERE id BETWEEN :first AND :last {condition} ORDER BY id DESC",  # noqa: S608
                _hours_of(tag, first, last),
            ):
                yield position_of(key)

    def thinned_hours(self, tag: TagInFile, start: int, end: int) -> list[int]:
        """Return the hours in start <= time < end that have rollups but no chunks any more, in rising order."""
        early, late = hour_of(start), min(hour_of(end - 1), self.thinned_before - 1)
        if late < early:
            return []
        rows = self.connection.execute(
            f"SELECT id FROM hourly WHERE id BETWEEN :first AND :last AND NOT {_HAS_CHUNKS} ORDER BY id",  # noqa: S608
            _hours_of(tag, early, late),
        )
        return [position_of(key) for (key,) in rows.fetchall()]

    def compacted(self, tag: TagInFile, start: int, end: int) -> Iterator[Samples]:
        """Yield the chunks of a tag that may hold samples in start <= time < end, in their order."""
        for chunks in self.compacted_chunks(tag, start, end):
            yield from self.unpacked(tag, chunks, self.compacted_stamps)

    def compacted_chunks(self, tag: TagInFile, start: int, end: int) -> Iterator[list[PackedChunk]]:
        """Yield the same, still packed, so many at once that little room is needed; their stamps are loaded."""
        early, late = hour_of(start), hour_of(end - 1)
        if late - early < _FEW_HOURS:
            rows = [row for hour in range(early, late + 1) for row in self._chunks_of_hour(tag, hour, start, end)]
            batches: Iterable[list[Any]] = [rows]
        else:
            cursor = self.connection.execute(
                _CHUNKS_OF_HOURS, {**_hours_of(tag, early, late), "start": start, "end": end}
            )
            batches = iter(lambda: cursor.fetchmany(_CHUNKS_AT_ONCE), [])
        for batch in batches:
            self._check()
            chunks = [PackedChunk(*row) for row in batch]
            self.compacted_stamps.load(self.connection, [chunk.stamp for chunk in chunks])
            yield chunks

    def _chunks_of_hour(self, tag: TagInFile, hour: int, start: int, end: int) -> list[Any]:
        return self.connection.execute(
            f"SELECT {COLUMNS} FROM chunk WHERE id BETWEEN ? AND ? AND end >= ? AND start < ?",  # noqa: S608
            (chunk_key(hour, tag.number), chunk_key(hour, tag.number, PIECES - 1), start, end),
        ).fetchall()

    def compacted_ends(self) -> list[tuple[int, int]]:
        """Return the extent (ns UTC) of the first and of the last hour with chunks."""
        hours = (next(stored_hours(self.connection), None), newest_hour(self.connection))
        keys = {(chunk_key(hour, 0), chunk_key(hour + 1, 0) - 1) for hour in hours if hour is not None}
        query = "SELECT min(start), max(end) FROM chunk WHERE id BETWEEN ? AND ?"
        return [self.connection.execute(query, each).fetchone() for each in keys]

    def chunks_at(self, instant: int) -> list[tuple[int, PackedChunk]]:
        """Return tag and chunk of what is compacted around an instant (ns UTC): of each tag the last that began."""
        first, last = chunk_key(hour_of(instant), 0), chunk_key(hour_of(instant) + 1, 0) - 1
        rows = self.connection.execute(
            f"SELECT id, {COLUMNS} FROM chunk WHERE id IN (SELECT max(id) FROM chunk "  # noqa: S608 - a constant
            f"WHERE id BETWEEN ? AND ? AND start <= ? GROUP BY id >> {PIECE_BITS})",
            (first, last, instant),
        ).fetchall()
        return [(tag_of_chunk(row[0]), PackedChunk(*row[1:])) for row in rows]

    def chunks_between(self, start: int, end: int) -> dict[int, list[PackedChunk]]:
        """Return the compacted chunks of each tag that may hold samples in start <= time < end, within one hour."""
        hour = hour_of(start)
        rows = self.connection.execute(
            f"SELECT id, {COLUMNS} FROM chunk WHERE id BETWEEN ? AND ? AND end >= ? AND start < ?",  # noqa: S608
            (chunk_key(hour, 0), chunk_key(hour + 1, 0) - 1, start, end),
        ).fetchall()
        found: dict[int, list[PackedChunk]] = {}
        for row in rows:
            if (tag := tag_of_chunk(row[0])) in self._tags_by_number:
                found.setdefault(tag, []).append(PackedChunk(*row[1:]))
        self.compacted_stamps.load(self.connection, [row[1] for row in rows])
        return found

    def joined(self, tag: int, chunks: Sequence[PackedChunk], start: int, end: int) -> Samples | None:
        """Return start <= time < end of neighbouring chunks of a tag, None where one is damaged."""
        try:
            parts = [unpack_chunk(chunk, tag, self.compacted_stamps.time_of(chunk.stamp)) for chunk in chunks]
        except CodecError:
            return None
        samples = merged(parts)
        first, last = samples.time.searchsorted(np.array((start, end), np.int64)).tolist()
        return samples.rows(slice(first, last))

    def fresh_around(self, at: int) -> list[tuple[int, PackedChunk]]:
        """Return tag and chunk of the fresh chunks that hold an instant, and of each tag the last ones before it."""
        if not self.has_fresh:
            return []
        rows = self.connection.execute(
            "SELECT id FROM fresh WHERE start <= ?1 AND end > ?1 AND seal <= ?2 UNION "
            "SELECT id FROM fresh JOIN (SELECT tag AS of_tag, max(end) AS latest FROM fresh "
            "WHERE end <= ?1 AND seal <= ?2 GROUP BY tag) ON tag = of_tag AND end = latest AND seal <= ?2 ORDER BY 1",
            (at, self.seal),
        ).fetchall()
        numbers = [number for (number,) in rows]
        found = []
        for first in range(0, len(numbers), 500):
            part = numbers[first : first + 500]
            found += self.fresh_chunks(f"id IN ({','.join('?' * len(part))})", part)
        return [(tag, chunk) for _, tag, chunk in found]

    def fresh_chunks(self, condition: str, parameters: Sequence[int]) -> list[tuple[int, int, PackedChunk]]:
        """Return (number, tag, chunk) of fresh chunks, in the order of writing; `condition`: SQL of ours."""
        if not self.has_fresh:
            return []
        rows = self.connection.execute(
            f"SELECT id, tag, {COLUMNS} FROM fresh WHERE {condition} AND seal <= ? ORDER BY id",  # noqa: S608 - ours
            (*parameters, self.seal),
        ).fetchall()
        return [(number, tag, PackedChunk(*chunk)) for number, tag, *chunk in rows]

    def unpacked_fresh(self, tag: TagInFile, chunks: Sequence[PackedChunk]) -> Iterator[Samples]:
        """Yield the samples of fresh chunks of a tag."""
        return self.unpacked(tag, chunks, self._fresh_stamps)

    def unpacked(self, tag: TagInFile, chunks: Sequence[PackedChunk], stamps: StampReader) -> Iterator[Samples]:
        """Yield the samples of chunks of a tag; one that is damaged is one bad sample at its start."""
        stamps.load(self.connection, [chunk.stamp for chunk in chunks])
        for chunk in chunks:
            try:
                samples = unpack_chunk(chunk, tag.number, stamps.time_of(chunk.stamp))
            except CodecError as error:
                self.tell_damage(f"tag {tag.number} at {chunk.start}: {error}")
                samples = lost_mark(tag.number, chunk.start)
            yield samples.in_kind(tag.kind)

    def tell_damage(self, what: str) -> None:
        """Log what is damaged, once."""
        if what not in self._told_damage:
            self._told_damage.add(what)
            log.error("history.damaged %s", what)

    def _fresh(self, tag: TagInFile, start: int, end: int) -> Iterator[Samples]:
        found = self.fresh_chunks(
            "tag = ? AND hour BETWEEN ? AND ? AND end >= ? AND start < ?",
            (tag.number, hour_of(start), hour_of(end - 1), start, end),
        )
        return self.unpacked_fresh(tag, [chunk for _, _, chunk in found])


def _hours_of(tag: TagInFile, first: int, last: int) -> dict[str, int]:
    """Return the parameters for a search in `hourly` with _HAS_CHUNKS."""
    return {
        "first": tag_key(tag.number, first),
        "last": tag_key(tag.number, last),
        "chunk": chunk_key(0, tag.number),
        "last_piece": chunk_key(0, tag.number, PIECES - 1),
        "hour": chunk_key(1, tag.number) - chunk_key(0, tag.number),
    }
