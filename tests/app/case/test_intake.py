"""Health and forecasts as cases take them."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from app.case.intake import forecast_indicator, of_forecast, of_health
from app.model.alarm import ConditionKind
from app.model.case import DIRECTION
from app.model.clock import NS_PER_S
from app.model.forecast import Contribution, Forecast, ForecastDefinition, ForecastState, Health, HealthState
from app.model.text import LocalText
from tests.app.case.plants import START

DEFINITION = ForecastDefinition(
    "PU01.bearing", "PU01", "PU01.V_DE", 9.3, ConditionKind.HIGH, LocalText("Bearing"), LocalText("Replace"),
    horizon_h=72.0,
)  # fmt: skip
HOUR = 3_600 * NS_PER_S
FORECAST = Forecast(
    "PU01.bearing", "PU01", "PU01.V_DE", ForecastState.FORECAST, START, p10=START, p90=START + 90 * HOUR
)


def score(
    hours: float, *, scale: float = 1.0, state: ForecastState = ForecastState.FORECAST, p90: int = FORECAST.p90
) -> float:
    told = replace(FORECAST, p50=START + round(hours * HOUR), state=state, p90=p90)
    found = of_forecast(told, DEFINITION, "trend 1", time_scale=scale)
    return found.score


def test_that_a_forecast_is_bad_from_a_twelfth_of_its_horizon_on_and_doubles_with_half_the_time() -> None:
    assert score(6.1) < 1.0 <= score(6.0)
    assert score(3.0) == pytest.approx(2.0)
    assert score(0.001) == 100.0
    assert score(0.1, scale=60.0) == pytest.approx(1.0)


def test_that_a_forecast_whose_late_edge_is_beyond_the_horizon_opens_nothing() -> None:
    assert score(0.5, p90=0) == 0.99


def test_that_a_limit_that_is_reached_is_as_bad_as_can_be_and_a_trend_that_is_gone_is_good() -> None:
    assert score(0.0, state=ForecastState.AT_LIMIT) == 100.0
    assert score(0.0, state=ForecastState.NO_TREND) == 0.0
    assert score(0.0, state=ForecastState.BEYOND_HORIZON) == 0.0


def test_that_a_forecast_opens_nothing_before_its_window_is_seen_and_is_doubtful_within_the_first_day() -> None:
    told = replace(FORECAST, p50=START + HOUR)
    found = [
        of_forecast(replace(told, seen_s=3_600.0 * hours), DEFINITION, "trend 1", time_scale=1.0)
        for hours in (7.9, 8.1, 23.9, 24.1)
    ]
    assert [each.score for each in found] == [0.99, 6.0, 6.0, 6.0]
    assert [each.is_doubtful for each in found] == [True, True, True, False]


def test_that_the_first_day_is_the_plants_own_and_a_limit_that_is_reached_is_never_doubtful() -> None:
    told = replace(FORECAST, p50=START + HOUR, seen_s=1_500.0)
    assert not of_forecast(told, DEFINITION, "trend 1", time_scale=60.0).is_doubtful
    reached = of_forecast(replace(told, state=ForecastState.AT_LIMIT), DEFINITION, "trend 1", time_scale=1.0)
    assert (reached.score, reached.is_doubtful) == (100.0, False)


@pytest.mark.parametrize("state", [ForecastState.LEARNING, ForecastState.BAD_DATA])
def test_that_a_forecast_without_knowledge_says_nothing(state: ForecastState) -> None:
    assert math.isnan(of_forecast(replace(FORECAST, state=state), DEFINITION, "trend 1", time_scale=1.0).score)


def test_that_the_tag_of_a_forecast_is_its_pattern_in_the_direction_of_the_limit() -> None:
    falling = replace(DEFINITION, direction=ConditionKind.LOW)
    found = of_forecast(FORECAST, falling, "trend 1", time_scale=1.0)
    assert found is not None
    assert found.contributions == (Contribution("PU01.V_DE", 1.0, -DIRECTION),)
    assert (found.indicator, found.version) == (forecast_indicator("PU01.bearing"), "trend 1")


@pytest.mark.parametrize(
    ("state", "raw", "told"),
    [
        (HealthState.NORMAL, 0.4, 0.4),
        (HealthState.DEGRADED, 0.9, 0.9),
        (HealthState.ABNORMAL, 5.0, 5.0),
        (HealthState.ABNORMAL, 1e9, 100.0),
    ],
    ids=["normal", "degraded", "abnormal", "far"],
)
def test_that_health_is_bad_where_it_is_abnormal(state: HealthState, raw: float, told: float) -> None:
    found = of_health(Health("PU01", state, START, 40.0, raw), "health 1")
    assert found is not None
    assert found.score == told


@pytest.mark.parametrize("state", [HealthState.LEARNING, HealthState.NO_DATA])
def test_that_health_without_knowledge_says_nothing(state: HealthState) -> None:
    assert math.isnan(of_health(Health("PU01", state, START, float("nan")), "health 1").score)


@pytest.mark.parametrize(("state", "is_doubtful"), [(HealthState.DEGRADED, True), (HealthState.ABNORMAL, False)])
def test_that_what_departs_on_the_first_day_is_doubtful(state: HealthState, *, is_doubtful: bool) -> None:
    found = of_health(Health("PU01", state, START, 50.0, 5.0), "health 1")
    assert found is not None
    assert found.score == 5.0
    assert found.is_doubtful is is_doubtful
