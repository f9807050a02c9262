"""Values that a float64 cannot hold: whole numbers beyond 2^53, states, texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.database import PlantConnection, open_writer
from app.history.reader import HistoryReader
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of, empty, object_column
from app.model.exact import DataType, ExactArray, ExactBlock
from tests.app.history.plant import tag

TAGS = [tag(0), tag(1), tag(2), tag(3)]
EVER = (-(1 << 63), (1 << 63) - 1)
LARGE = np.array([(1 << 53) + 1, -(1 << 63), (1 << 63) - 1, 0], np.int64)
TEXTS = np.array(["running", "停止", "", "fault 7"], object)
STATES = np.array([True, False, True, True])


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[PlantConnection]:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        yield connection


def exact(handle: int, value: ExactArray, data_type: DataType, *, first: int = 0) -> ExactBlock:
    count = len(value)
    return ExactBlock(
        np.full(count, handle, np.uint32),
        np.arange(first, first + count),
        value,
        np.zeros(count, np.uint32),
        data_type,
    )


@pytest.mark.parametrize("is_settled", [False, True])
def test_that_large_numbers_states_and_texts_come_back_as_they_were(
    connection: PlantConnection, *, is_settled: bool
) -> None:
    writer = HistoryWriter(connection, TAGS)
    given = {
        0: (LARGE, DataType.INT64),
        1: (STATES, DataType.BOOLEAN),
        2: (TEXTS, DataType.STRING),
    }
    stored = writer.write(
        block_of(3, [1, 2], [0.5, -0.0]), [exact(handle, value, kind) for handle, (value, kind) in given.items()]
    )
    assert stored == 14
    if is_settled:
        HistoryUpkeep(connection.path, lambda step: step(connection)).settle()
    with HistoryReader(connection.path) as reader:
        for handle, (value, data_type) in given.items():
            series = reader.exact(f"T{handle}", *EVER)
            assert series.data_type is data_type
            assert series.value.tolist() == value.tolist()
            assert series.time.tolist() == [0, 1, 2, 3]
        assert reader.raw("T0", *EVER).value.tolist() == LARGE.astype(np.float64).tolist()
        assert reader.raw("T1", *EVER).value.tolist() == [1.0, 0.0, 1.0, 1.0]
        assert np.isnan(reader.raw("T2", *EVER).value).all()
        assert reader.exact("T3", *EVER).value.tobytes() == np.array([0.5, -0.0]).tobytes()


def test_that_a_lost_connection_is_a_bad_sample_of_a_tag_of_any_type(connection: PlantConnection) -> None:
    writer = HistoryWriter(connection, TAGS)
    writer.write(block_of([0, 2], -1, np.nan, status.BAD_WAITING_FOR_INITIAL_DATA))
    writer.write(empty(), [exact(0, LARGE, DataType.INT64), exact(2, TEXTS, DataType.STRING)])
    writer.write(block_of([0, 2], 9, np.nan, status.BAD_NO_COMMUNICATION))
    for _ in range(2):
        with HistoryReader(connection.path) as reader:
            for name, given in (("T0", LARGE.tolist()), ("T2", TEXTS.tolist())):
                series = reader.exact(name, *EVER)
                assert series.value.tolist()[1:5] == given
                assert series.status.tolist() == [
                    status.BAD_WAITING_FOR_INITIAL_DATA,
                    *[0] * 4,
                    status.BAD_NO_COMMUNICATION,
                ]
        HistoryUpkeep(connection.path, lambda step: step(connection)).settle()


def test_that_a_tag_does_not_change_from_one_exact_type_to_another(connection: PlantConnection) -> None:
    writer = HistoryWriter(connection, TAGS)
    writer.write(empty(), [exact(0, LARGE, DataType.INT64)])
    with pytest.raises(ValueError, match="holds values of type int64, not string"):
        writer.write(empty(), [exact(0, TEXTS, DataType.STRING)])
    again = HistoryWriter(connection, TAGS)
    with pytest.raises(ValueError, match="int64"):
        again.write(empty(), [exact(0, STATES, DataType.BOOLEAN)])


def test_that_a_reader_that_was_there_before_learns_the_type(connection: PlantConnection) -> None:
    writer = HistoryWriter(connection, TAGS)
    with HistoryReader(connection.path) as reader:
        assert len(reader.exact("T0", *EVER)) == 0
        writer.write(empty(), [exact(0, LARGE, DataType.INT64)])
        assert reader.exact("T0", *EVER).value.tolist() == LARGE.tolist()
        assert reader.snapshot(EVER[1])["T0"].source_time == 3


def test_that_the_exact_values_of_a_block_are_stored_beside_plain_ones(connection: PlantConnection) -> None:
    tags = [replace(tag(0), data_type=DataType.INT64), replace(tag(1), data_type=DataType.STRING), tag(2)]
    writer = HistoryWriter(connection, tags, is_defining=True)
    block = block_of([0, 1, 2, 0, 1], [1, 1, 1, 2, 2], [0.0, np.nan, 0.5, 7.0, np.nan], [0, 0, 0, 0, status.BAD])
    writer.write(replace(block, exact=object_column([(1 << 53) + 1, "停止", None, None, None])))
    with HistoryReader(connection.path) as reader:
        found = [reader.exact(name, *EVER).value.tolist() for name in ("T0", "T1", "T2")]
    assert found == [[(1 << 53) + 1, 7], ["停止", ""], [0.5]]


@pytest.mark.parametrize("is_settled", [False, True])
def test_that_a_type_changed_in_the_plant_gives_the_past_in_the_new_one(
    connection: PlantConnection, *, is_settled: bool
) -> None:
    writer = HistoryWriter(connection, TAGS)
    writer.write(block_of(1, [0, 1], [0.5, 2.0]), [exact(0, LARGE, DataType.INT64), exact(2, TEXTS, DataType.STRING)])
    if is_settled:
        HistoryUpkeep(connection.path, lambda step: step(connection)).settle()
    wanted = [DataType.STRING, DataType.INT64, DataType.FLOAT64]
    changed = [replace(tag(handle), data_type=data_type) for handle, data_type in enumerate(wanted)]
    writer = HistoryWriter(connection, changed, is_defining=True)
    writer.write(block_of([0, 1], 9, [7.0, 8.0]))
    with HistoryReader(connection.path) as reader:
        assert reader.exact("T0", *EVER).value.tolist() == [*map(str, LARGE.tolist()), "7.0"]
        assert reader.exact("T1", *EVER).value.tolist() == [0, 2, 8]
        assert reader.exact("T2", *EVER).value.tolist() == TEXTS.tolist()
    again = HistoryWriter(connection, [tag(0), tag(1)], is_defining=True)
    again.write(block_of([1], 10, [0.25]))
    with HistoryReader(connection.path) as reader:
        assert reader.exact("T1", *EVER).value.tolist()[-1] == 0.25
        assert reader.exact("T0", *EVER).value.tolist()[0] == str(LARGE[0])
