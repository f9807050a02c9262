"""What other settings gain and cost: fewer activations, and events that would have been told later or not at all."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.alarm.what_if.numbers import Numbers
from app.alarm.what_if.replay import Activations, Settings
from app.model.clock import NS_PER_S

MERGE_S = 300.0
TRUE_AFTER_S = 30.0
TRUE_SIGMAS = 4.0


@dataclass(frozen=True, slots=True)
class Events:
    """What happened in the plant, as the present settings told it: activations less than MERGE_S apart are one event.

    `start`, `end`: int64 ns UTC, shape (n,). `is_true`: the event asked for a response, since it lasted for
    TRUE_AFTER_S or exceeded the limit by more than TRUE_SIGMAS times the noise; the others cried wolf.
    """

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    is_true: NDArray[np.bool_]

    @property
    def true_ones(self) -> int:
        """Return how many asked for a response."""
        return int(self.is_true.sum())


@dataclass(frozen=True, slots=True)
class Effect:
    """What settings would have made of the history.

    `activations`: how often the alarm would have come. `missed`: true events that it would not have told.
    `mean_delay_s`, `longest_delay_s`: how much later than with the present settings it would have told the others,
    NaN where there was none. `active_s`: for how long it would have been active.
    """

    settings: Settings
    activations: int
    missed: int
    mean_delay_s: float
    longest_delay_s: float
    active_s: float


def noise_of(numbers: Numbers) -> float:
    """Return the standard deviation of the noise: that of differences of neighbours, robustly, over the root of 2.

    Samples that repeat the one before are left out, else a device that sends twice what it measured once has no noise.
    """
    steps = np.abs(np.diff(numbers.number))
    steps = steps[np.isfinite(steps) & (steps > 0)]
    return float(np.median(steps)) / 0.6745 / math.sqrt(2) if steps.size else 0.0


def events_of(numbers: Numbers, present: Activations, noise: float) -> Events:
    """Return the events that the activations with the present settings tell of."""
    if not len(present):
        nothing = np.empty(0, np.int64)
        return Events(nothing, nothing, np.empty(0, np.bool_))
    is_first = np.ones(len(present), np.bool_)
    is_first[1:] = present.raised[1:] - present.returned[:-1] >= round(MERGE_S * NS_PER_S)
    first = np.flatnonzero(is_first)
    start = present.raised[first]
    end = np.maximum.reduceat(present.returned, first)
    active = np.add.reduceat(present.returned - present.raised, first)
    known = np.where(np.isnan(numbers.number), -math.inf, numbers.number)
    begins, ends = np.searchsorted(numbers.time, start), np.searchsorted(numbers.time, end, side="right")
    peaks = [known[low:high].max(initial=-math.inf) for low, high in zip(begins.tolist(), ends.tolist(), strict=True)]
    is_grave = np.array(peaks) > numbers.limit + max(TRUE_SIGMAS * noise, 0.0)
    return Events(start, end, (active >= round(TRUE_AFTER_S * NS_PER_S)) | (is_grave & (noise > 0)))


def effect_of(settings: Settings, events: Events, would_be: Activations) -> Effect:
    """Compare what would have been told with what happened."""
    start, end = events.start[events.is_true], events.end[events.is_true]
    # the first activation that goes only after the event has begun: it tells it, or stood already
    place = np.searchsorted(would_be.returned, start, side="right")
    found = np.full(len(start), np.iinfo(np.int64).max)
    has_one = place < len(would_be)
    found[has_one] = would_be.raised[place[has_one]]
    is_told = found <= end
    delay = np.maximum(0, found[is_told] - start[is_told]) / NS_PER_S
    return Effect(
        settings,
        len(would_be),
        int((~is_told).sum()),
        float(delay.mean()) if delay.size else math.nan,
        float(delay.max()) if delay.size else math.nan,
        float((would_be.returned - would_be.raised).sum()) / NS_PER_S,
    )
