"""The worst unacknowledged alarm sounds until it is silenced or acknowledged; silence acknowledges nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs
from pytestqt.qtbot import QtBot

from app.model.alarm import AlarmRecord, AlarmState, Priority
from app.pubsub.frame import AlarmsChanged
from tests.widgets import plant
from widgets.feed import Feed
from widgets.preference import Preferences
from widgets.sound.annunciator import Annunciator
from widgets.sound.player import SoundPlayer
from widgets.sound.tone import TONES
from widgets.translation import Language, set_language


class Heard(SoundPlayer):
    """A player that notes what it is to play."""

    def __init__(self) -> None:
        super().__init__()
        self.tones: list[Priority] = []
        self.said: list[tuple[str, Language]] = []
        self.stops = 0

    def play(self, priority: Priority) -> None:
        self.tones.append(priority)

    def speak(self, text: str, language: Language) -> None:
        self.said.append((text, language))

    def stop(self) -> None:
        self.stops += 1


@pytest.fixture
def feed(qtbot: QtBot, tmp_path: Path) -> Feed:
    return plant.feed(tmp_path)


@pytest.fixture
def heard(qtbot: QtBot) -> Heard:
    return Heard()


@pytest.fixture
def annunciator(feed: Feed, heard: Heard, tmp_path: Path) -> Annunciator:
    return Annunciator(feed, Preferences(tmp_path / "window.ini"), heard, feed)


def tell(feed: Feed, *records: AlarmRecord) -> None:
    feed.receive([AlarmsChanged(records)])


def test_that_a_worse_alarm_is_heard_at_once_and_a_lesser_one_not_beside_it(
    annunciator: Annunciator, feed: Feed, heard: Heard
) -> None:
    tell(feed, plant.alarm("AC01.T_D", priority=Priority.HIGH))
    tell(feed, plant.alarm("F01.T", priority=Priority.MEDIUM))
    tell(feed, plant.alarm("P01.VIB", priority=Priority.CRITICAL))
    assert heard.tones == [Priority.HIGH, Priority.CRITICAL]
    tell(feed, plant.alarm("P01.VIB", priority=Priority.CRITICAL, state=AlarmState.ACKNOWLEDGED))
    assert annunciator.sounding is Priority.HIGH, "the next worst goes on at its own turn"
    tell(feed, plant.alarm("AC01.T_D", state=AlarmState.RETURNED), plant.alarm("F01.T", state=AlarmState.NORMAL))
    assert annunciator.sounding is None, "what has gone by itself does not call anybody"


def test_that_the_tone_comes_again_until_somebody_silences_it(
    qtbot: QtBot, annunciator: Annunciator, feed: Feed, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = {priority: replace(tone, period_s=0.02) for priority, tone in TONES.items()}
    monkeypatch.setattr("widgets.sound.annunciator.TONES", quick)
    tell(feed, plant.alarm("AC01.T_D", priority=Priority.HIGH))
    qtbot.waitUntil(lambda: len(heard.tones) >= 3)
    annunciator.silence()
    assert annunciator.sounding is None
    assert heard.stops == 1
    assert feed.alarms["AC01.T_D.H"].state is AlarmState.UNACKNOWLEDGED, "silence is no acknowledgement"
    count = len(heard.tones)
    tell(feed, plant.alarm("AC01.T_D", priority=Priority.HIGH))
    assert len(heard.tones) == count, "the same occurrence stays silent"
    tell(feed, plant.alarm("AC01.T_D", priority=Priority.HIGH, age_s=1))
    assert len(heard.tones) == count + 1, "a new occurrence sounds again"


def test_that_each_diagnostic_alarm_sounds_once(annunciator: Annunciator, feed: Feed, heard: Heard) -> None:
    tell(feed, plant.alarm("AC01.T_D", priority=Priority.DIAGNOSTIC))
    tell(feed, plant.alarm("AC01.T_D", priority=Priority.DIAGNOSTIC))
    tell(feed, plant.alarm("F01.T", priority=Priority.DIAGNOSTIC))
    assert heard.tones == [Priority.DIAGNOSTIC, Priority.DIAGNOSTIC]


def test_that_a_burst_is_spoken_as_its_worst_three_and_a_number(
    qtbot: QtBot, annunciator: Annunciator, feed: Feed, heard: Heard
) -> None:
    tell(feed, plant.alarm("F01.T"))
    annunciator.set_speaking(True)
    tell(
        feed,
        *(structs.replace(plant.alarm("AC01.T_D"), alarm=f"a{n}", priority=Priority.MEDIUM) for n in range(24)),
        plant.alarm("P01.VIB", priority=Priority.CRITICAL),
    )
    qtbot.waitUntil(lambda: bool(heard.said))
    said = [text for text, _ in heard.said]
    assert said[0] == "Critical. Cooling pump P01: Drive-end bearing vibration high."
    assert len(said) == 4
    assert said[-1] == "And 23 more alarms."


def test_that_alarms_are_spoken_in_the_language_of_the_window(
    qtbot: QtBot, annunciator: Annunciator, feed: Feed, heard: Heard
) -> None:
    set_language("zh")
    annunciator.set_speaking(True)
    tell(feed, plant.alarm("P01.VIB", priority=Priority.CRITICAL))
    qtbot.waitUntil(lambda: bool(heard.said))
    assert heard.said == [("紧急。冷却泵 P01：驱动端轴承振动高。", "zh")]


def test_that_the_choice_is_remembered_and_speech_is_off_at_first(
    annunciator: Annunciator, feed: Feed, heard: Heard, tmp_path: Path
) -> None:
    assert annunciator.is_on
    assert not annunciator.is_speaking_on
    tell(feed, plant.alarm("AC01.T_D"))
    annunciator.set_on(False)
    assert annunciator.sounding is None
    again = Annunciator(feed, Preferences(tmp_path / "window.ini"), None)
    assert not again.is_on
