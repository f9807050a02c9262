"""What one run beside the servers has shown: what became durable at which cost, what was seen when, what is missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.model.clock import NS_PER_MS
from app.model.series import Series
from tests.benchmarks.delay import Seconds

Kept = Callable[[str], Series]
"""Returns what is in the file of a tag."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How far a collector was at an instant (monotonic s): samples durable so far, processor seconds used so far."""

    instant: float
    stored: int
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Run:
    """The stretch between two readings.

    `offered`: how many values the servers set in it. `delays`: of each watched tag, the seconds from every change to
    its being seen, shape (n,); what was not seen by the end counts as seen then. `lost`: how many changes of OPC UA
    tags are not in the file, of those that had the time to come there. `left_out`: how many Modbus samples are not
    there that a scan on every due instant would have given. `unkept`: how many samples that were acknowledged as
    durable are not in the file.
    """

    began: Reading
    ended: Reading
    offered: int
    delays: Mapping[str, Seconds]
    lost: int
    left_out: int
    unkept: int = 0

    @property
    def seconds(self) -> float:
        """Return how long it was."""
        return self.ended.instant - self.began.instant

    @property
    def samples(self) -> int:
        """Return how many samples became durable."""
        return self.ended.stored - self.began.stored

    @property
    def cpu_s(self) -> float:
        """Return the processor seconds used."""
        return self.ended.cpu_s - self.began.cpu_s


def lost_changes(kept: Kept, tags: Sequence[str], changes: Seconds) -> int:
    """Return how many of the values `changes`, which every one of `tags` had, are not in the file."""
    return sum(int(np.isin(changes, kept(tag).value, invert=True).sum()) for tag in tags)


def left_out_scans(kept: Kept, tags: Sequence[str], scan_ms: int, within: tuple[float, float]) -> int:
    """Return how many samples fewer `tags` have than one per scan, between the values (monotonic s) `within`."""
    missing = 0
    for tag in tags:
        series = kept(tag)
        time = series.time[(series.value >= within[0]) & (series.value <= within[1])]
        due = round((time[-1] - time[0]) / (scan_ms * NS_PER_MS)) + 1 if len(time) else 0
        missing += max(0, due - len(time))
    return missing
