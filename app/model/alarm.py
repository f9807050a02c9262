"""Alarms in the words of ISA-18.2: what is watched, and the state that an operator sees."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

import msgspec

from app.model.alarm_sheet import AlarmSheet
from app.model.text import LocalText


class ConditionKind(StrEnum):
    """What is abnormal: about a tag, or, FAULT, about the station itself, which no plant file defines."""

    HIGH = "high"
    LOW = "low"
    DEVIATION = "deviation"
    RATE = "rate"
    STATE = "state"
    MISMATCH = "mismatch"
    STUCK = "stuck"
    BAD_QUALITY = "bad_quality"
    HEALTH = "health"
    TIME_TO_LIMIT = "time_to_limit"
    EXPRESSION = "expression"
    FAULT = "fault"


class Priority(IntEnum):
    """1 is the most urgent; 4 is diagnostic."""

    CRITICAL = 1
    HIGH = 2
    MEDIUM = 3
    DIAGNOSTIC = 4


class AlarmState(StrEnum):
    """The states of ISA-18.2-2016 and IEC 62682 that an operator sees.

    The first five follow the condition and the operator (what is called the alarm's course here); the last three hide
    the course, which goes on beneath them.
    """

    NORMAL = "normal"
    UNACKNOWLEDGED = "unacknowledged"
    ACKNOWLEDGED = "acknowledged"
    RETURNED = "returned"
    LATCHED = "latched"
    SHELVED = "shelved"
    SUPPRESSED = "suppressed"
    OUT_OF_SERVICE = "out_of_service"

    is_active: bool
    """Whether the condition still holds."""
    needs_acknowledge: bool
    """Whether an operator has yet to say that it was seen."""
    is_hidden: bool
    """Whether the alarm is kept from the list of alarms, by an operator, by design or as out of service."""

    def __init__(self, word: str) -> None:
        # asked for ten thousand alarms at a time: an attribute costs a tenth of a search by an enum's hash
        self.is_active = word in {"unacknowledged", "acknowledged"}
        self.needs_acknowledge = word in {"unacknowledged", "returned"}
        self.is_hidden = word in {"shelved", "suppressed", "out_of_service"}


class AlarmEvent(StrEnum):
    """What may happen to an alarm; RELATE: its causes, or whether it was the first of its group, are known anew."""

    RAISE = "raise"
    CLEAR = "clear"
    ACKNOWLEDGE = "acknowledge"
    RESET = "reset"
    COMMENT = "comment"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    SUPPRESS = "suppress"
    UNSUPPRESS = "unsuppress"
    REMOVE_FROM_SERVICE = "remove_from_service"
    RETURN_TO_SERVICE = "return_to_service"
    RELATE = "relate"


@dataclass(frozen=True, slots=True)
class AlarmDefinition:
    """One watched condition of one tag, of an Equipment's health (HEALTH), or of a forecast (TIME_TO_LIMIT).

    `limit`: in the tag's unit; for DEVIATION the largest distance from `setpoint` (a tag's name, or a number), for
    RATE the largest change per minute (its sign says in which direction; 0 is not allowed), for MISMATCH how far
    the tag may be from its command, which `setpoint` names, for STUCK the largest change that is none, for HEALTH the
    least health (0..100), for TIME_TO_LIMIT the fewest hours of the plant's own time, for EXPRESSION the largest value
    of `expression` (0.5 where it is true or false). Of STATE and BAD_QUALITY it says nothing.
    `deadband`: in the same unit, how far the value must come back. Delays in seconds of source time: STUCK for longer
    than `on_delay_s`, MISMATCH as well, from the newest change of the command on.
    `states`: of STATE, the values that are abnormal. `equipment`: whose health, or what an expression without `tag` is
    about. `forecast`: its id.

    `causes`: ids of alarms that explain this one while they stand. What suppresses it by design: `suppress_when`, an
    expression over tags, while it is true, and its causes where `suppress_by_cause`; for `suppress_after_s` longer.
    `group`: of alarms that come together, the first of which is marked.
    `latch`: it ends only by a reset. `longest_shelf_min`: for how many minutes it may be shelved at most, 0 never, None
    as the plant's rules say.

    `alarm_class`: whose sheet it inherits; `sheet`: its own rationalisation.
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
    states: tuple[float, ...] = ()
    expression: str = ""
    equipment: str = ""
    forecast: str = ""
    causes: tuple[str, ...] = ()
    suppress_by_cause: bool = False
    suppress_when: str = ""
    suppress_after_s: float = 0.0
    group: str = ""
    latch: bool = False
    longest_shelf_min: float | None = None
    alarm_class: str = ""
    sheet: AlarmSheet = AlarmSheet()  # noqa: RUF009 - a frozen value


@dataclass(frozen=True, slots=True)
class StationFault:
    """A fault of the station itself that is alarmed, such as a connection that is lost; no tag stands for it.

    `definition`: of condition FAULT, with `limit` 0.5: the fault counts as 1 while it is there. `equipment`: what it is
    about, an Equipment, or the name of a connection.
    """

    definition: AlarmDefinition
    equipment: str


@dataclass(frozen=True, slots=True)
class Hold:
    """Why somebody hides an alarm: from `since` to `until` at the latest (int64 ns UTC), `by` whom.

    `is_one_shot`: it also ends when the condition goes.
    """

    since: int
    until: int
    by: str
    reason: str = ""
    is_one_shot: bool = False


class AlarmRecord(msgspec.Struct, frozen=True, gc=False):
    """The present state of one alarm, as the banner, the list and the trend show it. Times int64 ns UTC, 0 where none.

    `value`: the tag's value when the state last changed; `limit`: what it was compared with. `comment`: the newest one,
    of the acknowledgement or of its own.

    What happened last: `event` at `changed`, done `by` whom ("" where nobody did) and why (`reason`).

    Facts beside the course of the alarm, each independent of the others. What hides it: `shelf`, `suppression` (by an
    engineer), `out_of_service`, and `suppressed_by`, the alarms that explain it, or the expression that holds, as the
    plant file says. `beneath`: its course while it is hidden. `hidden_raises`: how often it was raised since it is, or
    was last, hidden; `is_unseen`: its present occurrence has been shown to nobody yet.
    `is_latching`: it ends only by a reset. `causes`: alarms that stand and explain it. `group`: of alarms that come
    together; `is_first_out`: it was the first of them. `source`: the connection whose server alarms, "" for ours.

    A Struct: a flood makes two of these for each alarm, and msgspec.structs.replace copies one ten times as fast as a
    dataclass is. `gc=False`: nothing in it can lead back to it, so that no collection need look at ten thousand.
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
    event: AlarmEvent | None = None
    changed: int = 0
    by: str = ""
    reason: str = ""
    beneath: AlarmState = AlarmState.NORMAL
    shelf: Hold | None = None
    suppression: Hold | None = None
    out_of_service: Hold | None = None
    suppressed_by: tuple[str, ...] = ()
    hidden_raises: int = 0
    is_unseen: bool = False
    is_latching: bool = False
    causes: tuple[str, ...] = ()
    group: str = ""
    is_first_out: bool = False
    source: str = ""

    @property
    def course(self) -> AlarmState:
        """Return what the state is, or would be if nothing hid it."""
        return self.beneath if self.state.is_hidden else self.state

    @property
    def needs_reset(self) -> bool:
        """Return whether it stays after its condition has gone, until somebody resets it."""
        return self.course is AlarmState.LATCHED or (self.is_latching and self.course is AlarmState.RETURNED)
