"""A forecast in words: times in the plant's own time, and honest silence where nothing can be said."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.model.clock import NS_PER_S
from app.model.forecast import Evidence, Forecast, ForecastDefinition, ForecastState
from app.model.score import Score
from widgets.number import duration
from widgets.translation import tr

HOUR_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Crossing:
    """When the trend reaches its limit: early edge, middle, late edge, plant seconds from now; NaN where never."""

    p10: float
    p50: float
    p90: float


def crossing(forecast: Forecast, *, now: int, time_scale: float) -> Crossing:
    """Return the crossing of a forecast; `now`: int64 ns UTC, `time_scale`: plant seconds per second of wall clock."""
    return Crossing(*(_ahead(time, now, time_scale) for time in (forecast.p10, forecast.p50, forecast.p90)))


def horizon_s(definition: ForecastDefinition) -> float:
    """Return how far a forecast looks, plant seconds."""
    return definition.horizon_h * HOUR_S


def headline(definition: ForecastDefinition, forecast: Forecast | None, *, now: int, time_scale: float) -> str:
    """Return the one thing to know: "11 d", "due now" once the middle is past, "> 10 d", or why there is none."""
    if forecast is None:
        return tr("no forecast yet")
    times = crossing(forecast, now=now, time_scale=time_scale)
    if forecast.state is ForecastState.FORECAST and not math.isnan(times.p50):
        return duration(times.p50) if times.p50 > 0 else tr("due now")
    if forecast.state is ForecastState.FORECAST and not math.isnan(times.p10):
        return f"> {duration(times.p10)}"
    if forecast.state in {ForecastState.BEYOND_HORIZON, ForecastState.FORECAST}:
        return f"> {duration(horizon_s(definition))}"
    return state_text(forecast.state)


def band_text(definition: ForecastDefinition, forecast: Forecast, *, now: int, time_scale: float) -> str:
    """Return headline and band, "11 d (7–17)", both in one unit; "60+" where the band leaves the horizon.

    An early edge that is past is "now"; a band whose middle is past has nothing to add to "due now".
    """
    text = headline(definition, forecast, now=now, time_scale=time_scale)
    times = crossing(forecast, now=now, time_scale=time_scale)
    if forecast.state is not ForecastState.FORECAST or not times.p50 > 0:
        return text
    unit = _unit(times.p50)
    late = f"{_digits(horizon_s(definition) / unit)}+" if math.isnan(times.p90) else _digits(times.p90 / unit)
    return f"{text} ({_edge(times.p10, unit)}–{late})"


def band_edges(times: Crossing) -> tuple[str, str, str]:
    """Return early edge, middle and late edge as bare numbers in the unit of the middle; "" where there is none."""
    unit = _unit(times.p50)
    early, middle, late = (_edge(time, unit) for time in (times.p10, times.p50, times.p90))
    return early, middle, late


def is_told(forecast: Forecast | None) -> bool:
    """Return whether a forecast names a time."""
    return forecast is not None and forecast.state in {ForecastState.FORECAST, ForecastState.AT_LIMIT}


def state_text(state: ForecastState) -> str:
    """Return why there is no time to name."""
    return _state_texts()[state]()


def _state_texts() -> Mapping[ForecastState, Callable[[], str]]:
    return {
        ForecastState.LEARNING: lambda: tr("learning"),
        ForecastState.NOT_ENOUGH_HISTORY: lambda: tr("not enough history"),
        ForecastState.NO_TREND: lambda: tr("no trend"),
        ForecastState.BEYOND_HORIZON: lambda: tr("beyond the horizon"),
        ForecastState.FORECAST: lambda: tr("forecast"),
        ForecastState.AT_LIMIT: lambda: tr("at its limit"),
        ForecastState.BAD_DATA: lambda: tr("bad data"),
    }


def evidence_text(evidence: Evidence) -> str:
    """Return how much the past supports the band."""
    match evidence:
        case Evidence.HIGH:
            return tr("high confidence")
        case Evidence.MEDIUM:
            return tr("medium confidence")
        case Evidence.LOW:
            return tr("low confidence")


def score_text(score: Score | None) -> str:
    """Return how earlier forecasts of the same held, "" where none was scored: "11 of 12 held"."""
    if score is None or not score.tests:
        return ""
    return tr("{held} of {all} held", held=score.hit, all=score.tests)


def urgency(forecast: Forecast | None) -> tuple[int, int]:
    """Return what sorts forecasts by urgency: at the limit, by the middle, by the early edge, then silent ones."""
    if forecast is None:
        return (5, 0)
    if forecast.state is ForecastState.AT_LIMIT:
        return (0, 0)
    if forecast.state is ForecastState.FORECAST:
        return (1, forecast.p50) if forecast.p50 else (2, forecast.p10)
    return (3, 0) if forecast.state is ForecastState.BEYOND_HORIZON else (4, 0)


def _ahead(time: int, now: int, time_scale: float) -> float:
    return max(0.0, (time - now) / NS_PER_S * time_scale) if time else math.nan


def _unit(seconds: float) -> float:
    """Return the length, seconds, of the unit in which `duration` writes."""
    if seconds < 90:
        return 1.0
    if seconds < 90 * 60:
        return 60.0
    return HOUR_S if seconds < 36 * HOUR_S else 24 * HOUR_S


def _edge(seconds: float, unit: float) -> str:
    if math.isnan(seconds):
        return ""
    return _digits(seconds / unit) if seconds > 0 else tr("now")


def _digits(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0") if number < 9.95 else f"{number:.0f}"
