from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from app.history.aggregate.calculation import aggregate, interpolate
from app.history.aggregate.configuration import AggregateConfiguration
from app.history.aggregate.interval import intervals
from app.history.aggregate.kind import Aggregate, unit_of
from app.model import status
from app.model.clock import NS_PER_S
from app.model.series import Series, empty_series


def series(*samples: tuple[float, float], codes: Sequence[int] = ()) -> Series:
    """Return samples of (second, value)."""
    time = np.array([second for second, _ in samples]) * NS_PER_S
    value = np.array([value for _, value in samples], np.float64)
    return Series(time.astype(np.int64), value, np.array(codes or [status.GOOD] * len(samples), np.uint32))


def aggregated(data: Series, kind: Aggregate, end: int, step: int = 0, covered: int | None = None) -> Series:
    instant = None if covered is None else covered * NS_PER_S
    return aggregate(data, kind, 0, end * NS_PER_S, step * NS_PER_S, is_stepped=True, covered=instant)


@pytest.mark.parametrize(
    ("interval", "edges"),
    [(0, [10, 20]), (10, [10, 20]), (11, [10, 20]), (5, [10, 15, 20]), (4, [10, 14, 18, 20]), (9, [10, 19, 20])],
)
def test_that_time_is_divided_as_table_12_says(interval: int, edges: list[int]) -> None:
    divided = intervals(10, 20, interval)
    assert divided.edges.tolist() == edges
    assert divided.is_uneven is (interval in {4, 9})
    assert len(divided) == len(edges) - 1


@pytest.mark.parametrize(
    ("start", "end", "interval", "message"),
    [
        (5, 5, 1, "not after the start"),
        (6, 5, 1, "not after the start"),
        (0, 5, -1, "negative"),
        (0, 1 << 60, 1, "take a longer interval"),
    ],
)
def test_that_what_cannot_be_divided_is_refused(start: int, end: int, interval: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        intervals(start, end, interval)


@pytest.mark.parametrize(("bad", "good"), [(101, 100), (100, -1), (80, 0), (0, 99)])
def test_that_percentages_that_contradict_one_another_are_refused(bad: int, good: int) -> None:
    with pytest.raises(ValueError, match="ercent"):
        AggregateConfiguration(percent_data_bad=bad, percent_data_good=good)


@pytest.mark.parametrize("kind", Aggregate)
def test_that_a_tag_without_samples_has_no_data(kind: Aggregate) -> None:
    found = aggregated(empty_series(), kind, 10, 3)
    assert found.time.tolist() == [0, 3 * NS_PER_S, 6 * NS_PER_S, 9 * NS_PER_S]
    assert np.isnan(found.value).all()
    assert set(found.status.tolist()) == {status.BAD_NO_DATA}


@pytest.mark.parametrize("kind", Aggregate)
def test_that_infinite_values_never_make_a_good_result_that_is_no_number(kind: Aggregate) -> None:
    data = series((0, math.inf), (1, -math.inf), (2, 5.0), (3, math.inf), (4, math.inf), (6, 1e308), (7, -1e308))
    for is_stepped in (False, True):
        found = aggregate(data, kind, 0, 8 * NS_PER_S, NS_PER_S // 2, is_stepped=is_stepped)
        assert not np.isnan(found.value[found.status < status.BAD]).any()
        assert np.isnan(found.value[found.status >= status.BAD]).all()


def test_that_what_infinity_makes_no_number_of_is_told_as_invalid_input() -> None:
    found = aggregated(series((0, math.inf), (1, -math.inf), (2, 0.0)), Aggregate.AVERAGE, 2)
    assert found.status.tolist() == [status.BAD_AGGREGATE_INVALID_INPUTS]


def test_that_a_value_that_is_known_to_hold_lasts_though_no_sample_follows() -> None:
    running = series((0, 0.0), (100, 1.0))
    kind = Aggregate.DURATION_IN_STATE_NON_ZERO
    silent = aggregated(running, kind, 400, 100)
    assert [status.name(int(code)) for code in silent.status[2:]] == ["BadNoData", "BadNoData"]
    known = aggregated(running, kind, 400, 100, covered=350)
    assert known.value.tolist() == [0.0, 100_000.0, 100_000.0, pytest.approx(50_000.0, abs=0.001)]
    assert [status.name(int(code)) for code in known.status] == ["Good, Calculated"] * 3 + ["Good, Calculated, Partial"]


def test_that_a_value_that_is_known_to_hold_is_no_further_sample() -> None:
    found = aggregated(series((0, 2.0), (1, 4.0)), Aggregate.COUNT, 10, covered=9)
    assert found.value.tolist() == [2.0]
    assert aggregated(series((0, 2.0), (1, 4.0)), Aggregate.END, 10, covered=9).time.tolist() == [NS_PER_S]


def test_that_the_last_interval_is_partial_where_more_data_follow_the_end() -> None:
    data = series((0, 1.0), (4, 1.0), (12, 1.0))
    found = aggregated(data, Aggregate.COUNT, 10, 4)
    assert [status.name(int(code)) for code in found.status] == ["Good, Calculated"] * 2 + ["Good, Calculated, Partial"]
    even = aggregated(data, Aggregate.COUNT, 12, 4)
    assert [status.name(int(code)) for code in even.status] == ["Good, Calculated"] * 3


def test_that_the_total_of_the_parts_is_the_total() -> None:
    generator = np.random.default_rng(1)
    count = 5_000
    time = np.cumsum(generator.integers(1, 3 * NS_PER_S, count))
    data = Series(time, generator.normal(50.0, 20.0, count), np.zeros(count, np.uint32))
    start, end = int(time[10]), int(time[-10])
    for kind in (Aggregate.TOTAL, Aggregate.TOTAL_2, Aggregate.DELTA_BOUNDS, Aggregate.DURATION_GOOD):
        whole = aggregate(data, kind, start, end, 0)
        parts = aggregate(data, kind, start, end, 7 * NS_PER_S)
        assert len(parts) > 1000
        np.testing.assert_allclose(parts.value.sum(), whole.value[0], rtol=1e-9)


def test_that_instants_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="do not rise"):
        interpolate(series((0, 1.0)), np.array([2, 2]))


def test_that_a_result_is_measured_in_its_own_unit() -> None:
    assert [unit_of(kind, "kW") for kind in (Aggregate.AVERAGE, Aggregate.TOTAL, Aggregate.VARIANCE_SAMPLE)] == [
        "kW",
        "kW.s",
        "(kW)2",
    ]
    assert [unit_of(kind, "kW") for kind in (Aggregate.COUNT, Aggregate.DURATION_BAD, Aggregate.PERCENT_BAD)] == [
        "1",
        "ms",
        "%",
    ]
    assert unit_of(Aggregate.TOTAL, "") == "s"
