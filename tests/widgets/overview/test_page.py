"""The overview tells at a glance which area needs an operator, and leads there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.alarm import AlarmState, Priority
from app.model.forecast import Forecast, ForecastState
from app.pubsub.frame import ForecastsChanged
from tests.widgets.trend.air_station import (
    PICTURE,
    Station,
    build_station,
    make_forecasts,
    make_healths,
    raise_alarms,
)
from widgets.navigation import Navigation
from widgets.operation import wait_for_all
from widgets.overview.area import area_state, areas_of
from widgets.overview.attention import picture_in_need
from widgets.overview.page import OverviewPage
from widgets.overview.tile import HEAD
from widgets.picture.picker import PicturePicker
from widgets.prediction.card import ForecastCard
from widgets.prediction.countdown import countdown_of
from widgets.prediction.wording import headline
from widgets.translation import set_language
from widgets.trend.forecast_band import outlook_of


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    yield build_station(tmp_path, now=clock.now_ns(), hours=0.2, step_s=10.0)
    wait_for_all()


@pytest.fixture
def navigation(station: Station) -> Navigation:
    return Navigation(station.plant)


@pytest.fixture
def page(station: Station, navigation: Navigation, qtbot: QtBot) -> OverviewPage:
    result = OverviewPage(station.feed, navigation)
    qtbot.addWidget(result)
    result.resize(1_400, 900)
    result.show()
    return result


def test_that_areas_are_what_stands_above_the_items(station: Station) -> None:
    assert [area.equipment.id for area in areas_of(station.plant)] == ["air", "cooling"]
    assert [tag.name for tag in areas_of(station.plant)[0].tags] == ["JT-201", "FT-220", "JI-201", "TT-11"]
    flat = replace(station.plant, equipment=station.plant.equipment[2:3], pictures=())
    assert len(areas_of(flat)) == 1


def test_that_an_area_is_as_healthy_as_its_weakest_equipment(station: Station) -> None:
    make_healths(station)
    make_forecasts(station)
    air, cooling = (
        area_state(station.feed, area, now=station.now, told=station.now) for area in areas_of(station.plant)
    )
    assert (air.health, air.weakest) == (41.0, "C-201")
    assert (cooling.health, cooling.weakest) == (77.0, "P-12")
    assert (air.next_time, cooling.next_time) == ("11 d", "34 d")


def test_that_alarms_are_counted_by_priority(station: Station) -> None:
    raise_alarms(station)
    air = area_state(station.feed, areas_of(station.plant)[0], now=station.now, told=station.now)
    counted = {count.priority: (count.number, count.state) for count in air.alarms}
    assert counted == {
        Priority.CRITICAL: (1, AlarmState.UNACKNOWLEDGED),
        Priority.HIGH: (1, AlarmState.UNACKNOWLEDGED),
        Priority.MEDIUM: (1, AlarmState.ACKNOWLEDGED),
        Priority.DIAGNOSTIC: (0, AlarmState.NORMAL),
    }
    assert air.urgent is Priority.CRITICAL


def test_that_nothing_is_made_up_before_anything_is_known(station: Station) -> None:
    state = area_state(station.feed, areas_of(station.plant)[0], now=station.now, told=station.now)
    assert state.health != state.health
    assert (state.weakest, state.next_cause, state.urgent) == ("", None, None)


def test_that_a_tile_says_why_no_time_is_named(station: Station) -> None:
    area = areas_of(station.plant)[1]
    told = {}
    for state in ForecastState:
        silent = [
            Forecast(each.id, each.equipment, each.tag, state, station.now)
            for each in station.plant.forecasts
            if each.equipment in area.members
        ]
        station.feed.receive([ForecastsChanged(tuple(silent))])
        told[state] = area_state(station.feed, area, now=station.now, told=station.now).next_time
    assert told[ForecastState.LEARNING] == told[ForecastState.BAD_DATA] == "no forecast yet"
    assert told[ForecastState.NO_TREND] == "no wear foreseen"
    station.feed.plant = replace(station.plant, forecasts=())
    assert area_state(station.feed, area, now=station.now, told=station.now).next_time == "no forecast set up"


def test_that_the_picture_follows_what_is_most_urgent(station: Station) -> None:
    pictures = tuple(replace(PICTURE, id=area, equipment=area) for area in ("air", "cooling"))
    station.feed.plant = replace(station.plant, pictures=pictures)
    assert picture_in_need(station.feed) == "air", "the first one while nothing is wrong"
    soon = Forecast("p", "P-12", "PT-12", ForecastState.FORECAST, station.now, p50=station.now + 1)
    station.feed.receive([ForecastsChanged((soon,))])
    assert picture_in_need(station.feed) == "cooling"
    raise_alarms(station)
    assert picture_in_need(station.feed) == "air", "an alarm comes before a forecast"
    station.feed.alarms = {
        key: structs.replace(record, state=AlarmState.RETURNED) for key, record in station.feed.alarms.items()
    }
    standing = next(iter(station.feed.alarms.values()))
    low = structs.replace(
        standing, alarm="p", equipment="P-11", state=AlarmState.ACKNOWLEDGED, priority=Priority.DIAGNOSTIC
    )
    station.feed.alarms["p"] = low
    assert picture_in_need(station.feed) == "cooling", "what stands comes before what has returned"
    station.feed.plant = replace(station.plant, pictures=())
    assert picture_in_need(station.feed) == ""


def test_that_a_chosen_picture_stays_until_the_page_is_left(
    station: Station, navigation: Navigation, qtbot: QtBot
) -> None:
    pictures = tuple(replace(PICTURE, id=area, equipment=area) for area in ("air", "cooling"))
    station.feed.plant = replace(station.plant, pictures=pictures)
    page = OverviewPage(station.feed, navigation)
    qtbot.addWidget(page)
    page.resize(1_400, 900)
    page.show()
    raise_alarms(station)
    page.refresh()
    assert page.scene.picture is not None
    assert page.scene.picture.picture == pictures[0]
    page.scene.picker.buttons["cooling"].click()
    page.refresh()
    assert page.scene.picture.picture == pictures[1]
    assert page.scene.picker.buttons["cooling"].isChecked()
    assert page.scene.picker.isVisible()
    assert not page.scene.picture.place.isVisible()
    page.hide()
    page.show()
    page.refresh()
    assert page.scene.picture.picture == pictures[0]
    assert page.scene.picker.buttons["air"].isChecked()


def test_that_a_picker_never_shows_itself_as_a_window(station: Station, qtbot: QtBot) -> None:
    pictures = tuple(replace(PICTURE, id=area, equipment=area) for area in ("air", "cooling"))
    picker = PicturePicker(replace(station.plant, pictures=pictures))
    qtbot.addWidget(picker)
    assert not picker.isVisible()


def test_that_the_only_tile_leaves_the_whole_height_to_the_scene(
    station: Station, navigation: Navigation, qtbot: QtBot, qapp: QApplication
) -> None:
    station.feed.plant = replace(station.plant, equipment=station.plant.equipment[2:3], pictures=())
    page = OverviewPage(station.feed, navigation)
    qtbot.addWidget(page)
    page.resize(1_400, 900)
    page.show()
    qapp.processEvents()
    assert len(page.tiles) == 1
    assert page.scene.height() == 900
    assert page.tiles[0].mapTo(page, QPoint()).x() > page.scene.geometry().right()


def test_that_a_plant_without_pictures_shows_its_trends_instead(
    station: Station, navigation: Navigation, qtbot: QtBot
) -> None:
    station.feed.plant = replace(station.plant, pictures=())
    page = OverviewPage(station.feed, navigation)
    qtbot.addWidget(page)
    page.resize(1_400, 900)
    page.show()
    assert page.scene.picture is None
    assert page.scene.trends is not None
    assert page.scene.trends.panes[0].isVisible()


def test_that_a_tile_opens_the_weakest_equipment(page: OverviewPage, station: Station, navigation: Navigation) -> None:
    make_healths(station)
    page.refresh()
    assert page.tiles[0].accessibleName() == "Compressor station: Health 41"
    QTest.mouseClick(page.tiles[0], Qt.MouseButton.LeftButton, pos=QPoint(60, 20))
    assert (navigation.page, navigation.equipment) == ("equipment", "C-201")


def test_that_a_row_opens_its_tag(page: OverviewPage, navigation: Navigation) -> None:
    QTest.mouseClick(page.tiles[0], Qt.MouseButton.LeftButton, pos=QPoint(60, HEAD + 30))
    assert (navigation.tag, navigation.equipment) == ("FT-220", "V-220")


def test_that_tiles_wrap_where_the_window_is_narrow(page: OverviewPage) -> None:
    page.resize(500, 900)
    assert page._columns == 1
    page.resize(1_400, 900)
    assert page._columns == 2


def test_that_the_page_is_painted_in_both_languages(page: OverviewPage, station: Station, qapp: QApplication) -> None:
    raise_alarms(station)
    make_forecasts(station)
    page.refresh()
    english = page.grab().toImage()
    set_language("zh")
    qapp.processEvents()
    page.refresh()
    assert page.grab().toImage() != english


def test_that_tile_card_and_trend_count_down_to_a_forecast_from_one_instant(
    station: Station, navigation: Navigation, qtbot: QtBot
) -> None:
    """A plant that runs a thousand times as fast: who asked the clock a moment later would tell hours less."""
    station = replace(station, plant=replace(station.plant, time_scale=1_000.0))
    station.feed.plant = station.plant
    page = OverviewPage(station.feed, navigation)
    qtbot.addWidget(page)
    page.show()
    countdown = countdown_of(station.feed)
    definition = station.plant.forecasts[0]
    with clock.frozen(station.now) as advance:
        due = station.now + 20 * clock.NS_PER_S
        station.feed.receive(
            [ForecastsChanged((Forecast(definition.id, definition.equipment, definition.tag, ForecastState.FORECAST,
                                        station.now, p10=due, p50=due, p90=due),))]
        )  # fmt: skip
        seen = set()
        for seconds in (0.0, 2.9, 3.1):
            advance(int(seconds * clock.NS_PER_S))
            page.refresh()
            outlook = outlook_of(station.feed, definition.tag, told=countdown.now)
            assert outlook is not None
            texts = {
                *(tile.state.next_time for tile in page.tiles if tile.state is not None and tile.state.next_cause),
                *(row.content.headline for row in page.forecasts.rows if isinstance(row, ForecastCard) and row.content),
                headline(definition, outlook.forecast, now=outlook.told, time_scale=station.plant.time_scale),
            }
            assert len(texts) == 1, texts
            seen |= texts
        assert len(seen) > 1, "and it goes on"


def test_that_a_plant_without_limits_says_what_comes_next(
    station: Station, navigation: Navigation, page: OverviewPage, qtbot: QtBot
) -> None:
    assert not page.first_steps.isVisible(), "its limits are set"
    station.feed.plant = replace(station.feed.plant, alarms=())
    bare = OverviewPage(station.feed, navigation)
    qtbot.addWidget(bare)
    bare.show()
    assert bare.first_steps.isVisible()
    with qtbot.waitSignal(bare.first_steps.asked) as asked:
        bare.first_steps.buttons["limits"].click()
    assert asked.args == ["limits"]
