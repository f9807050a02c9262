"""The alarms of the station itself, through the same states and acknowledgement as those of tags."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from app.alarm.evaluation import AlarmError, AlarmEvaluation
from app.collector.station_watch import BACK_AFTER_S, RESTART_SHOWN_S, StationWatch
from app.model import clock
from app.model.alarm import AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.clock import NS_PER_S
from app.model.connection import LOST_AFTER_S, START_S, ConnectionReport, LinkState
from tests.app.collector.bench import small_plant

START = 1_790_000_000 * NS_PER_S
LOST, CLOCK, CERTIFICATE, WORKER, DISK, HISTORY = (
    "station/connection/plc",
    "station/clock/plc",
    "station/certificate/plc",
    "station/worker",
    "station/disk",
    "station/history",
)


class Station:
    """A small plant's station whose facts the test tells, second by second."""

    def __init__(self, restored: Sequence[AlarmRecord] = ()) -> None:
        plant = small_plant(1)
        with clock.frozen(START):
            self.watch = StationWatch(plant)
        self.alarms = AlarmEvaluation(plant.tags, plant.alarms, restored, faults=self.watch.faults)
        self.now = START

    def pass_time(
        self,
        seconds: float,
        *,
        state: LinkState = LinkState.RUNNING,
        ahead_s: float = 0.0,
        days: float | None = None,
        lost_workers: int = 0,
        disk: str = "",
        history: str = "",
    ) -> list[AlarmRecord]:
        report = ConnectionReport(
            "plc", "modbus", "modbus://h", state, START, 10, clock_ahead_s=ahead_s, certificate_days=days
        )
        changes = []
        for _ in range(round(seconds)):
            with clock.frozen(self.now):
                present = self.watch.present(
                    [report], lost_workers=lost_workers, disk_problem=disk, history_problem=history
                )
            changes += self.alarms.observe(present, self.now)
            self.now += NS_PER_S
        return changes

    def standing(self) -> list[str]:
        return [record.alarm for record in self.alarms.standing()]


def test_that_a_calm_station_alarms_nothing() -> None:
    station = Station()
    assert station.pass_time(30) == []


def test_that_a_lost_connection_is_alarmed_under_its_name_and_can_be_acknowledged() -> None:
    station = Station()
    station.pass_time(5)
    (raised,) = station.pass_time(10, state=LinkState.BACKOFF)
    assert (raised.alarm, raised.equipment, raised.tag) == (LOST, "plc", "")
    assert raised.condition is ConditionKind.FAULT
    assert "plc" in raised.message.en
    assert "plc" in raised.message.zh
    assert raised.raised == START + (5 + int(LOST_AFTER_S)) * NS_PER_S
    acknowledged = station.alarms.acknowledge(LOST, raised.raised, "L. Chen", "cable", station.now)
    assert acknowledged.state is AlarmState.ACKNOWLEDGED
    with pytest.raises(AlarmError, match=r"already acknowledged by L\. Chen"):
        station.alarms.acknowledge(LOST, raised.raised, "X", "", station.now)
    (cleared,) = station.pass_time(BACK_AFTER_S + 2)
    assert cleared.state is AlarmState.NORMAL
    assert station.standing() == []


def test_that_devices_may_take_their_time_when_the_station_starts_but_not_for_ever() -> None:
    station = Station()
    assert station.pass_time(START_S, state=LinkState.BACKOFF) == []
    (raised,) = station.pass_time(LOST_AFTER_S + 3, state=LinkState.BACKOFF)
    assert raised.alarm == LOST


def test_that_a_link_that_flaps_is_one_alarm() -> None:
    station = Station()
    station.pass_time(1)
    changes = station.pass_time(5, state=LinkState.BACKOFF)
    for _ in range(20):
        changes += station.pass_time(3)
        changes += station.pass_time(3, state=LinkState.BACKOFF)
    assert [change.state for change in changes] == [AlarmState.UNACKNOWLEDGED]
    assert changes[0].occurrences == 1


def test_that_a_break_of_a_moment_is_no_alarm() -> None:
    station = Station()
    station.pass_time(5)
    assert station.pass_time(2, state=LinkState.CONNECTING) == []
    assert station.pass_time(20) == []


def test_that_the_other_faults_are_alarmed_and_clear() -> None:
    station = Station()
    station.pass_time(2)
    station.pass_time(2, ahead_s=-61.0, lost_workers=1, disk="disk nearly full", history="disk full")
    assert set(station.standing()) == {CLOCK, WORKER, DISK, HISTORY}
    assert station.standing()[0] == HISTORY
    station.pass_time(RESTART_SHOWN_S + 1, ahead_s=59.0, lost_workers=1)
    states = {record.alarm: record.state for record in station.alarms.standing()}
    assert states == dict.fromkeys((CLOCK, WORKER, DISK, HISTORY), AlarmState.RETURNED)
    again = station.pass_time(1, ahead_s=59.0, lost_workers=2)
    assert [(record.alarm, record.occurrences) for record in again] == [(WORKER, 2)]


def test_that_a_certificate_is_alarmed_two_weeks_before_it_expires_until_it_is_renewed() -> None:
    station = Station()
    assert station.pass_time(2, days=14.1) == []
    (raised,) = station.pass_time(2, days=13.9)
    assert (raised.alarm, raised.equipment, raised.priority) == (CERTIFICATE, "plc", Priority.MEDIUM)
    station.pass_time(30, days=None, state=LinkState.BACKOFF)  # nobody sees a certificate while nothing is connected
    standing = {record.alarm: record.state for record in station.alarms.standing()}
    assert standing[CERTIFICATE] is AlarmState.UNACKNOWLEDGED
    (renewed,) = [record for record in station.pass_time(2, days=700.0) if record.alarm == CERTIFICATE]
    assert renewed.state is AlarmState.RETURNED


def test_that_a_fault_that_stood_when_the_last_collector_ended_still_stands() -> None:
    before = Station()
    before.pass_time(30, state=LinkState.BACKOFF)
    after = Station(before.alarms.standing())
    assert after.standing() == [LOST]
    after.pass_time(BACK_AFTER_S + 2)
    assert [record.state for record in after.alarms.standing()] == [AlarmState.RETURNED]
