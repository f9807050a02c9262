"""Upright bars beside one another as few and small rectangles: what four have in common is one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.model.block import ValueArray

GROUP = 4
LEAST_COMMON = 6.0
"""Four bars with less than this in common, px, are drawn as they are."""

WORTHWHILE = 40_000
"""With less height altogether, px, the rectangles are sooner filled than others found."""


def bar_rects(left: ValueArray, top: ValueArray, bottom: ValueArray, *, width: float) -> NDArray[np.float64]:
    """Return rectangles (x, y, width, height; float64, shape (m, 4)) that cover what bars of `width` px cover.

    A picture is filled line by line, so that what counts is how high all rectangles are together: the bars of a noisy
    curve, which have most of their height in common, take half of the time this way.
    """
    top, bottom = np.round(top), np.round(bottom)  # a rectangle of half a pixel may be none
    if (bottom - top).sum() < WORTHWHILE:
        return rects_of(left, top, bottom, width)
    groups = len(left) // GROUP
    whole = groups * GROUP
    grid = (groups, GROUP)
    upper, lower = top[:whole].reshape(grid).max(axis=1), bottom[:whole].reshape(grid).min(axis=1)
    start, end = left[:whole:GROUP], left[GROUP - 1 : whole : GROUP]
    alike = (end - start == GROUP - 1) & (lower - upper > LEAST_COMMON)
    member = np.zeros(len(left), np.bool_)
    member[:whole] = np.repeat(alike, GROUP)
    inner_top, inner_bottom = np.repeat(upper[alike], GROUP), np.repeat(lower[alike], GROUP)
    x = left[member]
    above, below = top[member] < inner_top, bottom[member] > inner_bottom
    return np.concatenate(
        (
            rects_of(start[alike], upper[alike], lower[alike], width + GROUP - 1),
            rects_of(x[above], top[member][above], inner_top[above], width),
            rects_of(x[below], inner_bottom[below], bottom[member][below], width),
            rects_of(left[~member], top[~member], bottom[~member], width),
        )
    )


def rects_of(left: ValueArray, top: ValueArray, bottom: ValueArray, width: float | ValueArray) -> NDArray[np.float64]:
    """Return the rectangles of bars as they are (x, y, width, height)."""
    rects: NDArray[np.float64] = np.column_stack((left, top, np.broadcast_to(width, left.shape), bottom - top))
    return rects
