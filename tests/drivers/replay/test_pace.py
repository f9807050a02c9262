"""Each row is due once, at its time divided by the speed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.clock import NS_PER_S
from drivers.replay.pace import Pace

MINUTE = 60 * NS_PER_S
TIME = np.array([5, 6, 7, 9], np.int64) * MINUTE


def test_that_rows_are_due_at_their_recorded_distance_divided_by_the_speed() -> None:
    pace = Pace(TIME, speed=60)
    assert pace.next_due() == 0
    assert pace.due(0).rows.tolist() == [0]
    assert pace.next_due() == NS_PER_S
    due = pace.due(4 * NS_PER_S)
    assert due.rows.tolist() == [1, 2, 3]
    assert (due.offsets / NS_PER_S).tolist() == [1, 2, 4]


def test_that_a_replay_ends_with_its_last_row() -> None:
    pace = Pace(TIME)
    assert not pace.is_finished
    assert len(pace.due(10**15)) == 4
    assert pace.is_finished
    assert pace.next_due() is None
    assert len(pace.due(10**16)) == 0


def test_that_a_looped_replay_begins_anew_one_usual_step_after_its_last_row() -> None:
    pace = Pace(TIME, is_looped=True)
    due = pace.due(6 * MINUTE)
    assert due.rows.tolist() == [0, 1, 2, 3, 0, 1]
    assert (due.offsets / MINUTE).tolist() == [0, 1, 2, 4, 5, 6]
    assert not pace.is_finished
    assert pace.next_due() == 7 * MINUTE


def test_that_rows_per_second_take_the_place_of_the_recorded_times() -> None:
    pace = Pace(TIME, rows_per_second=2)
    assert (pace.due(NS_PER_S).offsets / NS_PER_S).tolist() == [0, 0.5, 1]


def test_that_what_is_too_much_for_one_call_is_due_at_the_next() -> None:
    pace = Pace(TIME)
    assert pace.due(10**15, most=3).rows.tolist() == [0, 1, 2]
    assert not pace.is_finished
    assert pace.due(10**15, most=3).rows.tolist() == [3]


def test_that_nothing_is_due_before_the_start() -> None:
    assert len(Pace(TIME).due(-1)) == 0


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_that_an_impossible_speed_is_refused(speed: float) -> None:
    with pytest.raises(ValueError, match="it must be a number above 0"):
        Pace(TIME, speed=speed)
    with pytest.raises(ValueError, match="rows_per_second"):
        Pace(TIME, rows_per_second=speed or -1.0)


@given(
    steps=st.lists(st.integers(0, 10**12), min_size=1, max_size=20),
    speed=st.floats(0.01, 1e6),
    calls=st.lists(st.integers(0, 10**12), min_size=1, max_size=20),
    is_looped=st.booleans(),
)
def test_that_however_it_is_asked_each_row_is_due_once_and_never_early(
    *, steps: list[int], speed: float, calls: list[int], is_looped: bool
) -> None:
    pace = Pace(np.cumsum(np.array(steps, np.int64)), speed=speed, is_looped=is_looped)
    elapsed, number, last = 0, 0, -1
    for step in calls:
        elapsed += step
        due = pace.due(elapsed, most=50)
        assert due.rows.tolist() == [(number + k) % len(steps) for k in range(len(due))]
        assert all(last <= offset <= elapsed for offset in due.offsets.tolist())
        number += len(due)
        last = int(due.offsets[-1]) if len(due) else last
    assert is_looped or number <= len(steps)
