"""Four panes show the most telling tags of an equipment, and what the operator wants instead."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model import clock
from tests.widgets.trend.air_station import Station
from widgets.translation import set_language
from widgets.trend.live_samples import LiveSamples
from widgets.trend.page_picker import PagePicker
from widgets.trend.pane_grid import PaneGrid
from widgets.trend.range_bar import RangeBar
from widgets.trend.time_window import SPANS_S, TimeWindow

HOUR = 3_600 * clock.NS_PER_S


@pytest.fixture
def grid(station: Station, qtbot: QtBot) -> PaneGrid:
    result = PaneGrid(station.feed, TimeWindow(HOUR), LiveSamples(station.feed))
    qtbot.addWidget(result)
    result.resize(1_100, 850)
    result.show()
    return result


def shown(grid: PaneGrid) -> list[list[str]]:
    return [pane.tags for pane in grid.panes if not pane.isHidden()]


def test_that_an_equipment_has_four_panes_and_more_pages(grid: PaneGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.pages_changed) as told:
        grid.show_equipment("C-201")
    assert told.args == [0, 2]
    assert shown(grid) == [["VT-201-DE"], ["TT-201-D"], ["PT-201-D"], ["JI-201"]]
    grid.open_page(1)
    assert shown(grid)[-1] == ["XA-201"]


def test_that_few_tags_fill_the_place(grid: PaneGrid) -> None:
    grid.show_equipment("P-12")
    assert shown(grid) == [["PT-12"], ["XA-12"]]
    grid.show_equipment("C-202")
    assert len(shown(grid)) == 2


def test_that_an_equipment_without_tags_says_so(grid: PaneGrid) -> None:
    grid.show_equipment("nowhere")
    assert shown(grid) == []
    assert grid.empty.isVisible()


def test_that_the_choice_of_the_operator_stays_with_the_equipment(grid: PaneGrid, station: Station) -> None:
    grid.show_equipment("C-201")
    grid.choose(0, station.plant.tag("JT-201"))
    assert shown(grid)[0] == ["JT-201"]
    grid.show_equipment("P-12")
    grid.show_equipment("C-201")
    assert shown(grid)[0] == ["JT-201"]
    grid.open_page(1)
    assert ["VT-201-DE"] in shown(grid)


def test_that_a_tag_of_the_same_unit_can_be_compared(grid: PaneGrid, station: Station) -> None:
    grid.show_equipment("C-201")
    menu = grid.menu(0)
    names = [action.text() for action in menu.actions()]
    assert "Drive-end vibration  (VT-201-DE)" in names
    compared = menu.actions()[-1].menu()
    assert compared is not None
    grid.toggle(0, station.plant.tag("VT-201-NDE"))
    assert shown(grid)[0] == ["VT-201-DE", "VT-201-NDE"]
    grid.toggle(0, station.plant.tag("VT-201-NDE"))
    assert shown(grid)[0] == ["VT-201-DE"]


def test_that_a_tag_can_be_brought_into_view(grid: PaneGrid) -> None:
    grid.show_equipment("C-201")
    grid.open_tag("XA-201")
    assert ["XA-201"] in shown(grid)


def test_that_all_panes_put_now_in_the_same_place(grid: PaneGrid) -> None:
    grid.show_equipment("C-201")
    places = {pane.plot.frame.geometry.now_x for pane in grid.panes if pane.plot.frame is not None}
    assert len(places) == 1


def test_that_range_buttons_choose_the_time_and_the_live_button_holds_it(qtbot: QtBot) -> None:
    window = TimeWindow(HOUR)
    bar = RangeBar(window)
    qtbot.addWidget(bar)
    for seconds in SPANS_S:
        QTest.mouseClick(bar.segments[seconds], Qt.MouseButton.LeftButton)
        assert window.span == seconds * clock.NS_PER_S
        assert [key for key, segment in bar.segments.items() if segment.isChecked()] == [seconds]
    QTest.mouseClick(bar.live, Qt.MouseButton.LeftButton)
    assert not window.is_live
    assert bar.live.text() == "Paused"
    QTest.mouseClick(bar.live, Qt.MouseButton.LeftButton)
    assert window.is_live


def test_that_the_bar_is_chinese_where_the_screen_is(qtbot: QtBot, qapp: QApplication) -> None:
    bar = RangeBar(TimeWindow(HOUR))
    qtbot.addWidget(bar)
    set_language("zh")
    qapp.processEvents()
    assert bar.live.text() == "实时"
    assert not bar.grab().isNull()


def test_that_the_page_picker_hides_where_there_is_one_page(qtbot: QtBot) -> None:
    picker = PagePicker()
    qtbot.addWidget(picker)
    picker.show_pages(0, 1)
    assert picker.isHidden()
    picker.show_pages(1, 3)
    with qtbot.waitSignal(picker.page_asked) as asked:
        QTest.mouseClick(picker.on, Qt.MouseButton.LeftButton)
    assert asked.args == [2]
    assert picker.label.text() == "2 / 3"
    with qtbot.waitSignal(picker.page_asked) as asked:
        QTest.mouseClick(picker.back, Qt.MouseButton.LeftButton)
    assert asked.args == [0]
