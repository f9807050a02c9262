"""How far a forecast may be off: errors that the method made on machines it had not seen, by how much life it foretold.

Split conformal prediction with Mondrian categories (Vovk et al., "Algorithmic Learning in a Random World", 2005,
section 4.5): in each range of forecasts the quantiles of the errors there are the band. Its coverage is a measured one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.remaining_life.history import FloatArray, LifeError

FEWEST_ERRORS = 20
"""In a range; a quantile of fewer errors says nothing."""
MOST_RANGES = 5


@dataclass(frozen=True, slots=True)
class Band:
    """`edges`: shape (r - 1,), between the ranges of forecasts; `low`, `high`: shape (r,), added to a forecast.

    `share`: how much of the truth the band shall hold (0.8 from P10 to P90).
    """

    edges: FloatArray
    low: FloatArray
    high: FloatArray
    share: float

    def around(self, forecast: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the lower and the upper end for each forecast."""
        place = np.searchsorted(self.edges, forecast)
        return forecast + self.low[place], forecast + self.high[place]


def measured_band(
    forecast: FloatArray, truth: FloatArray, machine: NDArray[np.intp] | None = None, *, share: float = 0.8
) -> Band:
    """Return the band of forecasts of machines that were not learned from; raise LifeError where there are too few.

    `machine`: whose each forecast is, all others' where it is left out. Errors of one machine are alike, so the
    correction for a finite sample counts the machines in a range, not their errors.
    """
    owner = np.arange(len(forecast)) if machine is None else machine
    if len(forecast) < FEWEST_ERRORS:
        raise LifeError(f"a band needs {FEWEST_ERRORS} forecasts whose end is known, there are {len(forecast)}")
    ranges = min(MOST_RANGES, len(forecast) // FEWEST_ERRORS)
    edges = np.unique(np.quantile(forecast, np.arange(1, ranges) / ranges))
    place = np.searchsorted(edges, forecast)
    tail = (1.0 - share) / 2.0
    low, high = [], []
    for number in range(len(edges) + 1):
        inside = place == number
        error = np.sort((truth - forecast)[inside])
        count = len(np.unique(owner[inside]))
        low.append(_end(error, tail, count))
        high.append(-_end(-error[::-1], tail, count))
    return Band(edges, np.array(low), np.array(high), share)


def _end(error: FloatArray, tail: float, count: int) -> float:
    """Return the error below which at most `tail` of further ones lie, of `count` independent machines."""
    if not len(error):
        return 0.0
    level = max(0.0, tail * (count + 1) - 1.0) / count
    return float(error[int(level * len(error))])
