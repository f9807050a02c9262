"""A run without a display leaves pictures of what was foreseen and of the end, while its window lives on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.alarm import AlarmState
from app.model.forecast import Forecast, ForecastState
from app.plant.folder import PlantFolder
from app.pubsub.frame import AlarmsChanged, ForecastsChanged
from tests.displays import bring
from tests.widgets import plant, screen
from tests.widgets.trend.air_station import FORECASTS
from widgets import every_screen
from widgets.every_screen import EVERY_LOOK, SIZES, ULTRA_HD, looks_of, picture_of, take_every_screen
from widgets.feed import Feed
from widgets.main_window import MainWindow
from widgets.off_screen import OffScreen, OffScreenRun
from widgets.pictures import settle, take_pictures
from widgets.prediction.foreseen import Foreseen, foreseen_tag
from widgets.preference import Preferences
from widgets.replay_screens import replay_window
from widgets.screens import screens_of
from widgets.start_screens import start_window
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


@pytest.mark.qt_log_ignore("does not support raise")  # of panels in windows of their own
def test_that_every_screen_is_taken_in_every_look_with_its_dialogs(
    monkeypatch: pytest.MonkeyPatch, window: MainWindow, tmp_path: Path
) -> None:
    monkeypatch.setattr(every_screen, "EVERY_LOOK", (("dark", "en"), ("light", "zh")))  # two tell as much as four
    window.feed.receive([AlarmsChanged((plant.alarm("P01.DP"),))])
    before = (theme().name, language(), window.size())
    taken = list(take_every_screen(window, tmp_path / "all", sizes=((1280, 720),), others=(), settle_ms=10))
    names = {path.name for path in taken}
    for name in ("alarms-shelve", "alarms-journal", "equipment"):
        assert {f"{name}-{look}-1280x720.png" for look in ("dark-en", "light-zh")} <= names
    assert all(path.stat().st_size for path in taken)
    assert (theme().name, language(), window.size()) == before


@pytest.mark.qt_log_ignore("does not support")
def test_that_a_4k_picture_is_that_of_a_monitor_set_to_200_percent(window: MainWindow, tmp_path: Path) -> None:
    before = (window.geometry(), window.devicePixelRatioF())
    seen: list[tuple[int, int]] = []

    def is_ending() -> bool:
        seen.append((window.width(), window.height()))
        return len(seen) > 2  # after the first picture

    taken = take_every_screen(window, tmp_path, sizes=(ULTRA_HD,), others=(), settle_ms=10, is_ending=is_ending)
    (path,) = taken
    assert QImage(str(path)).size().toTuple() == ULTRA_HD
    assert seen[-1] == (1920, 1080), "as many px as a smaller monitor has, each of them of four pixels"
    settle(shortest_ms=10)
    assert (window.geometry(), window.devicePixelRatioF()) == before


@pytest.mark.qt_log_ignore("does not support")
def test_that_a_dialog_stands_in_the_middle_of_a_picture_of_twice_the_pixels(window: MainWindow) -> None:
    window.resize(1280, 720)
    bring(window, 2.0)
    window.feed.receive([AlarmsChanged((plant.alarm("P01.DP"),))])
    shelve = next(each for each in screens_of(window) if each.name == "alarms-shelve")
    picture = picture_of(window, shelve, settle_ms=10).toImage()
    assert picture.size().toTuple() == (2560, 1440)
    ground = theme().color("background").rgb()
    rows, columns = (np.flatnonzero((pixels(picture) != ground).any(axis=axis)) for axis in (1, 0))
    for places, length in ((rows, 1440), (columns, 2560)):
        assert abs(int(places[0]) + int(places[-1]) + 1 - length) <= 4, "as far from one edge as from the other"


def pixels(image: QImage) -> NDArray[np.uint32]:
    """Return colours, shape (rows, columns)."""
    whole = image.convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(whole.constBits(), np.uint32).reshape(whole.height(), whole.width()).copy()


def test_that_larger_sizes_show_each_screen_in_one_look_and_between_them_in_several() -> None:
    names = ("overview", "alarms", "cases", "handover", "trends", "models", "audit", "vibration")
    for size in SIZES[1:]:
        looks = {looks_of(name, size, is_whole=False) for name in names}
        assert all(len(look) == 1 for look in looks)
        assert len(looks) > 2
    assert all(looks_of(name, SIZES[0], is_whole=False) == EVERY_LOOK for name in names)
    assert looks_of("alarms", SIZES[2], is_whole=True) == EVERY_LOOK


def test_that_the_windows_of_a_first_start_are_taken_too(window: MainWindow) -> None:
    with start_window(window) as (start, screens):
        pictures = {each.name: picture_of(start, each, settle_ms=10).toImage() for each in screens}
    assert {"start", "start-known", "connect", "trust-first", "trust-changed"} <= set(pictures)
    assert pictures["trust-first"] != pictures["trust-changed"]


def test_that_a_replay_beside_the_window_gives_the_present_back(qtbot: QtBot, window: MainWindow) -> None:
    with replay_window(window) as (replayed, screens):
        qtbot.addWidget(replayed)
        assert clock.is_replaying()
        assert {screen.name for screen in screens} >= {"replay-overview", "replay-alarms"}
    assert not clock.is_replaying()
