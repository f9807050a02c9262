"""A chunk: samples of one tag in one UTC hour as packed columns; its times are shared with other tags' chunks.

Tags that are polled together have the very same times, so the packed times (a stamp) are stored once for all of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.database import PlantConnection
from app.history.codec import LASTING, TIMES, CodecError, kind_of, pack, unpack, unpack_first, unpack_into, unpack_one
from app.history.page_filling import filling_order
from app.history.samples import Samples
from app.model.block import TimeArray, ValueArray
from app.model.status import StatusArray

COLUMNS = "stamp, samples, start, end, crc, value, status"
_ALL_GOOD = b""
_ROW_BYTES = 16
"""Of the columns beside the packed times, and of the head of a row."""
_GUESS_MARGIN = 64
"""Times beyond the place where an instant lies if they are spread evenly."""
LONGEST_CHUNK = 9_600
"""Samples beyond which an hour is cut: longer chunks are no smaller, only slower to look into."""


@dataclass(frozen=True, slots=True)
class PackedChunk:
    """A chunk as it is stored: the number of its stamp, its extent, and its packed values and statuses.

    `status` is empty where every sample is good. `crc` covers both columns.
    """

    stamp: int
    samples: int
    start: int
    end: int
    crc: int
    value: bytes
    status: bytes

    def row(self) -> tuple[int, int, int, int, int, bytes, bytes]:
        """Return the chunk in the order of COLUMNS."""
        return (self.stamp, self.samples, self.start, self.end, self.crc, self.value, self.status)


def pack_chunk(samples: Samples, stamp: int, *, level: int = LASTING) -> PackedChunk:
    """Return the samples of one tag, not none, packed."""
    value = pack(samples.value, level=level)
    status = pack(samples.status, level=level) if np.count_nonzero(samples.status) else _ALL_GOOD
    time = samples.time
    return PackedChunk(stamp, len(time), time.item(0), time.item(-1), _checksum(value, status), value, status)


def unpack_chunk(chunk: PackedChunk, tag: int, time: TimeArray) -> Samples:
    """Return the samples of a chunk whose times are known; raise CodecError where it is damaged."""
    check_chunk(chunk, time)
    count = chunk.samples
    status = unpack(chunk.status, count, "u") if chunk.status else all_good(count)
    return Samples(_constant(tag, count), time, unpack(chunk.value, count), status)


def unpack_together(chunks: Sequence[tuple[int, PackedChunk, StampReader]], kind: str) -> Samples | None:
    """Return the samples of chunks that are given by tag, and by time within a tag, with their tags and loaded stamps.

    None where that is not so, one is damaged, or its values are of another kind than `kind`: "f" or "i".
    """
    if kind not in "fi":
        return None
    last = (-1, 0)
    times = []
    try:
        for tag, chunk, stamps in chunks:
            if (tag, chunk.start) <= last or kind_of(chunk.value) != kind:
                return None
            times.append(stamps.time_of(chunk.stamp))
            check_extent(chunk.samples, chunk.start, chunk.end, times[-1])
            check_columns(chunk.crc, chunk.value, chunk.status)
            last = tag, chunk.end
        return _side_by_side(chunks, times, kind)
    except (CodecError, TypeError):  # TypeError: a flipped bit may have made a text of a number
        return None


def _side_by_side(
    chunks: Sequence[tuple[int, PackedChunk, StampReader]], times: Sequence[TimeArray], kind: str
) -> Samples:
    counts = [len(time) for time in times]
    value: NDArray[Any] = np.empty(sum(counts), np.float64 if kind == "f" else np.int64)
    status = np.zeros(len(value), np.uint32)
    place = 0
    for (_, chunk, _), count in zip(chunks, counts, strict=True):
        rows = slice(place, place := place + count)
        unpack_into(chunk.value, value[rows])
        if chunk.status:
            status[rows] = unpack(chunk.status, count, "u")
    tags = np.array([tag for tag, _, _ in chunks], np.uint32)
    time = np.concatenate(times) if times else np.empty(0, np.int64)
    return Samples(np.repeat(tags, counts), time, value, status)


def check_chunk(chunk: PackedChunk, time: TimeArray) -> None:
    """Raise CodecError where the checksum of a chunk is wrong, or its samples are not those of these times."""
    check_columns(chunk.crc, chunk.value, chunk.status)
    check_extent(chunk.samples, chunk.start, chunk.end, time)


def check_columns(crc: int, value: bytes, status: bytes) -> None:
    """Raise CodecError where the checksum of a chunk's two columns is wrong."""
    if _checksum(value, status) != crc:
        raise CodecError("the checksum of a chunk is wrong")


