"""Value axes are set by wheel, drag and keys, say so by their colour, and follow their curves when they may."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.widgets.trend.air_station import Station
from widgets.navigation import Navigation
from widgets.operation import wait_for_all
from widgets.theme import theme
from widgets.trend.fixed_scales import FixedScales
from widgets.trend.page import TrendPage
from widgets.trend.pane import TrendPane
from widgets.trend.trend_plot import PlotFrame
from widgets.trend.value_axis import WIDTH
from widgets.trend.value_range import Extent

AXIS = ("bar", False)


@pytest.fixture
def page(station: Station, qtbot: QtBot) -> Iterator[TrendPage]:
    made = TrendPage(station.feed, Navigation(station.plant))
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.grid.show_panes([["PT-220", "TT-201-D", "XA-201"], ["PT-12"]])
    made.grid._clock.stop()
    qtbot.waitUntil(lambda: not any(pane.is_loading for pane in made.grid.panes), timeout=20_000)
    made.grid._refresh()
    yield made
    made.close()
    wait_for_all()


def frame_of(pane: TrendPane) -> PlotFrame:
    pane.refresh()
    assert pane.plot.frame is not None
    return pane.plot.frame


def turn(pane: TrendPane, x: float, y: float, notches: int) -> None:
    place, keys = QPointF(x, y), Qt.KeyboardModifier.NoModifier
    no_buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    pane.plot.wheelEvent(QWheelEvent(place, place, QPoint(), QPoint(0, 120 * notches), no_buttons, keys, phase, False))


def test_that_the_wheel_over_an_axis_spreads_its_values_around_the_pointer(page: TrendPage) -> None:
    pane = page.grid.panes[0]
    before, time = frame_of(pane), page.window_of_time.edges(0)
    y = before.geometry.y(7.0)
    turn(pane, 10, y, 2)
    after = frame_of(pane)
    assert after.geometry.values.span == pytest.approx(before.geometry.values.span * 0.64)
    assert after.geometry.y(7.0) == pytest.approx(y)
    assert after.is_fixed
    assert after.axes == before.axes, "each axis for itself"
    assert page.window_of_time.edges(0) == time, "the time stays as it is"


def test_that_a_further_axis_is_set_at_the_right(page: TrendPage) -> None:
    pane = page.grid.panes[0]
    before = frame_of(pane)
    right = before.geometry.plot.right() + theme().px(4)
    turn(pane, right, before.geometry.plot.center().y(), 1)
    after = frame_of(pane)
    assert after.axes[0].extent.span == pytest.approx(before.axes[0].extent.span * 0.8)
    assert [axis.is_fixed for axis in after.axes] == [True, False]
    assert after.geometry.values == before.geometry.values
    turn(pane, right + theme().px(WIDTH), before.geometry.plot.center().y(), 1)
    assert frame_of(pane).axes[1] == after.axes[1], "a switch keeps its two lines"


def test_that_a_drag_over_an_axis_takes_the_curve_along(page: TrendPage) -> None:
    pane = page.grid.panes[0]
    before = frame_of(pane)
    QTest.mousePress(pane.plot, Qt.MouseButton.LeftButton, pos=QPoint(10, 60))
    QTest.mouseMove(pane.plot, QPoint(12, 80))
    QTest.mouseMove(pane.plot, QPoint(12, 100))
    QTest.mouseRelease(pane.plot, Qt.MouseButton.LeftButton, pos=QPoint(12, 100))
    after = frame_of(pane)
    assert after.geometry.y(7.0) == pytest.approx(before.geometry.y(7.0) + 40)
    assert after.geometry.values.span == pytest.approx(before.geometry.values.span)
    assert page.window_of_time.is_live, "time was not dragged"


def test_that_keys_set_the_first_axis_and_let_it_go(page: TrendPage) -> None:
    pane = page.grid.panes[0]
    before = frame_of(pane)
    QTest.keyClick(pane, Qt.Key.Key_Up)
    assert frame_of(pane).geometry.values.low > before.geometry.values.low
    QTest.keyClick(pane, Qt.Key.Key_Down)
    assert frame_of(pane).geometry.values.low == pytest.approx(before.geometry.values.low)
    QTest.keyClick(pane, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    finer = frame_of(pane).geometry.values
    assert finer.span == pytest.approx(0.8 * before.geometry.values.span)
    QTest.keyClick(pane, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert frame_of(pane).geometry.values.span == pytest.approx(before.geometry.values.span)
    QTest.keyClick(pane, Qt.Key.Key_0)
    assert not frame_of(pane).is_fixed
    assert frame_of(pane).geometry.values == before.geometry.values


def test_that_a_double_press_and_the_menu_let_an_axis_follow_again(page: TrendPage) -> None:
    pane = page.grid.panes[0]
    before = frame_of(pane)
    turn(pane, 10, 60, 1)
    QTest.mouseDClick(pane.plot, Qt.MouseButton.LeftButton, pos=QPoint(10, 60))
    assert frame_of(pane).geometry.values == before.geometry.values
    turn(pane, 10, 60, 1)
    entry = next(each for each in page.grid.menu(0).actions() if "Scale by itself" in each.text())
    assert entry.isEnabled()
    entry.trigger()
    assert frame_of(pane).geometry.values == before.geometry.values
    assert not next(each for each in page.grid.menu(0).actions() if "Scale by itself" in each.text()).isEnabled()


def test_that_a_chosen_axis_says_so_and_belongs_to_its_pane(page: TrendPage) -> None:
    def has_accent(pane: TrendPane) -> bool:
        image, accent = pane.plot.grab().toImage(), theme().color("accent").rgb()
        rows = range(int(image.height() * 0.9))
        return any(image.pixelColor(x, y).rgb() == accent for x in range(4, 44) for y in rows)

    pane, other = page.grid.panes[:2]
    assert not has_accent(pane)
    turn(pane, 10, 60, 1)
    frame_of(pane)
    assert has_accent(pane)
    assert not frame_of(other).is_fixed
    chosen = frame_of(pane).geometry.values
    page.grid.lead(0, page._feed.plant.tag("TT-201-D"))
    assert not frame_of(page.grid.panes[0]).is_fixed
    page.grid.lead(0, page._feed.plant.tag("PT-220"))
    assert frame_of(page.grid.panes[0]).geometry.values == chosen, "it comes back with its signal"


@pytest.mark.parametrize(
    "extent", [Extent(1.0, 1.0), Extent(2.0, 1.0), Extent(0.0, float("inf")), Extent(1e9, 1e9 + 1)]
)
def test_that_a_range_that_tells_nothing_is_not_taken(extent: Extent) -> None:
    scales = FixedScales()
    scales.fix("T", AXIS, Extent(0.0, 1.0))
    scales.fix("T", AXIS, extent)
    assert scales.of("T", AXIS) == Extent(0.0, 1.0)
