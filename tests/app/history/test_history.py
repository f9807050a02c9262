from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import DatabaseInterrupted, PlantConnection, open_writer
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import Block, block_of, concatenate, empty
from app.model.datavalue import DataValue
from tests.app.history.plant import tag

TAGS = [tag(0), tag(1), tag(2)]
EVER = (-(1 << 63), (1 << 63) - 1)
CODES = [
    status.GOOD,
    status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED | status.LIMIT_HIGH,
    status.BAD_NO_COMMUNICATION,
    0xFFFF_FFFF,
]

sample = st.tuples(
    st.integers(0, 2),
    st.one_of(st.integers(0, 30), st.integers(1_700_000_000_000_000_000, 1_700_000_000_000_000_009)),
    st.one_of(st.floats(), st.sampled_from([0.0, -0.0, np.nan, np.inf, -np.inf, 5e-324, 1e308, 0.1])),
    st.sampled_from(CODES),
)


@pytest.fixture
def writer(connection: PlantConnection) -> HistoryWriter:
    return HistoryWriter(connection, TAGS)


@pytest.fixture
def reader(path: Path) -> Iterator[HistoryReader]:
    with HistoryReader(path) as reader:
        yield reader


@settings(max_examples=120, deadline=None)
@given(batches=st.lists(st.lists(sample, max_size=25), max_size=5))
def test_that_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[int, int, float, int]]]
) -> None:
    path = tmp_path_factory.mktemp("history") / "history.sqlite"
    model: dict[tuple[int, int], tuple[float, int]] = {}
    with closing(open_writer(path)) as connection, HistoryReader(path) as reader:
        writer = HistoryWriter(connection, TAGS)
        for rows in batches:
            block = block_of(*zip(*rows, strict=True)) if rows else empty()
            assert writer.write(block) == len(rows)
            for handle, time, value, code in rows:
                model[handle, time] = (value, code)
        for handle in range(3):
            expected = sorted((time, *content) for (owner, time), content in model.items() if owner == handle)
            series = reader.raw(f"T{handle}", *EVER)
            assert series.time.tolist() == [row[0] for row in expected]
            assert series.value.tobytes() == np.array([row[1] for row in expected], np.float64).tobytes()
            assert series.status.tolist() == [row[2] for row in expected]
        latest = {f"T{handle}": max(time for owner, time in model if owner == handle) for handle, _ in model}
        assert {name: value.source_time for name, value in reader.latest().items()} == latest
        times = [time for _, time in model]
        assert reader.extent() == ((min(times), max(times)) if times else None)


def test_that_an_infinite_value_and_a_missing_one_keep_their_meaning(
    writer: HistoryWriter, reader: HistoryReader
) -> None:
    writer.write(block_of(0, [1, 2, 3, 4], [np.inf, -np.inf, np.nan, np.nan], [0, 0, status.BAD_NO_COMMUNICATION, 0]))
    series = reader.raw("T0", *EVER)
    np.testing.assert_array_equal(series.value, [np.inf, -np.inf, np.nan, np.nan])
    assert series.status.tolist() == [0, 0, status.BAD_NO_COMMUNICATION, 0]


