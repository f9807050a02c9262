"""Even values of a tag that tells changes alone are what held, however far apart its samples and the instants are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.database import open_writer
from app.history.even_values import read_even_values
from app.history.gap import Gap, GapReason, record_gaps
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText

DAY = 86_400 * NS_PER_S
T0 = 20_000 * DAY
STOPPED, BACK = T0 + 20 * DAY + 7 * NS_PER_S, T0 + 22 * DAY
TIMES = np.array([T0 + 1, T0 + 5 * DAY, T0 + 5 * DAY + 90 * NS_PER_S, T0 + 17 * DAY, BACK])
VALUES = np.array([1.0, 0.0, 1.0, 0.0, 1.0])


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HistoryReader]:
    """A valve that moves five times in thirty days, two of which nobody collected."""
    path: Path = tmp_path_factory.mktemp("history") / "history.sqlite"
    tags = [
        TagDefinition(handle, name, "E", LocalText(name), "c", "a", kind=TagKind.DISCRETE)
        for handle, name in enumerate(("VALVE", "OTHER"))
    ]
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, tags)
        writer.write(block_of(0, TIMES, VALUES, status.GOOD))
        writer.write(block_of(1, np.array([T0 + 28 * DAY]), [0.0], status.GOOD))
        record_gaps(connection, [Gap(STOPPED, BACK, GapReason.NOT_COLLECTING)])
    with HistoryReader(path) as opened:
        yield opened


@pytest.mark.parametrize("days", [30, 3])
def test_that_the_value_holds_from_one_change_to_the_next(reader: HistoryReader, days: int) -> None:
    begin = T0 + DAY
    found = read_even_values(reader, ["VALVE"], begin, begin + days * DAY, least_step=NS_PER_S, stepped=("VALVE",))
    row = np.searchsorted(TIMES, found.time) - 1
    is_known = ((found.time <= STOPPED) | (found.time > BACK)) & (found.time <= T0 + 28 * DAY)
    expected = np.where(is_known, VALUES[np.maximum(row, 0)], np.nan)
    got = found.values["VALVE"]
    inside = np.ones(len(got), np.bool_)
    for edge in (STOPPED, BACK, T0 + 28 * DAY, *TIMES.tolist()):  # within a bucket it is the bucket's last that counts
        inside &= np.abs(found.time - edge) > found.step
    assert np.array_equal(got[inside], expected[inside], equal_nan=True)
    assert np.count_nonzero(inside) > 0.99 * len(got)
    assert found.step == (5 * 60 * NS_PER_S if days == 30 else found.step)


def test_that_before_the_first_sample_there_is_no_value(reader: HistoryReader) -> None:
    found = read_even_values(reader, ["VALVE"], T0 - 30 * DAY, T0 + DAY, least_step=NS_PER_S)
    assert np.isnan(found.values["VALVE"][found.time < T0]).all()
    assert (found.values["VALVE"][found.time > T0 + found.step] == 1.0).all()
