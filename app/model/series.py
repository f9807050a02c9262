"""A stretch of one tag's history."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.model.block import TimeArray, ValueArray
from app.model.status import StatusArray


@dataclass(frozen=True, slots=True)
class Series:
    """Samples of one tag: `time` int64 ns UTC strictly increasing, `value` float64 (NaN: none), `status` uint32.

    Shape (n,).
    """

    time: TimeArray
    value: ValueArray
    status: StatusArray

    def __len__(self) -> int:
        """Return the number of samples."""
        return len(self.time)


def empty_series() -> Series:
    """Return a Series without samples."""
    return Series(np.empty(0, np.int64), np.empty(0, np.float64), np.empty(0, np.uint32))
