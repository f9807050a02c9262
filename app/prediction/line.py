"""A robust straight line through a stretch of a signal, and how surely its slope is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.prediction.order_statistic import median
from app.prediction.segment import inertia

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """A line as seen from its end: `level` there (tag unit), `slope` (tag unit per second), and `slope_error`.

    `noise`: standard deviation of a point about the line; `level_error`: of the level. `curvature`, `curvature_error`:
    the second derivative. `length`: seconds covered. `points`: behind it. Errors are standard errors.
    """

    level: float
    slope: float
    slope_error: float
    level_error: float
    curvature: float
    curvature_error: float
    noise: float
    length: float
    points: int

    @property
    def significance(self) -> float:
        """Return the slope in units of its standard error."""
        if self.slope_error > 0.0:
            return self.slope / self.slope_error
        return math.copysign(math.inf, self.slope) if self.slope else 0.0


def fit_line(times: Array, values: Array) -> Line:
    """Return the Theil-Sen line of a series (seconds, tag unit, shape (n,), n >= 3, times rising).

    Theil-Sen: the median of the slopes between pairs of points (Sen 1968), here of those at least half the series
    apart, which tell the most of it; up to about a quarter of wild points does not move it. Errors are those of least
    squares on residuals cut at 3 robust deviations, times sqrt((1 + r) / (1 - r)) for residuals with the lag-1
    autocorrelation r: neighbours that resemble one another tell less.
    """
    count = len(times)
    age = times - times[-1]
    first, second = _pairs(count)
    slope = median((values[second] - values[first]) / (age[second] - age[first]))
    level = median(values - slope * age)
    residuals = values - level - slope * age
    noise = _deviation(residuals)
    factor = _less_told(residuals)
    centred = age - age.mean()
    spread = float(centred @ centred)
    slope_error = factor * noise / math.sqrt(spread)
    level_error = factor * noise * math.sqrt(1.0 / count + float(centred[-1]) ** 2 / spread)
    bend = centred**2 - float(np.mean(centred**2))
    bend -= centred * float(bend @ centred) / spread
    power = float(bend @ bend)
    coefficient = float(bend @ residuals) / power if power > 0 else 0.0
    rest = residuals - coefficient * bend
    return Line(
        level=level,
        slope=slope,
        slope_error=slope_error,
        level_error=level_error,
        curvature=2.0 * coefficient,
        curvature_error=2.0 * _deviation(rest) * _less_told(rest) / math.sqrt(power),
        noise=noise,
        length=float(-age[0]),
        points=count,
    )


@lru_cache(maxsize=256)
def _pairs(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    first, second = np.triu_indices(count, max(1, count // 2))
    return first, second


def _less_told(residuals: Array) -> float:
    lag = inertia(residuals)
    return math.sqrt((1.0 + lag) / (1.0 - lag))


def _deviation(residuals: Array) -> float:
    rough = 1.4826 * median(np.abs(residuals))
    cut = np.clip(residuals, -3.0 * rough, 3.0 * rough) if rough > 0 else residuals
    freedom = max(1, len(residuals) - 2)
    return math.sqrt(float(cut @ cut) / freedom)