def check_extent(samples: int, start: int, end: int, time: TimeArray) -> None:
    """Raise CodecError where a chunk that says so of its samples does not have these times."""
    if len(time) != samples:
        raise CodecError(f"a chunk of {samples} samples has {len(time)} times")
    if not samples or time.item(0) != start or time.item(-1) != end:
        raise CodecError("the extent of a chunk is not that of its times")


def sample_of(chunk: PackedChunk, row: int, scratch: ValueArray) -> tuple[Any, int]:
    """Return value and status of one sample of a chunk; raise CodecError where it is damaged.

    `row`: its place, or -1 where its times could not be read. `scratch`: room for the values before it.
    """
    check_columns(chunk.crc, chunk.value, chunk.status)
    if not 0 <= row < chunk.samples:
        raise CodecError(f"the times {chunk.stamp} of a chunk are damaged, missing or another chunk's")
    code = int(unpack_one(chunk.status, chunk.samples, row)) if chunk.status else 0
    return unpack_one(chunk.value, chunk.samples, row, scratch), code


def all_good(count: int) -> StatusArray:
    """Return the statuses of a chunk that keeps none, not to be written to."""
    return _constant(0, count)


def _constant(value: int, count: int) -> NDArray[np.uint32]:
    """Return a column of one value; most are cut from one that is there."""
    return _longest_constant(value)[:count] if count <= LONGEST_CHUNK else np.full(count, value, np.uint32)


@lru_cache(maxsize=512)
def _longest_constant(value: int) -> NDArray[np.uint32]:
    column = np.full(LONGEST_CHUNK, value, np.uint32)
    column.flags.writeable = False
    return column


def _checksum(value: bytes, status: bytes) -> int:
    try:
        return zlib.crc32(status, zlib.crc32(value))
    except TypeError as error:  # one flipped bit makes bytes a text, or NULL
        raise CodecError("a column of a chunk holds no bytes") from error


StampRow = tuple[int, int, int, bytes]
"""Number, samples, checksum and packed times."""


class StampPacker:
    """Packs times, the same ones only once; `rows` holds what is new since `take`, to be stored under its numbers."""

    def __init__(self, first: int, *, level: int = TIMES) -> None:
        """Give out numbers from `first` on; `level`: as in codec.pack."""
        self._level = level
        self.rows: list[StampRow] = []
        self._next = first
        self._known: dict[bytes, int] = {}
        self._digests: list[bytes] = []
        self._newest = (b"", b"")
        self._of_source: dict[Hashable, bytes] = {}

    def stamp_of(self, time: TimeArray, source: Hashable = None) -> int:
        """Return the number of the stamp that holds these times.

        `source`: what is the same for the same times, so that they need not be looked at; None where that is not known.
        """
        digest = self._of_source.get(source)
        if digest is None:
            content = time.tobytes()
            # neighbouring tags are mostly of one device
            if content != self._newest[0]:
                self._newest = content, blake2b(content, digest_size=16).digest()
            digest = self._newest[1]
            if source is not None:
                self._of_source[source] = digest
        number = self._known.get(digest)
        if number is None:
            number = self._known[digest] = self._next
            self._next += 1
            packed = pack(time, level=self._level)
            self.rows.append((number, len(time), zlib.crc32(packed), packed))
            self._digests.append(digest)
        return number

    def arrange(self) -> dict[int, int]:
        """Number the rows anew, so that their order fills pages; return new numbers by former."""
        numbers = [row[0] for row in self.rows]
        order = filling_order([_ROW_BYTES + len(row[-1]) for row in self.rows])
        self.rows = [(number, *self.rows[place][1:]) for number, place in zip(numbers, order, strict=True)]
        self._digests = [self._digests[place] for place in order]
        self._known.update(zip(self._digests, numbers, strict=True))
        return {numbers[place]: number for number, place in zip(numbers, order, strict=True)}

    def take(self) -> list[StampRow]:
        """Return the rows and keep only what tells that their times were there: those of 10,000 tags are 50 MB."""
        rows, self.rows, self._digests = self.rows, [], []
        return rows


