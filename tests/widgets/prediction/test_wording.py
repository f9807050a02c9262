"""Forecasts are told in plant time, with their band, and nothing is told that is not known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.model.clock import NS_PER_S
from app.model.forecast import Evidence, Forecast, ForecastState
from tests.widgets.trend.air_station import FORECASTS
from widgets.prediction.wording import (
    Crossing,
    band_edges,
    band_text,
    crossing,
    evidence_text,
    headline,
    urgency,
)
from widgets.translation import set_language

NOW = 1_795_530_727 * NS_PER_S
DAY = 86_400 * NS_PER_S
BEARING = FORECASTS[0]
TOLD = Forecast(
    BEARING.id,
    "C-201",
    BEARING.tag,
    ForecastState.FORECAST,
    NOW,
    7.4,
    p10=NOW + 7 * DAY,
    p50=NOW + 11 * DAY,
    p90=NOW + 17 * DAY,
)


def test_that_the_middle_is_the_headline_and_the_band_follows() -> None:
    assert headline(BEARING, TOLD, now=NOW, time_scale=1.0) == "11 d"
    assert band_text(BEARING, TOLD, now=NOW, time_scale=1.0) == "11 d (7–17)"
    set_language("zh")
    assert band_text(BEARING, TOLD, now=NOW, time_scale=1.0) == "11 天 (7–17)"


def test_that_times_are_plant_times() -> None:
    fast = replace(TOLD, p10=NOW + 7 * DAY // 300, p50=NOW + 11 * DAY // 300, p90=NOW + 17 * DAY // 300)
    assert band_text(BEARING, fast, now=NOW, time_scale=300.0) == "11 d (7–17)"
    assert crossing(fast, now=NOW, time_scale=300.0).p50 == pytest.approx(11 * 86_400)


def test_that_a_band_beyond_the_horizon_is_open() -> None:
    assert band_text(BEARING, replace(TOLD, p90=0), now=NOW, time_scale=1.0) == "11 d (7–60+)"


def test_that_a_middle_beyond_the_horizon_is_at_least_the_early_edge() -> None:
    assert headline(BEARING, replace(TOLD, p50=0, p90=0), now=NOW, time_scale=1.0) == "> 7.0 d"


def test_that_an_early_edge_that_is_past_is_now() -> None:
    later = NOW + 8 * DAY
    assert band_text(BEARING, TOLD, now=later, time_scale=1.0) == "3.0 d (now–9)"
    assert band_edges(crossing(TOLD, now=later, time_scale=1.0)) == ("now", "3", "9")
    set_language("zh")
    assert band_text(BEARING, TOLD, now=later, time_scale=1.0) == "3.0 天 (现在–9)"


@pytest.mark.parametrize("after", [11, 14, 30])
def test_that_a_middle_that_is_past_is_due_and_no_time_is_named(after: int) -> None:
    later = NOW + after * DAY
    assert headline(BEARING, TOLD, now=later, time_scale=1.0) == "due now"
    assert band_text(BEARING, TOLD, now=later, time_scale=1.0) == "due now"


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (ForecastState.LEARNING, "learning"),
        (ForecastState.NOT_ENOUGH_HISTORY, "not enough history"),
        (ForecastState.NO_TREND, "no trend"),
        (ForecastState.BEYOND_HORIZON, "> 60 d"),
        (ForecastState.AT_LIMIT, "at its limit"),
        (ForecastState.BAD_DATA, "bad data"),
    ],
)
def test_that_silence_is_told_honestly(state: ForecastState, text: str) -> None:
    silent = Forecast(BEARING.id, "C-201", BEARING.tag, state, NOW)
    assert headline(BEARING, silent, now=NOW, time_scale=1.0) == text


def test_that_a_forecast_that_was_never_made_is_not_invented() -> None:
    assert headline(BEARING, None, now=NOW, time_scale=1.0) == "no forecast yet"


def test_that_numbers_of_a_band_share_one_unit() -> None:
    assert band_edges(Crossing(2.5 * 3_600, 30 * 3_600, float("nan"))) == ("2.5", "30", "")


def test_that_the_most_urgent_comes_first() -> None:
    at_limit = replace(TOLD, state=ForecastState.AT_LIMIT)
    late = replace(TOLD, p50=NOW + 40 * DAY)
    silent = replace(TOLD, state=ForecastState.NO_TREND)
    assert sorted([None, silent, late, TOLD, at_limit], key=urgency) == [at_limit, TOLD, late, silent, None]


def test_that_evidence_has_a_word() -> None:
    assert {evidence_text(each) for each in Evidence} == {"high confidence", "medium confidence", "low confidence"}
