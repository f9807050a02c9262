"""The alarm journal: every change of an alarm's state for good, and which alarms stand, in the plant's SQLite file."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.alarm.facts import facts_of, facts_text
from app.alarm.journal_check import COLUMNS, checksum
from app.alarm.journal_deed import deeds_script, note_deeds
from app.alarm.journal_zone import note_zones, zones_script
from app.alarm.line_digest import line_digest
from app.database import PlantConnection, has_table, transaction
from app.migration import migrate
from app.model.alarm import AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.text import LocalText

log = logging.getLogger(__name__)

MOST_ROWS = 1_000

_MIGRATIONS = Migrations("foreshift.alarm")
_HARMLESS = ("give_lines_a_checksum", "give_lines_facts", "divide_into_zones", "note_who_did_what")


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal: `number` rises by one with each; `time` is the instant of the change, int64 ns UTC."""

    number: int
    time: int
    record: AlarmRecord


@dataclass(frozen=True, slots=True)
class JournalLine:
    """A line as the log of the plant has it. `digest`: SHA-256 of all it says; `person`: whose deed it is, if any's."""

    number: int
    time: int
    record: AlarmRecord
    digest: str

    @property
    def person(self) -> str:
        """Return who made this change; "" where the process did."""
        record = self.record
        if record.event is not None:
            return record.by
        return record.acknowledged_by if record.acknowledged == self.time else ""  # as an older version wrote it


class AlarmJournal:
    """Writes the journal over the collector's one writing connection."""

    def __init__(self, connection: PlantConnection) -> None:
        """Bring the tables up to date on `connection`, which stays the caller's; raise DatabaseError."""
        self._connection = connection
        migrate(connection, _MIGRATIONS, harmless=_HARMLESS)

    def record(self, changes: Sequence[AlarmRecord]) -> list[JournalLine]:
        """Append changes in their order, in one transaction (the caller's, where one is open); return their lines."""
        rows = [_line(change) for change in changes]
        with transaction(self._connection):
            self._connection.executemany(
                f"INSERT INTO alarm_change ({COLUMNS}, time, facts, crc) VALUES ({', '.join('?' * 19)})",  # noqa: S608 - constants
                rows,
            )
            (last,) = self._connection.execute("SELECT coalesce(max(number), 0) FROM alarm_change").fetchone()
            lines = [(_instant(change), change) for change in changes]
            note_zones(self._connection, last - len(rows) + 1, lines)
            note_deeds(self._connection, last - len(rows) + 1, lines)
            self._connection.executemany(
                "INSERT INTO alarm_standing (alarm, number) "
                "SELECT alarm, number FROM alarm_change WHERE alarm = ? ORDER BY number DESC LIMIT 1 "
                "ON CONFLICT (alarm) DO UPDATE SET number = excluded.number",
                [(alarm,) for alarm in {change.alarm: None for change in changes}],
            )
            self._connection.execute(
                "DELETE FROM alarm_standing WHERE number IN "
                "(SELECT number FROM alarm_standing JOIN alarm_change USING (number) WHERE state = 'normal')"
            )
        return [
            JournalLine(number, _instant(change), change, line_digest(number, row[:-1]))
            for number, (row, change) in enumerate(zip(rows, changes, strict=True), last - len(rows) + 1)
        ]

    def standing(self) -> list[AlarmRecord]:
        """Return the records of all alarms that are not normal, to restore them."""
        return standing(self._connection)

    def page(self, before: int = 0, limit: int = 200) -> list[JournalEntry]:
        """Return lines, newest first; see the function `page`."""
        return page(self._connection, before, limit=limit)


def standing(connection: PlantConnection) -> list[AlarmRecord]:
    """Return the newest record of every alarm that is not normal, in the order in which they changed."""
    if not has_table(connection, "alarm_standing"):
        return []
    rows = connection.execute(
        f"SELECT time, {_facts_column(connection)}, {COLUMNS} FROM alarm_standing "  # noqa: S608 - constants of ours
        "JOIN alarm_change USING (number, alarm) ORDER BY number"
    )
    return [record for row in rows.fetchall() if (record := _record(row)) is not None]


