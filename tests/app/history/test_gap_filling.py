"""A gap that late samples fill is cut where they are, and stays where they are not."""

from __future__ import annotations

import numpy as np
import pytest

from app.database import PlantConnection
from app.history.gap import Gap, GapReason, read_gaps, record_gaps
from app.history.gap_filling import cut_filled_gaps, uncovered
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from tests.app.history.plant import tag

T0 = 1_700_000_000 * NS_PER_S
END = T0 + 600 * NS_PER_S
NAMES = ["T0", "T1"]


def seconds(first: int, last: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return each fifth second from the start of the gap."""
    return T0 + np.arange(first, last, 5) * NS_PER_S


@pytest.fixture
def writer(connection: PlantConnection) -> HistoryWriter:
    """Of a history of two tags."""
    return HistoryWriter(connection, [tag(0), tag(1)])


def left_after(connection: PlantConnection, *gaps: Gap) -> list[Gap]:
    """Return what is left of gaps once what is stored has been cut out of them."""
    record_gaps(connection, gaps)
    with HistoryReader(connection.path) as reader:
        cut_filled_gaps(connection, reader, T0, END, tags=NAMES)
    return read_gaps(connection, T0 - 10**15, END + 10**15)


@pytest.mark.parametrize(
    ("times", "left"),
    [
        (seconds(0, 600), []),
        (seconds(3, 590), []),
        (seconds(300, 600), [(T0, T0 + 300 * NS_PER_S)]),
        (seconds(0, 300), [(T0 + 295 * NS_PER_S + 1, END)]),
        (np.concatenate((seconds(0, 100), seconds(400, 600))), [(T0 + 95 * NS_PER_S + 1, T0 + 400 * NS_PER_S)]),
        (seconds(0, 3), [(T0, END)]),
        (seconds(0, 0), [(T0, END)]),
    ],
)
def test_that_what_samples_do_not_cover_is_left(
    times: np.ndarray[tuple[int], np.dtype[np.int64]], left: list[tuple[int, int]]
) -> None:
    assert uncovered(T0, END, times) == left


def test_that_a_filled_gap_of_one_tag_goes_and_others_stay(connection: PlantConnection, writer: HistoryWriter) -> None:
    other = Gap(T0, END, GapReason.OVERLOAD, 5, 2)
    before = Gap(T0 - 10**12, T0 - 10, GapReason.OVERLOAD, 5, 1)
    writer.write(block_of(0, seconds(0, 600), 1.0))
    assert left_after(connection, Gap(T0, END, GapReason.OVERLOAD, 120, 1), other, before) == [before, other]


def test_that_what_is_known_to_be_lost_becomes_less(connection: PlantConnection, writer: HistoryWriter) -> None:
    writer.write(block_of(0, seconds(300, 600), 1.0))
    (gap,) = left_after(connection, Gap(T0, END, GapReason.OVERLOAD, 120, 1))
    assert gap == Gap(T0, T0 + 300 * NS_PER_S, GapReason.OVERLOAD, 60, 1)


def test_that_a_gap_of_all_tags_stays_while_it_is_one_of_any(
    connection: PlantConnection, writer: HistoryWriter
) -> None:
    gap = Gap(T0, END, GapReason.NOT_COLLECTING)
    writer.write(block_of(0, seconds(0, 600), 1.0))
    assert left_after(connection, gap) == [gap]
    writer.write(block_of(1, seconds(200, 600), 1.0))
    assert left_after(connection) == [Gap(T0, T0 + 200 * NS_PER_S, GapReason.NOT_COLLECTING)]
    writer.write(block_of(1, seconds(0, 200), 1.0))
    assert left_after(connection) == []


def test_that_marks_of_lost_samples_fill_nothing(connection: PlantConnection, writer: HistoryWriter) -> None:
    gap = Gap(T0, END, GapReason.DAMAGED_CHUNK, 9, 1)
    times = seconds(0, 600)
    writer.write(block_of(0, times, np.full(len(times), np.nan), np.full(len(times), status.BAD_DATA_LOST)))
    assert left_after(connection, gap) == [gap]
