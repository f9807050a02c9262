"""Columns of a screen keep every spike, show every gap and stay together while time runs on."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.model import status
from app.model.series import Series
from widgets.trend.decimate import Columns, Stretch, decimate, join, no_columns, samples

NAN = float("nan")


def stretch(times: list[int], values: list[float], codes: list[int] | None = None) -> Stretch:
    return samples(
        Series(
            np.array(times, np.int64),
            np.array(values, np.float64),
            np.array(codes or [status.GOOD] * len(times), np.uint32),
        )
    )


points = st.lists(
    st.tuples(
        st.integers(1, 400),
        st.one_of(st.just(NAN), st.floats(-1e6, 1e6)),
        st.sampled_from([status.GOOD, status.UNCERTAIN, status.BAD_NO_COMMUNICATION]),
    ),
    max_size=60,
    unique_by=lambda point: point[0],
).map(sorted)


def columns_by_hand(rows: list[tuple[int, float, int]], width: int) -> dict[int, list[float]]:
    result: dict[int, list[float]] = {}
    for time, value, code in rows:
        if code < status.BAD and value == value:  # noqa: PLR0124 - NaN is not itself
            result.setdefault(time // width, []).append(value)
    return result


def equal(one: Columns, other: Columns) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name))
        for name in ("index", "low", "high", "first", "last", "doubtful", "severed")
    )


@given(rows=points, width=st.integers(1, 90))
def test_that_no_spike_is_lost_and_none_is_invented(rows: list[tuple[int, float, int]], width: int) -> None:
    columns = decimate(stretch(*map(list, zip(*rows, strict=True))) if rows else stretch([], []), width)
    expected = columns_by_hand(rows, width)
    assert columns.index.tolist() == sorted(expected)
    for index, low, high, first, last in zip(
        columns.index.tolist(), columns.low, columns.high, columns.first, columns.last, strict=True
    ):
        assert (low, high) == (min(expected[index]), max(expected[index]))
        assert (first, last) == (expected[index][0], expected[index][-1])


@given(rows=points.filter(lambda rows: len(rows) > 1), width=st.integers(1, 90), data=st.data())
def test_that_history_and_live_joined_are_the_same_as_one_curve(
    rows: list[tuple[int, float, int]], width: int, data: st.DataObject
) -> None:
    times, values, codes = (list(column) for column in zip(*rows, strict=True))
    whole = stretch(times, values, codes)
    cut = data.draw(st.integers(0, len(rows)))
    joined = join(decimate(whole.part(0, cut), width), decimate(whole.part(cut, len(rows)), width))
    one = decimate(whole, width)
    assert joined.index.tolist() == one.index.tolist()
    assert np.array_equal(joined.low, one.low)
    assert np.array_equal(joined.high, one.high)
    assert np.array_equal(joined.last, one.last)


@given(rows=points, shift=st.integers(0, 50))
def test_that_columns_do_not_shimmer_while_the_window_moves(rows: list[tuple[int, float, int]], shift: int) -> None:
    if not rows:
        return
    times, values, codes = (list(column) for column in zip(*rows, strict=True))
    whole = stretch(times, values, codes)
    width = 7
    start = (1 + shift) // width + 1
    moved = decimate(whole.between(start * width, 10_000), width)
    assert np.array_equal(moved.high, decimate(whole, width).between(start, 10_000).high)


def test_that_a_bad_value_severs_its_neighbours() -> None:
    columns = decimate(stretch([10, 20, 30], [1, NAN, 3], [status.GOOD, status.BAD_TIMEOUT, status.GOOD]), 10)
    assert columns.index.tolist() == [1, 3]
    assert columns.severed.tolist() == [False, True]


def test_that_a_long_silence_severs_and_a_short_one_does_not() -> None:
    columns = decimate(stretch([10, 20, 60], [1, 2, 3]), 10, longest_gap=30)
    assert columns.severed.tolist() == [False, False, True]


def test_that_uncertain_points_make_their_column_doubtful() -> None:
    codes = [status.GOOD, status.UNCERTAIN_LAST_USABLE_VALUE, status.GOOD]
    assert decimate(stretch([10, 11, 20], [1, 2, 3], codes), 10).doubtful.tolist() == [True, False]


def test_that_buckets_keep_their_own_extremes() -> None:
    times = np.array([10, 20, 30], np.int64)
    low, high, first, last = (np.array(row, float) for row in ([0, 1, 2], [9, 5, 6], [4, 4, 4], [3, 3, 3]))
    bucketed = Stretch(times, low, high, first, last, np.zeros(3, np.uint32))
    columns = decimate(bucketed, 25)
    assert (columns.low.tolist(), columns.high.tolist()) == ([0, 2], [9, 6])
    assert (columns.first.tolist(), columns.last.tolist()) == ([4, 4], [3, 3])


def test_that_nothing_gives_no_columns() -> None:
    bad = stretch([1, 2], [NAN, 5], [status.GOOD, status.BAD])
    assert equal(decimate(bad, 10), no_columns())
    assert equal(join(no_columns(), no_columns()), no_columns())


def test_that_a_stretch_between_two_samples_has_the_line_that_crosses_it() -> None:
    columns = decimate(stretch([500, 60_500], [1.0, 3.0]), 1_000)
    crossing = columns.reaching(20, 40)
    assert crossing.index.tolist() == [0, 60]
    assert not crossing.severed[1]


def test_that_neighbours_behind_a_gap_are_left_out() -> None:
    columns = decimate(stretch([500, 60_500], [1.0, 3.0]), 1_000, longest_gap=30_000)
    assert not len(columns.reaching(20, 40))


def test_that_a_spike_beside_the_stretch_does_not_widen_its_scale() -> None:
    columns = decimate(stretch([100, 200, 300, 1_500], [1.0, 99.0, 2.0, 3.0]), 1_000)
    crossing = columns.reaching(1, 2)
    assert crossing.high.tolist() == [2.0, 3.0]
    assert crossing.last[0] == 2.0
