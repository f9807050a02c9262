"""What servers tell of their alarms, in the states of the station."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.alarm.server_alarm import ServerAlarms, priority_of
from app.model.alarm import AlarmEvent, AlarmState, Priority
from drivers.alarm_source import DeviceEvent, DeviceEvents

RAISED = DeviceEvent(
    "ns=1;s=High", b"1", "Tank", "Level is 95", 700, 1_000, is_active=True, is_acknowledged=False, is_retained=True
)
ACKNOWLEDGED = replace(RAISED, event_id=b"2", time=2_000, is_acknowledged=True, comment="seen", user="plc")
CLEARED = replace(RAISED, event_id=b"3", time=3_000, is_active=False, message="Back to normal", severity=1)
GONE = replace(CLEARED, event_id=b"4", time=4_000, is_acknowledged=True, is_retained=False)
NAME = "line/ns=1;s=High"
U, A, R, N = AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED, AlarmState.RETURNED, AlarmState.NORMAL


def told(alarms: ServerAlarms, *events: DeviceEvent, is_whole: bool = False) -> list[AlarmState]:
    return [change.state for change in alarms.take("line", DeviceEvents(events, is_whole=is_whole), 9_000)]


def test_that_a_condition_is_raised_acknowledged_and_cleared_as_its_server_says() -> None:
    alarms = ServerAlarms()
    assert told(alarms, RAISED) == [U]
    (record,) = alarms.standing()
    assert (record.alarm, record.source, record.raised) == (NAME, "line", 1_000)
    assert record.message.en == "Tank: Level is 95"
    assert record.priority is Priority.HIGH
    assert told(alarms, RAISED) == []
    assert told(alarms, ACKNOWLEDGED) == [A]
    assert (alarms.standing()[0].acknowledged_by, alarms.standing()[0].comment) == ("plc", "seen")
    assert told(alarms, replace(GONE, severity=1)) == [N]
    assert alarms.standing() == []
    assert alarms.find(NAME) is None


def test_that_one_that_returns_before_it_is_acknowledged_stands_until_then_with_its_priority() -> None:
    alarms = ServerAlarms()
    assert told(alarms, RAISED, CLEARED) == [U, R]
    assert alarms.standing()[0].priority is Priority.HIGH
    assert alarms.standing()[0].message.en == "Tank: Level is 95"
    assert told(alarms, GONE) == [N]


def test_that_one_that_came_and_went_unheard_and_still_wants_an_acknowledgement_is_told() -> None:
    assert told(ServerAlarms(), CLEARED) == [U, R]


def test_that_a_worse_state_that_wants_a_new_acknowledgement_is_a_new_occurrence() -> None:
    alarms = ServerAlarms()
    told(alarms, RAISED, ACKNOWLEDGED)
    assert told(alarms, replace(RAISED, event_id=b"9", time=5_000, severity=950)) == [U]
    (record,) = alarms.standing()
    assert (record.raised, record.occurrences, record.priority) == (5_000, 1, Priority.CRITICAL)


def test_that_who_acknowledged_here_is_known_once_the_server_confirms_it() -> None:
    alarms = ServerAlarms()
    told(alarms, RAISED)
    alarms.note_acknowledgement(NAME, by="Li Wei", comment="on my way")
    found = alarms.find(NAME)
    assert found is not None
    assert found[0].state is U
    assert found[1] is not None
    assert (found[1].condition, found[1].event_id) == ("ns=1;s=High", b"1")
    assert told(alarms, ACKNOWLEDGED) == [A]
    assert (alarms.standing()[0].acknowledged_by, alarms.standing()[0].comment) == ("Li Wei", "on my way")


def test_that_what_a_server_leaves_out_when_it_tells_all_has_gone() -> None:
    alarms = ServerAlarms()
    other = replace(RAISED, condition="ns=1;s=Other")
    told(alarms, RAISED, other, replace(ACKNOWLEDGED, condition="ns=1;s=Seen"))
    restarted = ServerAlarms(alarms.standing())
    found = restarted.find(NAME)
    assert found is not None
    assert found[1] is None
    restarted.begin("line")
    assert told(restarted, other, is_whole=True) == [R, N, N]
    assert [record.alarm for record in restarted.standing()] == ["line/ns=1;s=Other"]
    assert told(restarted, is_whole=True) == []


def test_that_two_servers_and_branches_of_a_condition_are_kept_apart() -> None:
    alarms = ServerAlarms()
    alarms.take("line", DeviceEvents((RAISED, replace(RAISED, branch="ns=1;i=7"))), 0)
    alarms.take("press", DeviceEvents((RAISED,)), 0)
    assert {record.alarm: record.state for record in alarms.standing()} == {
        NAME: U,
        f"{NAME} (ns=1;i=7)": R,  # a former state that nobody has acknowledged yet
        "press/ns=1;s=High": U,
    }


def test_that_an_event_that_is_no_condition_is_a_line_that_never_stands() -> None:
    alarms = ServerAlarms()
    (line,) = alarms.take("line", DeviceEvents((DeviceEvent("", b"5", "Oven", "Batch 7 done", 100, 7_000),)), 0)
    assert (line.state, line.raised, line.changed, line.message.en) == (N, 7_000, 7_000, "Oven: Batch 7 done")
    assert alarms.standing() == []
    assert told(alarms, DeviceEvent("", b"6", "Oven", "", 100, 7_000)) == []


@pytest.mark.parametrize(
    ("severity", "priority"),
    [(1, 4), (333, 4), (334, 3), (666, 3), (667, 2), (899, 2), (900, 1), (1_000, 1)],
)
def test_that_severities_have_priorities(severity: int, priority: int) -> None:
    assert priority_of(severity) == priority


def test_that_the_steps_say_what_happened() -> None:
    alarms = ServerAlarms()
    changes = alarms.take("line", DeviceEvents((RAISED, ACKNOWLEDGED, GONE)), 0)
    assert [(change.event, change.changed) for change in changes] == [
        (AlarmEvent.RAISE, 1_000),
        (AlarmEvent.ACKNOWLEDGE, 2_000),
        (AlarmEvent.CLEAR, 4_000),
    ]
