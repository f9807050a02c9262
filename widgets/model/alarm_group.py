"""Alarms in groups: by equipment, by priority or by what caused them, each with a head that counts what it holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.model.alarm import AlarmRecord, AlarmState, Priority
from widgets.alarm.wording import priority_text, worst_state
from widgets.feed import Feed
from widgets.model.alarm_column import equipment_name, message_of
from widgets.translation import tr

HEAD = "\0"  # begins the id of a group's row; no alarm's id begins so


class Grouping(StrEnum):
    """By what alarms stand together."""

    NONE = "none"
    EQUIPMENT = "equipment"
    PRIORITY = "priority"
    CAUSE = "cause"


@dataclass(frozen=True, slots=True)
class AlarmGroup:
    """The head of a group. `priority`, `state`: of the worst alarm in it; `is_open`: whether its alarms are in view."""

    key: str
    title: str
    number: int
    waiting: int
    priority: Priority
    state: AlarmState
    is_open: bool

    @property
    def text(self) -> str:
        """Return the head as an operator reads it."""
        if self.waiting:
            return tr("{title}: {waiting} unacknowledged of {n}", title=self.title, n=self.number, waiting=self.waiting)
        return tr("{title}: {n}", title=self.title, n=self.number)


def grouping_text(grouping: Grouping) -> str:
    """Return what a grouping is called."""
    texts: Mapping[Grouping, str] = {
        Grouping.NONE: tr("No groups"),
        Grouping.EQUIPMENT: tr("By equipment"),
        Grouping.PRIORITY: tr("By priority"),
        Grouping.CAUSE: tr("By cause"),
    }
    return texts[grouping]


def group_key(grouping: Grouping, listed: Mapping[str, AlarmRecord]) -> Callable[[AlarmRecord], str]:
    """Return what names the group of each of the alarms that are `listed` by their ids."""
    match grouping:
        case Grouping.EQUIPMENT:
            return lambda record: f"{HEAD}{record.equipment}"
        case Grouping.PRIORITY:
            return lambda record: f"{HEAD}{int(record.priority)}"
        case Grouping.CAUSE:
            causes = {cause for record in listed.values() for cause in record.causes}
            return lambda record: f"{HEAD}{_root(record, listed, causes)}"
        case Grouping.NONE:
            return lambda _: HEAD


def _root(record: AlarmRecord, listed: Mapping[str, AlarmRecord], causes: Collection[str]) -> str:
    """Return the alarm at the beginning of the chain of causes; "" for one that neither has nor is a cause."""
    if not record.causes and record.alarm not in causes:
        return ""
    alarm, seen = record.alarm, set[str]()
    while alarm not in seen and alarm in listed and listed[alarm].causes:
        seen.add(alarm)
        alarm = listed[alarm].causes[0]
    return alarm


def group_of(feed: Feed, grouping: Grouping, key: str, records: Iterable[AlarmRecord], *, is_open: bool) -> AlarmGroup:
    """Return the head of the group `key`, which holds `records` (at least one)."""
    members = list(records)
    waiting = [record for record in members if record.state.needs_acknowledge]
    worst = min(waiting or members, key=lambda record: record.priority)
    same = (record.state for record in members if record.priority is worst.priority)
    title = _title(feed, grouping, key.removeprefix(HEAD), members[0])
    return AlarmGroup(key, title, len(members), len(waiting), worst.priority, worst_state(same), is_open)


def _title(feed: Feed, grouping: Grouping, name: str, member: AlarmRecord) -> str:
    match grouping:
        case Grouping.EQUIPMENT:
            return equipment_name(feed, member.equipment)
        case Grouping.CAUSE:
            return message_of(feed, name) if name else tr("No known cause")
        case _:
            return priority_text(member.priority)
