import numpy as np

from app.prediction.limit_watch import LimitWatch
from app.prediction.set_limit import SetLimits
from tests.app.prediction.plants import tag

RUNS, STANDS = b"runs", b"stands"


def watch() -> LimitWatch:
    """Return one of three signals: a low limit of 2, a high one of 10, and none."""
    limits = SetLimits(np.array([2.0, -np.inf, -np.inf]), np.array([np.inf, 10.0, np.inf]))
    return LimitWatch([tag(place) for place in range(3)], limits)


def levels(*values: float) -> np.ndarray:
    return np.array(values)


def test_that_a_signal_is_beyond_once_it_passes_a_limit_within_which_it_stood() -> None:
    watching = watch()
    watching.take(RUNS, levels(4.0, 6.0, 0.0))
    assert (watching.score, watching.is_beyond) == (0.0, False)
    watching.take(RUNS, levels(4.0, 8.0, 900.0))
    assert 0.0 < watching.score < 1.0
    assert not watching.contributions
    watching.take(RUNS, levels(4.0, 14.0, 900.0))
    assert watching.score == 2.0
    (told,) = watching.contributions
    assert (told.tag, told.share, told.change) == ("PU02.A1", 1.0, 8.0)


def test_that_the_farther_of_two_signals_stands_first_and_falls_are_told_as_falls() -> None:
    watching = watch()
    watching.take(RUNS, levels(4.0, 6.0, 0.0))
    watching.take(RUNS, levels(0.0, 18.0, 0.0))
    assert [(each.tag, each.change) for each in watching.contributions] == [("PU02.A1", 12.0), ("PU02.A0", -4.0)]
    assert sum(each.share for each in watching.contributions) == 1.0


def test_that_a_machine_that_was_switched_off_is_not_beyond_its_low_limits() -> None:
    watching = watch()
    watching.take(RUNS, levels(4.0, 6.0, 0.0))
    watching.take(STANDS, levels(0.0, 0.0, 0.0))
    assert not watching.is_beyond
    watching.take(RUNS, levels(1.0, 6.0, 0.0))
    assert watching.is_beyond


def test_that_a_signal_without_a_value_is_not_beyond_and_nothing_is_once_a_baseline_is_known() -> None:
    watching = watch()
    watching.take(RUNS, levels(np.nan, 6.0, 0.0))
    watching.take(RUNS, levels(np.nan, 12.0, np.nan))
    assert watching.is_beyond
    watching.forget()
    assert not watching.is_beyond


def test_that_the_mode_that_was_not_seen_for_longest_makes_room() -> None:
    watching = watch()
    for number in range(17):
        watching.take(b"%d" % number, levels(4.0, 6.0, 0.0))
    watching.take(b"0", levels(1.0, 6.0, 0.0))
    assert not watching.is_beyond
    watching.take(b"16", levels(1.0, 6.0, 0.0))
    assert watching.is_beyond
