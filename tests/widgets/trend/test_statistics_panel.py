"""Between two marks the numbers of the history are told, for every signal in view."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.history.reader import HistoryReader
from app.model.clock import NS_PER_S
from tests.widgets.trend.air_station import Station
from widgets.navigation import Navigation
from widgets.operation import wait_for_all
from widgets.trend.page import TrendPage


@pytest.fixture
def page(station: Station, qtbot: QtBot) -> Iterator[TrendPage]:
    made = TrendPage(station.feed, Navigation(station.plant))
    qtbot.addWidget(made)
    made.resize(1400, 700)
    made.show()
    made.grid.show_panes([["TT-201-D", "PT-220"], ["XA-201"]])
    made.window_of_time.show(station.now - 3_600 * NS_PER_S, station.now - 600 * NS_PER_S)
    yield made
    made.close()
    wait_for_all()


def test_that_a_drag_with_shift_tells_the_numbers_between(page: TrendPage, station: Station, qtbot: QtBot) -> None:
    plot = page.grid.panes[0].plot
    qtbot.waitUntil(lambda: plot.frame is not None)
    shift = Qt.KeyboardModifier.ShiftModifier
    before = page.window_of_time.edges(0)
    with qtbot.waitSignal(page.statistics.told, timeout=5_000):
        QTest.mousePress(plot, Qt.MouseButton.LeftButton, shift, QPoint(200, 80))
        QTest.mouseMove(plot, QPoint(500, 80))
        QTest.mouseRelease(plot, Qt.MouseButton.LeftButton, shift, QPoint(500, 80))
    assert page.window_of_time.edges(0) == before, "the trend stood still"
    start, end = page.window_of_time.marks
    with HistoryReader(station.feed.folder.history) as reader:
        series = reader.raw("TT-201-D", start, end)
    found = page.statistics.found[0]
    assert [each.tag for each in page.statistics.found] == ["TT-201-D", "PT-220", "XA-201"]
    assert (found.minimum, found.maximum) == (series.value.min(), series.value.max())
    assert found.mean == pytest.approx(series.value.mean())
    assert found.good == len(series)
    assert page.statistics.isVisible()


def test_that_marks_are_put_and_removed_with_the_keyboard(page: TrendPage, station: Station, qtbot: QtBot) -> None:
    pane, window = page.grid.panes[0], page.window_of_time
    qtbot.waitUntil(lambda: pane.plot.frame is not None)
    QTest.keyClick(pane, Qt.Key.Key_M)
    first = window.marks[0]
    QTest.keyClick(pane, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(pane, Qt.Key.Key_M)
    frame = pane.plot.frame
    assert frame is not None
    assert window.marks == (first, first + 20 * frame.geometry.column_ns)
    assert page.statistics.isVisible()
    QTest.keyClick(pane, Qt.Key.Key_Escape)
    assert not window.marks
    assert not page.statistics.isVisible()
    assert not window.is_live, "Escape took the marks away, and nothing else"


def test_that_the_table_is_copied_as_a_spreadsheet_takes_it(page: TrendPage, station: Station, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.statistics.told, timeout=5_000):
        page.window_of_time.mark(station.now - 1_800 * NS_PER_S, station.now - 900 * NS_PER_S)
    page.statistics.copy.click()
    lines = QApplication.clipboard().text().split("\n")
    assert len(lines) == 2 + 3
    assert {line.count("\t") for line in lines[1:]} == {11}
    assert "15 min" in lines[0]
    assert "15 min" in lines[4], "the compressor was on all the time"
