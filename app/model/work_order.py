"""A work order of maintenance, what may be done with it, and why it may be refused.

The words are those of ISA-95 (IEC 62264-3): it begins as a MaintenanceRequest, is a MaintenanceWorkOrder once it is
planned, and carries the MaintenanceResponse once it is done. `docs/explanations/maintenance.md` draws its states.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.model.alarm import Priority
from app.model.maintenance import CheckItem
from app.model.text import LocalText


class WorkState(StrEnum):
    """Where a work order stands."""

    REQUESTED = "requested"
    PLANNED = "planned"
    RELEASED = "released"
    IN_WORK = "in_work"
    DONE = "done"
    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Return whether nothing comes after it."""
        return self in {WorkState.FIXED, WorkState.NOT_FIXED, WorkState.CANCELLED}


class WorkStep(StrEnum):
    """What is done with a work order; OBSERVE is the station's: it proposes whether the work has helped."""

    REQUEST = "request"
    PLAN = "plan"
    RELEASE = "release"
    START = "start"
    INTERRUPT = "interrupt"
    NOTE = "note"
    COMPLETE = "complete"
    OBSERVE = "observe"
    CONFIRM_FIXED = "confirm_fixed"
    CONFIRM_NOT_FIXED = "confirm_not_fixed"
    CANCEL = "cancel"


class WorkSource(StrEnum):
    """What asked for the work; its `reference` is the id of that alarm, forecast, case, definition or former order."""

    HAND = "hand"
    ALARM = "alarm"
    FORECAST = "forecast"
    CASE = "case"
    METER = "meter"
    CALENDAR = "calendar"
    FOLLOW_UP = "follow_up"

    @property
    def tells_failure(self) -> bool:
        """Return whether equipment that is renewed for it has failed; for any other reason it was renewed before."""
        return self in {WorkSource.ALARM, WorkSource.CASE}


class Effect(StrEnum):
    """What the station thinks of completed work: does what led to it stay away?"""

    WATCHING = "watching"
    LOOKS_FIXED = "looks_fixed"
    LOOKS_NOT_FIXED = "looks_not_fixed"
    NOT_KNOWN = "not_known"


class Ground(StrEnum):
    """On which ground an Effect is proposed."""

    NONE = "none"
    ALARM_AWAY = "alarm_away"
    ALARM_ACTIVE = "alarm_active"
    ALARM_AGAIN = "alarm_again"
    FORECAST_AWAY = "forecast_away"
    FORECAST_AGAIN = "forecast_again"
    HEALTH_GOOD = "health_good"
    HEALTH_POOR = "health_poor"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed and why; `at`: ns UTC of what was seen, 0 for nothing; `health`: 0..100, None where unknown."""

    effect: Effect
    ground: Ground = Ground.NONE
    at: int = 0
    health: float | None = None


@dataclass(frozen=True, slots=True)
class PartUse:
    """So many of a spare part (its id, or any text) were used."""

    part: str
    quantity: float = 1.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A line of the checklist and what was found: `value` in the unit of its item; `remark`: why it is as it is."""

    item: CheckItem
    is_done: bool = False
    value: float | None = None
    remark: str = ""

    @property
    def is_within(self) -> bool:
        """Return whether the value is within its limits, or there is none."""
        low, high = self.item.low, self.item.high
        return self.value is None or ((low is None or self.value >= low) and (high is None or self.value <= high))


