"""The journal: one packed row per commit, in the order of the commits, until its samples are sealed into chunks.

Within a commit samples stand as they arrived: what a device sent together has one time, so times are packed small, and
nobody has to wait for them to be put in order. Who reads them does that.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from app.database import PlantConnection
from app.history.codec import CodecError, pack_at_once, unpack
from app.history.samples import Samples, ordered
from app.history.unsealed import Unsealed

_INSERT = (
    "INSERT INTO journal (seq, start, end, samples, crc, data) "
    "SELECT 1 + max(coalesce((SELECT max(seq) FROM journal), 0), value), ?, ?, ?, ?, ? "
    "FROM history_state WHERE key = 'sealed_through'"
)
_AFTER = "SELECT seq, start, end, samples, crc, data FROM journal WHERE seq > ? ORDER BY seq"
_HEADS_AFTER = "SELECT seq, start, end, samples, crc FROM journal WHERE seq > ? ORDER BY seq"
_DATA = "SELECT data FROM journal WHERE seq = ?"


class _Section(msgspec.Struct, array_like=True):
    """Samples of one kind of value."""

    samples: int
    tag: bytes
    time: bytes
    value: bytes
    status: bytes


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[_Section])


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One commit: its number and what it stored, by kind of value; `damage` says why nothing could be read of it.

    `arrived`: its samples as they came, which is not the order that Samples have elsewhere.
    """

    seq: int
    arrived: tuple[Samples, ...]
    start: int
    end: int
    samples: int
    damage: str = ""

    @property
    def parts(self) -> tuple[Samples, ...]:
        """Return its samples in their order; of several of one tag and time the last that came."""
        return tuple(ordered(*part.columns()) for part in self.arrived)


def append(connection: PlantConnection, parts: Sequence[Samples], unsealed: Unsealed | None = None) -> None:
    """Write samples, as they came, in one row: within the open transaction, or in one of its own.

    `unsealed`: keeps them for the seal.
    """
    data = _ENCODER.encode([_section(part) for part in parts])
    start = min(int(part.time.min()) for part in parts)
    end = max(int(part.time.max()) for part in parts)
    count = sum(len(part) for part in parts)
    crc = zlib.crc32(data)
    seq = connection.execute(_INSERT, (start, end, count, crc, data)).lastrowid
    if unsealed is not None and seq is not None:
        unsealed.add(seq, crc, parts)


def rows_after(connection: PlantConnection, seq: int) -> Iterator[JournalRow]:
    """Yield the rows behind number `seq`, in their order; a damaged one says so and is empty."""
    for number, start, end, samples, crc, data in connection.execute(_AFTER, (seq,)):
        yield _row((number, start, end, samples), crc, data)


def rows_to_seal(connection: PlantConnection, seq: int, unsealed: Unsealed) -> Iterator[JournalRow]:
    """Yield the rows behind number `seq` as `rows_after` does, those that are still in memory from there."""
    for *head, crc in connection.execute(_HEADS_AFTER, (seq,)).fetchall():
        number, start, end, samples = head
        arrived = unsealed.parts_of(number, crc)
        if arrived is not None:
            yield JournalRow(number, arrived, start, end, samples)
        else:
            (data,) = connection.execute(_DATA, (number,)).fetchone()
            yield _row((number, start, end, samples), crc, data)


def _row(head: tuple[int, int, int, int], crc: int, data: bytes) -> JournalRow:
    number, start, end, samples = head
    try:
        return JournalRow(number, _parts(data, crc), start, end, samples)
    except CodecError as error:
        return JournalRow(number, (), start, end, samples, str(error))


def _section(part: Samples) -> _Section:
    return _Section(len(part), *(pack_at_once(column) for column in part.columns()))


def _parts(data: bytes, crc: int) -> tuple[Samples, ...]:
    if zlib.crc32(data) != crc:
        raise CodecError("its checksum is wrong")
    try:
        sections = _DECODER.decode(data)
    except msgspec.DecodeError as error:
        raise CodecError(str(error)) from error
    return tuple(_samples(section) for section in sections)


def _samples(section: _Section) -> Samples:
    count = section.samples
    return Samples(
        unpack(section.tag, count, "u"),
        unpack(section.time, count, "i"),
        unpack(section.value, count),
        unpack(section.status, count, "u"),
    )
