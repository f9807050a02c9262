"""History and live samples are one curve: nothing twice, nothing missing, gaps where there is nothing."""

from __future__ import annotations

import numpy as np

from app.model import status
from app.model.clock import NS_PER_S
from app.model.series import Series
from app.model.tag import CleaningRule, TagDefinition
from app.model.text import LocalText
from widgets.trend.decimate import NEVER, samples
from widgets.trend.live_buffer import LiveBuffer
from widgets.trend.trace import SETTLE_NS, HistoryQuery, LoadedHistory, Trace, longest_gap

SECOND = NS_PER_S
T0 = 1_700_000_000 * SECOND


def tag(**changes: object) -> TagDefinition:
    return TagDefinition(0, "T", "E", LocalText("T"), "c", "a", **changes)  # type: ignore[arg-type]


def series(seconds: list[int], *, code: int = status.GOOD) -> Series:
    times = T0 + np.array(seconds, np.int64) * SECOND
    return Series(times, np.array(seconds, np.float64), np.full(len(seconds), code, np.uint32))


def trace_of(past: list[int], live: list[int], *, asked: int, stale_s: float = 0.0) -> Trace:
    buffer = LiveBuffer(64)
    trace = Trace(tag(scan_ms=1000, cleaning=CleaningRule(stale_s=stale_s)), buffer)
    query = HistoryQuery("T", T0 - 100 * SECOND, T0 + asked * SECOND)
    trace.take(LoadedHistory(query, samples(series(past)), T0 + asked * SECOND))
    now = series(live)
    buffer.append(now.time, now.value, now.status)
    return trace


def drawn(trace: Trace) -> list[float]:
    start = T0 // SECOND
    return list(trace.columns(start - 1_000, start + 1_000, SECOND).last)


def test_that_samples_known_to_both_are_drawn_once() -> None:
    assert drawn(trace_of([1, 2, 3, 4], [3, 4, 5, 6], asked=5)) == [1, 2, 3, 4, 5, 6]


