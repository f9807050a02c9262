"""What happens to an alarm, as functions from its record to the next one.

The course (condition and operator) and what hides it are independent facts; the state that an operator sees follows
from both. While an alarm is hidden its course goes on. One that came and went without having been shown needs no
acknowledgement: it ends, and the journal has both. One that latches stays, whoever saw it.
"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from app.alarm.condition import HIDING_FACTS, hiding_state, next_state
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState, Hold

_HOLDS = {
    AlarmEvent.SHELVE: "shelf",
    AlarmEvent.UNSHELVE: "shelf",
    AlarmEvent.SUPPRESS: "suppression",
    AlarmEvent.UNSUPPRESS: "suppression",
    AlarmEvent.REMOVE_FROM_SERVICE: "out_of_service",
    AlarmEvent.RETURN_TO_SERVICE: "out_of_service",
}
ENDS = {
    AlarmEvent.SHELVE: AlarmEvent.UNSHELVE,
    AlarmEvent.SUPPRESS: AlarmEvent.UNSUPPRESS,
    AlarmEvent.REMOVE_FROM_SERVICE: AlarmEvent.RETURN_TO_SERVICE,
}
"""What ends what hides an alarm."""


def hold_of(record: AlarmRecord, event: AlarmEvent) -> Hold | None:
    """Return the hold that an event of hiding, or of its end, is about."""
    hold: Hold | None = getattr(record, _HOLDS[event])
    return hold


def raised(
    record: AlarmRecord,
    time: int,
    value: float,
    *,
    causes: tuple[str, ...] = (),
    is_first_out: bool = False,
    **defined: Any,  # noqa: ANN401 - as at `_next`
) -> AlarmRecord:
    """Return the record after its condition came at `time`; `causes`, `is_first_out`: what is known around it.

    `defined`: the fields that the definition gives; it may have been changed since the last occurrence.
    """
    is_new = record.course is AlarmState.NORMAL
    is_hidden = record.state.is_hidden
    return _next(
        record,
        AlarmEvent.RAISE,
        time,
        raised=time,
        value=value,
        returned=0,
        acknowledged=0,
        acknowledged_by="",
        comment="",
        occurrences=1 if is_new else record.occurrences + 1,
        hidden_raises=record.hidden_raises + 1 if is_hidden else 0,
        is_unseen=is_hidden and (is_new or record.is_unseen),
        causes=causes,
        is_first_out=is_first_out,
        **defined,
    )


def cleared(record: AlarmRecord, time: int, value: float) -> list[AlarmRecord]:
    """Return the record after its condition went at `time`, and after the end of a one-shot shelving by that."""
    instant = max(time, record.raised)
    after = _next(record, AlarmEvent.CLEAR, instant, returned=instant, value=value)
    if after.shelf is not None and after.shelf.is_one_shot:
        return [after, released(after, AlarmEvent.UNSHELVE, instant)]
    return [after]


def acknowledged(record: AlarmRecord, time: int, *, by: str, comment: str) -> AlarmRecord:
    """Return the record after somebody has seen it."""
    return _next(
        record,
        AlarmEvent.ACKNOWLEDGE,
        time,
        by=by,
        reason=comment,
        acknowledged=time,
        acknowledged_by=by,
        comment=comment,
        is_unseen=False,
    )


def reset(record: AlarmRecord, time: int, *, by: str, reason: str) -> AlarmRecord:
    """Return the record after somebody has reset what latched."""
    return _next(record, AlarmEvent.RESET, time, by=by, reason=reason)


def commented(record: AlarmRecord, time: int, *, by: str, comment: str) -> AlarmRecord:
    """Return the record with a comment."""
    return _next(record, AlarmEvent.COMMENT, time, by=by, reason=comment, comment=comment)


def held(record: AlarmRecord, event: AlarmEvent, hold: Hold) -> AlarmRecord:
    """Return the record after somebody has hidden the alarm; `event`: SHELVE, SUPPRESS or REMOVE_FROM_SERVICE."""
    return _next(record, event, hold.since, by=hold.by, reason=hold.reason, **{_HOLDS[event]: hold})


def released(record: AlarmRecord, event: AlarmEvent, time: int, *, by: str = "", reason: str = "") -> AlarmRecord:
    """Return the record after the end of what hid the alarm: UNSHELVE, UNSUPPRESS or RETURN_TO_SERVICE."""
    return _next(record, event, time, by=by, reason=reason, **{_HOLDS[event]: None})


def suppressed(record: AlarmRecord, time: int, by: tuple[str, ...]) -> AlarmRecord:
    """Return the record after what suppresses it by design has become `by`; () ends it."""
    return _next(record, AlarmEvent.SUPPRESS if by else AlarmEvent.UNSUPPRESS, time, suppressed_by=by)


def related(record: AlarmRecord, time: int, *, causes: tuple[str, ...], is_first_out: bool) -> AlarmRecord:
    """Return the record with what is known anew of the alarms around it."""
    return _next(record, AlarmEvent.RELATE, time, causes=causes, is_first_out=is_first_out)


def _next(
    record: AlarmRecord,
    event: AlarmEvent,
    time: int,
    *,
    by: str = "",
    reason: str = "",
    **facts: Any,  # noqa: ANN401 - fields of the record, which mypy cannot check through `replace`
) -> AlarmRecord:
    course = next_state(record.course, event, is_latching=facts.get("is_latching", record.is_latching)) or record.course
    if event is AlarmEvent.CLEAR and record.is_unseen and not record.is_latching:
        course = AlarmState.NORMAL
    # one copy and no more: in a flood this is most of the work
    hiding = hiding_state(*[facts.get(name, getattr(record, name)) for name in HIDING_FACTS])
    is_hidden = hiding is not None
    if is_hidden and not record.state.is_hidden:
        facts["hidden_raises"] = 0
    is_unseen = facts.pop("is_unseen", record.is_unseen) and is_hidden and course is not AlarmState.NORMAL
    return replace(
        record,
        event=event,
        changed=time,
        by=by,
        reason=reason,
        state=course if hiding is None else hiding,
        beneath=course if is_hidden else AlarmState.NORMAL,
        is_unseen=is_unseen,
        **facts,
    )
