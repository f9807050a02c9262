"""A feed that replays shows at every instant what a real history holds of it, and lets nothing out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.database import open_writer
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model import clock
from app.model.alarm import AlarmState
from app.plant.folder import PlantFolder
from app.pubsub.frame import CommandDone
from tests.widgets.replay.recorded_day import TEXT, at, code, record_day, recorded_plant, state_at, value
from widgets.feed import Feed, ValuesChanged
from widgets.replay.playhead import Playhead
from widgets.replay.source import ReplaySource
from widgets.replay.station_past import StationPast


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> PlantFolder:
    return record_day(tmp_path_factory.mktemp("day"))


@pytest.fixture
def playhead() -> Playhead:
    return Playhead(at(0))


@pytest.fixture
def feed(qtbot: QtBot, folder: PlantFolder, playhead: Playhead) -> Iterator[Feed]:
    plant = recorded_plant()
    feed = Feed(plant, folder, source=ReplaySource(folder, plant, playhead))
    yield feed
    feed.close()


def until(qtbot: QtBot, feed: Feed, is_so: Callable[[], bool]) -> None:
    """Pull until something is so."""

    def pull() -> bool:
        feed.frame()
        return is_so()

    qtbot.waitUntil(pull, timeout=20_000)


def go(qtbot: QtBot, feed: Feed, playhead: Playhead, second: float) -> None:
    """Jump, and wait until the screens have followed."""
    playhead.jump(at(second))
    until(qtbot, feed, lambda: playhead.shown == at(second) and feed._source.problem != "Reading the history…")


def test_that_a_tag_that_was_renamed_since_is_shown_under_the_name_that_it_had_then(tmp_path: Path) -> None:
    folder, then = record_day(tmp_path), recorded_plant()
    now = [replace(tag, name=f"NEW.{tag.name}", former=(tag.name,)) for tag in then.tags]
    with closing(open_writer(folder.history)) as connection:
        HistoryWriter(connection, now, is_defining=True)
    past = StationPast(folder, then)
    try:
        state = past.read(at(50))
    finally:
        past.close()
    assert state.latest.value[1] == value(1, 50)
    assert state.latest.text == {TEXT: "recipe 0"}
    assert (state.latest.time == at(50)).all()
    with HistoryReader(folder.history) as reader:
        assert reader.tags() == sorted(tag.name for tag in now)
        assert len(reader.raw(then.tags[1].name, at(0), at(10))) == 10


@pytest.mark.parametrize("order", [(0, 59, 60, 89, 115, 130, 199, 200, 500, 599), (599, 115, 60.5, 500, 0, 95, 210)])
def test_that_every_instant_shows_the_values_and_alarms_that_were_recorded(
    qtbot: QtBot, feed: Feed, playhead: Playhead, order: tuple[float, ...]
) -> None:
    for second in order:
        go(qtbot, feed, playhead, second)
        for tag in feed.plant.tags:
            sample = feed.value(tag.handle)
            assert sample.source_time == at(int(second))
            if tag.handle == TEXT:
                assert sample.text == f"recipe {int(second) // 60}"
            else:
                assert (sample.value, sample.status) == (value(tag.handle, int(second)), code(tag.handle, int(second)))
        standing = state_at(second)
        assert list(feed.alarms.values()) == ([standing] if standing is not None else [])
        assert feed.is_linked


def test_that_what_was_known_last_does_not_look_live_where_nothing_was_collected(
    qtbot: QtBot, feed: Feed, playhead: Playhead
) -> None:
    go(qtbot, feed, playhead, 350)
    assert feed.value(1).source_time == at(300)
    assert not feed.is_linked
    assert feed.link_text == "Nothing was collected at this time"
    go(qtbot, feed, playhead, 430)
    assert feed.is_linked


def test_that_health_is_what_it_was_told_to_be(qtbot: QtBot, feed: Feed, playhead: Playhead) -> None:
    seen = []
    for second in (40, 60, 599, 160, 40):
        go(qtbot, feed, playhead, second)
        seen.append(feed.healths["AC01"].health if "AC01" in feed.healths else None)
    assert seen == [None, 85.0, 40.0, 75.0, None]


def test_that_screens_are_told_to_forget_when_a_replay_goes_back(qtbot: QtBot, feed: Feed, playhead: Playhead) -> None:
    go(qtbot, feed, playhead, 500)
    told: list[ValuesChanged] = []
    feed.values_changed.connect(told.append)
    with qtbot.waitSignal(feed.rewound, timeout=20_000):
        go(qtbot, feed, playhead, 95)
    assert told[-1].is_rewound
    assert feed.alarms["AC01.T_D.H"].state is AlarmState.ACKNOWLEDGED


def test_that_no_command_leaves_a_replay_and_the_reason_is_told(qtbot: QtBot, feed: Feed, playhead: Playhead) -> None:
    go(qtbot, feed, playhead, 60)
    answers: list[CommandDone] = []
    feed.requests.answered.connect(answers.append)
    request = feed.requests.acknowledge(tuple(feed.alarms.values()), operator="L. Chen")
    qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    assert (answers[0].request, answers[0].done) == (request, False)
    assert "replay" in answers[0].reason
    assert feed.is_replay
    assert feed.alarms["AC01.T_D.H"].state is AlarmState.UNACKNOWLEDGED


def test_that_alarms_can_be_jumped_to_in_both_directions(qtbot: QtBot, feed: Feed, playhead: Playhead) -> None:
    go(qtbot, feed, playhead, 100)
    source = feed._source
    assert isinstance(source, ReplaySource)
    for is_forward, wanted in ((True, at(500)), (False, at(60))):
        found: list[int | None] = []
        source.find_alarm(found.append, is_forward=is_forward)
        until(qtbot, feed, lambda found=found: bool(found))  # type: ignore[misc]
        assert found == [wanted]


def test_that_a_plant_without_a_history_says_so_and_is_asked_again(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widgets.replay.source.RETRY_NS", 0)
    plant, playhead = recorded_plant(), Playhead(at(60))
    feed = Feed(plant, PlantFolder(tmp_path), source=ReplaySource(PlantFolder(tmp_path), plant, playhead))
    until(qtbot, feed, lambda: "does not exist" in feed.link_text)
    (tmp_path / "elsewhere").mkdir()
    record_day(tmp_path / "elsewhere").history.rename(PlantFolder(tmp_path).history)
    until(qtbot, feed, lambda: feed.is_linked)
    assert feed.value(1).value == value(1, 60)
    feed.close()


def test_that_it_runs_at_its_speed_and_stands_still_at_the_end(qtbot: QtBot) -> None:
    with clock.frozen(at(0)) as advance:
        playhead = Playhead(at(0), speed=10)
        playhead.arrive(at(0), (at(-5), at(600)))
        playhead.play()
        advance(3 * clock.NS_PER_S)
        playhead.advance()
        assert playhead.wanted == at(30)
        playhead.set_speed(100)
        advance(clock.NS_PER_S)
        playhead.advance()
        assert playhead.wanted == at(130)
        playhead.pause()
        advance(60 * clock.NS_PER_S)
        playhead.advance()
        assert playhead.wanted == at(130)
        playhead.play()
        advance(60 * clock.NS_PER_S)
        playhead.advance()
        assert (playhead.wanted, playhead.is_playing) == (at(600), False)
        playhead.step(-clock.NS_PER_S)
        assert playhead.wanted == at(599)
        playhead.jump(0)
        assert playhead.wanted == at(-5)
        with pytest.raises(ValueError, match="at least 1"):
            playhead.set_speed(0)


def test_that_speeds_go_up_and_down_in_their_order(qtbot: QtBot) -> None:
    playhead = Playhead(at(0))
    seen = []
    for places in (1, 1, 1, 1, 1, 1, 1, -1):
        playhead.change_speed(places)
        seen.append(playhead.speed)
    assert seen == [2, 5, 10, 20, 50, 100, 100, 50]


def test_that_the_process_lives_at_the_shown_instant_and_still_knows_the_present() -> None:
    with clock.frozen(at(600)):
        clock.live_at(lambda: at(7))
        try:
            assert (clock.now_ns(), clock.wall_ns(), clock.is_replaying()) == (at(7), at(600), True)
        finally:
            clock.live_at(None)
        assert (clock.now_ns(), clock.is_replaying()) == (at(600), False)
