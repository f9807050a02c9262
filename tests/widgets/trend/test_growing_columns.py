"""Columns that grow with each sample are those that all samples together would make."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.model import status
from app.model.series import Series
from app.model.tag import CleaningRule, TagDefinition
from app.model.text import LocalText
from widgets.trend.decimate import Columns, samples
from widgets.trend.live_buffer import LiveBuffer
from widgets.trend.trace import HistoryQuery, LoadedHistory, Trace

TAG = TagDefinition(0, "T", "E", LocalText("t"), "c", "a", scan_ms=1, cleaning=CleaningRule(stale_s=0.0))
STEP = 2_000_000_000
STEPS = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from([1, 2, 3, 7, 40]),
            st.one_of(st.just(float("nan")), st.floats(-1e6, 1e6)),
            st.sampled_from([status.GOOD, status.GOOD, status.UNCERTAIN, status.BAD_NO_COMMUNICATION]),
        ),
        max_size=9,
    ),
    max_size=8,
)


def series_of(rows: list[tuple[int, float, int]], begin: int) -> Series:
    times = begin + np.cumsum([row[0] * STEP for row in rows], dtype=np.int64)
    return Series(times, np.array([row[1] for row in rows]), np.array([row[2] for row in rows], np.uint32))


def equal(one: Columns, other: Columns) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("index", "low", "high", "first", "last", "doubtful", "severed")
    )


def trace_on(live: LiveBuffer, past: Series | None) -> Trace:
    trace = Trace(TAG, live)
    if past is not None:
        trace.take(LoadedHistory(HistoryQuery("T", 0, 10**15), samples(past), asked=10**15))
    return trace


@given(steps=STEPS, width=st.sampled_from([1, 3, 20]), has_past=st.booleans(), late=st.integers(0, 9))
def test_that_columns_which_grow_are_those_made_at_once(
    steps: list[list[tuple[int, float, int]]],
    width: int,
    has_past: bool,  # noqa: FBT001 - given by name
    late: int,
) -> None:
    past = series_of([(1, 5.0, status.GOOD), (3, 6.0, status.UNCERTAIN)], 0) if has_past else None
    live = LiveBuffer(64)
    trace, newest = trace_on(live, past), int(past.time[-1]) if past is not None else 0
    for number, rows in enumerate(steps):
        if rows:
            block = series_of(rows, newest)
            newest = int(block.time[-1])
            live.append(block.time, block.value, block.status)
            if number == late:
                live.append(block.time[:1] - 1, block.value[:1], block.status[:1])
        end = newest // (width * STEP) + 3
        grown = trace.columns(2, end, width * STEP)
        at_once = trace_on(live, past).columns(2, end, width * STEP)
        assert equal(grown, at_once)


def test_that_many_samples_at_once_are_taken_without_beginning_anew() -> None:
    live = LiveBuffer(4_096)
    trace = trace_on(live, series_of([(1, 5.0, status.GOOD)], 0))
    whole = trace.all_columns(STEP * 5)
    for block in (
        series_of([(1, float(k), status.GOOD) for k in range(50)], STEP),
        series_of([(1, 9.0, 0)], STEP * 60),
    ):
        live.append(block.time, block.value, block.status)
        assert trace.all_columns(STEP * 5) is whole
    assert whole.columns.index.tolist() == [*range(11), 12]
    assert whole.columns.high.max() == 49.0
