"""An envelope that is read from the samples themselves holds each of them, wherever they lie in the file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.database import open_writer
from app.history.layout import HOUR_NS, chunk_key
from app.history.reader import HistoryReader
from app.history.rollup import bucketed
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.exact import DataType, ExactBlock
from tests.app.history.plant import tag

T0 = 1_700_000_000 * NS_PER_S // HOUR_NS * HOUR_NS
HOURS = 60
SECONDS = np.arange(0, HOURS * 3_600, 40)
STRETCHES = [(0, HOURS), (0.3, 40.7), (5, 6), (5.5, 5.6), (10, 13.5), (-3, 2), (HOURS + 1, HOURS + 2), (7, 7)]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history of three tags over sixty hours.

    One with bad and some late samples, one silent for hours, one of whole numbers.
    """
    path = tmp_path_factory.mktemp("filled") / "history.sqlite"
    times, values = T0 + SECONDS * NS_PER_S, np.sin(SECONDS / 300.0)
    codes = np.where(SECONDS % 9_000 < 200, status.BAD_NO_COMMUNICATION, status.GOOD).astype(np.uint32)
    is_there = SECONDS // 3_600 % 5 > 0
    whole = ExactBlock(np.full(len(times), 2, np.uint32), times, SECONDS % 977, codes, DataType.INT64)
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, [tag(0), tag(1), tag(2)])
        writer.write(block_of(0, times, values, codes), [whole])
        writer.write(block_of(1, times[is_there], np.where(SECONDS % 7 < 2, np.nan, values)[is_there]))
        upkeep = HistoryUpkeep(path, lambda step: step(connection))
        upkeep.settle()
        late = T0 + (np.array([5, 5.01, 12, 33]) * HOUR_NS).astype(np.int64) + 1
        writer.write(block_of(0, late, [90.0, -90.0, 91.0, -91.0]))
        upkeep.seal()
        writer.write(block_of(0, late[2:] + 1, [92.0, -92.0]))
    return path


@pytest.fixture(scope="module")
def reader(filled: Path) -> Iterator[HistoryReader]:
    """A reader of it."""
    with HistoryReader(filled) as reader:
        yield reader


def assert_same(reader: HistoryReader, first: float, last: float, buckets: int) -> None:
    start, end = T0 + int(first * HOUR_NS), T0 + int(last * HOUR_NS)
    for name in ("T0", "T1", "T2"):
        found = reader.envelope([name], start, end, buckets, is_from_samples=True)[name]
        raw = reader.raw(name, start, end)
        expected = bucketed(raw.time, raw.value, raw.status, found.width)
        for column in ("time", "minimum", "maximum", "first", "last", "first_time", "last_time", "status", "count"):
            assert getattr(found, column).tobytes() == getattr(expected, column).tobytes(), (name, column)


@pytest.mark.parametrize("stretch", STRETCHES)
@pytest.mark.parametrize("buckets", [1, 7, 1_000])
def test_that_every_sample_is_in_its_bucket(reader: HistoryReader, stretch: tuple[float, float], buckets: int) -> None:
    assert_same(reader, *stretch, buckets)


def test_that_what_one_tag_was_asked_for_is_not_told_of_the_next(reader: HistoryReader) -> None:
    start, end = T0, T0 + HOURS * HOUR_NS
    both = reader.envelope(["T0", "T1"], start, end, 50, is_from_samples=True)
    alone = reader.envelope(["T0"], start, end, 50, is_from_samples=True)["T0"]
    assert both["T0"].maximum.tobytes() == alone.maximum.tobytes()
    assert both["T0"].maximum.tobytes() != both["T1"].maximum.tobytes()


@pytest.mark.parametrize("harm", ["value = zeroblob(20)", "crc = crc + 1", "stamp = 9999999", "start = start - 1"])
def test_that_a_damaged_chunk_is_one_bad_sample(filled: Path, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "harmed.sqlite"
    shutil.copy(filled, path)
    with closing(open_writer(path)) as connection:
        changed = connection.execute(f"UPDATE chunk SET {harm} WHERE id = ?", (chunk_key(T0 // HOUR_NS + 20, 1),))  # noqa: S608
        assert changed.rowcount == 1
    with HistoryReader(path) as reader:
        assert_same(reader, 0, HOURS, 120)
        found = reader.envelope(["T0"], T0 + 20 * HOUR_NS, T0 + 21 * HOUR_NS, 1, is_from_samples=True)["T0"]
        assert found.count.sum() <= 1
        assert_same(reader, 15, 25, 1)
