"""Which reports are due: each once, those that were missed too, and nothing of before the schedule began."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from app.model.clock import NS_PER_S
from app.model.report import ReportFormat, ReportRules
from app.model.shift import PeriodKind
from app.plant.folder import PlantFolder
from app.report.schedule import MOST_MISSED, SETTLE_NS, ReportDiary, due, is_leap, next_end, target_of
from tests.app.report.plants import HOUR, PLANT, SHIFT, hour

EVERY = replace(PLANT, report=ReportRules(every=tuple(PeriodKind)))
DAY = 24 * HOUR


@pytest.fixture
def diary(tmp_path: Path) -> ReportDiary:
    return ReportDiary.of(PlantFolder(tmp_path))


def test_that_nothing_of_before_the_beginning_is_due_and_a_shift_is_once_it_has_settled(diary: ReportDiary) -> None:
    diary.begin(EVERY, hour(2))
    assert due(EVERY, diary.read(), SHIFT.end + SETTLE_NS - 1) == []
    (period,) = due(EVERY, diary.read(), SHIFT.end + SETTLE_NS)
    assert period == SHIFT
    diary.note(period.kind, period.end)
    assert due(EVERY, diary.read(), SHIFT.end + HOUR) == []


def test_that_what_was_missed_during_a_stop_is_due_in_the_order_in_which_it_ended(diary: ReportDiary) -> None:
    diary.begin(EVERY, hour(2))
    missing = due(EVERY, diary.read(), hour(2) + 7 * DAY)
    assert [period.kind for period in missing].count(PeriodKind.SHIFT) == 21
    assert [period.kind for period in missing].count(PeriodKind.DAY) == 7
    assert [period.key for period in missing if period.kind is PeriodKind.MONTH] == ["2026-11"]
    assert [period.end for period in missing] == sorted(period.end for period in missing)


def test_that_after_a_year_only_the_newest_are_made_up_for(diary: ReportDiary) -> None:
    plant = replace(PLANT, report=ReportRules(every=(PeriodKind.SHIFT,)))
    diary.begin(plant, hour(0))
    now = hour(0) + 366 * DAY
    missing = due(plant, diary.read(), now)
    assert len(missing) == MOST_MISSED
    assert missing[-1].end <= now - SETTLE_NS < missing[-1].end + 8 * HOUR


def test_that_a_kind_that_is_added_later_begins_then(diary: ReportDiary) -> None:
    diary.begin(replace(PLANT, report=ReportRules(every=(PeriodKind.SHIFT,))), hour(0))
    diary.begin(EVERY, hour(20))
    assert diary.read() == {
        PeriodKind.SHIFT: hour(0),
        PeriodKind.DAY: hour(20),
        PeriodKind.WEEK: hour(20),
        PeriodKind.MONTH: hour(20),
    }


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_that_a_damaged_diary_goes_on_where_it_was_written_last(diary: ReportDiary, content: str) -> None:
    diary.path.write_text(content, encoding="utf-8")
    os.utime(diary.path, ns=(SHIFT.end, SHIFT.end))
    diary.begin(EVERY, SHIFT.end + 9 * HOUR)
    keys = [period.key for period in due(EVERY, diary.read(), SHIFT.end + 9 * HOUR)]
    assert keys == ["2026-11-25/early", "2026-11-25/late"]


def test_that_what_is_no_time_in_the_diary_begins_anew(diary: ReportDiary) -> None:
    diary.path.write_text('{"shift": "now", "day": 1.5, "unwritten": 7}', encoding="utf-8")
    assert (diary.read(), diary.unwritten()) == ({}, [])
    diary.begin(EVERY, hour(1))
    assert diary.read()[PeriodKind.SHIFT] == hour(1)


def test_that_what_was_written_while_the_clock_was_ahead_is_due_again_when_it_is_set_right(diary: ReportDiary) -> None:
    diary.begin(EVERY, hour(1))
    for period in diary.missing(EVERY, hour(1) + 3 * DAY):
        diary.settle(period, is_written=True)
    assert diary.missing(EVERY, hour(9)) == []
    diary.begin(EVERY, hour(2))
    assert diary.missing(EVERY, hour(9)) == [SHIFT]


def test_that_a_report_that_failed_stays_due_and_holds_up_no_other(diary: ReportDiary) -> None:
    diary.begin(EVERY, hour(1))
    diary.settle(SHIFT, is_written=False)
    later = [period.key for period in diary.missing(EVERY, hour(17))]
    assert later == ["2026-11-25/early", "2026-11-25/late"]
    for period in diary.missing(EVERY, hour(17)):
        diary.settle(period, is_written=True)
    assert diary.missing(EVERY, hour(17)) == []
    assert diary.read()[PeriodKind.SHIFT] == SHIFT.end + 8 * HOUR


def test_that_a_failed_report_of_a_shift_that_is_no_more_is_let_go(diary: ReportDiary) -> None:
    diary.begin(EVERY, hour(1))
    diary.path.write_text(
        diary.path.read_text("utf-8").replace("{", '{"unwritten": ["2026-11-25/evening"],', 1), "utf-8"
    )
    assert diary.unwritten() == ["2026-11-25/evening"]
    assert diary.missing(EVERY, hour(2)) == []


def test_that_months_at_once_are_a_leap_of_the_clock_and_a_holiday_is_none() -> None:
    assert not is_leap(EVERY, {}, hour(1))
    assert not is_leap(EVERY, {PeriodKind.DAY: hour(1), PeriodKind.MONTH: hour(0) - 30 * DAY}, hour(1) + 39 * DAY)
    assert is_leap(EVERY, {PeriodKind.DAY: hour(1), PeriodKind.MONTH: hour(0)}, hour(1) + 41 * DAY)


def test_that_the_next_end_is_that_of_the_running_shift_when_it_has_settled() -> None:
    assert next_end(EVERY, hour(2)) == SHIFT.end + SETTLE_NS
    assert next_end(EVERY, SHIFT.end + 1) == SHIFT.end + SETTLE_NS
    assert next_end(EVERY, SHIFT.end + SETTLE_NS) == SHIFT.end + 8 * HOUR + SETTLE_NS
    month = replace(PLANT, report=ReportRules(every=(PeriodKind.MONTH,)))
    assert next_end(month, hour(0)) == hour(0) + 86_400 * NS_PER_S


def test_that_a_report_goes_where_the_plant_says_under_a_name_that_every_disk_takes(tmp_path: Path) -> None:
    folder = PlantFolder(tmp_path)
    assert target_of(folder, PLANT, SHIFT, ReportFormat.PDF) == tmp_path / "reports" / "works-2026-11-25-early.pdf"
    there = replace(PLANT, id='a:b/"c"', report=ReportRules(folder="/srv/r"))
    assert target_of(folder, there, SHIFT, ReportFormat.EXCEL) == Path("/srv/r/a-b--c--2026-11-25-early.xlsx")
