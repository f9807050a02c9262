"""Shifts follow the clock on the wall, whatever day it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.model.clock import NS_PER_S, from_datetime
from app.model.shift import DEFAULT_SHIFTS, Period, PeriodKind, ShiftCalendar, ShiftDefinition, UnknownPeriod
from app.model.text import LocalText

HOUR = 3_600 * NS_PER_S
BERLIN = ShiftCalendar(zone="Europe/Berlin")


def utc(*moment: int) -> int:
    return from_datetime(datetime(*moment, tzinfo=UTC))  # type: ignore[misc,arg-type]


def hours(period: Period) -> float:
    return (period.end - period.start) / HOUR


def test_that_a_usual_day_has_three_shifts_of_eight_hours_each_behind_the_other() -> None:
    early, late, night = BERLIN.of_day(date(2026, 11, 25))
    assert (early.start, early.end) == (utc(2026, 11, 25, 5), late.start)
    assert (late.end, night.end) == (night.start, utc(2026, 11, 26, 5))
    assert [period.key for period in (early, late, night)] == [
        "2026-11-25/early",
        "2026-11-25/late",
        "2026-11-25/night",
    ]


@pytest.mark.parametrize(("day", "expected"), [(date(2026, 3, 28), 7), (date(2026, 10, 24), 9)])
def test_that_the_night_on_which_clocks_are_set_is_an_hour_shorter_or_longer(day: date, expected: int) -> None:
    *others, night = BERLIN.of_day(day)
    assert [hours(period) for period in others] == [8, 8]
    assert hours(night) == expected
    assert BERLIN.of_day(day.replace(day=day.day + 1))[0].start == night.end
    assert hours(BERLIN.day(day)) == 16 + expected


def test_that_a_start_in_the_hour_that_is_left_out_or_comes_twice_leaves_no_gap() -> None:
    calendar = ShiftCalendar(
        (ShiftDefinition("a", LocalText("A"), 150), ShiftDefinition("b", LocalText("B"), 870)), "Europe/Berlin"
    )
    for day in (date(2026, 3, 28), date(2026, 10, 24)):
        first = [*calendar.of_day(day), *calendar.of_day(day.replace(day=day.day + 1))]
        assert [before.end for before in first[:-1]] == [behind.start for behind in first[1:]]
    assert calendar.instant(date(2026, 3, 29), 150) == utc(2026, 3, 29, 1, 30)
    assert calendar.instant(date(2026, 10, 25), 150) == utc(2026, 10, 25, 0, 30)


def test_that_every_instant_of_a_year_lies_in_one_shift_which_is_the_one_told() -> None:
    for step in range(0, 365 * 24, 37):
        instant = utc(2026, 1, 1) + step * HOUR + 1
        period = BERLIN.at(instant)
        assert period is not None
        assert period.start <= instant < period.end
        before = BERLIN.last_ended(instant)
        assert before is not None
        assert before.end == period.start


def test_that_a_plant_that_rests_at_the_weekend_has_no_shift_then_and_the_last_one_is_on_friday() -> None:
    calendar = ShiftCalendar((ShiftDefinition("day", LocalText("Day"), 480, 8.5, (1, 2, 3, 4, 5)),), "Asia/Shanghai")
    sunday = utc(2026, 11, 29, 4)
    assert calendar.at(sunday) is None
    last = calendar.last_ended(sunday)
    assert last is not None
    assert last.key == "2026-11-27/day"
    assert (last.start, last.end) == (utc(2026, 11, 27, 0), utc(2026, 11, 27, 8, 30))
    with pytest.raises(UnknownPeriod, match="does not begin on that weekday"):
        calendar.named("2026-11-29/day")


def test_that_a_month_is_all_of_its_days_and_no_more() -> None:
    month = BERLIN.month(2026, 10)
    assert (month.start, month.end) == (BERLIN.day(date(2026, 10, 1)).start, BERLIN.day(date(2026, 11, 1)).start)
    assert hours(month) == 31 * 24 + 1


@pytest.mark.parametrize("key", ["2026-11-25/early", "2026-11-25", "2026-11", "2026-W48", "2027-W01"])
def test_that_a_period_is_found_by_its_key(key: str) -> None:
    assert BERLIN.named(key).key == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "early",
        "2026-11-25/",
        "2026-11-25/noon",
        "2026-13",
        "2026-11/early",
        "25.11.2026",
        "2026-W54",
        "2026-W48/early",
    ],
)
def test_that_a_text_that_names_no_period_is_refused_with_what_may_be_written(text: str) -> None:
    with pytest.raises(UnknownPeriod, match=r"write a shift as|there are early, late, night"):
        BERLIN.named(text)


@pytest.mark.parametrize("kind", PeriodKind)
def test_that_the_periods_that_ended_in_a_stretch_are_told_once_each_in_order(kind: PeriodKind) -> None:
    start, end = utc(2026, 9, 20), utc(2026, 11, 3)
    found = list(BERLIN.ended_between(kind, start, end))
    assert [period.end for period in found] == sorted({period.end for period in found})
    assert all(start < period.end <= end and period.kind is kind for period in found)
    middle = found[len(found) // 2].end
    parts = [*BERLIN.ended_between(kind, start, middle), *BERLIN.ended_between(kind, middle, end)]
    assert parts == found
    assert len(found) == {PeriodKind.SHIFT: 132, PeriodKind.DAY: 44, PeriodKind.WEEK: 7, PeriodKind.MONTH: 2}[kind]


def test_that_a_week_begins_on_monday_with_the_first_shift_also_where_clocks_are_set_in_it() -> None:
    week = BERLIN.named("2026-W43")
    assert (week.start, week.end) == (utc(2026, 10, 19, 4), utc(2026, 10, 26, 5))
    assert week.day == date(2026, 10, 19)


@pytest.mark.usefixtures("shanghai")
def test_that_without_a_zone_the_clock_of_this_pc_counts() -> None:
    assert ShiftCalendar().of_day(date(2026, 11, 25))[0].start == utc(2026, 11, 24, 22)
    assert ShiftCalendar(DEFAULT_SHIFTS).on_wall(utc(2026, 11, 24, 22)).hour == 6
