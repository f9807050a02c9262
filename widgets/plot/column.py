"""A column of numbers of a plot, as it is written into a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Column:
    """`head`: its name with the unit. `values`: float64, or int64 ns UTC where `is_time`, shape (n,)."""

    head: str
    values: NDArray[np.float64] | NDArray[np.int64]
    is_time: bool = False
