"""What health and forecasts say of an Equipment, in the one form in which cases take every indicator."""

from __future__ import annotations

import math

from app.model.alarm import ConditionKind
from app.model.case import DIRECTION, SIGNALS_INDICATOR, Indication
from app.model.clock import NS_PER_S
from app.model.forecast import (
    Contribution,
    Forecast,
    ForecastDefinition,
    ForecastState,
    Health,
    HealthState,
    UnusualSignals,
)

HEALTH = "health"
LARGEST = 100.0
_JUST_GOOD = 0.99
_NOTICE = 1.0 / 12.0
"""A forecast is bad when its middle lies within this share of its horizon: six hours of three days."""
YOUNG_H = 24.0
"""Hours of the plant's own time within which a forecast is doubtful: no day, no shift has been seen twice."""
_SECONDS_PER_HOUR = 3_600.0
_SILENT = {ForecastState.LEARNING, ForecastState.BAD_DATA}


def forecast_indicator(forecast: str) -> str:
    """Return the name of the indicator that a forecast is."""
    return f"forecast {forecast}"


def of_health(health: Health, version: str) -> Indication:
    """Return what a health value says; its score is NaN where it says nothing: while it learns, or without data.

    What only degrades stays below its limit of 1, but for what has departed beyond it on the first day: that is told
    as doubtful.
    """
    if health.state in {HealthState.LEARNING, HealthState.NO_DATA} or math.isnan(health.score):
        return Indication(health.equipment, HEALTH, health.made, math.nan, version=version)
    is_bad = health.state is HealthState.ABNORMAL
    is_doubtful = health.state is HealthState.DEGRADED and health.score > 1.0
    score = min(max(health.score, 1.0), LARGEST) if is_bad or is_doubtful else min(health.score, _JUST_GOOD)
    return Indication(health.equipment, HEALTH, health.made, score, 1.0, health.contributions, version, is_doubtful)


def of_signals(found: UnusualSignals, version: str) -> Indication:
    """Return what the single signals say, which stands in cases and opens none."""
    score = min(found.score, LARGEST)
    return Indication(found.equipment, SIGNALS_INDICATOR, found.made, score, 1.0, found.contributions, version)


def of_forecast(forecast: Forecast, definition: ForecastDefinition, version: str, *, time_scale: float) -> Indication:
    """Return what a forecast says; its score is NaN where it says nothing.

    The score is the notice, a twelfth of the horizon, in units of the time that is left: it doubles when that is half
    as long. Where not even the late edge of the band is known, and where nothing rises, it stays below its limit of 1;
    so it does until the tag has been seen for its whole window, which is as long as its habits. Within the first day
    it is doubtful: a rise may be the first morning.
    """
    name = forecast_indicator(forecast.forecast)
    if forecast.state in _SILENT:
        return Indication(definition.equipment, name, forecast.made, math.nan, version=version)
    sign = -1.0 if definition.direction is ConditionKind.LOW else 1.0
    tag = Contribution(definition.tag, 1.0, sign * DIRECTION)
    score = _score(forecast, definition, time_scale)
    is_foretold = forecast.state is ForecastState.FORECAST
    seen_h = forecast.seen_s * time_scale / _SECONDS_PER_HOUR
    if is_foretold and seen_h < definition.window_h:
        score = min(score, _JUST_GOOD)
    is_doubtful = is_foretold and seen_h < YOUNG_H
    return Indication(definition.equipment, name, forecast.made, score, 1.0, (tag,), version, is_doubtful)


def _score(forecast: Forecast, definition: ForecastDefinition, time_scale: float) -> float:
    if forecast.state is ForecastState.AT_LIMIT:
        return LARGEST
    if forecast.state is not ForecastState.FORECAST or not forecast.p50:
        return 0.0
    hours = (forecast.p50 - forecast.made) / NS_PER_S * time_scale / _SECONDS_PER_HOUR
    notice = _NOTICE * definition.horizon_h
    score = LARGEST if hours * LARGEST <= notice else notice / hours
    return score if forecast.p90 else min(score, _JUST_GOOD)
