"""The state machine of a write: every way ends, and none sends twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.control.transition import TRANSITIONS, ControlEvent, ForbiddenTransition, next_state
from app.model.control import ControlState


def ways(
    state: ControlState, trail: tuple[ControlEvent, ...] = ()
) -> Iterator[tuple[ControlState, tuple[ControlEvent, ...]]]:
    """Yield every way from a state to an end, a value being checked at most twice."""
    steps = [(event, after) for (before, event), after in TRANSITIONS.items() if before is state]
    if not steps:
        yield state, trail
    for event, after in steps:
        if trail.count(event) < 2:
            yield from ways(after, (*trail, event))


WAYS = list(ways(ControlState.SELECTED))


def test_that_every_way_ends_in_a_final_state_and_every_final_state_is_reached() -> None:
    assert {end for end, _ in WAYS} == {state for state in ControlState if state.is_final}


def test_that_no_way_sends_without_check_and_confirmation_or_more_than_once() -> None:
    for end, way in WAYS:
        assert way.count(ControlEvent.SEND) <= 1
        if ControlEvent.SEND in way:
            before = way[: way.index(ControlEvent.SEND)]
            assert ControlEvent.CHECK in before
            assert ControlEvent.CONFIRM in before
        else:
            assert end not in {ControlState.DONE, ControlState.FAILED, ControlState.UNKNOWN}


def test_that_only_what_was_read_back_or_answered_by_a_method_is_done() -> None:
    lasts = {way[-1] for end, way in WAYS if end is ControlState.DONE}
    assert lasts == {ControlEvent.VERIFY, ControlEvent.COMPLETE}
    assert not any(ControlEvent.ACCEPT in way and ControlEvent.COMPLETE in way for _, way in WAYS)


def test_that_nothing_confirmed_is_cancelled() -> None:
    assert not any(state.is_under_way for state, event in TRANSITIONS if event is ControlEvent.CANCEL)


@pytest.mark.parametrize("state", [state for state in ControlState if state.is_final])
@pytest.mark.parametrize("event", ControlEvent)
def test_that_nothing_follows_an_end(state: ControlState, event: ControlEvent) -> None:
    with pytest.raises(ForbiddenTransition):
        next_state(state, event)
