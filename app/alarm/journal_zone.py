"""Zones of the alarm journal: what kinds of lines there are in 1,024 in a row, so that a search passes over others.

A zone keeps the span of the instants of its lines and one bit for each priority, each kind of event, and for deeds of
people. Ten million lines have ten thousand zones, which are looked through in a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.database import PlantConnection
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState, Priority

ZONE_BITS = 10
PERSON_BIT = 1 << 40
_EVENT_BITS = {event: 1 << place for place, event in enumerate(AlarmEvent, 8)}
_OF_STATE = {AlarmState.UNACKNOWLEDGED: AlarmEvent.RAISE, AlarmState.ACKNOWLEDGED: AlarmEvent.ACKNOWLEDGE}

# what happened and who did it, also of lines that say it only by their state, as an older version wrote them; a text
# that is damaged must not make the whole journal unreadable
EVENT = (
    "coalesce(CASE WHEN json_valid(facts) THEN json_extract(facts, '$.event') END, CASE state "
    "WHEN 'unacknowledged' THEN 'raise' WHEN 'acknowledged' THEN 'acknowledge' ELSE 'clear' END)"
)
PERSON = (
    "CASE WHEN json_valid(facts) THEN coalesce(json_extract(facts, '$.by'), '') "
    "WHEN acknowledged = time THEN acknowledged_by ELSE '' END"
)


def priority_bit(priority: Priority) -> int:
    """Return the bit of a priority."""
    return 1 << int(priority)


def event_bit(event: AlarmEvent) -> int:
    """Return the bit of a kind of event."""
    return _EVENT_BITS[event]


def event_of(record: AlarmRecord) -> AlarmEvent:
    """Return what happened, from the state where a record does not say it."""
    return record.event or _OF_STATE.get(record.state, AlarmEvent.CLEAR)


def person_of(record: AlarmRecord, time: int) -> str:
    """Return who did it at `time`, "" where nobody did."""
    return record.by if record.event is not None else record.acknowledged_by if record.acknowledged == time else ""


def note_zones(connection: PlantConnection, first: int, lines: Sequence[tuple[int, AlarmRecord]]) -> None:
    """Take lines (instant and record, numbered from `first` on) into their zones, in the caller's transaction."""
    zones: dict[int, tuple[int, int, int]] = {}
    for number, (time, record) in enumerate(lines, first):
        bits = priority_bit(record.priority) | event_bit(event_of(record))
        bits |= PERSON_BIT if person_of(record, time) else 0
        kinds, begin, end = zones.get(number >> ZONE_BITS, (0, time, time))
        zones[number >> ZONE_BITS] = (kinds | bits, min(begin, time), max(end, time))
    connection.executemany(
        "INSERT INTO alarm_zone (zone, kinds, first, last) VALUES (?, ?, ?, ?) ON CONFLICT (zone) DO UPDATE SET "
        "kinds = kinds | excluded.kinds, first = min(first, excluded.first), last = max(last, excluded.last)",
        [(zone, *facts) for zone, facts in zones.items()],
    )


def zones_script() -> str:
    """Return the SQL that makes the table and fills it from the lines that are there."""
    bits = [f"max(priority = {int(each)}) * {priority_bit(each)}" for each in Priority]
    bits += [f"max(event = '{event}') * {bit}" for event, bit in _EVENT_BITS.items()]
    bits.append(f"max(person <> '') * {PERSON_BIT}")
    return f"""
        CREATE TABLE alarm_zone (
            zone INTEGER PRIMARY KEY,
            kinds INTEGER NOT NULL,
            first INTEGER NOT NULL,
            last INTEGER NOT NULL
        ) STRICT;
        INSERT INTO alarm_zone
        SELECT number >> {ZONE_BITS}, {" + ".join(bits)}, min(time), max(time)
        FROM (SELECT number, time, priority, {EVENT} AS event, {PERSON} AS person FROM alarm_change)
        GROUP BY number >> {ZONE_BITS};
    """  # noqa: S608 - constants of ours