def page(
    connection: PlantConnection,
    before: int = 0,
    *,
    limit: int = 200,
    start: int = 0,
    end: int = 0,
    alarms: Sequence[str] = (),
    equipment: Sequence[str] = (),
    priority: Priority = Priority.DIAGNOSTIC,
) -> list[JournalEntry]:
    """Return at most `limit` lines, newest first, over any connection that can read the plant's file.

    `before`: only lines numbered below it (0: from the newest); the last line's number of one page is the `before` of
    the next. `start`, `end`: start <= time < end, ns UTC, 0 where open. `alarms`, `equipment`: only these ids, all
    where empty.
    `priority`: this one and more urgent ones. A file without a journal has no lines.
    """
    if not has_table(connection, "alarm_standing"):
        return []
    where = ["priority <= ?"]
    parameters: list[str | int] = [int(priority)]
    terms: list[tuple[str, Sequence[str | int]]] = [
        ("number < ?", [before] if before else []),
        ("time >= ?", [start] if start else []),
        ("time < ?", [end] if end else []),
        (f"alarm IN ({', '.join('?' * len(alarms))})", alarms),
        (f"equipment IN ({', '.join('?' * len(equipment))})", equipment),
    ]
    for term, given in terms:
        if given:
            where.append(term)
            parameters += given
    rows = connection.execute(
        f"SELECT number, time, {_facts_column(connection)}, {COLUMNS} FROM alarm_change "  # noqa: S608 - constants only
        f"WHERE {' AND '.join(where)} ORDER BY number DESC LIMIT ?",
        [*parameters, max(0, min(limit, MOST_ROWS))],
    )
    found = [(number, _record(row), row[0]) for number, *row in rows.fetchall()]
    return [JournalEntry(number, time, record) for number, record, time in found if record is not None]


def entries(connection: PlantConnection, numbers: Sequence[int]) -> list[JournalEntry]:
    """Return the lines of these numbers, newest first; damaged ones are passed over."""
    rows = connection.execute(
        f"SELECT number, time, {_facts_column(connection)}, {COLUMNS} FROM alarm_change "  # noqa: S608 - constants only
        "WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number DESC",
        (json.dumps(list(numbers)),),
    )
    found = [(number, _record(row), row[0]) for number, *row in rows.fetchall()]
    return [JournalEntry(number, time, record) for number, record, time in found if record is not None]


def lines_after(connection: PlantConnection, number: int, *, limit: int) -> list[JournalLine]:
    """Return at most `limit` lines numbered above `number`, oldest first; damaged ones are passed over."""
    rows = connection.execute(
        f"SELECT number, {COLUMNS}, time, {_facts_column(connection)} FROM alarm_change "  # noqa: S608 - constants only
        "WHERE number > ? ORDER BY number LIMIT ?",
        (number, limit),
    ).fetchall()
    found = [(number, _record((*row[-2:], *row[:-2])), line_digest(number, row)) for number, *row in rows]
    return [
        JournalLine(number, _instant(record), record, digest) for number, record, digest in found if record is not None
    ]


@_MIGRATIONS()
def create_journal(database: Database) -> None:
    """Create the journal, which only grows, and the list of the newest change of every alarm that is not normal."""
    database.executescript(
        """
        CREATE TABLE alarm_change (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            time INTEGER NOT NULL,
            alarm TEXT NOT NULL,
            tag TEXT NOT NULL,
            equipment TEXT NOT NULL,
            state TEXT NOT NULL,
            priority INTEGER NOT NULL,
            condition TEXT NOT NULL,
            message_en TEXT NOT NULL,
            message_zh TEXT NOT NULL,
            raised INTEGER NOT NULL,
            value REAL,
            value_limit REAL NOT NULL,
            returned INTEGER NOT NULL,
            acknowledged INTEGER NOT NULL,
            acknowledged_by TEXT NOT NULL,
            comment TEXT NOT NULL,
            occurrences INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX alarm_change_by_alarm ON alarm_change (alarm, number);
        CREATE INDEX alarm_change_by_time ON alarm_change (time);
        CREATE TABLE alarm_standing (
            alarm TEXT PRIMARY KEY,
            number INTEGER NOT NULL UNIQUE REFERENCES alarm_change (number)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER alarm_change_is_not_altered BEFORE UPDATE ON alarm_change
        BEGIN SELECT RAISE(ABORT, 'the alarm journal is never altered'); END;
        CREATE TRIGGER alarm_change_is_not_deleted BEFORE DELETE ON alarm_change
        BEGIN SELECT RAISE(ABORT, 'the alarm journal is never shortened'); END;
        """
    )


