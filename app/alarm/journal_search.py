"""Search in the alarm journal: any page of millions of lines within a bounded time, newest first.

Lines are found by their zones (`journal_zone`), those of few alarms by the index of alarms. A search that finds little
in its time gives what it has and where it goes on, so that nobody waits without seeing anything.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest

from app.alarm.journal import MOST_ROWS, JournalEntry, entries
from app.alarm.journal_deed import SAID, zones_of_deeds
from app.alarm.journal_zone import EVENT, PERSON, PERSON_BIT, ZONE_BITS, event_bit, priority_bit
from app.database import PlantConnection, has_table
from app.model.journal_search import JournalSearch

FEW_ALARMS = 64
BUDGET_S = 0.15
MOST_ZONES = 64
MOST_NEW = 20_000
MOST_BY_INDEX = 20_000


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Lines, newest first; `before`: from where the search goes on, 0 where it has come to the first line.

    `alarms`: which ones the search names, so that the next page need not look for them again; None for all.
    """

    entries: tuple[JournalEntry, ...]
    before: int = 0
    alarms: tuple[str, ...] | None = None


class AlarmNames:
    """All alarms of a journal by id, each with the texts by which it is found, of its newest line.

    Ten thousand alarms take 70 ms to find; what is known is kept, and only new lines are looked at.
    """

    def __init__(self) -> None:
        """Know nothing yet."""
        self._texts: dict[str, tuple[str, ...]] = {}
        self._newest = 0

    def of(self, connection: PlantConnection) -> dict[str, tuple[str, ...]]:
        """Return the names in the journal that `connection` reads."""
        (newest,) = connection.execute("SELECT coalesce(max(number), 0) FROM alarm_change").fetchone()
        if newest - self._newest > MOST_NEW or newest < self._newest:
            self._take(connection, _EVERY_ALARM)
        else:
            self._take(connection, _NEW_ALARMS, self._newest)
        self._newest = newest
        return self._texts

    def _take(self, connection: PlantConnection, statement: str, *values: int) -> None:
        self._texts.update(
            (alarm, (alarm, *texts)) for alarm, *texts in connection.execute(statement, values).fetchall()
        )


_NEW_ALARMS = "SELECT alarm, tag, equipment, message_en, message_zh FROM alarm_change WHERE number > ?"
_EVERY_ALARM = (
    "WITH RECURSIVE known(id) AS (SELECT min(alarm) FROM alarm_change UNION ALL "
    "SELECT (SELECT min(alarm) FROM alarm_change WHERE alarm > known.id) FROM known WHERE id IS NOT NULL) "
    "SELECT alarm, tag, equipment, message_en, message_zh FROM known CROSS JOIN alarm_change ON number = "
    "(SELECT max(number) FROM alarm_change AS newest WHERE newest.alarm = known.id) WHERE known.id IS NOT NULL"
)


