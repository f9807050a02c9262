"""A short stretch that is read by one statement is what a whole transaction would have read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.database import PlantConnection, transaction
from app.history import reader as reading
from app.history.layout import HOUR_NS
from app.history.read_settled import settled_series
from app.history.reader import HistoryReader
from app.history.rollup import bucketed
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.series import Series
from tests.app.history.plant import tag

T0 = 1_700_000_000 * NS_PER_S // HOUR_NS * HOUR_NS
SECONDS = np.arange(0, 5 * 3_600, 10)
STRETCHES = [
    (T0, T0 + HOUR_NS),
    (T0 + 1, T0 + HOUR_NS - 1),
    (T0 + HOUR_NS // 2 + 7, T0 + 3 * HOUR_NS // 2),
    (T0 + HOUR_NS, T0 + 5 * HOUR_NS),
    (T0 + 4 * HOUR_NS, T0 + 9 * HOUR_NS),
    (T0 - HOUR_NS, T0),
    (T0 + 5, T0 + 5),
]


@pytest.fixture
def writer(connection: PlantConnection) -> HistoryWriter:
    """The writer of three tags over five hours, of which two are polled together; all are compacted."""
    writer = HistoryWriter(connection, [tag(0), tag(1), tag(2)])
    codes = np.where(SECONDS % 3_000 < 20, status.BAD_NO_COMMUNICATION, status.GOOD).astype(np.uint32)
    for handle in range(3):
        times = T0 + SECONDS * NS_PER_S + handle // 2
        writer.write(block_of(handle, times, np.sin(SECONDS / 300.0) * handle, codes if handle else status.GOOD))
    upkeep_of(connection).settle()
    return writer


@pytest.fixture
def reader(path: Path, writer: HistoryWriter) -> Iterator[HistoryReader]:
    """A reader that has followed the file."""
    with HistoryReader(path) as reader:
        reader.latest()
        yield reader


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Series | None]:
    """What the single statements told."""
    told: list[Series | None] = []

    def listened(*arguments: object) -> Series | None:
        told.append(settled_series(*arguments))  # type: ignore[arg-type]  # as they came
        return told[-1]

    monkeypatch.setattr(reading, "settled_series", listened)
    return told


def upkeep_of(connection: PlantConnection) -> HistoryUpkeep:
    return HistoryUpkeep(connection.path, lambda step: step(connection))


def assert_same(reader: HistoryReader, *, start: int = T0, end: int = T0 + HOUR_NS, name: str = "T1") -> None:
    found, exact = reader.raw(name, start, end), reader.exact(name, start, end)
    assert found.time.tolist() == exact.time.tolist()
    assert found.value.tobytes() == np.asarray(exact.value, np.float64).tobytes()
    assert found.status.tolist() == exact.status.tolist()


@pytest.mark.parametrize(("start", "end"), STRETCHES)
def test_that_a_stretch_of_compacted_hours_is_the_same_either_way(reader: HistoryReader, start: int, end: int) -> None:
    for name in ("T0", "T1", "T2", "unknown"):
        assert_same(reader, start=start, end=end, name=name)


def test_that_an_hour_needs_no_transaction_while_nothing_is_stored(
    reader: HistoryReader, answers: list[Series | None]
) -> None:
    for name in ("T0", "T1", "T2"):
        assert len(reader.raw(name, T0, T0 + HOUR_NS)) == 360
    assert [answer is not None for answer in answers] == [True, True, True]


def test_that_samples_stored_since_are_seen_at_once(
    connection: PlantConnection, writer: HistoryWriter, reader: HistoryReader, answers: list[Series | None]
) -> None:
    deeds: list[Callable[[], object]] = [
        lambda: writer.write(block_of(1, [T0 + 3 * NS_PER_S], [7.0])),
        lambda: upkeep_of(connection).seal(),
        lambda: upkeep_of(connection).settle(),
        lambda: writer.write(block_of(1, [T0 + 10 * NS_PER_S], [8.0])),
        lambda: upkeep_of(connection).settle(),
    ]
    for deed in deeds:
        assert_same(reader)
        deed()
    found = reader.raw("T1", T0, T0 + HOUR_NS)
    assert found.time[:3].tolist() == [T0, T0 + 3 * NS_PER_S, T0 + 10 * NS_PER_S]
    assert found.value[1:3].tolist() == [7.0, 8.0]
    assert None in answers


def test_that_another_tag_s_new_samples_are_no_reason_to_miss_any(
    writer: HistoryWriter, reader: HistoryReader, answers: list[Series | None]
) -> None:
    writer.write(block_of(0, [T0 + 3 * NS_PER_S], [7.0]))
    reader.latest()
    assert_same(reader)
    assert answers[-1] is not None
    assert_same(reader, name="T0")
    assert answers[-1] is None


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE chunk SET crc = crc + 1",
        "UPDATE chunk SET samples = samples + 1",
        "UPDATE chunk SET stamp = stamp + 1000000",
        "UPDATE chunk SET start = start - 1",
        "UPDATE stamp SET crc = crc + 1",
        "UPDATE stamp SET data = zeroblob(9)",
        "DELETE FROM stamp",
        "DELETE FROM chunk",
    ],
)
def test_that_damage_is_read_as_it_is_within_a_transaction(
    connection: PlantConnection, reader: HistoryReader, harm: str
) -> None:
    with transaction(connection):
        connection.execute(harm)
    assert_same(reader)
    assert_same(reader, end=T0 + 2 * HOUR_NS, name="T2")


@pytest.mark.parametrize("buckets", [300, 5], ids=["minutes", "hours"])
@pytest.mark.parametrize(
    "later", [None, 2 * HOUR_NS + 1, -HOUR_NS // 2], ids=["nothing later", "a late one", "an early one"]
)
def test_that_whole_buckets_hold_what_the_samples_do(
    writer: HistoryWriter, reader: HistoryReader, buckets: int, later: int | None
) -> None:
    start, end = T0 - (0 if later is None else HOUR_NS), T0 + 5 * HOUR_NS
    reader.envelope(["T1"], start, end, buckets)
    if later is not None:
        writer.write(block_of(1, T0 + later, 1e6))
    found = reader.envelope(["T1"], start, end, buckets)["T1"]
    series = reader.raw("T1", start, end)
    exact = bucketed(series.time, series.value, series.status, found.width)
    for column in ("time", "minimum", "maximum", "first", "last", "status", "count"):
        np.testing.assert_array_equal(getattr(found, column), getattr(exact, column), err_msg=column)
    assert later is None or found.maximum.max() == 1e6
