"""Pairs of values of the same instants: the straight line through them, and where they lie closest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST = 3
CELLS = 96
"""So many cells in each direction are counted."""


@dataclass(frozen=True, slots=True)
class StraightLine:
    """y = `offset` + `slope` · x by least squares; `r2`: the share of y's variance that it explains, 0..1."""

    slope: float
    offset: float
    r2: float

    def at(self, x: float) -> float:
        """Return y of the line at `x`."""
        return self.offset + self.slope * x


def straight_line(x: NDArray[np.float64], y: NDArray[np.float64]) -> StraightLine | None:
    """Return the line through finite pairs, None for fewer than three or where either value never changes."""
    if len(x) < FEWEST:
        return None
    middle_x, middle_y = float(x.mean()), float(y.mean())
    dx, dy = x - middle_x, y - middle_y  # about the middle, or large values would lose their last digits
    xx, yy, xy = float(dx @ dx), float(dy @ dy), float(dx @ dy)
    if xx <= 0.0 or yy <= 0.0:
        return None
    slope = xy / xx
    correlation = xy / math.sqrt(xx) / math.sqrt(yy)
    return StraightLine(slope, middle_y - slope * middle_x, min(1.0, correlation * correlation))


def neighbours(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return for each pair, int64 of shape (n,), how many lie in its cell of a grid over them, itself too."""
    if not len(x):
        return np.zeros(0, np.int64)
    cell = _cell(x) * CELLS + _cell(y)
    return np.asarray(np.bincount(cell, minlength=CELLS * CELLS)[cell], np.int64)


def ranks(weight: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return in which of `count` steps, from 0, each weight stands; steps are equal ratios of the weight."""
    top = float(np.log(weight.max())) if len(weight) else 0.0
    if top <= 0.0:
        return np.zeros(len(weight), np.int64)
    return np.asarray(np.minimum((np.log(weight) / top * count).astype(np.int64), count - 1), np.int64)


def _cell(values: NDArray[np.float64]) -> NDArray[np.int64]:
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return np.zeros(len(values), np.int64)
    return np.asarray(np.minimum(((values - low) / (high - low) * CELLS).astype(np.int64), CELLS - 1), np.int64)
