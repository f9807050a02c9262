"""A line of the audit trail: what somebody did to the plant, or tried to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.model.actor import Actor
from app.model.content import NOTHING, Content


class AuditAction(StrEnum):
    """What was done. A write has an intent, durable before it is sent, and a result; both bear its operation.

    So has a call of a method, which is its `subject`, with arguments and answer in `detail`. So has what somebody does
    to an alarm: its result is a line of the alarm journal, or a refusal. What stands before the dot is the kind that a
    search can ask for.
    """

    WRITE_INTENT = "write.intent"
    WRITE_RESULT = "write.result"
    WRITE_REFUSED = "write.refused"
    METHOD_INTENT = "method.intent"
    METHOD_RESULT = "method.result"
    METHOD_REFUSED = "method.refused"
    ALARM_CHANGED = "alarm.changed"
    ALARM_OPERATED = "alarm.operated"
    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in.refused"
    SIGN_OFF = "sign_off"
    USER_ADDED = "user.added"
    USER_REMOVED = "user.removed"
    CERTIFICATE_TRUSTED = "certificate.trusted"
    CERTIFICATE_REFUSED = "certificate.refused"
    ALARM_INTENT = "alarm.intent"
    ALARM_REFUSED = "alarm.refused"
    CASE_OPENED = "case.opened"
    CASE_CLOSED = "case.closed"
    CASE_CHANGE_MADE = "case.change_made"
    CASE_CHANGE_UNDONE = "case.change_undone"
    CASE_REFUSED = "case.refused"
    WORK_STEPPED = "work.stepped"
    WORK_REFUSED = "work.refused"
    HANDOVER_STEPPED = "handover.stepped"
    HANDOVER_REFUSED = "handover.refused"
    STOP_CHANGED = "work.stop_changed"
    PART_BOOKED = "work.part_booked"
    PART_RULE_SET = "work.part_rule_set"
    MODEL_ADDED = "model.added"
    MODEL_TRIED = "model.tried"
    MODEL_STEPPED = "model.stepped"
    MODEL_REFUSED = "model.refused"
    CONFIGURATION_CHANGED = "configuration.changed"
    PICTURE_CHANGED = "picture.changed"
    HISTORY_BACKED_UP = "history.backed_up"
    HISTORY_RESTORED = "history.restored"
    HISTORY_REPAIRED = "history.repaired"
    HISTORY_IMPORTED = "history.imported"
    LOG_MIGRATED = "log.migrated"
    LOG_ANCHORED = "log.anchored"
    LOG_ACCEPTED = "log.accepted"
    LOG_BODIES_DROPPED = "log.bodies_dropped"
    CLOCK_SET_BACK = "log.clock_set_back"
    KEY_MADE = "log.key_made"
    KEY_ROTATED = "log.key_rotated"
    KEY_REPLACED = "log.key_replaced"

    @property
    def kind(self) -> str:
        """Return what is before the dot."""
        return self.value.partition(".")[0]


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """One deed; `time`: int64 ns UTC. What does not apply stays "", 0 or NaN.

    `operation`: names one write from its selection on. `user`, `role`: who was signed in. `window`: from where, by
    process. `old`, `new`, `read`: the value before, the one that was wanted and the one read back, in the tag's unit.
    `outcome`: how it ended. `reason`: why it was refused or failed. `alarm`: of an alarm, whose `operation` is the
    AlarmAction and whose `reason` what the operator said. `subject`: what else it was done to: a file, a key.
    `digest`: SHA-256 of that, or of line `line` of the alarm journal, in hexadecimal. `detail`: what has to be known
    besides, such as the difference between two files.
    """

    time: int
    action: AuditAction
    operation: str = ""
    user: str = ""
    role: str = ""
    window: str = ""
    tag: str = ""
    old: Content = NOTHING
    new: Content = NOTHING
    read: Content = NOTHING
    outcome: str = ""
    reason: str = ""
    alarm: str = ""
    subject: str = ""
    digest: str = ""
    line: int = 0
    detail: str = ""

    def by(self, who: Actor) -> AuditRecord:
        """Return it as a deed of somebody, from the window that it came from."""
        return replace(self, user=who.name, role=who.role or "", window=who.window)