class StampReader:
    """Reads the times of chunks from one table, and keeps some of them unpacked."""

    def __init__(self, table: str, *, most_bytes: int = 32 << 20) -> None:
        """Prepare to read from `table`, and to keep at most so many bytes of times that are not asked for."""
        self.table = table
        self._select = f"SELECT id, samples, crc, data FROM {table} WHERE id IN "  # noqa: S608 - a constant of ours
        self._most_bytes = most_bytes
        self._bytes = 0
        self._times: dict[int, TimeArray] = {}

    def load(self, connection: PlantConnection, numbers: Sequence[int]) -> None:
        """Read the stamps that are not known yet; a damaged or missing one stays unknown."""
        wanted = sorted({number for number in numbers if number not in self._times})
        if wanted and self._bytes > self._most_bytes:
            self._forget_but(set(numbers))
        for number, samples, crc, data in self._rows(connection, wanted):
            with suppress(CodecError):  # told by `time_of`
                self._times[number] = time = unpack_stamp(data, crc, samples)
                self._bytes += time.nbytes

    def _rows(self, connection: PlantConnection, numbers: Sequence[int]) -> Iterator[tuple[int, int, int, bytes]]:
        """Yield number, samples, crc and data of stamps."""
        for first in range(0, len(numbers), 250):
            part = numbers[first : first + 250]
            yield from connection.execute(f"{self._select}({','.join('?' * len(part))})", part).fetchall()

    def places(self, connection: PlantConnection, chunks: Iterable[PackedChunk], at: int) -> dict[int, tuple[int, int]]:
        """Return by stamp which of its times is the last one up to an instant (ns UTC), and that time.

        Of a stamp that is not known only what may be needed is unpacked, and not kept. A damaged one is left out, and
        one that has no such time.
        """
        found, wanted = {}, {}
        for chunk in chunks:
            time = self._times.get(chunk.stamp)
            if time is None:
                wanted[chunk.stamp] = chunk
            elif chunk.stamp not in found:
                found[chunk.stamp] = _place(time, at)
        for number, samples, crc, data in self._rows(connection, sorted(wanted)):
            with suppress(CodecError):  # told by who misses it
                found[number] = _place(_times_up_to(at, wanted[number], samples, crc, data), at)
        return {number: place for number, place in found.items() if place[0] >= 0}

    def taken(self, number: int, samples: int, crc: int, data: bytes | None) -> TimeArray:
        """Return the times of a stamp that was read with its chunk; raise CodecError where it is damaged or missing."""
        time = self._times.get(number)
        if time is None:
            if data is None:
                raise CodecError(f"the times {number} of a chunk are missing")
            if self._bytes > self._most_bytes:
                self.forget()
            self._times[number] = time = unpack_stamp(data, crc, samples)
            self._bytes += time.nbytes
        return time

    def _forget_but(self, needed: set[int]) -> None:
        self._times = {number: time for number, time in self._times.items() if number in needed}
        self._bytes = sum(time.nbytes for time in self._times.values())

    def time_of(self, number: int) -> TimeArray:
        """Return the times of a stamp that was loaded; raise CodecError where it is damaged or missing."""
        time = self._times.get(number)
        if time is None:
            raise CodecError(f"the times {number} of a chunk are damaged or missing")
        return time

    def forget(self) -> None:
        """Forget all: the numbers may mean something else now."""
        self._times.clear()
        self._bytes = 0


def unpack_stamp(data: bytes, crc: int, samples: int) -> TimeArray:
    """Return the times of a stamp; raise CodecError where it is damaged."""
    _check_times(data, crc)
    time: TimeArray = unpack(data, samples, "i")
    return time


def _check_times(data: bytes, crc: int) -> None:
    if not isinstance(data, bytes):  # one flipped bit makes bytes a text, or NULL
        raise CodecError("times are no bytes")
    if zlib.crc32(data) != crc or kind_of(data) != "i":
        raise CodecError("the checksum of times is wrong")


def _times_up_to(at: int, chunk: PackedChunk, samples: int, crc: int, data: bytes) -> TimeArray:
    """Return the times of a stamp of a chunk, those behind an instant (ns UTC) only in part."""
    _check_times(data, crc)
    length = chunk.end - chunk.start
    if samples and 0 <= at - chunk.start < length:
        guess = samples * (at - chunk.start) // length + _GUESS_MARGIN
        time = unpack_first(data, samples, guess)
        if time[-1] > at:
            return time
    return unpack_stamp(data, crc, samples)


def _place(time: TimeArray, at: int) -> tuple[int, int]:
    """Return which time is the last one up to an instant, -1 where none is, and that time."""
    row = int(time.searchsorted(at, side="right")) - 1
    return row, int(time[row]) if row >= 0 else 0
