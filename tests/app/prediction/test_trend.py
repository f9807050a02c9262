import math

import numpy as np
import pytest

from app.model.alarm import ConditionKind
from app.model.clock import NS_PER_S
from app.model.forecast import Evidence, Forecast, ForecastState
from app.prediction.trend import TrendForecast
from tests.app.prediction.plants import Array, at, forecast_of

DEMO = 300.0


def trend_of(
    limit: float = 45.0, *, direction: ConditionKind = ConditionKind.HIGH, time_scale: float = DEMO
) -> TrendForecast:
    return TrendForecast(forecast_of(limit, direction=direction), time_scale=time_scale)


def feed(trend: TrendForecast, seconds: Array, values: Array) -> None:
    for second, value in zip(seconds.tolist(), values.tolist(), strict=True):
        trend.add(at(second), value)


def noise(count: int, *, seed: int = 1, deviation: float = 0.25) -> Array:
    return np.random.default_rng(seed).normal(scale=deviation, size=count)


def strainer(seconds: Array, *, seed: int = 1, begin: float = 13.0) -> Array:
    """Return a strainer's pressure drop that rises from `begin` on, ever faster, from 4 to 45 kPa within 36 s."""
    place = np.clip((seconds - begin) / 36.0, 0.0, None)
    return 4.0 + 41.0 * np.expm1(1.5 * place) / math.expm1(1.5) + noise(len(seconds), seed=seed)


def seconds_to(instant: int, now: float) -> float:
    return (instant - at(now)) / NS_PER_S


def wait_for(trend: TrendForecast, seconds: Array, values: Array) -> dict[float, Forecast]:
    told = {}
    for second, value in zip(seconds.tolist(), values.tolist(), strict=True):
        trend.add(at(second), value)
        told[second] = trend.forecast(at(second))
    return told


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rate_hz", [2.0, 4.0])
def test_that_a_clogging_strainer_is_foretold_in_seconds_at_factor_300(seed: int, rate_hz: float) -> None:
    seconds = np.arange(0.0, 49.0, 1.0 / rate_hz)
    told = wait_for(trend_of(), seconds, strainer(seconds, seed=seed))
    foretold = [second for second, forecast in told.items() if forecast.state is ForecastState.FORECAST]
    assert not [second for second in foretold if second < 13.0]
    assert foretold[0] < 26.0
    late = [forecast for second, forecast in told.items() if 33.0 <= second <= 45.0]
    assert all(forecast.state is ForecastState.FORECAST for forecast in late)
    held = [forecast.p10 <= at(49.0) <= (forecast.p90 or at(1e6)) for forecast in late]
    assert np.mean(held) >= 0.8
    middle = [seconds_to(forecast.p50, 49.0) for forecast in late]
    assert abs(float(np.median(middle))) < 6.0


def test_that_the_same_is_foretold_in_hours_at_factor_1() -> None:
    seconds = np.arange(0.0, 6 * 3_600.0, 60.0)
    trend = trend_of(110.0, time_scale=1.0)
    values = 80.0 + np.maximum(seconds - 7_200.0, 0.0) * 10.0 / 14_400.0 + noise(len(seconds))
    feed(trend, seconds, values)
    forecast = trend.forecast(at(6 * 3_600.0))
    assert forecast.state is ForecastState.FORECAST
    assert 0.7 < seconds_to(forecast.p50, 6 * 3_600.0) / (20.0 / (10.0 / 14_400.0)) < 1.4
    assert forecast.p10 < forecast.p50
    assert 225 <= forecast.points <= 245


def test_that_a_fall_to_a_low_limit_mirrors_a_rise() -> None:
    seconds = np.arange(0.0, 40.0, 0.25)
    rising, falling = trend_of(45.0), trend_of(-45.0, direction=ConditionKind.LOW)
    feed(rising, seconds, strainer(seconds))
    feed(falling, seconds, -strainer(seconds))
    up, down = rising.forecast(at(40.0)), falling.forecast(at(40.0))
    assert (down.p10, down.p50, down.p90) == (up.p10, up.p50, up.p90)
    assert (down.level, down.slope, down.slope_p10, down.slope_p90) == (
        -up.level,
        -up.slope,
        -up.slope_p10,
        -up.slope_p90,
    )


def test_that_the_drawn_lines_meet_the_limit_at_the_told_instants() -> None:
    seconds = np.arange(0.0, 40.0, 0.25)
    trend = trend_of()
    feed(trend, seconds, strainer(seconds))
    forecast = trend.forecast(at(40.0))
    for slope, instant in (
        (forecast.slope_p10, forecast.p10),
        (forecast.slope, forecast.p50),
        (forecast.slope_p90, forecast.p90),
    ):
        assert math.isclose(forecast.level + slope * seconds_to(instant, 40.0), 45.0, rel_tol=1e-6)
    assert forecast.slope_p10 > forecast.slope > forecast.slope_p90


def test_that_nothing_is_said_at_the_beginning() -> None:
    trend = trend_of()
    assert trend.forecast(at(0)).state is ForecastState.LEARNING
    feed(trend, np.arange(0.0, 4.0, 0.25), noise(16))
    assert trend.forecast(at(4)).state is ForecastState.LEARNING


def test_that_too_few_samples_in_the_whole_window_are_told_as_such() -> None:
    trend = trend_of()
    feed(trend, np.arange(0.0, 200.0, 20.0), np.arange(10.0))
    assert trend.forecast(at(181)).state is ForecastState.NOT_ENOUGH_HISTORY


