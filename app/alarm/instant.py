"""The alarms as they stood at a past instant, from the journal: the last line of each up to then, in its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.alarm.journal import entries
from app.alarm.journal_zone import EVENT, ZONE_BITS
from app.database import PlantConnection, has_table
from app.model.alarm import AlarmEvent, AlarmRecord, AlarmState, Priority
from app.model.clock import NS_PER_S

MOST_STEPS = 2_000
"""Lines that are followed one by one; for more of them every alarm is looked up anew."""

_LAST_OF_EACH = """
    WITH RECURSIVE name(alarm) AS (
        SELECT min(alarm) FROM alarm_change
        UNION ALL
        SELECT (SELECT min(alarm) FROM alarm_change WHERE alarm > name.alarm) FROM name WHERE name.alarm IS NOT NULL
    )
    SELECT (
        SELECT number FROM alarm_change INDEXED BY alarm_change_by_alarm
        WHERE alarm = name.alarm AND number <= :top AND time <= :at ORDER BY number DESC LIMIT 1
    ) FROM name WHERE name.alarm IS NOT NULL
"""
_STEPS = """
    SELECT number FROM alarm_change WHERE time > :since AND time <= :at
    UNION SELECT number FROM alarm_change WHERE number > :seen AND time <= :at
    ORDER BY number LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class AlarmsThen:
    """What is different from the instant asked for before; with `is_whole` all alarms that were not normal."""

    alarms: tuple[AlarmRecord, ...]
    is_whole: bool


class AlarmsAt:
    """Goes from one instant to another through the journal that `connection`, which stays the caller's, reads.

    Of an alarm, the line counts that was written last among those of up to the instant: a journal whose clock has been
    set back is followed as it was written. At the first instant and after a leap every alarm is looked up; the next
    instant, as a replay asks for it, costs what happened in between.
    """

    def __init__(self, connection: PlantConnection) -> None:
        """Begin at no instant."""
        self._connection = connection
        self._at: int | None = None
        self._seen = 0
        self._number: dict[str, int] = {}

    def go_to(self, at: int) -> AlarmsThen:
        """Return the alarms at an instant (int64 ns UTC), as changes where it follows the one before."""
        if not has_table(self._connection, "alarm_change"):
            return AlarmsThen((), is_whole=True)
        since, self._at = self._at, at
        (newest,) = self._connection.execute("SELECT coalesce(max(number), 0) FROM alarm_change").fetchone()
        steps = self._steps(since, at) if since is not None and at >= since else None
        self._seen = newest  # what is written from now on is looked at whatever its time
        return self._whole(at, newest) if steps is None else self._changes(steps)

    def _steps(self, since: int, at: int) -> list[int] | None:
        """Return the lines from one instant to a later one, None where there are too many to follow."""
        rows = self._connection.execute(
            _STEPS, {"since": since, "at": at, "seen": self._seen, "limit": MOST_STEPS + 1}
        ).fetchall()
        return [number for (number,) in rows] if len(rows) <= MOST_STEPS else None

    def _changes(self, numbers: Sequence[int]) -> AlarmsThen:
        changed: dict[str, AlarmRecord] = {}
        for entry in reversed(entries(self._connection, numbers)):
            alarm = entry.record.alarm
            if entry.number > self._number.get(alarm, 0):
                self._number[alarm] = entry.number
                changed[alarm] = entry.record
        return AlarmsThen(tuple(changed.values()), is_whole=False)

    def _whole(self, at: int, newest: int) -> AlarmsThen:
        top = self._top(at, newest)
        rows = self._connection.execute(_LAST_OF_EACH, {"top": top, "at": at}).fetchall()
        found = entries(self._connection, [number for (number,) in rows if number is not None])
        self._number = {entry.record.alarm: entry.number for entry in found}
        standing = [entry.record for entry in reversed(found) if entry.record.state is not AlarmState.NORMAL]
        return AlarmsThen(tuple(standing), is_whole=True)

    def _top(self, at: int, newest: int) -> int:
        """Return a number that no line of up to `at` is above; `newest`: that of the last line."""
        if not has_table(self._connection, "alarm_zone"):
            return newest
        (zone,) = self._connection.execute(
            "SELECT coalesce(max(zone), -1) FROM alarm_zone WHERE first <= ?", (at,)
        ).fetchone()
        return min(newest, ((int(zone) + 1) << ZONE_BITS) - 1)


def raised_before(connection: PlantConnection, at: int) -> int | None:
    """Return when the last alarm before an instant was raised, int64 ns UTC, None where none was."""
    return _raised(connection, "time < ?", "DESC", at)


def raised_after(connection: PlantConnection, at: int) -> int | None:
    """Return when the first alarm after an instant was raised, int64 ns UTC, None where none was."""
    return _raised(connection, "time > ?", "ASC", at)


def raises_within(connection: PlantConnection, start: int, end: int) -> tuple[tuple[int, Priority], ...]:
    """Return when alarms were raised in start <= time < end (int64 ns UTC) and their priority: of a minute the first.

    A day of a flood has a million lines and at most 4 x 1,440 such marks.
    """
    if not has_table(connection, "alarm_change"):
        return ()
    rows = connection.execute(
        f"SELECT min(time), priority FROM alarm_change WHERE time >= ? AND time < ? AND {EVENT} = ? "  # noqa: S608 - constants
        "GROUP BY time / ?, priority ORDER BY 1",
        (start, end, AlarmEvent.RAISE, 60 * NS_PER_S),
    ).fetchall()
    priorities = {int(each) for each in Priority}  # a damaged line has none that there is
    return tuple((time, Priority(priority)) for time, priority in rows if priority in priorities)


def _raised(connection: PlantConnection, where: str, order: str, at: int) -> int | None:
    if not has_table(connection, "alarm_change"):
        return None
    row = connection.execute(
        f"SELECT time FROM alarm_change WHERE {where} AND {EVENT} = ? ORDER BY time {order} LIMIT 1",  # noqa: S608 - constants
        (at, AlarmEvent.RAISE),
    ).fetchone()
    return None if row is None else int(row[0])
