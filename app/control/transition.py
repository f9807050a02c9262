"""The state machine of a write or a call: which event leads from which state to which, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.model.control import ControlState


class ControlEvent(StrEnum):
    """What happens to a write."""

    CHECK = "check"
    CONFIRM = "confirm"
    SEND = "send"
    ACCEPT = "accept"
    COMPLETE = "complete"
    LOSE_SIGHT = "lose sight"
    VERIFY = "verify"
    REFUSE = "refuse"
    FAIL = "fail"
    DOUBT = "doubt"
    EXPIRE = "expire"
    CANCEL = "cancel"


_S, _E = ControlState, ControlEvent

TRANSITIONS: Mapping[tuple[ControlState, ControlEvent], ControlState] = MappingProxyType(
    {
        (_S.SELECTED, _E.CHECK): _S.CHECKED,
        (_S.SELECTED, _E.REFUSE): _S.REFUSED,
        (_S.SELECTED, _E.EXPIRE): _S.EXPIRED,
        (_S.SELECTED, _E.CANCEL): _S.CANCELLED,
        (_S.CHECKED, _E.CHECK): _S.CHECKED,
        (_S.CHECKED, _E.CONFIRM): _S.CONFIRMED,
        (_S.CHECKED, _E.REFUSE): _S.REFUSED,
        (_S.CHECKED, _E.EXPIRE): _S.EXPIRED,
        (_S.CHECKED, _E.CANCEL): _S.CANCELLED,
        (_S.CONFIRMED, _E.SEND): _S.EXECUTING,
        (_S.CONFIRMED, _E.REFUSE): _S.REFUSED,
        (_S.CONFIRMED, _E.EXPIRE): _S.EXPIRED,
        (_S.EXECUTING, _E.ACCEPT): _S.VERIFYING,  # the device has said yes: see whether it did
        (_S.EXECUTING, _E.COMPLETE): _S.DONE,  # a method has answered that it was done: there is nothing to read back
        (_S.EXECUTING, _E.LOSE_SIGHT): _S.VERIFYING,  # no answer: see what it did, and never send again
        (_S.EXECUTING, _E.FAIL): _S.FAILED,
        (_S.EXECUTING, _E.EXPIRE): _S.EXPIRED,
        (_S.EXECUTING, _E.DOUBT): _S.UNKNOWN,
        (_S.VERIFYING, _E.VERIFY): _S.DONE,
        (_S.VERIFYING, _E.FAIL): _S.FAILED,
        (_S.VERIFYING, _E.DOUBT): _S.UNKNOWN,
    }
)


class ForbiddenTransition(Exception):
    """An event that a write in this state cannot have: a fault of the program."""


def next_state(state: ControlState, event: ControlEvent) -> ControlState:
    """Return the state after an event; raise ForbiddenTransition."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise ForbiddenTransition(f"{event} of a write that is {state}") from None
