"""The columns of the alarm list: what stands in each, and by what it is sorted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from functools import cache
from typing import Any

from app.model import clock
from app.model.alarm import AlarmRecord, AlarmState
from widgets import number
from widgets.alarm.wording import limit_text, place_text, priority_text, short_state_text
from widgets.feed import Feed
from widgets.translation import language, local, tr

Urgency = tuple[bool, int, int, str]
"""Whether nobody is waited for, priority, ns UTC of the occurrence times -1, id: what is less is more urgent."""


class Column(IntEnum):
    """What can stand in a column; `AT_FIRST` tells from left to right what does as long as nobody has moved any."""

    PRIORITY = 0
    STATE = 1
    RAISED = 2
    TAG = 3
    EQUIPMENT = 4
    MESSAGE = 5
    VALUE = 6
    LIMIT = 7
    OPERATOR = 8
    COMMENT = 9
    CAUSE = 10


NUMERIC = frozenset({Column.VALUE, Column.LIMIT})
ELASTIC = frozenset({Column.EQUIPMENT, Column.MESSAGE, Column.COMMENT, Column.CAUSE})
LAST = frozenset({Column.EQUIPMENT, Column.OPERATOR, Column.COMMENT, Column.CAUSE})
ALWAYS = frozenset({Column.PRIORITY, Column.STATE, Column.MESSAGE})  # an alarm without them could not be understood

AT_FIRST = (
    Column.PRIORITY,
    Column.STATE,
    Column.RAISED,
    Column.MESSAGE,
    Column.TAG,
    Column.VALUE,
    Column.LIMIT,
    Column.EQUIPMENT,
    Column.OPERATOR,
    Column.COMMENT,
)
"""What has happened stands before where it did, so that it is whole on a small screen too."""

STATE_ORDER = (
    AlarmState.UNACKNOWLEDGED,
    AlarmState.RETURNED,
    AlarmState.ACKNOWLEDGED,
    AlarmState.LATCHED,
    AlarmState.NORMAL,
    AlarmState.SHELVED,
    AlarmState.SUPPRESSED,
    AlarmState.OUT_OF_SERVICE,
)
STATE_RANK = {state: rank for rank, state in enumerate(STATE_ORDER)}


def column_titles() -> Mapping[Column, str]:
    """Return the heads of the columns in the present language."""
    return {
        Column.PRIORITY: tr("Pr."),
        Column.STATE: tr("State"),
        Column.RAISED: tr("Since"),
        Column.TAG: tr("Tag"),
        Column.EQUIPMENT: tr("Equipment"),
        Column.MESSAGE: tr("Message"),
        Column.VALUE: tr("Value now"),
        Column.LIMIT: tr("Limit"),
        Column.OPERATOR: tr("Acknowledged by"),
        Column.COMMENT: tr("Comment"),
        Column.CAUSE: tr("Cause"),
    }


def equipment_name(feed: Feed, equipment: str) -> str:
    """Return the name of an equipment, or the id itself where it is none of the plant (a connection, say)."""
    known = feed.equipment.get(equipment)
    return local(known.name) if known is not None else equipment


def cell_text(feed: Feed, record: AlarmRecord, column: Column) -> str:
    """Return what stands in one cell, in the present language."""
    return _TEXTS[column](feed, record)


def message_of(feed: Feed, alarm: str) -> str:
    """Return the message of an alarm by its id, whether or not it stands; the id where nothing is known of it."""
    record = feed.alarms.get(alarm) or feed.hidden_alarms.get(alarm)
    if record is not None:
        return local(record.message)
    definition = next((each for each in feed.plant.alarms if each.id == alarm), None)
    return local(definition.message) if definition is not None else alarm


def cause_text(feed: Feed, record: AlarmRecord) -> str:
    """Return what explains an alarm: that it was the first of its group, or the alarms that came before it."""
    causes = [message_of(feed, cause) for cause in record.causes]
    return ", ".join([*([tr("First out")] if record.is_first_out else []), *causes])


def sort_value(feed: Feed, column: Column) -> Callable[[AlarmRecord], Any]:
    """Return by what the records are ordered in a column: all by numbers, or all by texts."""
    numbers: Mapping[Column, Callable[[AlarmRecord], float]] = {
        Column.PRIORITY: lambda record: record.priority,
        Column.STATE: lambda record: STATE_RANK[record.state],
        Column.RAISED: lambda record: record.raised,
        Column.LIMIT: lambda record: record.limit,
        Column.VALUE: lambda record: record.value,
    }
    if column in numbers:
        return numbers[column]
    text, folded = _TEXTS[column], cache(str.casefold)
    return lambda record: folded(text(feed, record))


def sort_values(feed: Feed, column: Column, records: Sequence[AlarmRecord]) -> list[Any]:
    """Return by what each record is ordered, as `sort_value` tells it."""
    if column in _PLAIN_TEXTS:
        return list(map(str.casefold, _PLAIN_TEXTS[column](records)))
    value = sort_value(feed, column)
    return [value(record) for record in records]


def urgency(record: AlarmRecord) -> Urgency:
    """Return the order in which an operator should turn to alarms: waiting ones, by priority, the newest first."""
    return (not record.state.needs_acknowledge, int(record.priority), -record.raised, record.alarm)


def _value(feed: Feed, record: AlarmRecord) -> str:
    tag = feed.tags.get(record.tag)
    if tag is None:
        return number.NO_VALUE
    return number.reading_of(feed.value(tag.handle), tag=tag, now=clock.now_ns(), is_linked=feed.is_linked).full


def _messages(records: Sequence[AlarmRecord]) -> list[str]:
    if language() == "zh":
        return [record.message.zh or record.message.en for record in records]
    return [record.message.en for record in records]


_PLAIN_TEXTS: Mapping[Column, Callable[[Sequence[AlarmRecord]], list[str]]] = {
    Column.TAG: lambda records: [record.tag for record in records],
    Column.MESSAGE: _messages,
    Column.OPERATOR: lambda records: [record.acknowledged_by for record in records],
    Column.COMMENT: lambda records: [record.comment for record in records],
}
"""Texts that are read out of many records at once: two calls for each of 100,000 take longer than to order them."""

RANKED_TEXTS = frozenset({*_PLAIN_TEXTS, Column.EQUIPMENT})
"""Columns of texts that are others only with the record itself or the language."""

_TEXTS: Mapping[Column, Callable[[Feed, AlarmRecord], str]] = {
    Column.PRIORITY: lambda _, record: priority_text(record.priority),
    Column.STATE: lambda _, record: short_state_text(record.state),
    Column.RAISED: lambda _, record: number.moment(record.raised, now=clock.now_ns()),
    Column.TAG: lambda _, record: record.tag,
    Column.EQUIPMENT: lambda feed, record: place_text(record, feed.equipment.get(record.equipment)),
    Column.MESSAGE: lambda _, record: local(record.message),
    Column.VALUE: _value,
    Column.LIMIT: lambda feed, record: limit_text(record, feed.tags.get(record.tag), with_unit=True),
    Column.OPERATOR: lambda _, record: record.acknowledged_by,
    Column.COMMENT: lambda _, record: record.comment,
    Column.CAUSE: cause_text,
}
