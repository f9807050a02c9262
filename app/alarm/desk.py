"""What somebody does to an alarm: whether it may be done, and the record after it.

Of several who do the same the first one does it; the others are told who that was, and when.
"""

from __future__ import annotations

from app.alarm import life
from app.alarm.refusal import already, late, refusal
from app.model.alarm import AlarmDefinition, AlarmEvent, AlarmRecord, AlarmState, Hold
from app.model.alarm_command import AlarmAction, AlarmCommand, AlarmRefusal, AlarmRules, RefusalCode
from app.model.clock import NS_PER_S

LONGEST_COMMENT = 2_000
_NS_PER_MINUTE = 60 * NS_PER_S
_NS_PER_HOUR = 3_600 * NS_PER_S
_HIDING = {AlarmAction.SHELVE, AlarmAction.SUPPRESS, AlarmAction.REMOVE_FROM_SERVICE}
_NEEDS_REASON = _HIDING | {AlarmAction.COMMENT}


def command_refusal(command: AlarmCommand, by: str) -> AlarmRefusal | None:
    """Return why a command can be done to none of its alarms: it lacks a name or a reason, or has an endless one."""
    first = command.alarms[0] if command.alarms else ""
    if not by.strip():
        return refusal(first, RefusalCode.NO_NAME, "not done: give the operator's name")
    length = len(command.reason)
    if length > LONGEST_COMMENT:
        text = f"the comment has {length} characters: keep it within {LONGEST_COMMENT}"
        return refusal(first, RefusalCode.LONG_REASON, text, limit=LONGEST_COMMENT)
    if command.action in _NEEDS_REASON and not command.reason.strip():
        return refusal(first, RefusalCode.NO_REASON, "not done: say why")
    return None


def state_refusal(
    record: AlarmRecord, definition: AlarmDefinition, command: AlarmCommand, *, shown: int, rules: AlarmRules, now: int
) -> AlarmRefusal | None:
    """Return why a command cannot be done to one alarm `now`; `shown`: the instant of the occurrence that was seen."""
    match command.action:
        case AlarmAction.ACKNOWLEDGE:
            return _acknowledge_refusal(record, shown)
        case AlarmAction.RESET:
            return _reset_refusal(record)
        case AlarmAction.COMMENT:
            is_known = record.state is not AlarmState.NORMAL
            return None if is_known else refusal(record.alarm, RefusalCode.NORMAL, "back to normal, nothing to comment")
        case _ if command.action in _HIDING:
            return _hiding_refusal(record, definition, command, rules=rules, now=now)
        case _:
            return _end_refusal(record, AlarmEvent(command.action))


def applied(
    record: AlarmRecord, definition: AlarmDefinition, command: AlarmCommand, *, by: str, rules: AlarmRules, now: int
) -> AlarmRecord:
    """Return the record after a command that nothing refuses."""
    by, reason, event = by.strip(), command.reason.strip(), AlarmEvent(command.action)
    match command.action:
        case AlarmAction.ACKNOWLEDGE:
            return life.acknowledged(record, now, by=by, comment=reason)
        case AlarmAction.RESET:
            return life.reset(record, now, by=by, reason=reason)
        case AlarmAction.COMMENT:
            return life.commented(record, now, by=by, comment=reason)
        case _ if command.action in _HIDING:
            until = command.until or now + _longest(definition, command.action, rules)
            return life.held(record, event, Hold(now, until, by, reason, command.is_one_shot))
        case _:
            return life.released(record, event, now, by=by, reason=reason)


def expired(record: AlarmRecord, now: int) -> AlarmRecord | None:
    """Return the record after the end of a time for which it was hidden, None where none has ended by `now`."""
    for event, end in life.ENDS.items():
        hold = life.hold_of(record, event)
        if hold is not None and hold.until <= now:
            return life.released(record, end, hold.until)
    return None


