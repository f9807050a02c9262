"""What somebody may do to alarms, under which rules, and why it may be refused."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.model.role import Role


class AlarmAction(StrEnum):
    """What may be done; each has the name of the AlarmEvent that it is to an alarm."""

    ACKNOWLEDGE = "acknowledge"
    RESET = "reset"
    COMMENT = "comment"
    SHELVE = "shelve"
    UNSHELVE = "unshelve"
    SUPPRESS = "suppress"
    UNSUPPRESS = "unsuppress"
    REMOVE_FROM_SERVICE = "remove_from_service"
    RETURN_TO_SERVICE = "return_to_service"


@dataclass(frozen=True, slots=True)
class AlarmCommand:
    """One deed to one or many alarms, each of which is done or refused for itself.

    `alarms`: their ids; `raised`: for ACKNOWLEDGE the instants that were shown (ns UTC), so that no newer occurrence is
    taken unseen. `reason`: the comment, or why. `until` (ns UTC) and `is_one_shot`: of what hides an alarm; 0 is the
    longest time allowed.
    """

    action: AlarmAction
    alarms: tuple[str, ...]
    raised: tuple[int, ...] = ()
    reason: str = ""
    until: int = 0
    is_one_shot: bool = False


@dataclass(frozen=True, slots=True)
class AlarmRules:
    """How long and by whom alarms of a plant may be hidden.

    `longest_shelf_min`: minutes, for alarms that say nothing else. `longest_suppression_h`: hours of a suppression by
    an engineer. `longest_out_of_service_d`: days. Roles: the least one.
    """

    longest_shelf_min: float = 480.0
    longest_suppression_h: float = 24.0
    longest_out_of_service_d: float = 30.0
    shelve_role: Role = Role.OPERATOR
    suppress_role: Role = Role.ENGINEER
    service_role: Role = Role.ENGINEER

    def role(self, action: AlarmAction) -> Role:
        """Return the least role that may do something in a plant that has users."""
        match action:
            case AlarmAction.SHELVE | AlarmAction.UNSHELVE:
                return self.shelve_role
            case AlarmAction.SUPPRESS | AlarmAction.UNSUPPRESS:
                return self.suppress_role
            case AlarmAction.REMOVE_FROM_SERVICE | AlarmAction.RETURN_TO_SERVICE:
                return self.service_role
            case _:
                return Role.OPERATOR


class RefusalCode(StrEnum):
    """Why something was not done to an alarm."""

    NO_ALARM = "no_alarm"
    NO_NAME = "no_name"
    NOT_SIGNED_IN = "not_signed_in"
    ROLE = "role"
    NO_REASON = "no_reason"
    LONG_REASON = "long_reason"
    NORMAL = "normal"
    RAISED_AGAIN = "raised_again"
    ALREADY = "already"
    NOT_HIDDEN = "not_hidden"
    NOT_ACTIVE = "not_active"
    STILL_ACTIVE = "still_active"
    NOT_LATCHED = "not_latched"
    ACKNOWLEDGE_FIRST = "acknowledge_first"
    NOT_ALLOWED = "not_allowed"
    TOO_LONG = "too_long"
    PAST = "past"
    AT_SERVER = "at_server"
    NOT_WRITTEN = "not_written"
    NOT_STORED = "not_stored"
    NOT_YET_STORED = "not_yet_stored"


@dataclass(frozen=True, slots=True)
class AlarmRefusal:
    """Why it was not done to `alarm`: `text` says it in English, `code` for a window that says it in its language.

    `by`, `at` (ns UTC): who did it before, and when, where somebody was first. `limit`: of TOO_LONG, ns; of
    LONG_REASON, characters.
    """

    alarm: str
    code: RefusalCode
    text: str
    by: str = ""
    at: int = 0
    limit: int = 0
