import numpy as np

from app.anomaly.past import MOST_PIECES, PIECE_ROWS, Past


def filled(count: int, *, gap: int | None = None) -> Past:
    past = Past(2)
    for place in range(count):
        past.add(np.array([place, -place], np.float64), follows_gap=place == gap)
    return past


def test_that_all_rows_are_kept_at_first_as_one_stretch() -> None:
    past = filled(1_000)
    (stretch,) = past.stretches()
    assert np.array_equal(stretch[:, 0], np.arange(1_000))
    assert len(past) == past.seen == 1_000


def test_that_a_gap_cuts_a_stretch() -> None:
    assert [len(stretch) for stretch in filled(300, gap=200).stretches()] == [200, 100]


def test_that_a_long_past_is_kept_whole_but_thinner_and_every_stretch_is_uninterrupted() -> None:
    count = 5 * MOST_PIECES * PIECE_ROWS
    past = filled(count)
    assert past.seen == count
    assert len(past) <= MOST_PIECES * PIECE_ROWS
    stretches = past.stretches()
    assert all((np.diff(stretch[:, 0]) == 1.0).all() for stretch in stretches)
    begins = np.array([stretch[0, 0] for stretch in stretches])
    assert begins[0] == 0.0
    assert begins[-1] > 0.9 * count
    assert np.diff(begins).max() <= 16 * PIECE_ROWS


def test_that_the_newest_rows_outlive_a_cut() -> None:
    past = filled(1_000)
    past.keep_newest(200)
    rows = np.vstack(past.stretches())[:, 0]
    assert rows[-1] == 999.0
    assert 200 <= len(rows) <= 200 + 2 * PIECE_ROWS
    past.add(np.array([1_000.0, 0.0]))
    assert np.vstack(past.stretches())[-1, 0] == 1_000.0
