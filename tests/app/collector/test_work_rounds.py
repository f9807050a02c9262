"""Meters read from a real history, what is due by them, and the course of an alarm after work."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from app.alarm.journal import AlarmJournal
from app.collector.work_rounds import LATE_NS, STRETCH_NS, MaintenanceRounds
from app.database import open_writer
from app.history.gap import Gap, GapReason, record_gaps
from app.history.writer import HistoryWriter
from app.maintenance.agenda import meter_of, meters_of
from app.maintenance.schedule import DueState
from app.maintenance.store import WorkStore
from app.model import status
from app.model.alarm import AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.block import block_of
from app.model.maintenance import MaintenanceDefinition, Nameplate
from app.model.plant import Plant
from app.model.text import LocalText
from app.model.work_order import WorkSource
from tests.app.maintenance.plants import DAY, FROM_SERVICE, HOUR, NOW, SERVICE, completed, desk, plant, wanted


def counting() -> Plant:
    """The plant whose compressor has a counter for its service and a state for its nameplate."""
    small = plant()
    first, second = small.equipment
    run = MaintenanceDefinition("AC01.belt", "AC01", LocalText("Belt"), every=10.0, meter="AC01.RUN")
    plate = replace(second, nameplate=Nameplate(meter="AC01.RUN"))
    return replace(small, equipment=(first, plate), maintenance=(replace(SERVICE, every_days=0.0), run))


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Three days: the counter rises by one an hour, the compressor runs twelve hours a day."""
    path = tmp_path / "history.sqlite"
    times = NOW + np.arange(0, 3 * DAY, HOUR)
    with closing(open_writer(path)) as connection:
        WorkStore(connection).note_seen([SERVICE.id, "AC01.belt"], NOW)
        writer = HistoryWriter(connection, counting().tags, is_defining=True)
        writer.write(block_of(0, times, 1_000.0 + np.arange(len(times)), status.GOOD))
        writer.write(block_of(1, times, np.arange(len(times)) % 24 < 12, status.GOOD))
    return path


def rounds_until(rounds: MaintenanceRounds, now: int) -> MaintenanceRounds:
    """Make rounds until the whole past was read."""
    for _ in range(50):
        rounds.run([], now)
    return rounds


def test_that_meters_are_the_tags_of_nameplates_and_of_what_is_counted() -> None:
    assert {tag.name for tag in meters_of(counting())} == {"AC01.H", "AC01.RUN"}


def test_that_the_whole_past_of_a_meter_is_counted(history: Path) -> None:
    now = NOW + 3 * DAY + LATE_NS
    rounds = rounds_until(MaintenanceRounds(history, counting()), now)
    assert rounds.totals()["AC01.H"] == 1_071.0
    assert rounds.totals()["AC01.RUN"] == pytest.approx(36.0)


def test_that_the_meter_of_recurring_work_goes_before_that_of_the_nameplate() -> None:
    small, totals = counting(), {"AC01.H": 1_000.0, "AC01.RUN": 7.0}
    assert meter_of(small, completed(desk(), FROM_SERVICE), totals) == 1_000.0
    assert meter_of(small, completed(desk()), totals) == 7.0
    assert meter_of(small, replace(completed(desk()), equipment="air"), totals) is None


def test_that_a_collector_that_was_killed_counts_on_where_the_file_ends(history: Path) -> None:
    rounds = MaintenanceRounds(history, counting())
    report = rounds.run([], NOW + STRETCH_NS // 2)
    assert [(tag, reading.total) for tag, reading in report.readings[:2]] == [("AC01.H", 1_000.0), ("AC01.RUN", 0.0)]
    with closing(open_writer(history)) as connection:
        WorkStore(connection).note_meters(report.readings)
    again = rounds_until(MaintenanceRounds(history, counting()), NOW + 3 * DAY + LATE_NS)
    assert again.totals()["AC01.H"] == 1_071.0
    assert again.totals()["AC01.RUN"] == pytest.approx(36.0)


def test_that_nothing_runs_while_the_station_does_not_collect(history: Path) -> None:
    with closing(open_writer(history)) as connection:
        record_gaps(connection, [Gap(NOW + 2 * HOUR + HOUR // 2, NOW + 3 * HOUR, GapReason.NOT_COLLECTING)])
    rounds = rounds_until(MaintenanceRounds(history, counting()), NOW + 3 * DAY + LATE_NS)
    assert rounds.totals()["AC01.RUN"] == pytest.approx(35.5)


def test_that_what_a_meter_makes_due_is_told(history: Path) -> None:
    rounds = MaintenanceRounds(history, counting())
    now = NOW + 3 * DAY + LATE_NS
    service, belt = rounds_until(rounds, now).run([], now).dues
    assert (service.definition.id, service.state) == (SERVICE.id, DueState.LATER)
    assert service.left == pytest.approx(2_000 - 71)
    assert (belt.definition.id, belt.state) == ("AC01.belt", DueState.OVERDUE)


def test_that_the_course_of_an_alarm_after_the_work_is_told(history: Path) -> None:
    order = completed(desk(), wanted(WorkSource.ALARM, reference="AC01.T.H"), now=NOW)
    before = AlarmRecord(
        "AC01.T.H",
        "AC01.T",
        "AC01",
        AlarmState.UNACKNOWLEDGED,
        Priority.HIGH,
        ConditionKind.HIGH,
        LocalText("Hot"),
        raised=NOW - HOUR,
        value=1.0,
        limit=0.5,
    )
    rounds = MaintenanceRounds(history, counting())
    assert rounds.run([order], NOW + HOUR).alarms == {}
    with closing(open_writer(history)) as connection:
        journal = AlarmJournal(connection)
        journal.record([before])
        course = rounds.run([order], NOW + HOUR).alarms[order.id]
        assert (course.raised, course.is_active) == (0, True)
        journal.record([structs.replace(before, state=AlarmState.RETURNED, returned=NOW + HOUR)])
        course = rounds.run([order], NOW + HOUR).alarms[order.id]
        assert (course.raised, course.is_active) == (0, False)
        journal.record([structs.replace(before, raised=NOW + 2 * HOUR)])
        journal.record([structs.replace(before, raised=NOW + 3 * HOUR)])
        course = rounds.run([order], NOW + 4 * HOUR).alarms[order.id]
        assert (course.raised, course.is_active) == (NOW + 2 * HOUR, True)