@dataclass(frozen=True, slots=True)
class Signature:
    """Who has signed what was done, at `time` (ns UTC); `is_proven`: by a PIN, which a plant without users has not."""

    name: str
    role: str
    time: int
    is_proven: bool


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """The present state of one work order; every time is int64 ns UTC, 0 where there is none yet.

    `version`: rises by one with each step. `reason`: why the work is asked for. `priority`: as of an alarm. `due`: when
    it has to be done. `planned_start`, `estimated_h`, `assignee`: its plan. `spent_h`: hours of people.
    `meter`: the running hours of the equipment at its end. `watch_until`: what led to it is watched until then.
    `follows`: the order that did not help, 0 for none. `changed`, `changed_by`, `step`: the newest step.
    """

    id: int
    version: int
    equipment: str
    title: LocalText
    state: WorkState
    source: WorkSource
    reference: str
    reason: str
    priority: Priority
    requested: int
    requested_by: str
    changed: int
    changed_by: str
    step: WorkStep
    due: int = 0
    planned_start: int = 0
    estimated_h: float = 0.0
    assignee: str = ""
    planned_parts: tuple[str, ...] = ()
    started: int = 0
    spent_h: float = 0.0
    parts: tuple[PartUse, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    remark: str = ""
    renews: bool = False
    completed: int = 0
    meter: float | None = None
    signature: Signature | None = None
    watch_until: int = 0
    proposal: Proposal | None = None
    confirmed: int = 0
    confirmed_by: str = ""
    follows: int = 0

    @property
    def ended(self) -> int:
        """Return when the work was completed, or given up; 0 while neither."""
        return self.completed or (self.changed if self.state.is_final else 0)


@dataclass(frozen=True, slots=True)
class WorkRequest:
    """Somebody, or the station, asks for work; `definition`: whose checklist and parts it takes, "" for none."""

    equipment: str
    source: WorkSource
    reason: str
    reference: str = ""
    title: LocalText = LocalText("")
    priority: Priority = Priority.MEDIUM
    due: int = 0
    definition: str = ""
    follows: int = 0


@dataclass(frozen=True, slots=True)
class CheckEntry:
    """What was found for line `index` (from 0) of a checklist."""

    index: int
    is_done: bool = True
    value: float | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class WorkCommand:
    """A step of one order; `seen`: the version that was shown, so that no newer one is overruled unseen.

    `reason`: why, or a remark. `spent_h`, `parts`: in addition to what is noted. `renews`: None leaves it as it is.
    """

    order: int
    seen: int
    step: WorkStep
    reason: str = ""
    planned_start: int = 0
    estimated_h: float = 0.0
    assignee: str = ""
    spent_h: float = 0.0
    parts: tuple[PartUse, ...] = ()
    checks: tuple[CheckEntry, ...] = ()
    renews: bool | None = None


class WorkRefusalCode(StrEnum):
    """Why something was not done."""

    NO_ORDER = "no_order"
    NO_EQUIPMENT = "no_equipment"
    NO_DEFINITION = "no_definition"
    NO_NAME = "no_name"
    NOT_SIGNED_IN = "not_signed_in"
    ROLE = "role"
    NO_REASON = "no_reason"
    LONG_TEXT = "long_text"
    STATE = "state"
    CHANGED = "changed"
    DUPLICATE = "duplicate"
    SIGNED = "signed"
    NO_START = "no_start"
    NUMBER = "number"
    NO_CHECK = "no_check"
    CHECK_OPEN = "check_open"
    OUT_OF_LIMITS = "out_of_limits"
    NO_SIGNATURE = "no_signature"
    WRONG_SIGNATURE = "wrong_signature"
    WAIT = "wait"
    NOT_STORED = "not_stored"


@dataclass(frozen=True, slots=True)
class WorkRefusal:
    """Why it was not done to `order` (0: a request): `text` says it in English, `code` to a window.

    `by`, `at` (ns UTC): who did something before, and when. `other`: another order that is meant. `subject`: the line
    of the checklist, the role or the state that it is about.
    """

    order: int
    code: WorkRefusalCode
    text: str
    by: str = ""
    at: int = 0
    other: int = 0
    subject: str = ""


@dataclass(frozen=True, slots=True)
class MaintenanceEvent:
    """Equipment was renewed at `time` (ns UTC) by work order `order`: what was learned of it before no longer holds."""

    time: int
    equipment: str
    order: int
