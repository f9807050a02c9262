"""What is done for the chunks of many tags at once is what would be done for one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from app.database import PlantConnection, insert_rows
from app.history.chunk import PackedChunk, StampPacker, StampReader, pack_chunk, unpack_chunk, unpack_together
from app.history.hourly import hourly_row, hourly_rows
from app.history.layout import HOUR_NS
from app.history.samples import Samples, merged
from app.model import status
from app.model.clock import NS_PER_S

HOUR = 480_000
T0 = HOUR * HOUR_NS
Chunks = list[tuple[int, PackedChunk, StampReader]]


def samples_of(tag: int, first: int, count: int, kind: str = "f") -> Samples:
    """Samples of one tag; of some the status is bad or uncertain, or there is no number."""
    place = np.arange(count)
    codes = np.where(place % 50 < tag % 3, status.BAD_NO_COMMUNICATION, status.GOOD).astype(np.uint32)
    codes[place % 7 == 0] |= np.uint32(0x4000_0000 if tag % 2 else 0)
    value = np.sin(place / 9.0 + tag) * 100
    if kind == "i":
        value = np.round(value * 1e15).astype(np.int64)
    else:
        value[place % 31 < tag % 4] = np.nan
        value[-1] = -np.inf if tag == 5 else value[-1]
    return Samples(np.full(count, tag, np.uint32), T0 + (first + place) * NS_PER_S, value, codes)


@pytest.fixture
def stamps(connection: PlantConnection) -> StampReader:
    """A reader of an empty table of times."""
    connection.execute("CREATE TABLE stamp (id INTEGER PRIMARY KEY, samples, crc, data)")
    return StampReader("stamp")


def stored(connection: PlantConnection, stamps: StampReader, parts: Sequence[Samples]) -> Chunks:
    """Pack samples of one tag each, and load their times."""
    packer = StampPacker(1)
    chunks = [(int(part.tag[0]), pack_chunk(part, packer.stamp_of(part.time)), stamps) for part in parts]
    insert_rows(connection, "INSERT INTO stamp", packer.rows)
    stamps.load(connection, [chunk.stamp for _, chunk, _ in chunks])
    return chunks


@pytest.mark.parametrize("kind", ["f", "i"])
def test_that_chunks_unpacked_side_by_side_are_those_unpacked_one_by_one(
    connection: PlantConnection, stamps: StampReader, kind: str
) -> None:
    parts = [samples_of(tag, first, 5 + 40 * tag, kind) for tag in range(1, 7) for first in (0, 300)]
    chunks = stored(connection, stamps, parts)
    found = unpack_together(chunks, kind)
    single = merged([unpack_chunk(chunk, tag, stamps.time_of(chunk.stamp)) for tag, chunk, _ in chunks], kind)
    assert found is not None
    for name in ("tag", "time", "value", "status"):
        one, other = getattr(found, name), getattr(single, name)
        assert one.dtype == other.dtype
        assert one.tobytes() == other.tobytes()


@pytest.mark.parametrize(
    "harm",
    [
        {"crc": 1},
        {"stamp": 99},
        {"samples": 1 << 40},
        {"samples": -3},
        {"samples": "text"},
        {"start": T0 - 1},
        {"end": 0.5},
        {"value": b"\x01"},
        {"value": None},
        {"status": "text"},
    ],
    ids=str,
)
def test_that_one_damaged_chunk_is_told_before_room_is_made(
    connection: PlantConnection, stamps: StampReader, harm: dict[str, object]
) -> None:
    chunks = stored(connection, stamps, [samples_of(tag, 0, 60) for tag in range(1, 4)])
    tag, chunk, reader = chunks[1]
    chunks[1] = tag, replace(chunk, **harm), reader  # type: ignore[arg-type]  # as flipped bits leave it
    assert unpack_together(chunks, "f") is None


def test_that_chunks_that_overlap_or_hold_other_values_are_left_to_be_merged(
    connection: PlantConnection, stamps: StampReader
) -> None:
    overlapping = stored(connection, stamps, [samples_of(1, 0, 60), samples_of(1, 30, 60)])
    assert unpack_together(overlapping, "f") is None
    assert unpack_together(overlapping[::-1], "f") is None
    assert unpack_together(overlapping[:1], "i") is None
    assert unpack_together([], "O") is None


@pytest.mark.parametrize("kind", ["f", "i"])
def test_that_rows_for_people_are_the_same_for_one_tag_as_for_many(kind: str) -> None:
    samples = merged([samples_of(tag, 0, 1 + 30 * tag, kind) for tag in range(8)], kind)
    parts = list(samples.by_tag())
    assert hourly_rows(HOUR, samples, parts) == [hourly_row(HOUR, tag, samples.rows(rows)) for tag, rows in parts]
    assert hourly_rows(HOUR, samples.rows(slice(0, 0)), []) == []


def test_that_texts_have_rows_for_people_too() -> None:
    texts = np.array(["7", "on", "8.5", "9"], object)
    tags = np.array([1, 1, 2, 2], np.uint32)
    samples = Samples(tags, T0 + np.arange(4), texts, np.zeros(4, np.uint32))
    parts = list(samples.by_tag())
    assert hourly_rows(HOUR, samples, parts) == [hourly_row(HOUR, tag, samples.rows(rows)) for tag, rows in parts]


def test_that_times_of_the_same_source_are_packed_once_and_keep_their_number_when_rows_are_arranged() -> None:
    packer = StampPacker(10)
    times = [T0 + np.arange(size) * NS_PER_S for size in (900, 40, 700)]
    first = [packer.stamp_of(time, ("fresh", place)) for place, time in enumerate(times)]
    new = packer.arrange()
    again = [packer.stamp_of(time, ("fresh", place)) for place, time in enumerate(times)]
    assert again == [new[number] for number in first]
    assert [packer.stamp_of(time) for time in times] == again
    assert len(packer.rows) == 3


def test_that_many_rows_are_inserted_by_few_statements(connection: PlantConnection) -> None:
    connection.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, one, other)")
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    rows = [(number, number * 0.5, b"\x00" * number) for number in range(300)]
    insert_rows(connection, "INSERT INTO thing", rows)
    insert_rows(connection, "INSERT OR REPLACE INTO thing (id, one)", [(7, "seven")])
    insert_rows(connection, "INSERT INTO thing", [])
    connection.set_trace_callback(None)
    assert len(statements) == 4
    rows[7] = (7, "seven", None)  # type: ignore[assignment]  # what was replaced
    assert connection.execute("SELECT * FROM thing ORDER BY id").fetchall() == rows