class JournalReader:
    """Searches over one connection that can read the plant's file; call it from one thread at a time."""

    def __init__(self, connection: PlantConnection, names: AlarmNames | None = None) -> None:
        """Search over `connection`, which stays the caller's; `names` are kept from one reader to the next."""
        self._connection = connection
        self._names = names if names is not None else AlarmNames()

    def page(
        self,
        wanted: JournalSearch,
        before: int = 0,
        *,
        limit: int = 200,
        budget_s: float = BUDGET_S,
        alarms: tuple[str, ...] | None = None,
    ) -> JournalPage:
        """Return at most `limit` lines numbered below `before` (0: from the newest); `alarms`: of the page before."""
        if not has_table(self._connection, "alarm_zone"):
            return JournalPage(())  # the collector makes it when it starts
        (newest,) = self._connection.execute("SELECT coalesce(max(number), 0) FROM alarm_change").fetchone()
        top = min(before or newest + 1, newest + 1)
        limit = max(1, min(limit, MOST_ROWS))
        named = alarms if alarms is not None else self._alarms(wanted)
        numbers, rest = self._found(wanted, named, top, limit=limit, budget_s=budget_s)
        return JournalPage(tuple(entries(self._connection, numbers)), rest, named)

    def _found(
        self, wanted: JournalSearch, named: Sequence[str] | None, top: int, *, limit: int, budget_s: float
    ) -> tuple[list[int], int]:
        """Return the numbers of the lines, and from where the search goes on."""
        if named is None:
            return self._by_zones(wanted, None, top, limit=limit, budget_s=budget_s)
        few = named
        if wanted != JournalSearch(text=wanted.text, meant=wanted.meant, equipment=wanted.equipment):
            # of those alarms there may be a line in a thousand that is wanted: then all of theirs are looked at
            if len(few) > max(FEW_ALARMS, limit) or self._has_many(few, top):
                return self._by_zones(wanted, named, top, limit=limit, budget_s=budget_s)
        elif len(few) > FEW_ALARMS:
            few = self._newest_of(named, top, limit)
        numbers = self._numbers_of_alarms(wanted, few, top, limit)
        return numbers, numbers[-1] if len(numbers) == limit else 0

    def _has_many(self, alarms: Sequence[str], top: int) -> bool:
        """Return whether alarms have so many lines that zones are passed over faster than these are looked at."""
        (count,) = self._connection.execute(
            "SELECT count(*) FROM (SELECT 1 FROM alarm_change INDEXED BY alarm_change_by_alarm "
            "WHERE alarm IN (SELECT value FROM json_each(?)) AND number < ? LIMIT ?)",
            (json.dumps(list(alarms)), top, MOST_BY_INDEX + 1),
        ).fetchone()
        return int(count) > MOST_BY_INDEX

    def _alarms(self, wanted: JournalSearch) -> tuple[str, ...] | None:
        """Return the alarms that a search names by text or equipment, None where it names none."""
        text = wanted.text.strip().casefold()
        if not text and not wanted.equipment:
            return None
        return tuple(
            alarm
            for alarm, texts in self._names.of(self._connection).items()
            if (not wanted.equipment or texts[2] in wanted.equipment)
            and (any(text in each.casefold() for each in texts) or wanted.meant.is_in(texts[:3]))
        )

    def _newest_of(self, alarms: Sequence[str], top: int, limit: int) -> list[str]:
        """Return those alarms that alone can have lines on the page: the `limit` ones with the newest lines."""
        rows = self._connection.execute(
            "SELECT (SELECT max(number) FROM alarm_change WHERE alarm = named.value AND number < ?), named.value "
            "FROM json_each(?) AS named",
            (top, json.dumps(list(alarms))),
        )
        return [alarm for number, alarm in nlargest(limit, (row for row in rows.fetchall() if row[0] is not None))]

    def _numbers_of_alarms(self, wanted: JournalSearch, alarms: Sequence[str], top: int, limit: int) -> list[int]:
        where, values = _conditions(wanted)
        found: list[int] = []
        for alarm in alarms:
            found += self._numbers(
                f"INDEXED BY alarm_change_by_alarm WHERE alarm = ? AND number < ?{where}", [alarm, top, *values], limit
            )
        return sorted(found, reverse=True)[:limit]

    def _by_zones(
        self, wanted: JournalSearch, alarms: Sequence[str] | None, top: int, *, limit: int, budget_s: float
    ) -> tuple[list[int], int]:
        where, values = _conditions(wanted)
        if alarms is not None:
            where += " AND alarm IN (SELECT value FROM json_each(?))"
            values.append(json.dumps(list(alarms)))
        due = time.monotonic() + budget_s
        found: list[int] = []
        for low, high in self._ranges(wanted, top):
            found += self._numbers(f"WHERE number >= ? AND number < ?{where}", [low, high, *values], limit - len(found))
            if len(found) == limit:
                return found, found[-1]
            if time.monotonic() > due:
                return found, max(low, 1)
        return found, 0

    def _ranges(self, wanted: JournalSearch, top: int) -> Iterator[tuple[int, int]]:
        """Yield stretches of numbers that may hold what is wanted, newest first, longer and longer ones."""
        terms = [
            bits
            for bits in (
                sum(priority_bit(each) for each in wanted.priorities),
                sum(event_bit(each) for each in wanted.events),
                PERSON_BIT if wanted.person.strip() else 0,
            )
            if bits
        ]
        where = "".join(" AND kinds & ?" for _ in terms)
        deeds = zones_of_deeds(self._connection, wanted.person.strip()) if wanted.person.strip() else None
        values: list[str | int] = [*terms]
        if deeds is not None:
            where += " AND zone IN (SELECT value FROM json_each(?))"
            values.append(deeds)
        if wanted.start:
            where, values = f"{where} AND last >= ?", [*values, wanted.start]
        if wanted.end:
            where, values = f"{where} AND first < ?", [*values, wanted.end]
        zones = [
            zone
            for (zone,) in self._connection.execute(
                f"SELECT zone FROM alarm_zone WHERE zone <= ?{where} ORDER BY zone DESC",  # noqa: S608 - constants only
                [(top - 1) >> ZONE_BITS, *values],
            ).fetchall()
        ]
        place, length = 0, 1
        while place < len(zones):
            last = place
            while last + 1 < len(zones) and zones[last + 1] == zones[last] - 1 and last + 1 - place < length:
                last += 1
            yield zones[last] << ZONE_BITS, min(top, (zones[place] + 1) << ZONE_BITS)
            place, length = last + 1, min(2 * length, MOST_ZONES)

    def _numbers(self, where: str, values: Sequence[str | int], limit: int) -> list[int]:
        rows = self._connection.execute(
            f"SELECT number FROM alarm_change {where} ORDER BY number DESC LIMIT ?",  # noqa: S608 - constants only
            [*values, limit],
        )
        return [number for (number,) in rows.fetchall()]


def _conditions(wanted: JournalSearch) -> tuple[str, list[str | int]]:
    """Return the conditions on a line beside its alarm, each with AND before it, and their values."""
    where, values = "", list[str | int]()
    if wanted.priorities:
        where += f" AND priority IN ({', '.join('?' * len(wanted.priorities))})"
        values += sorted(int(each) for each in wanted.priorities)
    if wanted.events:
        where += f" AND {EVENT} IN ({', '.join('?' * len(wanted.events))})"
        values += sorted(wanted.events)
    if wanted.start:
        where, values = f"{where} AND time >= ?", [*values, wanted.start]
    if wanted.end:
        where, values = f"{where} AND time < ?", [*values, wanted.end]
    if person := wanted.person.strip():
        where += (
            " AND (facts = '' OR instr(facts, '\"by\":'))"  # most lines are nobody's deed: JSON is read of the rest
        )
        where += f" AND {PERSON} <> '' AND instr(lower({PERSON} || char(10) || {SAID}), ?)"
        values.append(person.lower())
    return where, values
