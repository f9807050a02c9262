"""The life of one alarm: which state follows which when its condition comes, goes or an operator acknowledges."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from app.model.alarm import AlarmState


class AlarmEvent(StrEnum):
    """What may happen to an alarm."""

    RAISE = "raise"
    CLEAR = "clear"
    ACKNOWLEDGE = "acknowledge"


TRANSITIONS: Mapping[tuple[AlarmState, AlarmEvent], AlarmState] = MappingProxyType(
    {
        (AlarmState.NORMAL, AlarmEvent.RAISE): AlarmState.UNACKNOWLEDGED,
        (AlarmState.UNACKNOWLEDGED, AlarmEvent.ACKNOWLEDGE): AlarmState.ACKNOWLEDGED,
        (AlarmState.UNACKNOWLEDGED, AlarmEvent.CLEAR): AlarmState.RETURNED,
        (AlarmState.ACKNOWLEDGED, AlarmEvent.CLEAR): AlarmState.NORMAL,
        (AlarmState.RETURNED, AlarmEvent.ACKNOWLEDGE): AlarmState.NORMAL,
        (AlarmState.RETURNED, AlarmEvent.RAISE): AlarmState.UNACKNOWLEDGED,
    }
)
"""The arrows of ANSI/ISA-18.2-2016, figure 2, between these states; every other pair changes nothing."""


def next_state(state: AlarmState, event: AlarmEvent) -> AlarmState | None:
    """Return the state that `event` leads to, or None where it changes nothing."""
    return TRANSITIONS.get((state, event))
