"""The alarm journal as columns: the lines of a stretch of time in parts, and what was active before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.database import PlantConnection, has_table

PART = 50_000

_COLUMNS = (
    "time, number, alarm, raised, returned, acknowledged, min(max(priority, 1), 4) * 4 "
    "+ (state = 'unacknowledged' AND time = raised) * 2 + (state IN ('unacknowledged', 'acknowledged'))"
)
"""The last one holds three facts: fetching columns takes longer than all counting."""
_ALARMS = (
    "WITH RECURSIVE known(id) AS (SELECT min(alarm) FROM alarm_change UNION ALL "
    "SELECT (SELECT min(alarm) FROM alarm_change WHERE alarm > known.id) FROM known WHERE known.id IS NOT NULL) "
)
"""Every alarm once by one step in the index each; DISTINCT would read all of it."""
_LATE_LINES = 1_000


class AlarmCodes(dict[str, int]):
    """The alarms that have been met, numbered from 0."""

    def __missing__(self, alarm: str) -> int:
        code = self[alarm] = len(self)
        return code


@dataclass(frozen=True, slots=True)
class JournalLines:
    """Lines of the journal in the order of their times; all columns of shape (n,), times int64 ns UTC, 0 where none.

    `alarm`: numbers of AlarmCodes. `is_raise`: the line by which an alarm came before the operator. `is_shown`: the
    alarm is active and not hidden.
    """

    time: NDArray[np.int64]
    alarm: NDArray[np.int64]
    priority: NDArray[np.int64]
    raised: NDArray[np.int64]
    returned: NDArray[np.int64]
    acknowledged: NDArray[np.int64]
    is_raise: NDArray[np.bool_]
    is_shown: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.time)


def read_lines(
    connection: PlantConnection,
    codes: AlarmCodes,
    start: int,
    end: int,
    *,
    equipment: Sequence[str] = (),
    part: int = PART,
) -> Iterator[JournalLines]:
    """Yield the lines with start <= time < end (ns UTC), at most `part` at a time, each in a transaction of its own.

    `equipment`: only that of one operator position, all where empty. A file without a journal has no lines.
    """
    if not has_table(connection, "alarm_change"):
        return
    place, given = _place(equipment)
    after = (start, -1)
    while True:
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM alarm_change WHERE time >= ? AND time < ? AND (time, number) > (?, ?){place} "  # noqa: S608 - constants only
            "ORDER BY time, number LIMIT ?",
            (start, end, *after, *given, part),
        ).fetchall()
        if rows:
            after = rows[-1][0], rows[-1][1]
            start = after[0]
            yield _lines(rows, codes)
        if len(rows) < part:
            return


def active_before(
    connection: PlantConnection, codes: AlarmCodes, start: int, *, equipment: Sequence[str] = ()
) -> JournalLines:
    """Return the newest line before `start` (ns UTC) of each alarm that was active then."""
    rows: list[Sequence[Any]] = []
    if has_table(connection, "alarm_change"):
        place, given = _place(equipment)
        rows = connection.execute(
            f"{_ALARMS}SELECT {_COLUMNS} FROM known CROSS JOIN alarm_change ON number = "  # noqa: S608 - constants only
            "(SELECT number FROM alarm_change AS newest WHERE newest.alarm = known.id AND number <= ? AND time < ? "
            f"ORDER BY number DESC LIMIT 1) WHERE returned < raised AND raised > 0{place} ORDER BY time, number",
            (_bound(connection, start), start, *given),
        ).fetchall()
    lines = _lines(rows, codes)
    return replace(lines, is_raise=np.zeros(len(lines), np.bool_))


def numbers_before(connection: PlantConnection, end: int) -> list[int]:
    """Return the number of the newest line of each alarm before `end` (ns UTC), of whatever state."""
    if not has_table(connection, "alarm_change"):
        return []
    rows = connection.execute(
        f"{_ALARMS}SELECT (SELECT number FROM alarm_change AS newest WHERE newest.alarm = known.id AND number <= ? "  # noqa: S608 - constants only
        "AND time < ? ORDER BY number DESC LIMIT 1) FROM known WHERE known.id IS NOT NULL",
        (_bound(connection, end), end),
    ).fetchall()
    return [number for (number,) in rows if number is not None]


def _bound(connection: PlantConnection, start: int) -> int:
    """Return a number that no line before `start` is above: times may be a little out of the order of the numbers."""
    (bound,) = connection.execute(
        "SELECT max(number) FROM (SELECT number FROM alarm_change WHERE time < ? ORDER BY time DESC LIMIT ?)",
        (start, _LATE_LINES),
    ).fetchone()
    return bound or 0


def alarm_names(connection: PlantConnection, alarms: Sequence[str]) -> dict[str, tuple[str, str, int, str, str]]:
    """Return tag, equipment, priority, English and Chinese message of alarms as their newest line has them."""
    found = {}
    for alarm in alarms:
        row = connection.execute(
            "SELECT tag, equipment, priority, message_en, message_zh FROM alarm_change WHERE alarm = ? "
            "ORDER BY number DESC LIMIT 1",
            (alarm,),
        ).fetchone()
        if row is not None:
            found[alarm] = row
    return found


def _place(equipment: Sequence[str]) -> tuple[str, Sequence[str]]:
    return (f" AND equipment IN ({', '.join('?' * len(equipment))})", equipment) if equipment else ("", ())


def _lines(rows: Sequence[Sequence[Any]], codes: AlarmCodes) -> JournalLines:
    time, _, alarm, raised, returned, acknowledged, facts = zip(*rows, strict=True) if rows else [()] * 7
    times, packed = np.array(time, np.int64), np.array(facts, np.int64)
    return JournalLines(
        times,
        np.array(list(map(codes.__getitem__, alarm)), np.int64),
        packed >> 2,
        np.minimum(np.array(raised, np.int64), times),
        np.minimum(np.array(returned, np.int64), times),
        np.array(acknowledged, np.int64),
        (packed & 2).astype(np.bool_),
        (packed & 1).astype(np.bool_),
    )