@_MIGRATIONS()
def give_lines_a_checksum(database: Database) -> None:
    """Lines that are written from now on have a checksum; those that are there stay as they are."""
    database.execute("ALTER TABLE alarm_change ADD COLUMN crc INTEGER")


@_MIGRATIONS()
def give_lines_facts(database: Database) -> None:
    """Lines that are written from now on say what happened, and what hides an alarm."""
    database.execute("ALTER TABLE alarm_change ADD COLUMN facts TEXT NOT NULL DEFAULT ''")


@_MIGRATIONS()
def divide_into_zones(database: Database) -> None:
    """Say of every stretch of lines what kinds of them it has, so that a search passes over the rest."""
    database.executescript(zones_script())


@_MIGRATIONS()
def note_who_did_what(database: Database) -> None:
    """Say in which stretches of lines somebody did something, and what was said with it."""
    database.executescript(deeds_script())


def _facts_column(connection: PlantConnection) -> str:
    """Return where the facts stand, in a file that may be of an older version."""
    names = {name for _, name, *_ in connection.execute("PRAGMA table_info(alarm_change)").fetchall()}
    return "facts" if "facts" in names else "''"


def _line(record: AlarmRecord) -> tuple[str | int | float | None, ...]:
    """Return what is written of a record: COLUMNS, time, facts and checksum."""
    line, facts = (*_row(record), _instant(record)), facts_text(record)
    return (*line, facts, checksum((*line, facts) if facts else line))


def _instant(record: AlarmRecord) -> int:
    if record.changed:
        return record.changed
    match record.state:
        case AlarmState.UNACKNOWLEDGED:
            return record.raised
        case AlarmState.RETURNED:
            return record.returned
        case AlarmState.ACKNOWLEDGED:
            return record.acknowledged
        case _:
            return max(record.returned, record.acknowledged)


def _row(record: AlarmRecord) -> tuple[str | int | float | None, ...]:
    return (
        record.alarm,
        record.tag,
        record.equipment,
        record.state.value,
        int(record.priority),
        record.condition.value,
        record.message.en,
        record.message.zh,
        record.raised,
        record.value,  # SQLite keeps NaN as NULL
        record.limit,
        record.returned,
        record.acknowledged,
        record.acknowledged_by,
        record.comment,
        record.occurrences,
    )


def _record(row: Sequence[Any]) -> AlarmRecord | None:
    """Return a line as a record, None where it is damaged and says no state, condition or priority that there is."""
    try:
        return _made(row)
    except ValueError as error:
        log.error("alarm.journal_damaged alarm=%s %s", row[2], error)  # noqa: TRY400 - the trace would name only this
        return None


def _made(row: Sequence[Any]) -> AlarmRecord:
    time, facts, alarm, tag, equipment, state, priority, condition, english, chinese, raised, value, *rest = row
    limit, returned, acknowledged, acknowledged_by, comment, occurrences = rest
    return AlarmRecord(
        alarm=alarm,
        tag=tag,
        equipment=equipment,
        state=AlarmState(state),
        priority=Priority(priority),
        condition=ConditionKind(condition),
        message=LocalText(english, chinese),
        raised=raised,
        value=math.nan if value is None else value,
        limit=limit,
        returned=returned,
        acknowledged=acknowledged,
        acknowledged_by=acknowledged_by,
        comment=comment,
        occurrences=occurrences,
        changed=time if facts else 0,
        **facts_of(facts),
    )
