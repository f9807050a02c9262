"""The live summary tells in one line what the window shows, and never a time that is past."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.model import clock
from app.model.alarm import AlarmState
from app.model.forecast import Forecast, ForecastState
from app.plant.folder import PlantFolder
from app.pubsub.frame import AlarmsChanged, CollectorChanged, ForecastsChanged, HealthChanged
from tests.widgets import plant
from tests.widgets.trend.air_station import FORECASTS
from widgets.feed import Feed
from widgets.summary import LiveSummary
from widgets.translation import set_language, tr

BEARING = FORECASTS[0]
MINUTE = 60 * plant.SECOND
TOLD = Forecast(
    BEARING.id, "AC01", BEARING.tag, ForecastState.FORECAST, plant.NOW,
    p10=plant.NOW + 25 * MINUTE, p50=plant.NOW + 35 * MINUTE, p90=plant.NOW + 50 * MINUTE,
)  # fmt: skip


@pytest.fixture
def feed(tmp_path: Path) -> Feed:
    return Feed(replace(plant.plant(), forecasts=(BEARING,)), PlantFolder(tmp_path))


def line_of(feed: Feed, *, after_min: float = 0.0) -> str:
    summary = LiveSummary(feed, period_s=3_600, write=lambda _: None)
    with clock.frozen(plant.NOW + int(after_min * MINUTE)):
        return summary.line()


def test_that_a_line_tells_tags_alarms_health_and_the_nearest_forecast(qtbot: QtBot, feed: Feed) -> None:
    feed.is_linked = True
    plant.fill(feed, [104.8, 7.7, 7.43, 38.2])
    feed.receive(
        [
            AlarmsChanged((plant.alarm("AC01.T_D"), plant.alarm("P01.DP", state=AlarmState.ACKNOWLEDGED))),
            HealthChanged((plant.health("P01", 77.2), plant.health("AC01", 41.4))),
            CollectorChanged(plant.report()),
            ForecastsChanged((TOLD,)),
        ]
    )
    line = line_of(feed)
    assert "tags 4/7" in line
    assert "18,240 samples/s, 999,000 stored" in line
    assert "alarms 2 (1 unacknowledged)" in line
    assert "lowest health AC01 41" in line
    assert f"forecasts 1: AC01 {BEARING.cause.en} in 35 min (25 min to 50 min)" in line
    feed.receive([CollectorChanged(replace(plant.report(), problem="history.sqlite: the disk is full"))])
    assert "999,000 stored, history.sqlite: the disk is full  alarms" in line_of(feed)


def test_that_no_age_is_told_before_the_first_value_has_come(qtbot: QtBot, feed: Feed) -> None:
    feed.is_linked = True
    assert "tags 0/7, none has come" in line_of(feed)


@pytest.mark.parametrize(
    ("after_min", "told"),
    [(30, "in 5 min (now to 20 min)"), (36, "due now"), (60, "due now")],
)
def test_that_a_time_that_has_come_is_not_told_as_ahead(qtbot: QtBot, feed: Feed, after_min: float, told: str) -> None:
    feed.receive([ForecastsChanged((TOLD,))])
    line = line_of(feed, after_min=after_min)
    assert line.endswith(told)
    assert "-" not in line.partition(BEARING.cause.en)[2]


def test_that_a_limit_that_is_reached_is_told_before_what_is_ahead(qtbot: QtBot, feed: Feed) -> None:
    feed.receive([ForecastsChanged((replace(TOLD, state=ForecastState.AT_LIMIT, p10=0, p50=0, p90=0),))])
    assert line_of(feed).endswith(f"{BEARING.cause.en} at its limit")


def test_that_a_line_is_english_whatever_the_screens_are_in(qtbot: QtBot, feed: Feed) -> None:
    feed.receive([ForecastsChanged((TOLD,))])
    set_language("zh")
    assert "in 35 min (25 min to 50 min)" in line_of(feed)
    assert tr("now") == "现在"


def test_that_no_forecast_is_said(qtbot: QtBot, feed: Feed) -> None:
    feed.receive([ForecastsChanged((replace(TOLD, state=ForecastState.NO_TREND, p10=0, p50=0, p90=0),))])
    assert line_of(feed).endswith("forecasts: none")
