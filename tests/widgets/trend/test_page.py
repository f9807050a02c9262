"""The page of trends: any signals together, by drag and by name, and views that everybody finds again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.model.clock import NS_PER_S
from tests.widgets.trend.air_station import Station, raise_alarms
from widgets.drag.tag_mime import tag_mime
from widgets.model.equipment_tree import EquipmentTree
from widgets.navigation import Navigation
from widgets.operation import wait_for_all
from widgets.translation import set_language
from widgets.trend.page import TrendPage


@pytest.fixture
def page(station: Station, qtbot: QtBot) -> Iterator[TrendPage]:
    made = TrendPage(station.feed, Navigation(station.plant))
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.activateWindow()
    yield made
    made.close()
    wait_for_all()


def drop(target: QWidget, *names: str) -> bool:
    mime = tag_mime(names)
    action, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), action, mime, button, keys)
    enter.ignore()
    target.dragEnterEvent(enter)
    if enter.isAccepted():
        target.dropEvent(QDropEvent(QPointF(50, 50), action, mime, button, keys))
    return enter.isAccepted()


def test_that_an_empty_page_says_how_to_begin(page: TrendPage) -> None:
    assert page.grid.empty.isVisible()
    assert "Insert" in page.grid.empty.text()


def test_that_an_empty_page_offers_what_somebody_most_likely_wants_to_see(
    page: TrendPage, station: Station, qtbot: QtBot
) -> None:
    offers = page.grid.suggestions
    raise_alarms(station)
    alarmed = {record.tag for record in station.feed.alarms.values()}
    assert offers.in_alarm.text() == f"What is in alarm ({len(alarmed)})"
    page._navigation.select_equipment("C-201")
    offers.renew()
    assert offers.selected.isVisible()
    set_language("zh")
    qtbot.waitUntil(lambda: offers.in_alarm.text() == f"当前报警 ({len(alarmed)})", timeout=20_000)
    offers.in_alarm.click()
    assert {name for pane in page.grid.shown for name in pane} == alarmed
    assert not offers.isVisible(), "the panes need the room"
    page.grid.show_panes([])
    assert offers.isVisible()


def test_that_an_equipment_of_the_tree_brings_its_most_telling_signals(page: TrendPage, station: Station) -> None:
    tree = EquipmentTree(station.feed)
    mime = tree.mimeData([tree.index_of("C-201")])
    names = mime.text().split("\n")
    assert drop(page.grid, *names)
    assert page.grid.shown == tuple((name,) for name in names)
    assert len(names) == 4
    assert names[0] in {forecast.tag for forecast in station.plant.forecasts}


def test_that_a_signal_dropped_on_a_pane_is_drawn_into_it(page: TrendPage) -> None:
    page.grid.add(["TT-201-D"])
    assert drop(page.grid.panes[0], "PT-220", "no such tag")
    assert page.grid.shown == (("TT-201-D", "PT-220"),)
    assert page.grid.panes[0].tags == ["TT-201-D", "PT-220"]
    assert not drop(page.grid.panes[0], "PT-220")


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_that_a_signal_is_added_by_name_with_the_keyboard(page: TrendPage, qtbot: QtBot) -> None:
    finder = page.ask_signal()
    QTest.keyClicks(finder.field, "strainer")
    QTest.keyClick(finder.field, Qt.Key.Key_Return)
    assert page.grid.shown == (("PT-12",),)


def test_that_signals_are_taken_out_and_another_leads(page: TrendPage, station: Station) -> None:
    page.grid.show_panes([["TT-201-D", "PT-220"], ["PT-12"]])
    page.grid.lead(0, station.plant.tag("PT-220"))
    assert page.grid.shown[0] == ("PT-220", "TT-201-D")
    page.grid.remove(1, station.plant.tag("PT-12"))
    page.grid.remove(0, station.plant.tag("PT-220"))
    assert page.grid.shown == (("TT-201-D",),)
    texts = [action.text() for action in page.grid.menu(0).actions()]
    assert any("TT-201-D" in text for text in texts)


def test_that_a_saved_view_brings_signals_and_time_back_in_another_window(page: TrendPage, station: Station) -> None:
    page.grid.show_panes([["TT-201-D", "PT-220"], ["PT-12"]])
    page.window_of_time.show(station.now - 600 * NS_PER_S, station.now - 300 * NS_PER_S)
    page.save_as("Warm start")
    navigation = Navigation(station.plant)
    other = TrendPage(station.feed, navigation)
    navigation.open_view("Warm start")
    assert other.grid.shown == page.grid.shown
    start, end = other.window_of_time.edges(0)
    assert (end - start) == 300 * NS_PER_S
    assert abs(end - (station.now - 300 * NS_PER_S)) < 1_000
    assert other.views.currentText() == "Warm start"
    other.deleteLater()


def test_that_a_view_tells_which_of_its_tags_the_plant_has_no_more(page: TrendPage, station: Station) -> None:
    station.feed.folder.trend_views.write_text('[[view]]\nname = "Old"\npanes = [["TT-201-D", "TT-999"], ["XX"]]\n')
    page.show_view("Old")
    assert page.grid.shown == (("TT-201-D",),)
    assert page.notice.text() == "Not in this plant: TT-999, XX"


def test_that_a_broken_file_of_views_is_told_and_not_overwritten(page: TrendPage, station: Station) -> None:
    station.feed.folder.trend_views.write_text("[[view]\n")
    page.grid.add(["TT-201-D"])
    page.save_as("New")
    assert "trends.toml" in page.notice.text()
    assert page.notice.isVisible()
    assert station.feed.folder.trend_views.read_text() == "[[view]\n"


def test_that_a_removed_view_is_gone_and_the_signals_stay(page: TrendPage, station: Station) -> None:
    page.grid.add(["TT-201-D"])
    page.save_as("Mine")
    assert page.remove.isEnabled()
    page.remove.trigger()
    assert page.views.count() == 1
    assert page.grid.shown == (("TT-201-D",),)
    assert "Mine" not in station.feed.folder.trend_views.read_text("utf-8")


def test_that_the_page_takes_what_it_was_opened_for(station: Station, qtbot: QtBot) -> None:
    navigation = Navigation(station.plant)
    made: list[TrendPage] = []
    navigation.page_changed.connect(lambda _: made.append(TrendPage(station.feed, navigation)))
    navigation.open_trend(("PT-12",))
    qtbot.addWidget(made[0])
    assert [*made[0].grid.shown] == [("PT-12",)]
    navigation.open_trend(("PT-220",))
    assert [*made[0].grid.shown] == [("PT-12",), ("PT-220",)]


def test_that_the_page_is_chinese_where_the_screen_is(page: TrendPage, qtbot: QtBot) -> None:
    set_language("zh")
    qtbot.waitUntil(lambda: page.save.text() == "保存视图…")
    assert "Insert" in page.grid.empty.text()


def test_that_a_day_is_drawn_with_the_day_before_at_the_same_places(
    page: TrendPage, station: Station, qtbot: QtBot
) -> None:
    page.grid.show_panes([["TT-201-D"]])
    page.window_of_time.show(station.now - 1_800 * NS_PER_S, station.now - 900 * NS_PER_S)
    hour = 3_600 * NS_PER_S
    page.window_of_time.compare(hour)
    pane = page.grid.panes[0]
    assert pane._shown is not None
    qtbot.waitUntil(lambda: pane._shown is not None and all(pen.trace.loaded for pen in pane._shown.former))
    pane.refresh()
    frame, former = pane.plot.frame, pane._shown.former[0]
    assert frame is not None
    columns = former.columns(frame.geometry.earlier(hour))
    assert len(columns) > 20
    width = frame.geometry.column_ns // former.parts
    assert columns.index[0] * width >= frame.geometry.start - hour - 40 * NS_PER_S
    assert columns.index[-1] * width <= frame.geometry.end - hour + 40 * NS_PER_S
    assert sum(former.curve.lines) > 0
    page.window_of_time.move_cursor(station.now - 1_000 * NS_PER_S)
    pane.refresh()
    assert len(pane.plot._cursor._values) == 2
    page.window_of_time.compare(0)
    pane.refresh()
    assert not pane._shown.former


def test_that_a_saved_run_can_be_laid_under_what_is_shown(page: TrendPage, station: Station) -> None:
    golden = station.now - 5_400 * NS_PER_S
    page.grid.show_panes([["TT-201-D"]])
    page.window_of_time.show(golden - 900 * NS_PER_S, golden)
    page.save_as("Golden run")
    page.window_of_time.show(station.now - 900 * NS_PER_S, station.now)
    run = next(action for action in page.comparisons().actions() if action.text() == "Golden run")
    run.trigger()
    assert abs(page.window_of_time.earlier - 5_400 * NS_PER_S) < 1_000
    assert page.compare.text() == "90 min earlier"


def test_that_the_same_time_stands_below_the_same_time(page: TrendPage) -> None:
    page.grid.show_panes([["TT-201-D", "PT-220", "JT-201"], ["PT-12"]])
    page.window_of_time.show(10**18, 10**18 + 3_600 * NS_PER_S)
    frames = [pane.plot.frame for pane in page.grid.panes[:2]]
    edges = [(frame.geometry.plot.left(), frame.geometry.now_x) for frame in frames if frame is not None]
    assert edges[0] == edges[1]
    assert [len(frame.axes) for frame in frames if frame is not None] == [2, 0]