def test_that_columns_have_their_types_even_when_empty(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.write(block_of(0, 1, 2.0))
    for series in (reader.raw("T0", 0, 2), reader.raw("T0", 5, 6), reader.raw("unknown", 0, 2)):
        assert [str(column.dtype) for column in (series.time, series.value, series.status)] == [
            "int64",
            "float64",
            "uint32",
        ]


def test_that_a_missing_or_empty_file_has_no_samples_until_it_has(path: Path, reader: HistoryReader) -> None:
    def is_empty() -> bool:
        return (
            len(reader.raw("T0", *EVER)) == 0
            and len(reader.envelope(["T0"], 0, 100, 10)["T0"]) == 0
            and reader.latest() == {}
            and reader.extent() is None
        )

    assert is_empty()
    path.touch()
    assert is_empty()
    with closing(open_writer(path)) as connection:
        assert is_empty()
        writer = HistoryWriter(connection, TAGS)
        assert is_empty()
        writer.write(block_of(0, 5, 1.0))
        assert not is_empty()
        assert reader.extent() == (5, 5)


def test_that_a_stretch_begins_at_its_start_and_ends_before_its_end(
    writer: HistoryWriter, reader: HistoryReader
) -> None:
    writer.write(block_of(0, np.arange(10), np.arange(10.0)))
    assert reader.raw("T0", 3, 6).time.tolist() == [3, 4, 5]
    assert reader.raw("T0", 3, 9, limit=2).time.tolist() == [7, 8]
    assert reader.raw("T0", 3, 5, limit=9).time.tolist() == [3, 4]


def test_that_latest_gives_value_status_and_time(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.write(block_of([0, 0, 1], [5, 4, 9], [1.5, 2.5, 3.5], [0, 0, status.BAD]))
    assert reader.latest() == {"T0": DataValue(1.5, 0, 5, 5), "T1": DataValue(3.5, status.BAD, 9, 9)}


def test_that_an_unknown_handle_is_refused_and_nothing_is_stored(writer: HistoryWriter, reader: HistoryReader) -> None:
    with pytest.raises(ValueError, match="handle 3"):
        writer.write(block_of([0, 3], 1, 1.0))
    assert reader.extent() is None


def test_that_history_belongs_to_the_name_of_a_tag(connection: PlantConnection, reader: HistoryReader) -> None:
    HistoryWriter(connection, [tag(0, "A"), tag(1, "B")]).write(block_of([0, 1], 1, [10.0, 20.0]))
    moved = HistoryWriter(connection, [tag(0, "B", unit="K"), tag(1, "C"), tag(2, "A")])
    moved.write(block_of([0, 1, 2], 2, [21.0, 30.0, 11.0]))
    assert reader.raw("A", *EVER).value.tolist() == [10.0, 11.0]
    assert reader.raw("B", *EVER).value.tolist() == [20.0, 21.0]
    assert reader.raw("C", *EVER).value.tolist() == [30.0]
    assert connection.execute("SELECT unit FROM tag WHERE name = 'B'").fetchall() == [("K",)]


def test_that_a_handle_without_a_tag_is_refused(connection: PlantConnection) -> None:
    with pytest.raises(ValueError, match="is none of"):
        HistoryWriter(connection, [tag(2)]).write(block_of(1, 1, 1.0))


def test_that_writing_within_a_transaction_ends_with_it(
    writer: HistoryWriter, connection: PlantConnection, reader: HistoryReader
) -> None:
    connection.execute("BEGIN")
    writer.write(block_of(0, 1, 1.0))
    connection.rollback()
    assert reader.extent() is None


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.integers(0, 200), st.floats(-100, 100) | st.just(np.nan), st.sampled_from(CODES)), max_size=60
    ),
    start=st.integers(-20, 150),
    span=st.integers(1, 120),
    buckets=st.integers(1, 30),
)
def test_that_an_envelope_is_that_of_its_samples(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[int, float, int]],
    start: int,
    span: int,
    buckets: int,
) -> None:
    path = tmp_path_factory.mktemp("history") / "history.sqlite"
    block = concatenate([block_of(0, *row) for row in rows])
    with closing(open_writer(path)) as connection, HistoryReader(path) as reader:
        HistoryWriter(connection, TAGS).write(block)
        series = reader.raw("T0", start, start + span)
        envelope = reader.envelope(["T0", "T1"], start, start + span, buckets)
    assert len(envelope["T1"]) == 0
    found = envelope["T0"]
    width = found.width
    assert span <= width * buckets < span + buckets
    assert found.time.tolist() == sorted(set((series.time // width * width).tolist()))
    for row, begin in enumerate(found.time.tolist()):
        inside = (series.time >= begin) & (series.time < begin + width)
        usable = inside & (series.status < status.BAD) & ~np.isnan(series.value)
        assert found.count[row] == inside.sum()
        assert found.status[row] == series.status[inside].max()
        drawn = [found.minimum[row], found.maximum[row], found.first[row], found.last[row]]
        if usable.any():
            value = series.value[usable]
            assert drawn == [value.min(), value.max(), value[0], value[-1]]
            assert [found.first_time[row], found.last_time[row]] == series.time[usable][[0, -1]].tolist()
        else:
            assert np.isnan(drawn).all()


def test_that_a_spike_of_one_sample_survives_in_an_envelope(writer: HistoryWriter, reader: HistoryReader) -> None:
    value = np.ones(50_000)
    value[31_337] = 99.0
    begin = 1_700_000_000_000_000_000
    writer.write(block_of(0, begin + np.arange(50_000) * 1_000_000_000, value))
    envelope = reader.envelope(["T0"], begin, begin + 50_000 * 1_000_000_000, 100)["T0"]
    assert 90 <= len(envelope) <= 110
    assert envelope.maximum.max() == 99.0
    assert np.sum(envelope.maximum == 99.0) == 1
    assert not np.any(envelope.time % envelope.width)


def test_that_a_query_may_be_interrupted_from_another_thread(writer: HistoryWriter, reader: HistoryReader) -> None:
    writer.write(_long_block())
    running = threading.Timer(0.02, reader.interrupt)
    running.start()
    with pytest.raises(DatabaseInterrupted):
        reader.envelope(["T0"] * 1_000, 0, 200_000, 1_000)
    running.join()
    assert len(reader.envelope(["T0"], 0, 100, 10)["T0"]) == 10


def _long_block() -> Block:
    return block_of(0, np.arange(200_000), 1.0)


def test_that_a_reader_reads_while_the_writer_writes(path: Path, writer: HistoryWriter) -> None:
    stop = threading.Event()
    seen: list[int] = []
    faults: list[int] = []

    def read() -> None:
        with HistoryReader(path) as reader:
            while not stop.is_set():
                series = reader.raw("T0", *EVER)
                seen.append(len(series))
                faults.extend([] if np.array_equal(series.value, series.time) else [len(series)])

    thread = threading.Thread(target=read)
    thread.start()
    for number in range(0, 2_000, 20):
        writer.write(block_of(0, np.arange(number, number + 20), np.arange(number, number + 20.0)))
    stop.set()
    thread.join()
    assert not faults
    assert seen == sorted(seen)
    assert all(length % 20 == 0 for length in seen)
