"""A run without a display leaves pictures of what was foreseen and of the end, while its window lives on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.alarm import AlarmState
from app.model.forecast import Forecast, ForecastState
from app.plant.folder import PlantFolder
from app.pubsub.frame import AlarmsChanged, ForecastsChanged
from tests.widgets import plant, screen
from tests.widgets.trend.air_station import FORECASTS
from widgets.every_screen import take_every_screen
from widgets.feed import Feed
from widgets.foreseen import Foreseen, foreseen_tag
from widgets.main_window import MainWindow
from widgets.off_screen import OffScreen, OffScreenRun
from widgets.pictures import take_pictures
from widgets.preference import Preferences
from widgets.theme import theme
from widgets.translation import language

BEARING = FORECASTS[0]
TOLD = Forecast(
    BEARING.id, "P01", "P01.VIB", ForecastState.FORECAST, plant.NOW,
    p10=plant.NOW - plant.SECOND, p50=plant.NOW + plant.SECOND, p90=plant.NOW + 9 * plant.SECOND,
)  # fmt: skip


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return Feed(replace(plant.plant(), forecasts=(BEARING,)), PlantFolder(tmp_path))


@pytest.fixture
def window(qtbot: QtBot, feed: Feed, tmp_path: Path) -> Iterator[MainWindow]:
    preferences = Preferences(tmp_path / "window.ini")
    preferences.language = "en"
    window = MainWindow(feed, preferences=preferences, pages=screen.pages)
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


def test_that_a_forecast_counts_while_its_own_equipment_alarms_and_its_middle_is_ahead(feed: Feed) -> None:
    feed.receive([ForecastsChanged((TOLD,))])
    assert foreseen_tag(feed, now=plant.NOW) == "", "nothing alarms"
    feed.receive([AlarmsChanged((plant.alarm("AC01.T_D"),))])
    assert foreseen_tag(feed, now=plant.NOW) == "", "other equipment alarms"
    feed.receive([AlarmsChanged((plant.alarm("P01.DP", state=AlarmState.RETURNED),))])
    assert foreseen_tag(feed, now=plant.NOW) == "", "its alarm is over"
    feed.receive([AlarmsChanged((plant.alarm("P01.DP"),))])
    assert foreseen_tag(feed, now=plant.NOW) == "P01.VIB"
    assert foreseen_tag(feed, now=TOLD.p50) == "", "its time has come"
    feed.receive([ForecastsChanged((replace(TOLD, state=ForecastState.NO_TREND),))])
    assert foreseen_tag(feed, now=plant.NOW) == ""


def test_that_the_moment_is_told_once(feed: Feed) -> None:
    told: list[str] = []
    Foreseen(feed).happened.connect(told.append)
    with clock.frozen(plant.NOW):
        feed.receive([ForecastsChanged((TOLD,))])
        assert told == []
        for _ in range(2):
            feed.receive([AlarmsChanged((plant.alarm("P01.DP"),)), ForecastsChanged((TOLD,))])
    assert told == ["P01.VIB"]


def test_that_pictures_are_taken_when_something_is_foreseen_and_the_window_is_as_before(
    qtbot: QtBot, qapp: QApplication, window: MainWindow, tmp_path: Path
) -> None:
    folder = tmp_path / "pictures"
    before = (theme().name, language(), window.navigation.page)
    OffScreenRun(qapp, OffScreen(pictures=folder)).watch(window.feed, window)
    with clock.frozen(plant.NOW):
        window.feed.receive([ForecastsChanged((TOLD,)), AlarmsChanged((plant.alarm("P01.DP"),))])
    assert not folder.exists(), "not within the handling of an event"
    names = {f"foreseen-{page}-{look}.png" for page in ("equipment", "alarms") for look in ("dark-en", "light-zh")}
    qtbot.waitUntil(lambda: folder.exists() and {path.name for path in folder.iterdir()} == names, timeout=20_000)
    qtbot.waitUntil(lambda: (theme().name, language(), window.navigation.page) == before)


def test_that_a_run_that_ends_does_not_wait_for_further_pictures(window: MainWindow, tmp_path: Path) -> None:
    asked: list[None] = []

    def is_ending() -> bool:
        asked.append(None)
        return len(asked) > 1

    paths = take_pictures(window, tmp_path, moment="foreseen", tag="", is_ending=is_ending)
    assert [path.name for path in paths] == ["foreseen-equipment-dark-en.png"]
    assert theme().name == "dark"


def test_that_every_screen_is_taken_in_every_look_with_its_dialogs(window: MainWindow, tmp_path: Path) -> None:
    window.feed.receive([AlarmsChanged((plant.alarm("P01.DP"),))])
    before = (theme().name, language(), window.size())
    taken = list(take_every_screen(window, tmp_path / "all", sizes=((1280, 720),), settle_ms=10))
    names = {path.name for path in taken}
    assert {f"alarms-shelve-{look}-1280x720.png" for look in ("dark-en", "dark-zh", "light-en", "light-zh")} <= names
    assert {"alarms-journal-dark-en-1280x720.png", "equipment-light-zh-1280x720.png"} <= names
    assert all(path.stat().st_size for path in taken)
    assert (theme().name, language(), window.size()) == before
