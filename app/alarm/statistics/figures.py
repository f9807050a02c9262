"""The performance of an alarm system over a stretch of time, as figures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.alarm.statistics.definitions import DAY_NS, HOUR_NS, PERIOD_NS, PERIODS_PER_HOUR
from app.alarm.statistics.flood import Flood
from app.model.alarm import Priority
from app.model.clock import NS_PER_S

TOP = 10
MOST_PER_PERIOD = 10
MOST_PER_HOUR = 30


@dataclass(frozen=True, slots=True)
class AlarmLoad:
    """What one alarm asks of the operator.

    `activations`: how often it came. `chattering`, `fleeting`: how many of these were so. `active_s`: for how long it
    was active, seconds. `is_stale`: it is active, and has been for longer than the threshold.
    """

    alarm: str
    activations: int
    chattering: int
    fleeting: int
    active_s: float
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Acknowledgements:
    """How soon operators answered the activations of the stretch; seconds, whole ones for the median, NaN for none."""

    count: int
    median_s: float
    longest_s: float


@dataclass(frozen=True, slots=True)
class AlarmFigures:
    """The figures of start <= t < end (ns UTC) for one operator position.

    An activation is an alarm that comes before the operator: hidden ones (shelved, suppressed, out of service) do not
    count. Periods of ten minutes, hours and days are counted from `start`; the last ones may not be complete.

    `per_period`: activations per ten minutes, shape (periods,). `standing`: active alarms at the beginning of each
    period, shape (periods,). `by_priority`: activations of Priority 1 to 4, shape (4,). `stale_per_day`: alarms that
    were stale at some time of each day, shape (days,). `loads`: all alarms that came or were active, the most frequent
    first, of equal ones by their ids.
    """

    start: int
    end: int
    per_period: NDArray[np.int64]
    standing: NDArray[np.int64]
    by_priority: NDArray[np.int64]
    stale_per_day: NDArray[np.int64]
    floods: tuple[Flood, ...]
    loads: tuple[AlarmLoad, ...]
    acknowledgements: Acknowledgements

    @property
    def activations(self) -> int:
        """Return how many alarms came before the operator."""
        return int(self.per_period.sum())

    @property
    def per_hour(self) -> NDArray[np.int64]:
        """Return the activations of each hour, shape (hours,)."""
        return _sums(self.per_period, PERIODS_PER_HOUR)

    @property
    def per_day(self) -> NDArray[np.int64]:
        """Return the activations of each day of 24 hours, shape (days,)."""
        return _sums(self.per_period, DAY_NS // PERIOD_NS)

    def mean_per(self, length: int) -> float:
        """Return the average activations in `length` ns."""
        return self.activations * length / (self.end - self.start)

    @property
    def mean_per_period(self) -> float:
        """Return the average activations in ten minutes."""
        return self.mean_per(PERIOD_NS)

    @property
    def mean_per_hour(self) -> float:
        """Return the average activations in an hour."""
        return self.mean_per(HOUR_NS)

    @property
    def mean_per_day(self) -> float:
        """Return the average activations in a day."""
        return self.mean_per(DAY_NS)

    @property
    def busy_periods(self) -> float:
        """Return the share of ten minutes with more than 10 activations."""
        return float((self.per_period > MOST_PER_PERIOD).mean())

    @property
    def busy_hours(self) -> float:
        """Return the share of hours with more than 30 activations."""
        return float((self.per_hour > MOST_PER_HOUR).mean())

    @property
    def flood_share(self) -> float:
        """Return the share of the time that was flood."""
        return sum(flood.end - flood.start for flood in self.floods) / (self.end - self.start)

    @property
    def top_share(self) -> float:
        """Return the share of the ten most frequent alarms in all activations; NaN where none came."""
        top = sum(load.activations for load in self.loads[:TOP])
        return top / self.activations if self.activations else math.nan

    @property
    def chattering_alarms(self) -> int:
        """Return how many alarms chattered."""
        return sum(load.chattering > 0 for load in self.loads)

    @property
    def fleeting_alarms(self) -> int:
        """Return how many alarms were fleeting at least once."""
        return sum(load.fleeting > 0 for load in self.loads)

    @property
    def most_stale(self) -> int:
        """Return the most alarms that were stale on one day."""
        return int(self.stale_per_day.max(initial=0))

    def priority_share(self, *priorities: Priority) -> float:
        """Return the share of some priorities in all activations; NaN where none came.

        Diagnostic ones are left out: they ask for no response of the operator.
        """
        total = int(self.by_priority[: Priority.MEDIUM].sum())
        return sum(int(self.by_priority[each - 1]) for each in priorities) / total if total else math.nan


def acknowledgements_of(seconds: NDArray[np.int64], longest_ns: int) -> Acknowledgements:
    """Return the figures of a distribution: `seconds[s]` answers took s whole seconds."""
    count = int(seconds.sum())
    if not count:
        return Acknowledgements(0, math.nan, math.nan)
    up_to = np.cumsum(seconds)
    low, high = np.searchsorted(up_to, ((count - 1) // 2 + 1, count // 2 + 1)).tolist()
    return Acknowledgements(count, (low + high) / 2, longest_ns / NS_PER_S)


def _sums(per_period: NDArray[np.int64], group: int) -> NDArray[np.int64]:
    return np.asarray(np.add.reduceat(per_period, np.arange(0, len(per_period), group)), np.int64)