@pytest.mark.parametrize("seed", range(4))
def test_that_noise_has_no_trend(seed: int) -> None:
    seconds = np.arange(0.0, 120.0, 0.25)
    told = wait_for(trend_of(6.0), seconds, 4.0 + noise(len(seconds), seed=seed))
    later = [forecast.state for second, forecast in told.items() if second > 10.0]
    assert set(later) == {ForecastState.NO_TREND}


def test_that_a_trend_away_from_the_limit_is_none() -> None:
    seconds = np.arange(0.0, 60.0, 0.25)
    trend = trend_of()
    feed(trend, seconds, 20.0 - 0.2 * seconds + noise(len(seconds)))
    assert trend.forecast(at(60)).state is ForecastState.NO_TREND


def test_that_a_trend_too_slow_for_the_horizon_is_beyond_it() -> None:
    seconds = np.arange(0.0, 90.0, 0.25)
    trend = trend_of(1e5)
    feed(trend, seconds, seconds + noise(len(seconds)))
    forecast = trend.forecast(at(90))
    assert (forecast.state, forecast.p50) == (ForecastState.BEYOND_HORIZON, 0)
    assert forecast.slope > 0.5


def test_that_a_signal_beyond_its_limit_is_at_its_limit() -> None:
    trend = trend_of(10.0)
    seconds = np.arange(0.0, 20.0, 0.25)
    feed(trend, seconds, seconds)
    forecast = trend.forecast(at(20))
    assert forecast.state is ForecastState.AT_LIMIT
    assert forecast.level > 17.0


def test_that_bad_values_silence_the_forecast_and_good_ones_bring_it_back() -> None:
    seconds = np.arange(0.0, 40.0, 0.25)
    trend = trend_of()
    feed(trend, seconds, strainer(seconds))
    trend.lose()
    assert trend.forecast(at(40.5)).state is ForecastState.FORECAST
    assert trend.forecast(at(43)).state is ForecastState.BAD_DATA
    feed(trend, np.arange(43.0, 45.0, 0.25), strainer(np.arange(43.0, 45.0, 0.25)))
    assert trend.forecast(at(45)).state is ForecastState.FORECAST


def test_that_silence_without_a_status_is_noticed_too() -> None:
    trend = trend_of()
    feed(trend, np.arange(0.0, 30.0, 0.25), noise(120))
    assert trend.forecast(at(31)).state is ForecastState.NO_TREND
    assert trend.forecast(at(60)).state is ForecastState.BAD_DATA


def test_that_a_repair_begins_the_past_anew() -> None:
    seconds = np.arange(0.0, 120.0, 0.25)
    values = strainer(seconds, begin=5.0)
    values[seconds > 35.0] = 4.0 + noise(int(np.sum(seconds > 35.0)), seed=9)
    values += np.maximum(seconds - 90.0, 0.0) * 1.2
    told = wait_for(trend_of(), seconds, values)
    between = {forecast.state for second, forecast in told.items() if 45.0 < second < 89.0}
    assert between == {ForecastState.NO_TREND}
    assert told[110.0].state is ForecastState.FORECAST
    assert told[110.0].level < 32.0


@pytest.mark.parametrize("period_s", [60.0, 180.0, 300.0])
def test_that_what_goes_up_and_down_by_habit_is_soon_no_trend(period_s: float) -> None:
    seconds = np.arange(0.0, 8 * 300.0, 0.5)
    values = 20.0 + 5.0 * np.sin(2 * np.pi * seconds / period_s) + noise(len(seconds))
    trend = trend_of()
    states = []
    for second, value in zip(seconds.tolist(), values.tolist(), strict=True):
        trend.add(at(second), value)
        if second % 5.0 == 0.0 and second > 1_200.0:
            states.append(trend.forecast(at(second)).state)
    assert np.mean([state is ForecastState.FORECAST for state in states]) < 0.02


def test_that_the_measured_coverage_and_the_evidence_come_from_its_own_past() -> None:
    seconds = np.arange(0.0, 90.0, 0.25)
    trend = trend_of(200.0)
    feed(trend, seconds, seconds + noise(len(seconds)))
    forecast = trend.forecast(at(90))
    assert forecast.coverage >= 0.75
    assert forecast.evidence is not Evidence.LOW


def test_that_a_forecast_is_the_same_however_often_it_is_asked_for() -> None:
    seconds = np.arange(0.0, 40.0, 0.25)
    seldom, often = trend_of(), trend_of()
    feed(seldom, seconds, strainer(seconds))
    wait_for(often, seconds, strainer(seconds))
    assert repr(seldom.forecast(at(40))) == repr(often.forecast(at(40)))


def test_that_bands_hold_about_as_often_as_they_say_over_many_shapes() -> None:
    held: dict[str, list[bool]] = {"steady": [], "accelerating": [], "exponential": []}
    early: dict[str, list[bool]] = {name: [] for name in held}
    for seed in range(4):
        seconds = np.arange(0.0, 80.0, 0.5)
        place = np.clip((seconds - 10.0) / 70.0, 0.0, None)
        shapes = {"steady": place, "accelerating": place**1.5, "exponential": np.expm1(2 * place) / math.expm1(2)}
        for name, shape in shapes.items():
            told = wait_for(
                trend_of(104.0), seconds, 4.0 + 100.0 * shape + noise(len(seconds), seed=seed, deviation=0.7)
            )
            known = [forecast for second, forecast in told.items() if second % 2.0 == 0 and forecast.p50]
            held[name] += [forecast.p10 <= at(80.0) <= (forecast.p90 or at(1e6)) for forecast in known]
            early[name] += [forecast.p10 > at(80.0) for forecast in known]
    assert all(len(known) > 40 for known in held.values())
    assert np.mean(held["steady"]) >= 0.8
    assert np.mean(held["accelerating"]) >= 0.75
    assert np.mean(early["exponential"]) <= 0.3
