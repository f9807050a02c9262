"""A long stretch of one tag's history in few points, without losing its extremes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.block import TimeArray, ValueArray
from app.model.status import StatusArray


@dataclass(frozen=True, slots=True)
class Envelope:
    """What lies in each bucket of `width` ns that holds any sample; arrays of shape (n,), in rising time.

    `time`: int64 ns UTC, the bucket's start, a multiple of `width`. `minimum`, `maximum`: of the samples that are good
    or uncertain; NaN where the bucket holds none with a value. `first`, `last`: its first and last such value, at
    `first_time` and `last_time` (0 where there is none). `status`: the worst in the bucket. `count`: all its samples.
    """

    width: int
    time: TimeArray
    minimum: ValueArray
    maximum: ValueArray
    first: ValueArray
    last: ValueArray
    first_time: TimeArray
    last_time: TimeArray
    status: StatusArray
    count: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of buckets that hold samples."""
        return len(self.time)


def bucket_width(start: int, end: int, buckets: int) -> int:
    """Return the width in ns of about `buckets` equal buckets over start <= t < end, at least 1."""
    return max(1, -(-(end - start) // max(1, buckets)))
