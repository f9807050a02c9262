"""The journal: one packed row per commit, in the order of the commits, until its samples are sealed into chunks."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from app.database import PlantConnection
from app.history.codec import CodecError, pack, unpack
from app.history.samples import Samples

_INSERT = "INSERT INTO journal (seq, start, end, samples, crc, data) VALUES (?, ?, ?, ?, ?, ?)"
_NEXT = (
    "SELECT 1 + max(coalesce((SELECT max(seq) FROM journal), 0), "
    "(SELECT value FROM history_state WHERE key = 'sealed_through'))"
)
_AFTER = "SELECT seq, start, end, samples, crc, data FROM journal WHERE seq > ? ORDER BY seq"


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
    """One commit: its number and what it stored, by kind of value; `damage` says why nothing could be read of it."""

    seq: int
    parts: tuple[Samples, ...]
    start: int
    end: int
    samples: int
    damage: str = ""


def append(connection: PlantConnection, parts: Sequence[Samples]) -> int:
    """Write one row within the open transaction; return its number."""
    seq = int(connection.execute(_NEXT).fetchone()[0])
    data = _ENCODER.encode([_section(part) for part in parts])
    start = min(int(part.time.min()) for part in parts)
    end = max(int(part.time.max()) for part in parts)
    count = sum(len(part) for part in parts)
    connection.execute(_INSERT, (seq, start, end, count, zlib.crc32(data), data))
    return seq


def rows_after(connection: PlantConnection, seq: int) -> Iterator[JournalRow]:
    """Yield the rows behind number `seq`, in their order; a damaged one says so and is empty."""
    for number, start, end, samples, crc, data in connection.execute(_AFTER, (seq,)):
        try:
            yield JournalRow(number, _parts(data, crc), start, end, samples)
        except CodecError as error:
            yield JournalRow(number, (), start, end, samples, str(error))


def _section(part: Samples) -> _Section:
    return _Section(len(part), *(pack(column, is_lasting=False) for column in part.columns()))


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
