"""How good forecasts of remaining life were, once it is known when the machines failed."""

from __future__ import annotations

import numpy as np

from app.remaining_life.history import FloatArray

_EARLY, _LATE = 13.0, 10.0


def rmse(forecast: FloatArray, truth: FloatArray) -> float:
    """Return the root of the mean squared error, in units of life."""
    return float(np.sqrt(np.mean((forecast - truth) ** 2)))


def phm08(forecast: FloatArray, truth: FloatArray) -> float:
    """Return the score of the PHM 2008 challenge (Saxena et al., 2008), in which a late forecast costs more.

    Sum of exp(-d / 13) - 1 for d < 0, exp(d / 10) - 1 else, d = forecast - truth.
    """
    error = forecast - truth
    return float(np.sum(np.expm1(np.where(error < 0, -error / _EARLY, error / _LATE))))


def coverage(low: FloatArray, high: FloatArray, truth: FloatArray) -> float:
    """Return the share of truths within their bands."""
    return float(np.mean((truth >= low) & (truth <= high)))
