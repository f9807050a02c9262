"""Median and quantile of short series, at a fraction of the cost of NumPy's, whose first call loads numpy.ma."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def median(values: NDArray[np.float64]) -> float:
    """Return the median of finite values, shape (n,), n >= 1."""
    half = len(values) // 2
    parted = np.partition(values, half)
    return float(parted[half]) if len(values) % 2 else float(parted[half] + parted[:half].max()) / 2


def quantile(values: NDArray[np.float64], share: float) -> float:
    """Return the one of finite values, shape (n,), n >= 1, below which `share` (0..1) of them lie."""
    place = min(len(values) - 1, int(share * len(values)))
    return float(np.partition(values, place)[place])
