"""The levels that a tag reaches by habit, over far longer than the window of its trend: by day, by shift, by batch."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

from app.prediction.order_statistic import quantile

REMEMBERED = 32
_USUAL = 0.9


class Habit:
    """Remembers how high each of the last 32 windows of a tag went."""

    def __init__(self) -> None:
        """Begin without a past."""
        self._levels: deque[float] = deque(maxlen=REMEMBERED)

    @property
    def levels(self) -> list[float]:
        """Return the remembered levels, oldest first: all that is known, from which `restore` goes on."""
        return list(self._levels)

    def restore(self, levels: list[float]) -> None:
        """Go on where `levels` were taken."""
        self._levels = deque(levels, maxlen=REMEMBERED)

    @property
    def highest(self) -> float:
        """Return the highest usual level of any remembered window, -inf where there is none."""
        return max(self._levels, default=-math.inf)

    def add(self, values: NDArray[np.float64], *, limit: float) -> None:
        """Remember a window (its bucket medians, shape (n,)), unless it reached its limit, which is no habit."""
        level = quantile(values, _USUAL)
        if level < limit:
            self._levels.append(level)

    def forget_above(self, level: float) -> None:
        """Forget the windows that went above `level`: what they showed was a fault, and it is repaired."""
        self._levels = deque((known for known in self._levels if known <= level), maxlen=REMEMBERED)
