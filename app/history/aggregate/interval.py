"""The intervals into which the time of a processed read is divided (OPC 10000-13, 5.4.2.2, Table 12)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.model.block import TimeArray

MOST = 10_000_000


@dataclass(frozen=True, slots=True)
class Intervals:
    """Interval k holds edges[k] <= t < edges[k + 1].

    `edges`: int64 ns UTC, shape (m + 1,), strictly rising. `is_uneven`: whether the last one is shorter than asked for.
    """

    edges: TimeArray
    is_uneven: bool

    def __len__(self) -> int:
        """Return the number of intervals."""
        return len(self.edges) - 1

    @property
    def start(self) -> TimeArray:
        """Return where each begins, shape (m,)."""
        return self.edges[:-1]

    @property
    def end(self) -> TimeArray:
        """Return where each ends, which belongs to the next one, shape (m,)."""
        return self.edges[1:]


def intervals(start: int, end: int, interval: int) -> Intervals:
    """Return the intervals of `interval` ns from `start` up to `end` (ns UTC), the rest as a shorter last one.

    With 0, or as much as the whole range or more, there is one. Raise ValueError where `end` is not after `start` (the
    standard's Bad_InvalidArgument; time does not run backwards here), and for a negative or far too short interval.
    """
    if end <= start:
        raise ValueError(f"the end {end} is not after the start {start}")
    if interval < 0:
        raise ValueError(f"the interval {interval} is negative")
    span = end - start
    if interval == 0 or interval >= span:
        return Intervals(np.array([start, end], np.int64), is_uneven=False)
    if span // interval >= MOST:
        raise ValueError(f"{span // interval} intervals are more than {MOST}: take a longer interval")
    edges = start + np.arange(-(-span // interval) + 1, dtype=np.int64) * interval
    edges[-1] = end
    return Intervals(edges, is_uneven=span % interval != 0)