def _acknowledge_refusal(record: AlarmRecord, shown: int) -> AlarmRefusal | None:
    alarm = record.alarm
    if record.course is AlarmState.NORMAL and record.acknowledged and record.acknowledged >= record.raised == shown:
        return already(alarm, "already acknowledged", record.acknowledged_by, record.acknowledged)
    if record.course is AlarmState.NORMAL:
        return refusal(alarm, RefusalCode.NORMAL, "back to normal, nothing to acknowledge")
    if record.course in {AlarmState.ACKNOWLEDGED, AlarmState.LATCHED}:
        return already(alarm, "already acknowledged", record.acknowledged_by, record.acknowledged)
    if record.raised != shown:
        text = "raised again since it was shown: look at the new occurrence first"
        return refusal(alarm, RefusalCode.RAISED_AGAIN, text)
    return None


def _reset_refusal(record: AlarmRecord) -> AlarmRefusal | None:
    alarm = record.alarm
    if record.course.is_active:
        return refusal(alarm, RefusalCode.STILL_ACTIVE, "not reset: its condition still holds")
    if record.needs_reset and record.course is AlarmState.RETURNED:
        return refusal(alarm, RefusalCode.ACKNOWLEDGE_FIRST, "not reset: acknowledge it first")
    if record.course is AlarmState.LATCHED:
        return None
    if record.event is AlarmEvent.RESET:
        return already(alarm, "already reset", record.by, record.changed)
    return refusal(alarm, RefusalCode.NOT_LATCHED, "not latched, nothing to reset")


def _hiding_refusal(
    record: AlarmRecord, definition: AlarmDefinition, command: AlarmCommand, *, rules: AlarmRules, now: int
) -> AlarmRefusal | None:
    hold = life.hold_of(record, AlarmEvent(command.action))
    if hold is not None:
        return already(record.alarm, f"already {_DONE[command.action]}", hold.by, hold.since)
    longest = _longest(definition, command.action, rules)
    if not longest:
        return refusal(record.alarm, RefusalCode.NOT_ALLOWED, "may not be shelved, as the plant file says")
    if command.is_one_shot and not record.course.is_active:
        return refusal(record.alarm, RefusalCode.NOT_ACTIVE, "not active, so it cannot be shelved until it ends")
    if command.until and command.until <= now:
        return refusal(record.alarm, RefusalCode.PAST, "not done: the end is in the past")
    if command.until > now + longest:
        return late(record.alarm, longest)
    return None


def _end_refusal(record: AlarmRecord, event: AlarmEvent) -> AlarmRefusal | None:
    if life.hold_of(record, event) is not None:
        return None
    if record.event is event:
        return already(record.alarm, f"already {_DONE[AlarmAction(event)]}", record.by, record.changed)
    return refusal(record.alarm, RefusalCode.NOT_HIDDEN, f"not {_BEFORE[event]}, nothing to end")


_DONE = {
    AlarmAction.SHELVE: "shelved",
    AlarmAction.UNSHELVE: "unshelved",
    AlarmAction.SUPPRESS: "suppressed",
    AlarmAction.UNSUPPRESS: "not suppressed any more",
    AlarmAction.REMOVE_FROM_SERVICE: "out of service",
    AlarmAction.RETURN_TO_SERVICE: "returned to service",
}
_BEFORE = {
    AlarmEvent.UNSHELVE: "shelved",
    AlarmEvent.UNSUPPRESS: "suppressed by anybody",
    AlarmEvent.RETURN_TO_SERVICE: "out of service",
}


def _longest(definition: AlarmDefinition, action: AlarmAction, rules: AlarmRules) -> int:
    """Return for how long an alarm may be hidden so at most, ns."""
    match action:
        case AlarmAction.SHELVE:
            own = definition.longest_shelf_min
            return round((rules.longest_shelf_min if own is None else own) * _NS_PER_MINUTE)
        case AlarmAction.SUPPRESS:
            return round(rules.longest_suppression_h * _NS_PER_HOUR)
        case _:
            return round(rules.longest_out_of_service_d * 24 * _NS_PER_HOUR)
