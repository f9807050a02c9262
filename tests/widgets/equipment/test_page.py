"""The equipment page brings trends, picture, health and forecasts of one equipment together."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.block import block_of
from tests.widgets.trend.air_station import (
    Station,
    build_station,
    make_forecasts,
    make_healths,
    raise_alarms,
    receive,
)
from widgets import theme
from widgets.equipment.breadcrumb import SEPARATOR
from widgets.equipment.page import EquipmentPage
from widgets.navigation import Navigation
from widgets.operation import wait_for_all
from widgets.translation import set_language


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    yield build_station(tmp_path, now=clock.now_ns(), hours=0.15, step_s=2.0)
    wait_for_all()


@pytest.fixture
def navigation(station: Station) -> Navigation:
    return Navigation(station.plant)


@pytest.fixture
def page(station: Station, navigation: Navigation, qtbot: QtBot) -> EquipmentPage:
    navigation.select_equipment("C-201")
    result = EquipmentPage(station.feed, navigation)
    qtbot.addWidget(result)
    result.resize(1_564, 916)
    result.show()
    return result


def shown(page: EquipmentPage) -> list[list[str]]:
    return [pane.tags for pane in page.grid.panes if not pane.isHidden()]


def test_that_the_page_follows_the_navigation(page: EquipmentPage, navigation: Navigation) -> None:
    assert shown(page)[0] == ["VT-201-DE"]
    navigation.select_equipment("P-12")
    assert shown(page) == [["PT-12"], ["XA-12"]]
    assert page.breadcrumb.accessibleName().endswith(f"Cooling tower {SEPARATOR} Cooling pump P-12")
    assert "P-12" in page.health.accessibleName()


def test_that_a_tag_from_elsewhere_is_brought_into_view(page: EquipmentPage, navigation: Navigation) -> None:
    navigation.open_tag("XA-201")
    assert ["XA-201"] in shown(page)


def test_that_the_breadcrumb_leads_upwards(page: EquipmentPage, navigation: Navigation) -> None:
    page.grab()
    rect, equipment = page.breadcrumb._places[1]
    assert equipment == "air"
    QTest.mouseClick(page.breadcrumb, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
    assert navigation.equipment == "air"
    QTest.keyClick(page.breadcrumb, Qt.Key.Key_Up)
    assert navigation.equipment == "plant"


def test_that_the_picture_leads_to_an_equipment(page: EquipmentPage, navigation: Navigation) -> None:
    view = page.picture.view
    assert page.picture.picture is not None
    place = view._plane(page.picture.picture).point((830, 235)).toPoint()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
    assert navigation.equipment == "V-220"


def test_that_a_young_history_fills_the_panes_until_a_range_is_chosen(page: EquipmentPage, qtbot: QtBot) -> None:
    fitting = 600 * clock.NS_PER_S
    qtbot.waitUntil(lambda: page.window_of_time.span == fitting, timeout=5_000)
    assert not any(segment.isChecked() for segment in page.range.segments.values())
    QTest.mouseClick(page.range.segments[60], Qt.MouseButton.LeftButton)
    page.grid._suggest_span()
    assert page.window_of_time.span == 60 * clock.NS_PER_S


def test_that_live_values_move_the_page_by_themselves(page: EquipmentPage, station: Station, qtbot: QtBot) -> None:
    handle = station.plant.tag("VT-201-DE").handle
    receive(station.feed, block_of(handle, clock.now_ns(), 8.8), station.plant)
    qtbot.waitUntil(lambda: "8.8" in page.grid.panes[0].header.accessibleName(), timeout=5_000)


def test_that_a_short_page_leaves_the_course_of_the_health_out(page: EquipmentPage, qtbot: QtBot) -> None:
    page.resize(1_010, 604)
    qtbot.waitUntil(lambda: page.health.height() == 108)
    page.resize(1_564, 916)
    qtbot.waitUntil(lambda: page.health.height() == 148)


def test_that_a_hidden_page_rests(page: EquipmentPage, qtbot: QtBot) -> None:
    page.hide()
    assert not page.grid._clock._frame.isActive()
    page.show()
    assert page.grid._clock._frame.isActive()


@pytest.mark.parametrize("look", ["dark", "light"])
@pytest.mark.parametrize("size", [(1_564, 916), (1_010, 604), (930, 500)])
def test_that_the_page_is_painted_in_every_look_and_size(
    page: EquipmentPage,
    station: Station,
    qapp: QApplication,
    look: theme.ThemeName,
    size: tuple[int, int],
) -> None:
    raise_alarms(station)
    make_forecasts(station)
    make_healths(station)
    theme.apply(qapp, theme.load(look))
    set_language("zh" if look == "light" else "en")
    page.resize(*size)
    qapp.processEvents()
    image = page.grab().toImage()
    assert (image.width(), image.height()) == size
    title = page.forecasts.title.text
    assert title == ("维护预测" if look == "light" else "Maintenance forecast")
    ground = image.pixelColor(QPoint(2, 2))
    assert (ground.lightness() > 128) is (look == "light")


def test_that_the_window_can_be_imported_without_pyqtgraph() -> None:
    code = "import sys, widgets.main_window, widgets.pages, widgets.trend.page; sys.exit('pyqtgraph' in sys.modules)"
    found = subprocess.run([sys.executable, "-P", "-c", code], check=False, timeout=50)
    assert found.returncode == 0
