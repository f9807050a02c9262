"""Alarm floods: when more alarms come than an operator can follow."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.alarm.statistics.definitions import PERIOD_NS, Definitions

Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Flood:
    """From `start` to `end`, ns UTC.

    `activations`: with those of the ten minutes before `start`; `peak`: the most in any ten minutes of it. `is_over`:
    False where it still goes on at the end of what is known.
    """

    start: int
    end: int
    activations: int
    peak: int
    is_over: bool


class FloodFinder:
    """Takes activations in the order of their times and tells the floods among them.

    The rate is that of the ten minutes up to each instant, t - 10 min < activation <= t, not of fixed periods: a burst
    across the border of two periods counts.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._floods: list[Flood] = []
        self._coming: Times = np.empty(0, np.int64)
        self._leaving: Times = np.empty(0, np.int64)
        self._rate = 0
        self._total = 0
        self._start = 0
        self._before = 0
        self._peak = 0
        self._is_flood = False

    def take(self, times: Times) -> None:
        """Take activations, int64 ns UTC, shape (n,), rising, not earlier than those before."""
        if times.size:
            self._coming = np.concatenate((self._coming, times))
            self._advance(int(times[-1]))

    def floods(self, end: int) -> list[Flood]:
        """Return the floods up to `end` (ns UTC), behind which nothing is taken any more."""
        self._advance(end)
        if self._is_flood:
            open_one = Flood(self._start, end, self._total - self._before, self._peak, is_over=False)
            return [*self._floods, open_one]
        return list(self._floods)

    def _advance(self, horizon: int) -> None:
        """Follow the rate up to before `horizon`; what is at it may not be complete."""
        coming, self._coming = _parted(self._coming, horizon)
        leaving, self._leaving = _parted(np.concatenate((self._leaving, coming + PERIOD_NS)), horizon)
        instants, place = np.unique(np.concatenate((coming, leaving)), return_inverse=True)
        if not instants.size:
            return
        arrived = np.bincount(place[: coming.size], minlength=instants.size)
        gone = np.bincount(place[coming.size :], minlength=instants.size)
        rate = self._rate + np.cumsum(arrived - gone)
        total = self._total + np.cumsum(arrived)
        for first, last in self._stretches(rate):
            self._follow(instants, rate, total, first=first, last=last)
        self._rate, self._total = int(rate[-1]), int(total[-1])

    def _stretches(self, rate: Times) -> list[tuple[int, int]]:
        """Return the runs of instants between which it turns from calm to flood or back, [first, last)."""
        turns = np.where(rate > self._definitions.flood_begins, 1, np.where(rate < self._definitions.flood_ends, 0, -1))
        known = np.maximum.accumulate(np.where(turns >= 0, np.arange(len(turns)), -1))
        state = np.where(known >= 0, turns[known], int(self._is_flood))
        borders = [0, *(np.flatnonzero(np.diff(state)) + 1).tolist(), len(state)]
        if bool(state[0]) != self._is_flood:
            borders.insert(0, 0)
        return list(pairwise(borders))

    def _follow(self, instants: Times, rate: Times, total: Times, *, first: int, last: int) -> None:
        """Take one run of instants in the same state; each run but the first begins with a turn."""
        if self._is_flood and last > first:
            self._peak = max(self._peak, int(rate[first:last].max()))
        if last == len(rate):
            return
        if self._is_flood:
            end, count = int(instants[last]), int(total[last]) - self._before
            self._floods.append(Flood(self._start, end, count, self._peak, is_over=True))
        else:
            self._start, self._peak = int(instants[last]), int(rate[last])
            self._before = int(total[last] - rate[last])
        self._is_flood = not self._is_flood


def _parted(times: Times, horizon: int) -> tuple[Times, Times]:
    place = int(np.searchsorted(times, horizon))
    return times[:place], times[place:]
