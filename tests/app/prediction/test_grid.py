import numpy as np

from app.model.tag import TagKind
from app.prediction.grid import Grid, Row
from tests.app.prediction.plants import Array, at, tag

TAGS = [tag(0), tag(1), tag(2, kind=TagKind.DISCRETE), tag(3, kind=TagKind.COUNTER)]


def add(grid: Grid, *samples: tuple[float, int, float | None]) -> list[Row]:
    """Add (second, column, value or None for a bad one)."""
    seconds, columns, values = zip(*samples, strict=True)
    return grid.add(
        np.array(columns, np.intp),
        np.array([at(second) for second in seconds], np.int64),
        np.array([np.nan if value is None else value for value in values]),
        usable=np.array([value is not None for value in values]),
    )


def grid(time_scale: float = 300.0) -> Grid:
    return Grid(TAGS, time_scale=time_scale)


def same(left: Array, right: list[float]) -> bool:
    return bool(np.array_equal(left, np.array(right), equal_nan=True))


NAN = float("nan")


def test_that_a_row_is_a_scan_long_and_at_least_ten_seconds_of_the_plant() -> None:
    assert grid(300.0).period == 250_000_000
    assert grid(1.0).period == 10_000_000_000


def test_that_a_row_holds_means_and_last_modes_and_ends_with_the_first_sample_after_it() -> None:
    rows = add(grid(), (0.0, 0, 1.0), (0.1, 0, 3.0), (0.1, 2, 0.0), (0.2, 2, 1.0), (0.25, 0, 9.0))
    (row,) = rows
    assert row.time == at(0)
    assert same(row.signals, [2.0, NAN, NAN])
    assert same(row.modes, [1.0])


def test_that_a_tag_that_is_not_reported_keeps_its_value_until_a_bad_one_comes() -> None:
    rows = add(
        grid(),
        (0.0, 0, 1.0),
        (0.0, 1, 5.0),
        (0.25, 0, 2.0),
        (0.5, 1, None),
        (0.5, 0, 3.0),
        (0.75, 0, 4.0),
        (1.0, 1, 6.0),
    )
    assert [row.signals[1] if not np.isnan(row.signals[1]) else None for row in rows] == [5.0, 5.0, None, None]


def test_that_a_counter_becomes_its_rate_and_a_reset_is_missing() -> None:
    rows = add(grid(), *[(place * 0.25, 3, value) for place, value in enumerate([10.0, 11.0, 13.0, 2.0, 3.0, 0.0])])
    assert same(np.array([row.signals[2] for row in rows]), [NAN, 4.0, 8.0, NAN, 4.0])


def test_that_rows_without_any_sample_are_not_made_up_and_a_long_gap_is_told() -> None:
    rows = add(grid(), (0.0, 0, 1.0), (0.25, 0, 1.0), (1.0, 0, 1.0), (20.0, 0, 1.0), (20.25, 0, 1.0))
    assert [row.time for row in rows] == [at(0), at(0.25), at(1.0), at(20.0)]
    assert [row.follows_gap for row in rows] == [True, False, False, True]


def test_that_a_late_sample_counts_in_the_open_row() -> None:
    late = grid()
    assert not add(late, (0.5, 0, 1.0))
    assert not add(late, (0.1, 0, 3.0))
    (row,) = add(late, (0.75, 0, 0.0))
    assert (row.signals[0], row.time) == (2.0, at(0.5))


def test_that_rows_go_on_when_the_clock_was_set_back() -> None:
    ticking = grid()
    add(ticking, (3_600.0, 0, 1.0), (3_600.25, 0, 1.0))
    rows = add(ticking, (0.0, 0, 2.0), (0.25, 0, 3.0), (0.5, 0, 4.0))
    assert [(row.time, row.follows_gap) for row in rows] == [(at(0.0), True), (at(0.25), False)]


def test_that_the_cuts_between_calls_change_nothing() -> None:
    random = np.random.default_rng(1)
    samples = [(place * 0.03, int(random.integers(4)), float(random.normal())) for place in range(300)]
    whole, cut = grid(), grid()
    expected = add(whole, *samples)
    rows = [row for begin in range(0, 300, 7) for row in add(cut, *samples[begin : begin + 7])]
    assert [row.time for row in rows] == [row.time for row in expected]
    assert np.allclose([row.signals for row in rows], [row.signals for row in expected], equal_nan=True)
