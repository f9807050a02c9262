"""The shifts of a plant: when each begins and ends on any day, also on those on which clocks are set.

Shifts are told by the clock on the wall. On the day on which clocks are set forward the shift with that hour is an hour
shorter, in autumn an hour longer; a beginning that falls into the hour that is left out is an hour later on the wall.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from app.model.clock import from_datetime, to_datetime
from app.model.text import LocalText

_DAY = timedelta(days=1)
_DAY_TEXT = re.compile(r"\d{4}-\d{2}-\d{2}")
_REACH = 9
"""So many days around an instant hold the shift before it, whatever the weekdays are."""


@dataclass(frozen=True, slots=True)
class ShiftDefinition:
    """One shift of the day.

    `start`: minutes after midnight on the wall. `hours`: how long it lasts, 0 up to the start of the next one.
    `weekdays`: on which days it begins, 1 (Monday) to 7; () on all.
    """

    id: str
    name: LocalText
    start: int
    hours: float = 0.0
    weekdays: tuple[int, ...] = ()

    def is_on(self, day: date) -> bool:
        """Return whether it begins on a day."""
        return not self.weekdays or day.isoweekday() in self.weekdays


class PeriodKind(StrEnum):
    """What a report is about."""

    SHIFT = "shift"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """start <= t < end (int64 ns UTC) with its `key`: "2026-11-25/early", "2026-11-25", "2026-W48" or "2026-11".

    `day`: on which it begins, on the wall. `shift`: the id of its shift, "" of a longer time.
    """

    kind: PeriodKind
    key: str
    day: date
    start: int
    end: int
    shift: str = ""


class UnknownPeriod(ValueError):
    """A text names no shift, day, week or month of the plant; the message says how to write one."""


DEFAULT_SHIFTS = (
    ShiftDefinition("early", LocalText("Early shift", "早班"), 6 * 60),
    ShiftDefinition("late", LocalText("Late shift", "中班"), 14 * 60),
    ShiftDefinition("night", LocalText("Night shift", "夜班"), 22 * 60),
)


@dataclass(frozen=True, slots=True)
class ShiftCalendar:
    """The shifts in the order of their starts; `zone`: an IANA name such as "Asia/Shanghai", "" for that of this PC.

    The plant's day begins with its first shift, so that a night shift belongs to the day on which it began.
    """

    shifts: tuple[ShiftDefinition, ...] = DEFAULT_SHIFTS
    zone: str = ""

    def shift(self, name: str) -> ShiftDefinition | None:
        """Return the shift of that id, None where there is none."""
        return next((shift for shift in self.shifts if shift.id == name), None)

    def on_wall(self, instant: int) -> datetime:
        """Return what the clock on the wall shows at an instant (ns UTC)."""
        return to_datetime(instant).astimezone(ZoneInfo(self.zone) if self.zone else None)

    def instant(self, day: date, minutes: int) -> int:
        """Return the ns UTC at which clocks show so many minutes after midnight of a day; of two, the first."""
        wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
        aware = wall.replace(tzinfo=ZoneInfo(self.zone)) if self.zone else wall.astimezone()
        return from_datetime(aware)

    def of_day(self, day: date) -> tuple[Period, ...]:
        """Return the shifts that begin on a day, in their order."""
        return tuple(self._period(shift, day) for shift in self.shifts if shift.is_on(day))

    def day(self, day: date) -> Period:
        """Return the plant's day, from its first shift to the first one of the next day."""
        first = self.shifts[0].start if self.shifts else 0
        start, end = self.instant(day, first), self.instant(day + _DAY, first)
        return Period(PeriodKind.DAY, day.isoformat(), day, start, end)

    def week(self, year: int, week: int) -> Period:
        """Return a week of the plant's days, from Monday on, as ISO 8601 numbers it; raise ValueError for none."""
        first = date.fromisocalendar(year, week, 1)
        start, end = self.day(first).start, self.day(first + 7 * _DAY).start
        return Period(PeriodKind.WEEK, f"{year}-W{week:02d}", first, start, end)

    def month(self, year: int, month: int) -> Period:
        """Return a month of the plant's days."""
        first = date(year, month, 1)
        after = (first + 31 * _DAY).replace(day=1)
        key = first.isoformat()[:7]
        return Period(PeriodKind.MONTH, key, first, self.day(first).start, self.day(after).start)

    def at(self, instant: int) -> Period | None:
        """Return the shift that is on at an instant (ns UTC), None between shifts."""
        return next((each for each in self._around(instant) if each.start <= instant < each.end), None)

    def last_ended(self, instant: int) -> Period | None:
        """Return the shift that ended last at or before an instant (ns UTC)."""
        return next((each for each in reversed(list(self._around(instant))) if each.end <= instant), None)

    def ended_between(self, kind: PeriodKind, after: int, until: int) -> Iterator[Period]:
        """Yield the periods of a kind with after < end <= until (ns UTC), oldest first."""
        day, last = self.on_wall(after).date() - 33 * _DAY, self.on_wall(until).date() + _DAY
        while day <= last:
            for period in self._beginning(kind, day):
                if after < period.end <= until:
                    yield period
            day += _DAY

    def named(self, text: str) -> Period:
        """Return the period that a text names; raise UnknownPeriod."""
        head, slash, shift = text.strip().partition("/")
        try:
            if len(head) == 7 and not slash:
                return self.month(int(head[:4]), int(head[5:]))
            if head[4:6] == "-W" and len(head) == 8 and not slash:
                return self.week(int(head[:4]), int(head[6:]))
            day = date.fromisoformat(head if _DAY_TEXT.fullmatch(head) else "")  # it takes weeks as well
        except ValueError:
            raise UnknownPeriod(
                f"{text}: write a shift as 2026-11-25/early, a day as 2026-11-25, a week as 2026-W48 or a month as "
                "2026-11"
            ) from None
        if not slash:
            return self.day(day)
        definition = self.shift(shift)
        if definition is None:
            known = ", ".join(each.id for each in self.shifts) or "none"
            raise UnknownPeriod(f"{text}: there is no shift {shift or 'without a name'}; there are {known}")
        if not definition.is_on(day):
            raise UnknownPeriod(f"{text}: the shift {shift} does not begin on that weekday")
        return self._period(definition, day)

    def _beginning(self, kind: PeriodKind, day: date) -> tuple[Period, ...]:
        match kind:
            case PeriodKind.SHIFT:
                return self.of_day(day)
            case PeriodKind.DAY:
                return (self.day(day),)
            case PeriodKind.WEEK:
                year, week, weekday = day.isocalendar()
                return (self.week(year, week),) if weekday == 1 else ()
            case PeriodKind.MONTH:
                return (self.month(day.year, day.month),) if day.day == 1 else ()

    def _around(self, instant: int) -> Iterator[Period]:
        today = self.on_wall(instant).date()
        for days in range(-_REACH, 2):
            yield from self.of_day(today + days * _DAY)

    def _period(self, shift: ShiftDefinition, day: date) -> Period:
        start = self.instant(day, shift.start)
        is_given = shift.hours > 0
        end = self.instant(day, shift.start + round(shift.hours * 60)) if is_given else self._next_start(shift, day)
        return Period(PeriodKind.SHIFT, f"{day.isoformat()}/{shift.id}", day, start, end, shift.id)

    def _next_start(self, shift: ShiftDefinition, day: date) -> int:
        """Return when the next shift begins, on the same day or the next one, whether or not it is on then."""
        starts = [each.start for each in self.shifts]
        starts.append(starts[0] + 24 * 60)
        end = next(behind for before, behind in pairwise(starts) if before == shift.start)
        return self.instant(day, end)
