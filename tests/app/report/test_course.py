"""The course of a value is that of its samples, holds between them, and breaks off where nothing is known."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.database import open_writer
from app.history.gap import Gap
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.report.course import STEPS, Course, course_of

T0 = 490_000 * 3_600 * NS_PER_S
HOUR = 3_600 * NS_PER_S
DAY = 24 * HOUR
TAG = TagDefinition(0, "T", "E", LocalText("T"), "c", "a")


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A value that is told each ten minutes up to hour 6, with a spike, then once an hour, and bad from hour 18 on."""
    rows = [(minute / 60, float(minute), status.GOOD) for minute in range(0, 360, 10)]
    rows += [(3.04, 900.0, status.GOOD), *((float(hour), 50.0 + hour, status.GOOD) for hour in range(6, 18))]
    rows += [(18.0, 1.0, status.BAD_NO_COMMUNICATION), (22.0, 7.0, status.GOOD)]
    hours, values, codes = zip(*sorted(rows), strict=True)
    path = tmp_path / "history.sqlite"
    with closing(open_writer(path)) as connection:
        times = np.array([T0 + round(hour * 3_600) * NS_PER_S for hour in hours], np.int64)
        HistoryWriter(connection, [TAG]).write(block_of(0, times, np.array(values), np.array(codes, np.uint32)))
    return path


def course(history: Path, start: int, gaps: tuple[Gap, ...] = ()) -> Course:
    with HistoryReader(history) as reader:
        return course_of(reader, "T", (start, start + DAY), gaps, T0 + 23 * HOUR)


def step(hours: float) -> int:
    """Return the step that an hour of the day lies in."""
    return int(hours * STEPS / 24)


def test_that_a_course_has_its_extremes_holds_between_samples_and_ends_where_nothing_is_known(history: Path) -> None:
    lows, highs = course(history, T0)
    assert (lows[step(3)], highs[step(3)]) == (180.0, 900.0)
    assert (lows[step(0)], highs[step(0)]) == (0.0, 10.0)
    assert (lows[step(10.6)], highs[step(10.6)]) == (60.0, 60.0), "a value holds until the next sample"
    assert lows[step(18) : step(22)] == (None,) * (4 * STEPS // 24), "it is bad"
    assert lows[step(22.5)] == 7.0
    assert lows[step(23.3)] is None, "nothing is stored any more"


def test_that_a_course_begins_with_what_held_before_and_breaks_off_where_the_station_stood(history: Path) -> None:
    gap = Gap(T0 + 12 * HOUR + 1, T0 + 13 * HOUR, "not collecting")
    lows, _ = course(history, T0 + 10 * HOUR + HOUR // 2, (gap,))
    assert lows[0] == 60.0
    assert lows[step(1.8)] is None
    assert lows[step(2.6)] == 63.0
    early, _ = course(history, T0 - DAY)
    assert set(early) == {None}
