"""A band holds the share of truths that it names, also where errors grow with the forecast."""

from __future__ import annotations

import numpy as np
import pytest

from app.remaining_life.band import measured_band
from app.remaining_life.history import FloatArray, LifeError
from tests.benchmarks.life_score import coverage, phm08, rmse


def forecasts(count: int, seed: int) -> tuple[FloatArray, FloatArray]:
    chance = np.random.default_rng(seed)
    forecast = chance.uniform(0, 125, count)
    return forecast, forecast + chance.normal(0, 1, count) * (2 + forecast / 5)


def test_that_the_share_holds_near_the_end_of_life_as_well_as_far_from_it() -> None:
    band = measured_band(*forecasts(5_000, 0))
    forecast, truth = forecasts(5_000, 1)
    low, high = band.around(forecast)
    for part in (forecast < 30, forecast > 90):
        assert coverage(low[part], high[part], truth[part]) == pytest.approx(0.8, abs=0.04)
    assert np.mean((high - low)[forecast < 20]) < 0.5 * np.mean((high - low)[forecast > 100])


def test_that_few_errors_give_a_wider_band_never_a_narrower_one() -> None:
    widths = []
    for seed in range(40):
        forecast, truth = forecasts(25, seed)
        low, high = measured_band(forecast, truth).around(forecast)
        other, came = forecasts(400, seed + 1_000)
        low, high = measured_band(forecast, truth).around(other)
        widths.append(coverage(low, high, came))
    assert np.mean(widths) >= 0.78


def test_that_too_few_errors_are_refused() -> None:
    with pytest.raises(LifeError, match="20 forecasts"):
        measured_band(np.zeros(19), np.zeros(19))


def test_that_a_late_forecast_costs_more_than_an_early_one() -> None:
    truth = np.array([50.0])
    assert phm08(truth + 10, truth) == pytest.approx(np.e - 1)
    assert phm08(truth - 13, truth) == pytest.approx(np.e - 1)
    assert rmse(np.array([3.0, -4.0]), np.zeros(2)) == pytest.approx(np.sqrt(12.5))
