"""Puts the stretches of a value together, a day after the other, so that a month needs no more memory than a day."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from app.history.hour_sums import HourSums
from app.report.hour_run import joints
from app.report.stretch import Stretches


@dataclass(slots=True)
class ValueTally:
    """What a measured value was; `low`, `high`: its limits, NaN for none. Durations in ns."""

    low: float = math.nan
    high: float = math.nan
    minimum: float = math.nan
    maximum: float = math.nan
    good_ns: int = 0
    area: float = 0.0
    below_ns: float = 0.0
    above_ns: float = 0.0
    last: float = math.nan

    def take(self, part: Stretches) -> None:
        """Take the next stretches."""
        if not len(part.duration):
            return
        lowest, highest = min(part.first.min(), part.last.min()), max(part.first.max(), part.last.max())
        self.minimum = float(np.fmin(self.minimum, lowest))
        self.maximum = float(np.fmax(self.maximum, highest))
        self.good_ns += part.good_ns
        self.area += part.area
        self.last = float(part.last[-1])
        if lowest < self.low:
            self.below_ns += part.beyond(self.low, is_above=False)
        if highest > self.high:
            self.above_ns += part.beyond(self.high, is_above=True)

    def take_run(self, run: HourSums) -> None:
        """Take a run of hours, none of which lies on both sides of a limit."""
        self.take(joints(run))
        lasted = run.end - run.begin
        self.minimum = float(np.fmin(self.minimum, run.minimum.min()))
        self.maximum = float(np.fmax(self.maximum, run.maximum.max()))
        self.good_ns += int(lasted.sum())
        self.area += float(run.area.sum())
        self.below_ns += float(lasted[run.minimum < self.low].sum())
        self.above_ns += float(lasted[run.maximum > self.high].sum())
        self.last = float(run.last[-1])

    @property
    def mean(self) -> float:
        """Return the mean over the time in which the value was good, NaN where it never was."""
        return self.area / self.good_ns if self.good_ns else math.nan


@dataclass(slots=True)
class StateTally:
    """For how long (ns) a discrete tag had each of its values, and how often it came to have it.

    `starts`: how often it became other than 0 after it had been 0.
    """

    duration: dict[float, int] = field(default_factory=dict)
    entries: dict[float, int] = field(default_factory=dict)
    starts: int = 0

    def take(self, part: Stretches) -> None:
        """Take the next stretches."""
        self.starts += int(np.count_nonzero(part.rises))
        values, place = np.unique(part.first, return_inverse=True)
        held = np.zeros(len(values), np.int64)
        np.add.at(held, place, part.duration)
        came = np.bincount(place, part.starts, minlength=len(values))
        for value, ns, count in zip(values.tolist(), held.tolist(), came.tolist(), strict=True):
            self.duration[value] = self.duration.get(value, 0) + ns
            self.entries[value] = self.entries.get(value, 0) + int(count)

    def hold(self, value: float, ns: int) -> None:
        """Take a time in which the value that it had went on."""
        self.duration[value] = self.duration.get(value, 0) + ns
        self.entries.setdefault(value, 0)

    @property
    def good_ns(self) -> int:
        """Return for how long the state was known."""
        return sum(self.duration.values())

    @property
    def on_ns(self) -> int:
        """Return for how long it was not 0."""
        return sum(ns for value, ns in self.duration.items() if value)
