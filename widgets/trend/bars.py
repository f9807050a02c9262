"""Upright bars: what the columns of a noisy curve are drawn as."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.block import ValueArray


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of one curve, px: where they begin at the left, increasing, and at the top, and where they end at the foot.

    All of shape (n,), float64. `width`: of every bar, px.
    """

    left: ValueArray
    top: ValueArray
    bottom: ValueArray
    width: float

    def __len__(self) -> int:
        """Return their number."""
        return len(self.left)

    @property
    def height(self) -> float:
        """Return how high all of them are together, px: a picture is filled line by line, so that this counts."""
        return float(self.bottom.sum() - self.top.sum())

    def rects(self) -> NDArray[np.float64]:
        """Return rectangles (x, y, width, height; shape (n, 4))."""
        rects = np.empty((len(self), 4))
        rects[:, 0], rects[:, 1], rects[:, 2] = self.left, self.top, self.width
        rects[:, 3] = self.bottom - self.top
        return rects


def no_bars() -> Bars:
    """Return Bars without any."""
    none = np.empty(0, np.float64)
    return Bars(none, none, none, 1.0)
