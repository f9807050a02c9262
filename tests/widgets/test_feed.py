"""The window follows its collector through real files and sockets, also when a new collector takes over."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model import block, clock
from app.model.alarm import AlarmRecord, AlarmState
from app.plant.folder import PlantFolder
from app.pubsub.channel import EventServer, Reply, address_of, new_token
from app.pubsub.frame import (
    Acknowledge,
    AlarmsChanged,
    CollectorChanged,
    Command,
    CommandDone,
    Event,
    ForecastsChanged,
    HealthChanged,
)
from app.pubsub.live import LivePublisher
from tests.widgets.plant import alarm, health, plant, report
from widgets.feed import Feed, ValuesChanged


class Collector:
    """The two ends of a live border that a collector holds."""

    def __init__(self, folder: PlantFolder, snapshot: tuple[Event, ...] = ()) -> None:
        self.commands: list[Command] = []
        self.values = LivePublisher(folder.live, len(plant().tags))
        self.events = EventServer(
            address_of(folder.path), new_token(), self._obey, snapshot=lambda: snapshot, token_file=folder.token
        )
        self.events.start()

    def _obey(self, command: Command, reply: Reply) -> None:
        self.commands.append(command)
        if isinstance(command, Acknowledge):
            reply(CommandDone(command.request, done=True))

    def die(self) -> None:
        self.events.stop()
        self.values.close()


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    return PlantFolder(tmp_path)


@pytest.fixture
def start(folder: PlantFolder) -> Iterator[Callable[..., Collector]]:
    running: list[Collector] = []

    def begin(*snapshot: Event) -> Collector:
        running.append(Collector(folder, snapshot))
        return running[-1]

    yield begin
    for collector in running:
        collector.die()


@pytest.fixture
def feed(qtbot: QtBot, folder: PlantFolder) -> Iterator[Feed]:
    feed = Feed(plant(), folder)
    yield feed
    feed.close()


def test_that_new_values_and_the_present_state_arrive(
    qtbot: QtBot, feed: Feed, start: Callable[..., Collector]
) -> None:
    collector = start(AlarmsChanged((alarm("AC01.T_D"),), is_snapshot=True), CollectorChanged(report()))
    changes: list[ValuesChanged] = []
    feed.values_changed.connect(changes.append)
    feed.start()
    qtbot.waitUntil(lambda: feed.report is not None)
    assert feed.is_linked
    assert list(feed.alarms) == ["AC01.T_D.H"]
    collector.values.publish(block.block_of([0, 1], clock.now_ns(), [104.8, 7.02]))
    qtbot.waitUntil(lambda: any(len(change.block) for change in changes))
    assert changes[-1].block.value.tolist() == [104.8, 7.02]
    assert feed.value(1).value == 7.02
    assert feed.value(2).source_time == 0


def test_that_alarms_are_heard_without_waiting_for_the_next_frame(
    qtbot: QtBot, start: Callable[..., Collector], feed: Feed
) -> None:
    collector = start(AlarmsChanged((), is_snapshot=True))
    feed.start()
    qtbot.waitUntil(lambda: collector.events.windows == 1)
    feed.frame()
    feed._timer.timeout.disconnect()  # the frame clock brings nothing any more
    with qtbot.waitSignal(feed.alarms_changed):
        collector.events.broadcast(AlarmsChanged((alarm("AC01.T_D"),)))
    assert "AC01.T_D.H" in feed.alarms


def test_that_one_frame_tells_each_kind_at_most_once(qtbot: QtBot, feed: Feed) -> None:
    told: list[tuple[AlarmRecord, ...]] = []
    feed.alarms_changed.connect(told.append)
    feed.receive(
        [
            AlarmsChanged((alarm("AC01.T_D"),)),
            AlarmsChanged((alarm("AC01.P_D"),)),
            AlarmsChanged((alarm("AC01.T_D", value=105.0),)),
        ]
    )
    assert [[(record.alarm, record.value) for record in change] for change in told] == [
        [("AC01.T_D.H", 105.0), ("AC01.P_D.H", 104.8)]
    ]
    feed.receive([ForecastsChanged(()), HealthChanged((health("AC01", 41.0),))])
    assert feed.healths["AC01"].health == 41.0
    assert len(told) == 1


def test_that_normal_alarms_leave_the_state_but_are_told(qtbot: QtBot, feed: Feed) -> None:
    feed.receive([AlarmsChanged((alarm("AC01.T_D"),))])
    with qtbot.waitSignal(feed.alarms_changed) as told:
        feed.receive([AlarmsChanged((alarm("AC01.T_D", state=AlarmState.NORMAL),))])
    assert told.args is not None
    assert told.args[0][0].state is AlarmState.NORMAL
    assert feed.alarms == {}


def test_that_alarms_that_ended_while_away_are_told_as_normal(qtbot: QtBot, feed: Feed) -> None:
    feed.receive([AlarmsChanged((alarm("AC01.T_D"), alarm("AC01.P_D")))])
    with qtbot.waitSignal(feed.alarms_changed) as told:
        feed.receive([AlarmsChanged((alarm("AC01.P_D"),), is_snapshot=True)])
    assert told.args is not None
    states = {record.alarm: record.state for record in told.args[0]}
    assert states == {"AC01.T_D.H": AlarmState.NORMAL, "AC01.P_D.H": AlarmState.UNACKNOWLEDGED}
    assert list(feed.alarms) == ["AC01.P_D.H"]


def test_that_a_new_collector_is_followed_within_a_second(
    qtbot: QtBot, feed: Feed, start: Callable[..., Collector]
) -> None:
    first = start(CollectorChanged(report()))
    feed.start()
    qtbot.waitUntil(lambda: feed.report is not None)
    first.die()
    qtbot.waitUntil(lambda: not feed.is_linked, timeout=1000)
    assert feed.link_text
    second = start(AlarmsChanged((alarm("F01.T"),), is_snapshot=True))
    second.values.publish(block.block_of(4, clock.now_ns(), 850.0))
    qtbot.waitUntil(lambda: feed.is_linked and "F01.T.H" in feed.alarms and feed.value(4).value == 850.0, timeout=1000)
    assert feed.link_text == ""


def test_that_a_silent_collector_is_asked_for_at_once_and_not_all_the_time(qtbot: QtBot, folder: PlantFolder) -> None:
    asked: list[int] = []
    feed = Feed(plant(), folder, ensure_collector=lambda: asked.append(clock.monotonic_ns()))
    with clock.frozen(10**18) as advance:
        feed.frame()
        feed.frame()
        assert len(asked) == 1
        advance(3 * clock.NS_PER_S)
        feed.frame()
        assert len(asked) == 2
    feed.close()


def test_that_a_heartbeat_older_than_two_seconds_makes_everything_stale(
    qtbot: QtBot, feed: Feed, start: Callable[..., Collector]
) -> None:
    told: list[bool] = []
    feed.collector_link_changed.connect(lambda linked, _: told.append(linked))
    with clock.frozen(clock.now_ns()) as advance:
        start()
        feed.frame()
        assert feed.is_linked
        advance(2 * clock.NS_PER_S)
        feed.frame()
        assert not feed.is_linked
    assert told == [True, False]


def test_that_ages_go_on_while_the_collector_is_silent(qtbot: QtBot, feed: Feed) -> None:
    told: list[ValuesChanged] = []
    feed.values_changed.connect(told.append)
    with clock.frozen(10**18) as advance:
        for _ in range(21):
            feed.frame()
            advance(100 * clock.NS_PER_MS)
    assert [len(change.block) for change in told] == [0, 0, 0]


def test_that_a_collector_of_another_configuration_is_not_believed(
    qtbot: QtBot, feed: Feed, folder: PlantFolder
) -> None:
    publisher = LivePublisher(folder.live, 99)
    feed.frame()
    assert not feed.is_linked
    assert "configuration" in feed.link_text
    publisher.close()


def test_that_an_acknowledgement_is_sent_and_answered(
    qtbot: QtBot, feed: Feed, start: Callable[..., Collector]
) -> None:
    collector = start(CollectorChanged(report()))
    feed.start()
    qtbot.waitUntil(lambda: feed.report is not None)
    record = alarm("AC01.T_D")
    with qtbot.waitSignal(feed.requests.answered) as done:
        request = feed.requests.acknowledge([record], operator="L. Chen", comment="seen")
    assert done.args == [CommandDone(request, done=True)]
    assert collector.commands == [Acknowledge(request, (record.alarm,), (record.raised,), "L. Chen", "seen")]


def test_that_an_acknowledgement_without_a_collector_is_refused(qtbot: QtBot, feed: Feed) -> None:
    with qtbot.waitSignal(feed.requests.answered) as done:
        feed.requests.acknowledge([alarm("AC01.T_D")], operator="L. Chen")
    assert done.args is not None
    assert not done.args[0].done
    assert "not reached" in done.args[0].reason


def test_that_only_waiting_alarms_blink(qtbot: QtBot, feed: Feed) -> None:
    phases: list[bool] = []
    feed.blinked.connect(phases.append)
    with clock.frozen(10**18) as advance:
        for step in range(4):
            feed.receive([AlarmsChanged((alarm("AC01.T_D"),))] if step == 1 else [])
            feed.frame()
            advance(500 * clock.NS_PER_MS)
        assert phases == [False, True, False]
        feed.receive([AlarmsChanged((alarm("AC01.T_D", state=AlarmState.ACKNOWLEDGED),))])
        feed.frame()
        feed.frame()
    assert phases == [False, True, False, True]
    assert feed.blink_phase