def test_that_the_seam_is_joined() -> None:
    trace = trace_of([1, 2], [3, 4], asked=2)
    columns = trace.columns(T0 // SECOND, T0 // SECOND + 10, SECOND)
    assert not columns.severed.any()


def test_that_a_silence_at_the_seam_is_a_gap_where_the_tag_may_not_be_silent() -> None:
    trace = trace_of([1, 2], [100, 101], asked=90, stale_s=5.0)
    columns = trace.columns(T0 // SECOND, T0 // SECOND + 200, SECOND)
    assert columns.severed.tolist() == [False, False, True, False]


def test_that_the_value_of_a_tag_that_tells_changes_alone_holds_over_the_seam() -> None:
    trace = trace_of([1, 2], [7_200, 7_201], asked=7_100)
    columns = trace.columns(T0 // SECOND, T0 // SECOND + 8_000, SECOND)
    assert not columns.severed.any()


def test_that_new_samples_change_the_version_and_the_curve() -> None:
    trace = trace_of([1, 2], [3], asked=2)
    before = trace.version()
    more = series([4])
    trace.live.append(more.time, more.value, more.status)
    assert trace.version() != before
    assert drawn(trace) == [1, 2, 3, 4]


def test_that_nothing_is_asked_twice() -> None:
    trace = trace_of([1, 2, 3], [3, 4], asked=6)
    assert trace.wanted(T0, T0 + 7 * SECOND, SECOND, now=T0 + 7 * SECOND) is None


def test_that_an_empty_trace_asks_for_its_window_with_some_room() -> None:
    trace = Trace(tag(scan_ms=1000), LiveBuffer(8))
    query = trace.wanted(T0, T0 + 100 * SECOND, SECOND, now=T0 + 200 * SECOND)
    assert query == HistoryQuery("T", T0 - 30 * SECOND, T0 + 130 * SECOND + 1)


def test_that_a_long_window_is_asked_in_buckets_finer_than_its_pixels() -> None:
    trace = Trace(tag(scan_ms=100), LiveBuffer(8))
    day = 86_400 * SECOND
    query = trace.wanted(T0 - 7 * day, T0, 1_000 * SECOND, now=T0)
    assert query is not None
    assert 0 < query.bucket_ns <= 500 * SECOND


def test_that_samples_on_their_way_to_the_history_are_fetched_once_they_must_be_there() -> None:
    trace = trace_of([1, 2], [6, 7], asked=6)
    assert trace.wanted(T0, T0 + 8 * SECOND, SECOND, now=T0 + 7 * SECOND) is None
    query = trace.wanted(T0, T0 + 9 * SECOND, SECOND, now=T0 + 9 * SECOND)
    assert query is not None
    trace.take(LoadedHistory(query, samples(series([1, 2, 3, 4, 5])), T0 + 9 * SECOND))
    assert drawn(trace) == [1, 2, 3, 4, 5, 6, 7]
    assert trace.wanted(T0, T0 + 10 * SECOND, SECOND, now=T0 + 10 * SECOND) is None


def test_that_zooming_in_asks_for_finer_buckets() -> None:
    buffer = LiveBuffer(8)
    trace = Trace(tag(scan_ms=1), buffer)
    coarse = HistoryQuery("T", T0 - 1_000 * SECOND, T0, 100)
    trace.take(LoadedHistory(coarse, samples(series([])), T0 + SETTLE_NS))
    assert trace.wanted(T0 - 900 * SECOND, T0 - SECOND, 20 * SECOND, now=T0) is None
    assert trace.wanted(T0 - 900 * SECOND, T0 - 800 * SECOND, SECOND, now=T0) is not None


def test_that_a_late_sample_makes_the_history_be_asked_again() -> None:
    trace = trace_of([1, 2, 3], [3, 5], asked=5)
    late = series([4])
    trace.live.append(late.time, late.value, late.status)
    assert trace.wanted(T0, T0 + 6 * SECOND, SECOND, now=T0 + 6 * SECOND) is None
    assert trace.wanted(T0, T0 + 30 * SECOND, SECOND, now=T0 + 30 * SECOND) is not None


def test_that_the_value_under_the_cursor_is_the_last_one_before_it() -> None:
    trace = trace_of([1, 3], [5], asked=4)
    assert trace.at(T0) is None
    assert trace.at(T0 + 4 * SECOND) == (3.0, status.GOOD)
    assert trace.at(T0 + 9 * SECOND) == (5.0, status.GOOD)


def test_that_only_a_tag_that_may_not_be_silent_is_interrupted_by_silence() -> None:
    assert longest_gap(tag(scan_ms=500, cleaning=CleaningRule(stale_s=3))) == 30 * SECOND
    assert longest_gap(tag(scan_ms=60_000, cleaning=CleaningRule(stale_s=3))) == 1_200 * SECOND
    assert longest_gap(tag(cleaning=CleaningRule(stale_s=60))) == 180 * SECOND
    assert longest_gap(tag(scan_ms=500)) == NEVER


def replayed(past: list[int], *, start: int, end: int, asked: int) -> Trace:
    """A trace without live samples, of which start .. end was loaded at `asked`."""
    trace = Trace(tag(scan_ms=1000), LiveBuffer(1, is_fed=False))
    query = HistoryQuery("T", T0 + start * SECOND, T0 + end * SECOND)
    trace.take(LoadedHistory(query, samples(series(past)), T0 + asked * SECOND))
    return trace


def test_that_a_replay_asks_for_what_comes_next_before_it_is_in_view() -> None:
    present = T0 + 100_000 * SECOND
    trace = replayed(list(range(500)), start=0, end=500, asked=100_000)
    assert trace.wanted(T0 + 100 * SECOND, T0 + 400 * SECOND, SECOND, now=present) is None
    query = trace.wanted(T0 + 180 * SECOND, T0 + 480 * SECOND, SECOND, now=present)
    assert query is not None
    assert query.end > T0 + 540 * SECOND, "beyond the instant that is shown"


def test_that_a_replay_near_the_present_does_not_ask_without_end() -> None:
    trace = replayed(list(range(500)), start=0, end=500, asked=500)
    assert trace.wanted(T0 + 200 * SECOND, T0 + 497 * SECOND, SECOND, now=T0 + 501 * SECOND) is None
