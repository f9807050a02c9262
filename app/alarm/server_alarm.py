"""The alarms of servers beside ours: what a device says of its conditions, in the words of the station.

The state is the server's alone: it is acknowledged there, and changes here with the server's next event. An event that
is no condition is a line in the journal where it has a message, and never stands.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec import structs

from app.alarm import life
from app.model.alarm import AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.text import LocalText
from drivers.alarm_source import DeviceEvent, DeviceEvents

SEVERITIES = ((900, Priority.CRITICAL), (667, Priority.HIGH), (334, Priority.MEDIUM))
"""From which severity on a server's alarm has which priority here. Part 5, table 6 calls 667 and more high and 334 and
more medium; the uppermost tenth is critical, what is less than medium diagnostic."""
MOST_STANDING = 20_000
"""Conditions of one server at most: a server that makes a new one for each event is not kept in memory for ever."""
SERVER_ENDED = LocalText("the server no longer tells it", "服务器不再报告此报警")


@dataclass(frozen=True, slots=True)
class Shown:
    """A state of a condition as the server knows it: what to say to have it acknowledged."""

    connection: str
    condition: str
    event_id: bytes


class ServerAlarms:
    """The alarms of all connections that have some."""

    def __init__(self, restored: Iterable[AlarmRecord] = ()) -> None:
        """Take up what stood when the last collector ended, until its server says otherwise."""
        self._records = {record.alarm: record for record in restored}
        self._shown: dict[str, Shown] = {}
        self._untold: dict[str, set[str]] = {}
        self._seen_by: dict[str, tuple[bytes, str, str]] = {}

    def take(self, connection: str, told: DeviceEvents, now: int) -> list[AlarmRecord]:
        """Return the changes that what a server tells makes at `now` (ns UTC), in their order."""
        changes = [change for event in told.events for change in self._take(connection, event)]
        if told.is_whole:
            changes += self._end(self._untold.pop(connection, set()), now)
        return changes

    def begin(self, connection: str) -> None:
        """Note that a server is about to tell everything that stands: what it leaves out has gone meanwhile."""
        self._untold[connection] = {name for name, record in self._records.items() if record.source == connection}

    def standing(self) -> list[AlarmRecord]:
        """Return the alarms that are not normal."""
        return [record for record in self._records.values() if record.state is not AlarmState.NORMAL]

    def find(self, alarm: str) -> tuple[AlarmRecord, Shown | None] | None:
        """Return an alarm, and what its server knows it by, None for that while it has not been told; None for ours."""
        record = self._records.get(alarm)
        return None if record is None else (record, self._shown.get(alarm))

    def note_acknowledgement(self, alarm: str, *, by: str, comment: str) -> None:
        """Remember who has a state acknowledged: the server's next event confirms it, and knows no names of ours."""
        shown = self._shown.get(alarm)
        if shown is not None:
            self._seen_by[alarm] = (shown.event_id, by, comment)

    def forget_acknowledgement(self, alarm: str) -> None:
        """Forget it again, since the server has refused."""
        self._seen_by.pop(alarm, None)

    def _take(self, connection: str, event: DeviceEvent) -> list[AlarmRecord]:
        if not event.condition:
            return [_happened(connection, event)] if event.message else []
        name = _name(connection, event)
        self._untold.get(connection, set()).discard(name)
        before = self._records.get(name) or _normal(name, connection, event)
        if event.is_active or before.state is AlarmState.NORMAL:  # "back to normal" is not what it was raised for
            before = structs.replace(before, message=_message(event), priority=priority_of(event.severity))
        after = self._followed(before, event)
        if after and after[-1].state is AlarmState.NORMAL:
            self._records.pop(name, None)
            self._shown.pop(name, None)
        elif len(self._records) < MOST_STANDING or name in self._records:
            self._records[name] = after[-1] if after else before
            self._shown[name] = Shown(connection, event.condition, event.event_id)
        return after

    def _followed(self, record: AlarmRecord, event: DeviceEvent) -> list[AlarmRecord]:
        """Return the record after each step from its course to what the event says."""
        is_active = event.is_active and event.is_retained and not event.branch  # a branch is of the past
        needs_acknowledge = not event.is_acknowledged and event.is_retained
        steps: list[AlarmRecord] = []
        if is_active and (not record.course.is_active or (needs_acknowledge and not record.course.needs_acknowledge)):
            if record.course.is_active:
                record = life.cleared(record, event.time, math.nan)[-1]  # raised again, which was not told by itself
            record = life.raised(record, event.time, math.nan)
            steps.append(record)
        if not needs_acknowledge and record.course.needs_acknowledge:
            by, comment = self._seen(record.alarm, event)
            record = life.acknowledged(record, event.time, by=by, comment=comment)
            steps.append(record)
        if not is_active and record.course.is_active:
            record = life.cleared(record, event.time, math.nan)[-1]
            steps.append(record)
        if needs_acknowledge and record.course is AlarmState.NORMAL:
            # it has come and gone before it was heard of
            record = life.raised(record, event.time, math.nan)
            steps += [record, life.cleared(record, event.time, math.nan)[-1]]
        return steps

    def _seen(self, alarm: str, event: DeviceEvent) -> tuple[str, str]:
        """Return by whom a state was acknowledged, and the comment: ours where it was us, the server's else."""
        _, by, comment = self._seen_by.pop(alarm, (b"", "", ""))
        return (by, comment) if by else (event.user, event.comment)

    def _end(self, names: Iterable[str], now: int) -> list[AlarmRecord]:
        changes: list[AlarmRecord] = []
        for name in sorted(names):
            record = self._records.pop(name, None)
            self._shown.pop(name, None)
            if record is None:
                continue
            if record.course.is_active:
                record = life.cleared(record, now, math.nan)[-1]
                changes.append(record)
            if record.course.needs_acknowledge:
                changes.append(life.acknowledged(record, now, by="", comment=SERVER_ENDED.en))
        return changes


def priority_of(severity: int) -> Priority:
    """Return the priority of a severity from 1 to 1000."""
    return next((priority for least, priority in SEVERITIES if severity >= least), Priority.DIAGNOSTIC)


def of_servers(records: Sequence[AlarmRecord]) -> list[AlarmRecord]:
    """Return the records of servers' own alarms."""
    return [record for record in records if record.source]


def _name(connection: str, event: DeviceEvent) -> str:
    return f"{connection}/{event.condition}" + (f" ({event.branch})" if event.branch else "")


def _message(event: DeviceEvent) -> LocalText:
    about = event.source if event.source and event.source not in event.message else ""
    what = event.message or event.name or event.kind
    return LocalText(f"{about}: {what}" if about else what)


def _normal(name: str, connection: str, event: DeviceEvent) -> AlarmRecord:
    return AlarmRecord(
        alarm=name,
        tag="",
        equipment=connection,
        state=AlarmState.NORMAL,
        priority=priority_of(event.severity),
        condition=ConditionKind.FAULT,
        message=_message(event),
        raised=0,
        value=math.nan,
        limit=0.0,
        source=connection,
    )


def _happened(connection: str, event: DeviceEvent) -> AlarmRecord:
    """Return the line of the journal of an event that is no condition: it has come and gone at once."""
    name = f"{connection}/{event.source or 'event'}/{event.kind or 'event'}"
    record = _normal(name, connection, event)
    return structs.replace(record, raised=event.time, returned=event.time, changed=event.time)
