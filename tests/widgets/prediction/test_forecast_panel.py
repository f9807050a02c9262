"""Forecast cards and health are up to date, in order, and calm about what is not known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QStackedWidget
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.alarm import Priority
from app.model.forecast import ForecastState, Health, HealthState
from app.model.score import ClaimKind, Score
from app.model.tag import TagKind
from app.pubsub.frame import ForecastsChanged, HealthChanged, ScoresChanged
from tests.widgets.trend.air_station import Station, build_station, make_forecasts, make_healths, raise_alarms
from widgets.number import value_text
from widgets.prediction.card import TITLES, CardText, ForecastCard, largest_font
from widgets.prediction.forecast_panel import ForecastPanel
from widgets.prediction.health_panel import HealthPanel
from widgets.prediction.silent_row import SilentRow
from widgets.prediction.wording import band_edges
from widgets.theme import SEMIBOLD, TextSize, Theme
from widgets.translation import set_language


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return build_station(tmp_path, now=clock.now_ns(), hours=0.05, step_s=10.0, stored=False)


@pytest.fixture
def panel(station: Station, qtbot: QtBot) -> ForecastPanel:
    result = ForecastPanel(station.feed)
    qtbot.addWidget(result)
    result.resize(450, 520)
    result.show()
    return result


def cards(panel: ForecastPanel) -> list[CardText]:
    return [row.content for row in panel.rows if isinstance(row, ForecastCard) and row.content is not None]


def test_that_nothing_is_foretold_before_there_is_a_forecast(panel: ForecastPanel) -> None:
    assert all(isinstance(row, SilentRow) and row.reason == "no forecast yet" for row in panel.rows)
    assert len(panel.rows) == 5


def test_that_cards_stand_in_the_order_of_urgency_and_silent_ones_below(panel: ForecastPanel, station: Station) -> None:
    make_forecasts(station)
    assert [card.headline for card in cards(panel)] == ["11 d", "24 d", "34 d"]
    assert [isinstance(row, ForecastCard) for row in panel.rows] == [True, True, True, False, False]
    assert panel.count.text == "3 of 5 with a time"


def test_that_each_bar_ends_at_a_round_time_after_its_own_band(panel: ForecastPanel, station: Station) -> None:
    make_forecasts(station)
    assert [card.scale_s / 86_400 for card in cards(panel)] == [20, 60, 60]


def test_that_a_card_says_why_and_what_to_do(panel: ForecastPanel, station: Station) -> None:
    make_forecasts(station)
    card = cards(panel)[0]
    assert card.action == "Plan a bearing change, 3 h, 1 kit"
    assert card.evidence == "high confidence"
    assert card.why == "VT-201-DE +4.3 mm/s,  TT-201-D +6.6 °C"


def test_that_a_card_says_how_earlier_forecasts_of_the_same_have_held(panel: ForecastPanel, station: Station) -> None:
    make_forecasts(station)
    first = min((each for each in station.feed.forecasts.values() if each.p50), key=lambda each: each.p50)
    score = Score(first.equipment, ClaimKind.FORECAST, first.forecast, hit=11, late=1)
    station.feed.receive([ScoresChanged((score,))])
    assert cards(panel)[0].evidence == "11 of 12 held  ·  high confidence"
    assert "held" not in cards(panel)[1].evidence


def test_that_a_long_title_takes_smaller_letters_before_it_is_cut(dark: Theme) -> None:
    def width(size: TextSize) -> float:
        return QFontMetricsF(dark.font(size, weight=SEMIBOLD)).horizontalAdvance("Suction strainer clogging")

    rooms = [(width(size), size) for size in TITLES]
    for room, size in rooms:
        assert largest_font("Suction strainer clogging", room).pixelSize() == dark.font(size).pixelSize()
    assert largest_font("Suction strainer clogging", 20).pixelSize() == dark.font("small").pixelSize()


def test_that_a_near_forecast_is_marked_in_the_colour_of_its_alarm(panel: ForecastPanel, station: Station) -> None:
    make_forecasts(station)
    assert [card.is_near for card in cards(panel)] == [True, False, False]
    assert cards(panel)[0].urgent is None
    raise_alarms(station)
    assert cards(panel)[0].urgent is Priority.CRITICAL


def test_that_rows_follow_a_window_that_is_resized_while_another_page_is_in_view(
    station: Station, qtbot: QtBot, qapp: QApplication
) -> None:
    pages, panel, other = QStackedWidget(), ForecastPanel(station.feed), QLabel()
    qtbot.addWidget(pages)
    for page in (panel, other):
        pages.addWidget(page)
    pages.show()
    for width in (300, 450, 330):
        pages.setCurrentWidget(other)
        pages.resize(width, 520)
        qapp.processEvents()
        pages.setCurrentWidget(panel)
        qapp.processEvents()
        assert {row.width() for row in panel.rows} == {panel._scroll.viewport().width() - 20}


def test_that_a_limit_that_is_reached_stands_at_now(panel: ForecastPanel, station: Station) -> None:
    make_forecasts(station)
    reached = replace(station.feed.forecasts["C-201.cooler"], state=ForecastState.AT_LIMIT, p10=0, p50=0, p90=0)
    station.feed.receive([ForecastsChanged((reached,))])
    card = cards(panel)[0]
    assert (card.headline, card.is_near) == ("at its limit", True)
    assert band_edges(card.times) == ("now", "now", "now")
    assert card.scale_s / 86_400 == 60


def test_that_a_forecast_that_falls_silent_becomes_a_line(panel: ForecastPanel, station: Station) -> None:
    make_forecasts(station)
    silent = replace(station.feed.forecasts["C-201.bearing"], state=ForecastState.NO_TREND)
    station.feed.receive([ForecastsChanged((silent,))])
    assert [card.headline for card in cards(panel)] == ["24 d", "34 d"]
    assert not panel.grab().isNull()


def test_that_a_card_leads_to_its_trend(panel: ForecastPanel, station: Station, qtbot: QtBot) -> None:
    make_forecasts(station)
    row = panel.rows[2]
    with qtbot.waitSignal(panel.tag_asked) as asked:
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    assert asked.args == ["PT-12"]


def test_that_cards_speak_to_screen_readers_in_the_language_of_the_screen(
    panel: ForecastPanel, station: Station
) -> None:
    make_forecasts(station)
    assert panel.rows[0].accessibleName() == "C-201, Drive-end bearing wear: 11 d"
    set_language("zh")
    panel.refresh()
    assert panel.rows[0].accessibleName() == "C-201, 驱动端轴承磨损: 11 天"
    assert panel.title.text == "维护预测"


def test_that_a_plant_without_forecasts_says_so(station: Station, qtbot: QtBot) -> None:
    station.feed.plant = replace(station.plant, forecasts=())
    panel = ForecastPanel(station.feed)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.empty.isVisible()
    assert panel.rows == []


def test_that_health_is_told_with_its_reasons(station: Station, qtbot: QtBot) -> None:
    panel = HealthPanel(station.feed)
    qtbot.addWidget(panel)
    panel.resize(450, 108)
    panel.show_equipment("C-201")
    assert panel.accessibleName() == "Health C-201: —, no health model"
    make_healths(station)
    assert panel.accessibleName() == "Health C-201: 41, far from its healthy past"
    told, *reasons = panel.toolTip().splitlines()
    assert told == panel.accessibleName()
    assert len(reasons) == len(station.feed.healths["C-201"].contributions)
    assert all(": " in reason for reason in reasons)
    assert not panel.grab().isNull()


def test_that_the_mode_of_operation_is_named_by_the_states_of_its_tags(station: Station, qtbot: QtBot) -> None:
    panel = HealthPanel(station.feed)
    qtbot.addWidget(panel)
    panel.show_equipment("C-201")
    make_healths(station)
    assert "Mode of operation" not in panel.toolTip()
    switch = next(tag for tag in station.feed.plant.tags if tag.kind is TagKind.DISCRETE)
    found = replace(station.feed.healths["C-201"], mode=((switch.name, 1.0), ("a tag of an earlier plant", 1.0)))
    station.feed.receive([HealthChanged((found,))])
    assert panel.toolTip().splitlines()[1] == f"Mode of operation: {switch.title.en} {value_text(1.0, tag=switch)}"


@pytest.mark.parametrize("state", list(HealthState))
def test_that_every_state_of_health_can_be_painted(station: Station, qtbot: QtBot, state: HealthState) -> None:
    panel = HealthPanel(station.feed)
    qtbot.addWidget(panel)
    panel.resize(300, 108)
    panel.show_equipment("C-202")
    station.feed.receive([HealthChanged((Health("C-202", state, station.now, float("nan"), progress=0.4),))])
    assert not panel.grab().isNull()
    if state is HealthState.LEARNING:
        assert "40 %" in panel.accessibleName()
