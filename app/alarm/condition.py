"""The life of one alarm: which state follows which, and what hides it, as ANSI/ISA-18.2-2016 (figure 2) draws it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from app.model.alarm import AlarmEvent, AlarmState, Hold

__all__ = ["HIDING_FACTS", "LATCHING_TRANSITIONS", "TRANSITIONS", "AlarmEvent", "hiding_state", "next_state"]

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


HIDING_FACTS = ("out_of_service", "shelf", "suppression", "suppressed_by")
"""The fields of a record that hide its alarm, as `hiding_state` takes them."""


def hiding_state(
    out_of_service: Hold | None, shelf: Hold | None, suppression: Hold | None, suppressed_by: tuple[str, ...]
) -> AlarmState | None:
    """Return what hides an alarm by these facts of its record, None for nothing; the strongest of several."""
    if out_of_service is not None:
        return AlarmState.OUT_OF_SERVICE
    if shelf is not None:
        return AlarmState.SHELVED
    if suppression is not None or suppressed_by:
        return AlarmState.SUPPRESSED
    return None
