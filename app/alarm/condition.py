"""The life of one alarm: which state follows which, and what hides it, as ANSI/ISA-18.2-2016 (figure 2) draws it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState

__all__ = ["LATCHING_TRANSITIONS", "TRANSITIONS", "AlarmEvent", "hiding_state", "next_state"]

TRANSITIONS: Mapping[tuple[AlarmState, AlarmEvent], AlarmState] = MappingProxyType(
    {
        (AlarmState.NORMAL, AlarmEvent.RAISE): AlarmState.UNACKNOWLEDGED,
        (AlarmState.UNACKNOWLEDGED, AlarmEvent.ACKNOWLEDGE): AlarmState.ACKNOWLEDGED,
        (AlarmState.UNACKNOWLEDGED, AlarmEvent.CLEAR): AlarmState.RETURNED,
        (AlarmState.ACKNOWLEDGED, AlarmEvent.CLEAR): AlarmState.NORMAL,
        (AlarmState.RETURNED, AlarmEvent.ACKNOWLEDGE): AlarmState.NORMAL,
        (AlarmState.RETURNED, AlarmEvent.RAISE): AlarmState.UNACKNOWLEDGED,
        (AlarmState.LATCHED, AlarmEvent.RAISE): AlarmState.UNACKNOWLEDGED,
        (AlarmState.LATCHED, AlarmEvent.RESET): AlarmState.NORMAL,
    }
)
"""The course of an alarm; every other pair changes nothing."""

LATCHING_TRANSITIONS: Mapping[tuple[AlarmState, AlarmEvent], AlarmState] = MappingProxyType(
    {
        **TRANSITIONS,
        (AlarmState.ACKNOWLEDGED, AlarmEvent.CLEAR): AlarmState.LATCHED,
        (AlarmState.RETURNED, AlarmEvent.ACKNOWLEDGE): AlarmState.LATCHED,
    }
)
"""The course of an alarm that ends only by a reset."""


def next_state(state: AlarmState, event: AlarmEvent, *, is_latching: bool = False) -> AlarmState | None:
    """Return the state that `event` leads to, or None where it changes nothing."""
    return (LATCHING_TRANSITIONS if is_latching else TRANSITIONS).get((state, event))


def hiding_state(record: AlarmRecord) -> AlarmState | None:
    """Return what hides an alarm by the facts in its record, None for nothing; the strongest of several."""
    if record.out_of_service is not None:
        return AlarmState.OUT_OF_SERVICE
    if record.shelf is not None:
        return AlarmState.SHELVED
    if record.suppression is not None or record.suppressed_by:
        return AlarmState.SUPPRESSED
    return None
