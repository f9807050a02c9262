"""Alarms in the words of ISA-18.2: what is watched, and the state that an operator sees."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from app.model.text import LocalText


class ConditionKind(StrEnum):
    """What is abnormal: about a tag, or, FAULT, about the station itself, which no plant file defines."""

    HIGH = "high"
    LOW = "low"
    DEVIATION = "deviation"
    RATE = "rate"
    FAULT = "fault"


class Priority(IntEnum):
    """1 is the most urgent; 4 is diagnostic."""

    CRITICAL = 1
    HIGH = 2
    MEDIUM = 3
    DIAGNOSTIC = 4


class AlarmState(StrEnum):
    """The states of ISA-18.2 that exist so far (ISA-18.2-2016, figure 2)."""

    NORMAL = "normal"
    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"

    @property
    def is_active(self) -> bool:
        """Whether the condition still holds."""
        return self in {AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED}

    @property
    def needs_acknowledge(self) -> bool:
        """Whether an operator has yet to say that it was seen."""
        return self in {AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED}


@dataclass(frozen=True, slots=True)
class AlarmDefinition:
    """One watched condition of one tag.

    `limit`: in the tag's unit; for DEVIATION the largest distance from `setpoint` (a tag's name, or a number), for
    RATE the largest change per minute (its sign says in which direction; 0 is not allowed). `deadband`: in the tag's
    unit (for RATE, unit per minute), how far the value must come back. Delays in seconds of source time.
    """

    id: str
    tag: str
    condition: ConditionKind
    limit: float
    priority: Priority
    message: LocalText
    deadband: float = 0.0
    on_delay_s: float = 0.0
    off_delay_s: float = 0.0
    setpoint: str | float = ""


@dataclass(frozen=True, slots=True)
class StationFault:
    """A fault of the station itself that is alarmed, such as a connection that is lost; no tag stands for it.

    `definition`: of condition FAULT, with `limit` 0.5: the fault counts as 1 while it is there. `equipment`: what it is
    about, an Equipment, or the name of a connection.
    """

    definition: AlarmDefinition
    equipment: str


@dataclass(frozen=True, slots=True)
class AlarmRecord:
    """The present state of one alarm, as the banner, the list and the trend show it. Times int64 ns UTC, 0 where none.

    `value`: the tag's value when the state last changed; `limit`: what it was compared with.
    """

    alarm: str
    tag: str
    equipment: str
    state: AlarmState
    priority: Priority
    condition: ConditionKind
    message: LocalText
    raised: int
    value: float
    limit: float
    returned: int = 0
    acknowledged: int = 0
    acknowledged_by: str = ""
    comment: str = ""
    occurrences: int = 1
