"""A report of a shift tells what the plant's file holds of that time, and nothing of before or after it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.history.reader import HistoryReader
from app.model.case import Verdict
from app.model.clock import NS_PER_S
from app.model.report import ReportRules
from app.model.score import Outcome
from app.model.tag import TagDefinition
from app.model.work_order import WorkState
from app.report import values
from app.report.content import KeyValue, ReportContent
from app.report.failure import NothingToReport, ReportCancelled
from app.report.progress import ReportProgress
from app.report.reading import ReportReading
from app.report.sampling import Sampling
from tests.app.report.plants import END, HOUR, PLANT, SHIFT, START, hour, write_shift


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_shift(tmp_path_factory.mktemp("plant"))


@pytest.fixture(scope="module")
def report(history: Path) -> ReportContent:
    return ReportReading(history, PLANT).read(SHIFT, hour(30))


def test_that_equipment_ran_for_as_long_as_its_state_and_its_meter_say(report: ReportContent) -> None:
    (pump,) = report.running
    assert (pump.equipment, pump.tag, pump.starts, pump.counted_h) == ("PU01", "PU01.RUN", 1, 7.0)
    assert pump.known_s == pytest.approx(7.5 * 3_600)
    assert pump.running_s == pytest.approx(7.0 * 3_600)


def test_that_states_are_told_by_their_names(report: ReportContent) -> None:
    told = {state.state.en: (round(state.seconds / 3_600, 6), state.entries) for state in report.states}
    assert told == {"Off": (1.0, 1), "Auto": (6.5, 1)}


def test_that_a_key_value_is_told_with_its_time_outside_of_the_normal_band(report: ReportContent) -> None:
    (value,) = report.values
    assert (value.tag, value.low, value.high, value.minimum, value.maximum) == ("PU01.P", 2.0, 4.0, 3.0, 5.0)
    assert value.above_s == pytest.approx(3_600.0)  # 0.25 h up and down, half of each above 4, and 0.75 h between
    assert value.below_s == 0.0
    assert value.mean == pytest.approx(3.0 + 2.0 * (0.25 + 0.75) / 7.5)
    assert value.good == pytest.approx(7.5 / 8)


def test_that_counters_are_told_as_goods_and_energy(report: ReportContent) -> None:
    assert [(total.tag, total.total) for total in report.production] == [("PU01.V", 730.0)]
    assert [(total.tag, total.total, total.is_integral) for total in report.energy] == [("PU01.E", 80.0, False)]


def test_that_alarms_are_those_of_the_shift_and_stand_as_at_its_end(report: ReportContent) -> None:
    alarms = report.alarms
    assert (alarms.activations, alarms.by_priority, alarms.most_per_period) == (4, (0, 4, 0, 0), 2)
    assert alarms.mean_per_period == pytest.approx(4 / 48)
    assert alarms.answer_s == 60.0
    assert [(top.alarm, top.activations, top.message.zh) for top in alarms.top] == [("PU01.P.H", 4, "压力高")]
    assert alarms.top[0].active_s == pytest.approx(3 * 180 + 3_600)
    assert [(each.alarm, each.state) for each in alarms.standing] == [
        ("PU01.P.H", "acknowledged"),
        ("PU01.T.H", "shelved"),
    ]
    shelved = alarms.standing[1]
    assert (shelved.since, shelved.until, shelved.by, shelved.reason) == (hour(5), hour(9), "Li Na 李娜", "sensor wet")


def test_that_writes_and_commands_are_told_with_who_made_them(report: ReportContent) -> None:
    told = [(deed.time, deed.action, deed.user, deed.subject, deed.new) for deed in report.deeds]
    assert told == [
        (hour(1), "write.result", "Li Na 李娜", "PU01.P_SP", 3.2),
        (hour(2), "write.refused", "Wang", "PU01.P_SP", 3.2),
        (hour(3), "method.result", "Li Na 李娜", "PU01.Reset", None),
        (hour(5), "configuration.changed", "Wang", "plant.toml", None),
    ]
    assert [(each.user, each.writes, each.calls, each.alarms, each.refused, each.others) for each in report.people] == [
        ("Li Na 李娜", 1, 1, 1, 0, 0),
        ("Wang", 0, 0, 0, 1, 1),
    ]


def test_that_cases_forecasts_and_orders_are_told_as_they_were_at_the_end_of_the_shift(report: ReportContent) -> None:
    assert [(case.number, case.verdict, case.cause.en) for case in report.cases] == [
        (2, Verdict.CONFIRMED, "Seal"),
        (3, None, "Bearing"),
    ]
    (bearing,) = report.forecasts
    assert (bearing.told, bearing.first, bearing.made) == (2, hour(-2), hour(3))
    assert (bearing.outcome, bearing.happened) == (Outcome.WAITING, 0)
    assert [(row.number, row.state, row.is_done) for row in report.work] == [
        (1, WorkState.DONE, True),
        (3, WorkState.PLANNED, False),
        (2, WorkState.CANCELLED, False),
    ]


def test_that_gaps_are_told_with_their_reason_and_words_with_who_said_them(report: ReportContent) -> None:
    (gap,) = report.gaps
    assert (gap.start, gap.end, gap.reason) == (hour(6) + 1, hour(6.5), "not collecting")
    assert [(comment.user, comment.subject, comment.text) for comment in report.comments] == [
        ("Li Na 李娜", "PU01.P.H", "valve stuck"),
        ("Li Na 李娜", "PU01.T.H", "sensor wet"),
    ]


def test_that_a_shift_that_goes_on_is_told_up_to_now(history: Path) -> None:
    report = ReportReading(history, PLANT).read(SHIFT, hour(2) + NS_PER_S)
    assert (report.start, report.end, report.reached) == (START, END, hour(2) + NS_PER_S)
    assert report.alarms.activations == 1
    assert report.running[0].known_s == pytest.approx(2 * 3_600 + 1)


def test_that_a_shift_that_has_not_begun_is_refused_with_when_it_begins(history: Path) -> None:
    with pytest.raises(NothingToReport, match=r"2026-11-25/early begins at 2026-11-25 06:00\+08:00"):
        ReportReading(history, PLANT).read(SHIFT, START)


def test_that_a_day_is_its_shifts_together(history: Path) -> None:
    reading = ReportReading(history, PLANT)
    day = reading.read(PLANT.calendar.named("2026-11-25"), hour(30))
    shifts = [reading.read(PLANT.calendar.named(f"2026-11-25/{each}"), hour(30)) for each in ("early", "late", "night")]
    assert day.alarms.activations == sum(each.alarms.activations for each in shifts) == 5
    assert day.energy[0].total == sum(each.energy[0].total or 0 for each in shifts)
    assert (day.end - day.start) == 24 * HOUR


def test_that_a_plant_without_a_journal_has_an_empty_report(tmp_path: Path) -> None:
    from app.database import open_writer
    from app.history.writer import HistoryWriter

    path = tmp_path / "history.sqlite"
    connection = open_writer(path)
    HistoryWriter(connection, PLANT.tags)
    connection.close()
    report = ReportReading(path, PLANT).read(SHIFT, END)
    assert (report.alarms.activations, report.deeds, report.cases, report.work, report.comments) == (0, (), (), (), ())
    assert report.running[0].running_s is None


def test_that_time_before_the_first_sample_and_behind_the_last_one_is_told_as_missing(history: Path) -> None:
    reading = ReportReading(history, PLANT)
    early = reading.read(PLANT.calendar.named("2026-11-24"), hour(30))
    assert [(gap.start, gap.reason) for gap in early.gaps[:1]] == [(early.start, "not begun")]
    late = reading.read(PLANT.calendar.named("2026-11-25/night"), hour(30))
    assert [(gap.end, gap.reason) for gap in late.gaps[:1]] == [(late.end, "nothing since")]


def test_that_a_reading_tells_how_far_it_is_and_ends_when_it_is_cancelled(history: Path) -> None:
    shares: list[float] = []

    class Progress(ReportProgress):
        def step(self) -> None:
            super().step()
            shares.append(self.share)

    whole = Progress()
    ReportReading(history, PLANT, whole).read(SHIFT, hour(30))
    assert shares == sorted(shares)
    assert shares[0] < 0.3
    assert shares[-1] == 1.0
    cancelled = ReportProgress()
    cancelled.cancel()
    with pytest.raises(ReportCancelled):
        ReportReading(history, PLANT, cancelled).read(SHIFT, hour(30))
    assert cancelled.done == 0


def test_that_values_that_the_plant_names_are_all_told_and_of_others_the_first_ones() -> None:
    many = tuple(replace(PLANT.tags[0], name=f"T{number}", handle=number) for number in range(values.MOST_TAGS + 5))
    plain = replace(PLANT, tags=many, alarms=(), pictures=(), equipment=(), forecasts=())
    named = replace(plain, report=ReportRules(tags=tuple(tag.name for tag in many)))

    class Told(Sampling):
        def key_value(self, tag: TagDefinition, low: float, high: float) -> KeyValue:
            del low, high
            return KeyValue(tag.name, "", tag.title, "", 0, None, None, None, None)

    with HistoryReader(Path("absent.sqlite")) as reader:
        sampling = Told.of(reader, 0, HOUR)
        told, more = values.key_values(plain, sampling)
        every, none = values.key_values(named, sampling)
    assert (len(told), more) == (values.MOST_TAGS, 5)
    assert ([value.tag for value in every], none) == ([tag.name for tag in many], 0)
