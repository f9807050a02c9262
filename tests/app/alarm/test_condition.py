from itertools import product

import pytest

from app.alarm.condition import TRANSITIONS, AlarmEvent, next_state
from app.model.alarm import AlarmState

NORMAL, UNACKNOWLEDGED = AlarmState.NORMAL, AlarmState.UNACKNOWLEDGED
ACKNOWLEDGED, RETURNED = AlarmState.ACKNOWLEDGED, AlarmState.RETURNED
RAISE, CLEAR, ACKNOWLEDGE = AlarmEvent.RAISE, AlarmEvent.CLEAR, AlarmEvent.ACKNOWLEDGE


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([RAISE], UNACKNOWLEDGED),
        ([RAISE, ACKNOWLEDGE], ACKNOWLEDGED),
        ([RAISE, CLEAR], RETURNED),
        ([RAISE, ACKNOWLEDGE, CLEAR], NORMAL),
        ([RAISE, CLEAR, ACKNOWLEDGE], NORMAL),
        ([RAISE, CLEAR, RAISE], UNACKNOWLEDGED),
    ],
)
def test_that_an_alarm_lives_as_isa_18_2_draws_it(events: list[AlarmEvent], state: AlarmState) -> None:
    reached = NORMAL
    for event in events:
        following = next_state(reached, event)
        assert following is not None
        reached = following
    assert reached is state


def test_that_nothing_but_an_acknowledgement_takes_away_the_need_of_one() -> None:
    for (before, event), after in TRANSITIONS.items():
        if event is not RAISE and before.needs_acknowledge and not after.needs_acknowledge:
            assert event is ACKNOWLEDGE


def test_that_every_other_pair_changes_nothing() -> None:
    others = set(product(AlarmState, AlarmEvent)) - set(TRANSITIONS)
    assert len(others) == len(AlarmState) * len(AlarmEvent) - 8
    assert all(next_state(state, event) is None for state, event in others)


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([RAISE, ACKNOWLEDGE, CLEAR], AlarmState.LATCHED),
        ([RAISE, CLEAR, ACKNOWLEDGE], AlarmState.LATCHED),
        ([RAISE, CLEAR, ACKNOWLEDGE, AlarmEvent.RESET], NORMAL),
        ([RAISE, ACKNOWLEDGE, CLEAR, RAISE], UNACKNOWLEDGED),
    ],
)
def test_that_an_alarm_that_latches_ends_only_by_a_reset(events: list[AlarmEvent], state: AlarmState) -> None:
    reached = NORMAL
    for event in events:
        following = next_state(reached, event, is_latching=True)
        assert following is not None
        reached = following
    assert reached is state
    assert next_state(UNACKNOWLEDGED, AlarmEvent.RESET, is_latching=True) is None


def test_that_the_condition_and_the_state_agree_on_what_is_active() -> None:
    for (_, event), after in TRANSITIONS.items():
        if event in {RAISE, CLEAR}:
            assert after.is_active == (event is RAISE)
