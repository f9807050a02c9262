"""The limit of a statistic, from how many false alarms people are willing to bear."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

MONTH_S = 2_629_800.0
_FEWEST_BEYOND = 5
_DOUBT = 1.15
_LEAST_SHARE, _MOST_SHARE = 1e-9, 0.2


@dataclass(frozen=True, slots=True)
class Budget:
    """What an operator is willing to bear of one Equipment: false `alarms` per month.

    `share`: instead the share of healthy time in alarm, as benchmarks state it; it takes the place of `alarms`.
    """

    alarms: float = 1.0
    share: float | None = None

    def share_per_look(self, *, period_s: float, look_rows: float) -> float:
        """Return the share of healthy rows that may lie beyond the limit.

        `period_s`: from row to row; `look_rows`: after so many rows a smoothed statistic is a new, independent one.
        """
        share = self.alarms * look_rows * period_s / MONTH_S if self.share is None else self.share
        return min(max(share, _LEAST_SHARE), _MOST_SHARE)


def limit_of(statistics: NDArray[np.float64], share: float) -> float:
    """Return the value that a share of further healthy `statistics` (>= 0, shape (n,)) will exceed.

    Where at least five of them lie beyond it, that is their quantile. Farther out it is extrapolated from the median
    and the farthest quantile that five support, on the scale of cube roots, on which a sum of squares is nearly normal
    (Wilson and Hilferty 1931). Neighbours resemble one another, so the quantile itself is in doubt: the limit lies 15 %
    farther from the median than it says.
    """
    anchor = min(max(share, _FEWEST_BEYOND / len(statistics)), 0.4)
    middle, known = np.cbrt(np.quantile(statistics, [0.5, 1.0 - anchor]))
    reach = _deviations(share) / _deviations(anchor) if share < anchor else 1.0
    return float((middle + (known - middle) * reach * _DOUBT) ** 3)


def _deviations(share: float) -> float:
    return -NormalDist().inv_cdf(share)
