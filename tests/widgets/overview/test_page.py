"""The overview tells at a glance which area needs an operator, and leads there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.alarm import AlarmState, Priority
from tests.widgets.trend.air_station import Station, build_station, make_forecasts, make_healths, raise_alarms
from widgets.navigation import Navigation
from widgets.operation import wait_for_all
from widgets.overview.area import area_state, areas_of
from widgets.overview.page import OverviewPage
from widgets.overview.tile import HEAD
from widgets.translation import set_language


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
    air, cooling = (area_state(station.feed, area, now=station.now) for area in areas_of(station.plant))
    assert (air.health, air.weakest) == (41.0, "C-201")
    assert (cooling.health, cooling.weakest) == (77.0, "P-12")
    assert (air.next_time, cooling.next_time) == ("11 d", "34 d")


def test_that_alarms_are_counted_by_priority(station: Station) -> None:
    raise_alarms(station)
    air = area_state(station.feed, areas_of(station.plant)[0], now=station.now)
    counted = {count.priority: (count.number, count.state) for count in air.alarms}
    assert counted == {
        Priority.CRITICAL: (1, AlarmState.UNACKNOWLEDGED),
        Priority.HIGH: (1, AlarmState.UNACKNOWLEDGED),
        Priority.MEDIUM: (1, AlarmState.ACKNOWLEDGED),
        Priority.DIAGNOSTIC: (0, AlarmState.NORMAL),
    }
    assert air.urgent is Priority.CRITICAL


def test_that_nothing_is_made_up_before_anything_is_known(station: Station) -> None:
    state = area_state(station.feed, areas_of(station.plant)[0], now=station.now)
    assert state.health != state.health
    assert (state.weakest, state.next_cause, state.urgent) == ("", None, None)


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
