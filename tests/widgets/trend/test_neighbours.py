"""A curve comes from the sample before what is loaded and goes on to the next, but not across a gap on record."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.database import open_writer
from app.history.gap import Gap, GapReason, record_gaps
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from widgets.trend.history_loader import read_history
from widgets.trend.live_buffer import LiveBuffer
from widgets.trend.trace import HistoryQuery, LoadedHistory, Trace

HOUR = 3_600 * NS_PER_S
T0 = 450_000 * HOUR
VALVE = TagDefinition(0, "VALVE", "E", LocalText("valve"), "c", "a", kind=TagKind.DISCRETE)
TIMES = T0 + np.array([0, 10, 20]) * HOUR
VALUES = [1.0, 0.0, 1.0]


def loaded(
    folder: Path, start: int, end: int, *, gaps: tuple[Gap, ...] = (), buckets: int = 0
) -> tuple[LoadedHistory, Trace]:
    path = folder / "history.sqlite"
    with closing(open_writer(path)) as connection:
        HistoryWriter(connection, [VALVE]).write(block_of(0, TIMES, VALUES, status.GOOD))
        record_gaps(connection, gaps)
    found = read_history(HistoryReader(path), HistoryQuery("VALVE", start, end, buckets))
    trace = Trace(VALVE, LiveBuffer(16))
    trace.take(found)
    return found, trace


@pytest.mark.parametrize("buckets", [0, 100])
def test_that_a_valve_that_says_nothing_for_hours_has_a_curve(tmp_path: Path, buckets: int) -> None:
    found, trace = loaded(tmp_path, T0 + 4 * HOUR, T0 + 5 * HOUR, buckets=buckets)
    assert found.stretch.time.tolist() == TIMES[:2].tolist()
    minute = 60 * NS_PER_S
    columns = trace.columns((T0 + 4 * HOUR) // minute, (T0 + 5 * HOUR) // minute, minute)
    assert columns.last.tolist() == [1.0, 0.0]
    assert not columns.severed[1]
    assert trace.at(T0 + 5 * HOUR) == (1.0, status.GOOD)


def test_that_samples_inside_keep_their_neighbours_outside(tmp_path: Path) -> None:
    found, _ = loaded(tmp_path, T0 + 9 * HOUR, T0 + 11 * HOUR)
    assert found.stretch.time.tolist() == TIMES.tolist()


@pytest.mark.parametrize("buckets", [0, 24])
@pytest.mark.parametrize("tag", [None, 1])
def test_that_no_line_leads_over_a_time_in_which_nothing_was_collected(
    tmp_path: Path, buckets: int, tag: int | None
) -> None:
    stopped = T0 + 12 * HOUR
    gap = Gap(stopped, T0 + 19 * HOUR, GapReason.NOT_COLLECTING, tag=tag)
    _, trace = loaded(tmp_path, T0, T0 + 24 * HOUR, gaps=(gap,), buckets=buckets)
    columns = trace.columns(T0 // HOUR, (T0 + 24 * HOUR) // HOUR, HOUR)
    assert columns.last.tolist() == VALUES
    assert columns.severed.tolist() == [False, False, True]
    held = trace.at(stopped + HOUR)
    assert held is not None
    assert held[1] == status.BAD_NO_DATA


@pytest.mark.parametrize(
    "gap",
    [
        Gap(T0 + 12 * HOUR, T0 + 13 * HOUR, GapReason.OVERLOAD, 5),
        Gap(T0 + 12 * HOUR, T0 + 13 * HOUR, GapReason.NOT_COLLECTING, tag=77),
        Gap(T0 + 30 * HOUR, T0 + 31 * HOUR, GapReason.NOT_COLLECTING),
    ],
    ids=["others came", "another tag", "later"],
)
def test_that_other_gaps_leave_the_line_whole(tmp_path: Path, gap: Gap) -> None:
    _, trace = loaded(tmp_path, T0, T0 + 24 * HOUR, gaps=(gap,))
    assert not trace.columns(T0 // HOUR, (T0 + 24 * HOUR) // HOUR, HOUR).severed.any()


def test_that_what_was_damaged_interrupts_the_line(tmp_path: Path) -> None:
    gap = Gap(T0 + 12 * HOUR, T0 + 13 * HOUR, GapReason.DAMAGED_CHUNK, 900, tag=1)
    _, trace = loaded(tmp_path, T0, T0 + 24 * HOUR, gaps=(gap,))
    assert trace.columns(T0 // HOUR, (T0 + 24 * HOUR) // HOUR, HOUR).severed.tolist() == [False, False, True]
