"""What a plot of curves is given: the curves, and what is known of places and stretches of its axes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """`x`, `y`: float64, shape (n,), x rising. `is_former`: of a record that is compared with, drawn paler behind.

    `has_points`: each value has a sign of its own, from `signs`, or a dot. `is_filled`: down to zero.
    `is_second`: of another kind than what stands beside it. `head`: what it is called in a table.
    """

    x: Numbers
    y: Numbers
    is_former: bool = False
    has_points: bool = False
    signs: tuple[str, ...] = ()
    is_filled: bool = False
    is_second: bool = False
    head: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something known at a place of an axis, with its name; `is_strong`: a hint stands on it."""

    at: float
    name: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the level axis, `start` to `end`, in which something held that has a name."""

    start: float
    end: float
    name: str
