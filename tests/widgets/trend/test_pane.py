"""A pane shows its tag's curve, limits, forecast and state, and paints only what differs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.model import clock, status
from app.model.alarm import AlarmState, Priority
from app.model.block import block_of
from app.model.forecast import ForecastState
from app.pubsub.frame import ForecastsChanged
from tests.widgets.text_room import faults, painted_texts
from tests.widgets.trend.air_station import Station, make_forecasts, raise_alarms, receive
from widgets import theme
from widgets.explain.subject import of_tag
from widgets.number import Quality
from widgets.trend.live_samples import LiveSamples
from widgets.trend.now_caption import forecast_caption
from widgets.trend.pane import TrendPane
from widgets.trend.pane_header import Sign
from widgets.trend.time_window import TimeWindow

HOUR = 3_600 * clock.NS_PER_S


@pytest.fixture
def window() -> TimeWindow:
    return TimeWindow(HOUR)


@pytest.fixture
def pane(station: Station, window: TimeWindow, qtbot: QtBot) -> TrendPane:
    result = TrendPane(station.feed, window, LiveSamples(station.feed))
    qtbot.addWidget(result)
    result.resize(560, 420)
    result.show()
    return result


def show(pane: TrendPane, station: Station, *names: str, has_ahead: bool = True) -> None:
    pane.show_tags([station.plant.tag(name) for name in names], has_ahead=has_ahead)


def load(pane: TrendPane, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not pane.is_loading, timeout=5_000)
    pane.refresh()


def test_that_the_history_is_drawn_soon_after_a_tag_is_chosen(pane: TrendPane, station: Station, qtbot: QtBot) -> None:
    show(pane, station, "VT-201-DE")
    load(pane, qtbot)
    assert pane.tags == ["VT-201-DE"]
    assert pane._shown is not None
    solid, _ = pane._shown.pens[0].curve.lines
    assert solid > 200


def test_that_nothing_is_painted_twice(pane: TrendPane, station: Station, qtbot: QtBot) -> None:
    with clock.frozen(station.now):
        show(pane, station, "TT-201-D")
        load(pane, qtbot)
        frame = pane.plot.frame
        pane.refresh()
        assert pane.plot.frame is frame


def test_that_a_new_sample_is_drawn(pane: TrendPane, station: Station, qtbot: QtBot) -> None:
    with clock.frozen(station.now):
        show(pane, station, "TT-201-D")
        load(pane, qtbot)
        frame = pane.plot.frame
        receive(station.feed, block_of(2, station.now + 1, 105.0), station.plant)
        pane.refresh()
        assert frame is not None
        assert pane.plot.frame is not None
        assert pane.plot.frame.newest.value == 105.0
        assert pane.plot.frame.versions != frame.versions


def test_that_the_border_and_the_limit_take_the_colour_of_an_urgent_alarm(pane: TrendPane, station: Station) -> None:
    raise_alarms(station)
    show(pane, station, "VT-201-DE")
    assert pane._sign == Sign(Priority.CRITICAL, AlarmState.UNACKNOWLEDGED)
    frame = pane.plot.frame
    assert frame is not None
    assert frame.active == ((4.5, Priority.MEDIUM), (7.1, Priority.CRITICAL))
    assert frame.urgent is Priority.CRITICAL
    image = pane.grab().toImage()
    border = max((image.pixelColor(image.width() // 2, row) for row in range(3)), key=lambda color: color.red())
    assert border.red() > 2 * border.green()


def test_that_a_value_that_is_not_live_never_looks_live(pane: TrendPane, station: Station) -> None:
    with clock.frozen(station.now + 35 * clock.NS_PER_S):
        show(pane, station, "PT-201-D")
        assert pane.plot.frame is not None
        assert pane.plot.frame.newest.quality is Quality.GOOD
        station.feed.is_linked = False
        pane.refresh()
        newest = pane.plot.frame.newest
    assert newest.quality is Quality.STALE
    assert newest.note == "35 s old"
    assert "35 s old" in pane.header.accessibleName()


def test_that_a_bad_value_says_why(pane: TrendPane, station: Station) -> None:
    receive(station.feed, block_of(3, station.now + 1, np.nan, status.BAD_NO_COMMUNICATION), station.plant)
    show(pane, station, "PT-201-D")
    assert pane.plot.frame is not None
    assert pane.plot.frame.newest.note == "no communication"
    assert pane.header.accessibleName().endswith("— (no communication)")


def test_that_a_forecast_moves_now_to_the_left_and_its_limit_into_view(pane: TrendPane, station: Station) -> None:
    make_forecasts(station)
    show(pane, station, "TT-201-D")
    frame = pane.plot.frame
    assert frame is not None
    assert frame.geometry.ahead_ns > 24 * 24 * HOUR
    assert frame.geometry.values.high > 115
    assert frame.geometry.now_x < frame.geometry.plot.right()
    show(pane, station, "TT-201-D", has_ahead=False)
    assert pane.plot.frame is not None
    assert pane.plot.frame.geometry.ahead_ns == 0


def test_that_the_limit_of_a_forecast_stays_clear_of_the_captions(pane: TrendPane, station: Station) -> None:
    make_forecasts(station)
    pane.resize(360, 270)
    show(pane, station, "VT-201-DE")
    assert pane.plot.frame is not None
    geometry = pane.plot.frame.geometry
    assert geometry.y(9.3) - geometry.plot.top() > 22


def test_that_now_gives_way_to_the_sign_of_a_mark_and_returns(pane: TrendPane, station: Station) -> None:
    def words() -> set[str]:
        pane.refresh()
        with painted_texts() as texts:
            pane.grab()
        assert not [fault for fault in faults(pane, texts) if "'now'" in fault]
        return {painted.text for of_widget in texts.of.values() for painted in of_widget}

    with clock.frozen(station.now):
        make_forecasts(station)
        show(pane, station, "VT-201-DE")
        assert "now" in words()
        pane._window.mark(station.now - 60 * clock.NS_PER_S)
        assert words() >= {"A"}
        assert "now" not in words()
        pane._window.clear_marks()
        assert "now" in words()


def test_that_the_caption_of_the_forecast_is_never_cut() -> None:
    metrics = QFontMetricsF(theme.theme().font("tiny"))
    whole = metrics.horizontalAdvance("forecast  ×300")
    assert forecast_caption(300.0, metrics, room=whole) == "forecast  ×300"
    assert forecast_caption(300.0, metrics, room=whole - 1) == "forecast"
    assert forecast_caption(1.0, metrics, room=whole) == "forecast"


@pytest.mark.parametrize("state", list(ForecastState))
def test_that_every_state_of_a_forecast_can_be_painted(pane: TrendPane, station: Station, state: ForecastState) -> None:
    make_forecasts(station)
    forecast = replace(station.feed.forecasts["C-201.cooler"], state=state)
    station.feed.receive([ForecastsChanged((forecast,))])
    show(pane, station, "TT-201-D")
    assert not pane.grab().isNull()


def test_that_the_wheel_zooms_at_the_pointer(pane: TrendPane, station: Station, window: TimeWindow) -> None:
    show(pane, station, "TT-201-D")
    place = QPointF(120, 100)
    assert pane.plot.frame is not None
    under = pane.plot.frame.geometry.time(120)
    event = QWheelEvent(
        place,
        pane.plot.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pane.plot, event)
    assert window.span == round(HOUR * 0.8)
    assert not window.is_live
    pane.refresh()
    assert abs(pane.plot.frame.geometry.time(120) - under) < 20 * clock.NS_PER_S


def test_that_dragging_pans_and_a_double_click_brings_live_back(
    pane: TrendPane, station: Station, window: TimeWindow, qtbot: QtBot
) -> None:
    show(pane, station, "TT-201-D")
    target = pane.plot
    QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    QTest.mouseMove(target, QPoint(260, 100))
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=QPoint(260, 100))
    assert not window.is_live
    QTest.mouseDClick(target, Qt.MouseButton.LeftButton, pos=QPoint(200, 100))
    assert window.is_live


def test_that_the_keyboard_can_do_what_the_mouse_can(
    pane: TrendPane, station: Station, window: TimeWindow, qtbot: QtBot
) -> None:
    show(pane, station, "TT-201-D")
    QTest.keyClick(pane, Qt.Key.Key_Left)
    assert not window.is_live
    QTest.keyClick(pane, Qt.Key.Key_Plus)
    assert window.span < HOUR
    QTest.keyClick(pane, Qt.Key.Key_Home)
    assert window.is_live


def test_that_the_cursor_is_shared_and_shows_the_value(
    pane: TrendPane, station: Station, window: TimeWindow, qtbot: QtBot
) -> None:
    show(pane, station, "TT-201-D")
    load(pane, qtbot)
    QTest.mouseMove(pane.plot, QPoint(200, 100))
    assert window.cursor is not None
    pane.refresh()
    assert "°C" in pane.plot._cursor._values[0].text
    QApplication.sendEvent(pane.plot, QEvent(QEvent.Type.Leave))
    assert window.cursor is None


def test_that_a_second_tag_is_drawn_on_the_same_scale(pane: TrendPane, station: Station, qtbot: QtBot) -> None:
    show(pane, station, "VT-201-DE", "VT-201-NDE")
    load(pane, qtbot)
    assert pane.tags == ["VT-201-DE", "VT-201-NDE"]
    assert not pane.grab().isNull()


def test_that_the_theme_is_followed(pane: TrendPane, station: Station, qapp: QApplication) -> None:
    show(pane, station, "TT-201-D")
    theme.apply(qapp, theme.load("light"))
    pane.refresh()
    image = pane.grab().toImage()
    assert image.pixelColor(image.width() // 2, image.height() - 8) == theme.theme().color("panel")


def test_that_an_axis_is_no_wider_than_its_curve_once_that_is_read(
    pane: TrendPane, station: Station, qtbot: QtBot
) -> None:
    show(pane, station, "PT-220", "ZT-201", has_ahead=False)
    assert pane.plot.frame is not None
    assert pane.plot.frame.axes[0].extent.low <= 0.0, "a guess, before anything is read"
    load(pane, qtbot)
    low = pane.plot.frame.axes[0].extent.low
    assert low > 50, f"the load is near 82, and its axis begins at {low}"


def test_that_no_tag_hides_the_pane(pane: TrendPane) -> None:
    pane.show_tags([], has_ahead=False)
    assert pane.isHidden()
    pane.refresh()


def test_that_pens_of_other_units_have_axes_of_their_own(pane: TrendPane, station: Station, qtbot: QtBot) -> None:
    tags = [station.plant.tag(name) for name in ("VT-201-DE", "TT-201-D", "VT-201-NDE", "XA-201")]
    pane.show_tags(tags, has_ahead=False)
    load(pane, qtbot)
    frame = pane.plot.frame
    assert frame is not None
    assert [(axis.tag.name, axis.pen) for axis in frame.axes] == [("TT-201-D", 1), ("XA-201", 3)]
    temperature = frame.axes[0].extent
    assert temperature.low > 60
    assert temperature.high < 150
    assert frame.scale_of(tags[2]) == frame.geometry
    assert frame.geometry.values.high < 30


def test_that_the_cursor_reads_every_pen(pane: TrendPane, station: Station, window: TimeWindow, qtbot: QtBot) -> None:
    pane.show_tags([station.plant.tag(name) for name in ("VT-201-DE", "TT-201-D")], has_ahead=False)
    load(pane, qtbot)
    QTest.mouseMove(pane.plot, QPoint(200, 100))
    assert window.cursor is not None
    pane.refresh()
    values = pane.plot._cursor._values
    assert ["mm/s" in value.text for value in values] == [True, False]
    assert "°C" in values[1].text
    assert all(value.y is not None for value in values)


def test_that_a_place_on_a_curve_means_its_tag_and_any_other_the_main_one(
    pane: TrendPane, station: Station, qtbot: QtBot
) -> None:
    show(pane, station, "VT-201-DE", "TT-201-D", has_ahead=False)
    load(pane, qtbot)
    frame = pane.plot.frame
    assert frame is not None
    assert pane._shown is not None
    x = frame.geometry.plot.center().x()
    for pen in pane._shown.pens:
        found = pen.trace.at(frame.geometry.time(x))
        assert found is not None
        on_curve = QPointF(pane.plot.pos()) + QPointF(x, frame.scale_of(pen.tag).y(found[0]))
        assert pane.shown_at(on_curve) == of_tag(pen.tag.name)
    assert pane.shown_at(QPointF(5, 5)) == pane.shown_at(None) == of_tag("VT-201-DE")


def test_that_the_keyboard_comes_to_the_end_of_each_curve(pane: TrendPane, station: Station, qtbot: QtBot) -> None:
    show(pane, station, "VT-201-DE", "TT-201-D", has_ahead=False)
    load(pane, qtbot)
    places = pane.shown_places()
    assert [subject for _, subject in places] == [of_tag("VT-201-DE"), of_tag("TT-201-D")]
    assert all(pane.rect().contains(place.center()) for place, _ in places)
    assert pane.shown_at(QPointF(places[1][0].center())) == of_tag("TT-201-D")
