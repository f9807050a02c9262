"""Counters that roll over or restart, as a total that never falls.

The device counts from 0 to 2**width_bits - 1 and begins again (a rollover), or it begins again when it is reset or
replaced. When the reading falls, the rollover is believed if the increment that it means is plausible: at most `spike`
where the tag's cleaning rule gives one, else at most four times what the fastest increment so far would have made of
the time that passed, else at most half of the counter's range. Otherwise it was a reset, and what is read now was
counted since. A reading that is bad, or outside the tag's EURange, is not counted and stays as it was read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.model.block import ValueArray
from app.model.datavalue import DataValue
from app.model.tag import TagDefinition, TagKind
from app.pipeline.tag_order import TagOrder

PLAUSIBLE_RATE = 4.0


@dataclass(slots=True)
class Counter:
    """One counter: counts in the tag's unit, from the device's zero upwards; times int64 ns.

    In whole numbers all that it counts is exact.

    `shift` makes the last reading a total; `former_shift` was valid before it began again. `fastest`: counts per ns.
    """

    count: float
    time: int
    shift: float
    former_shift: float
    fastest: float
    range: float
    plausible: float

    def read(self, count: float, time: int) -> float:
        """Take a reading and return its total."""
        if time < self.time:
            return self._total_of_late(count)
        step, span = count - self.count, time - self.time
        if step < 0:
            shift = self.shift + (self.range if self._is_rollover(step + self.range, span) else self.count)
            if math.isfinite(count + shift):  # else no reading would ever be counted again
                self.former_shift, self.shift = self.shift, shift
        elif span > 0:
            self.fastest = max(self.fastest, step / span)
        self.count, self.time = count, time
        return count + self.shift

    def _is_rollover(self, increment: float, span: int) -> bool:
        if increment < 0:
            return False
        learnt = PLAUSIBLE_RATE * self.fastest * span
        return increment <= (self.plausible or learnt or self.range / 2)

    def _total_of_late(self, count: float) -> float:
        """Return the total of a reading that is older than the last: it cannot be above it."""
        is_before_restart = count > self.count
        return count + (self.former_shift if is_before_restart else self.shift)


class CounterTotal:
    """Knows the counters among the tags and the total of each."""

    def __init__(self, tags: Sequence[TagDefinition], *, latest: Mapping[str, DataValue]) -> None:
        """Take the widths of `tags` (handle == index); totals go on from `latest` (by tag name), so they never fall.

        What a counter counted while nobody read it is lost where it had begun again before.
        """
        self.is_counter = np.array([tag.kind is TagKind.COUNTER for tag in tags], np.bool_)
        self._zero = np.array([tag.offset for tag in tags], np.float64)
        self._sign = np.array([math.copysign(1.0, tag.gain) for tag in tags], np.float64)
        self._range = np.array([2.0**tag.width_bits * abs(tag.gain) if tag.width_bits else 0.0 for tag in tags])
        self._plausible = np.array([tag.cleaning.spike for tag in tags], np.float64)
        self._count = np.full(len(tags), np.nan)
        self._time = np.zeros(len(tags), np.int64)
        self._shift = np.zeros(len(tags))
        self._former_shift = np.zeros(len(tags))
        self._fastest = np.zeros(len(tags))
        known = [latest[tag.name].value if tag.name in latest else math.nan for tag in tags]
        self._restored = (np.array(known, np.float64) - self._zero) * self._sign

    def total(self, samples: TagOrder) -> ValueArray:
        """Return the totals of one or more credible readings (finite values), in the tags' units, shape (n,).

        A reading whose total float64 cannot hold stays as it was read.
        """
        with np.errstate(over="ignore", invalid="ignore"):
            total = self._total(samples)
            return np.where(np.isfinite(total), total, samples.value)

    def _total(self, samples: TagOrder) -> ValueArray:
        zero, sign = self._zero[samples.handle], self._sign[samples.handle]
        count = (samples.value - zero) * sign
        self._begin(samples, count)
        step = count - samples.before(count, self._count)
        span = samples.time - samples.before(samples.time, self._time)
        begins_again = samples.any_in_run((step < 0) | (span < 0))
        total = count + self._shift[samples.handle]
        self._advance(samples, count, runs=~begins_again, rate=np.divide(step, np.maximum(span, 1)) * (span > 0))
        for run in np.flatnonzero(begins_again):
            part = slice(samples.starts[run], samples.ends[run])
            total[part] = self._follow(int(samples.tags[run]), count[part].tolist(), samples.time[part].tolist())
        return total * sign + zero

    def _begin(self, samples: TagOrder, count: ValueArray) -> None:
        """Take the first readings of counters that were not read yet."""
        first = samples.starts[np.isnan(self._count[samples.tags])]
        tags = samples.handle[first]
        self._count[tags] = count[first]
        self._time[tags] = samples.time[first]
        self._shift[tags] = self._former_shift[tags] = np.fmax(self._restored[tags] - count[first], 0.0)

    def _advance(self, samples: TagOrder, count: ValueArray, *, runs: NDArray[np.bool_], rate: ValueArray) -> None:
        """Take the readings of the runs in which the counter only rises."""
        tags, last = samples.tags[runs], samples.last[runs]
        self._count[tags] = count[last]
        self._time[tags] = samples.time[last]
        self._fastest[tags] = np.maximum(self._fastest[tags], np.maximum.reduceat(rate, samples.starts)[runs])

    def _follow(self, tag: int, counts: Sequence[float], times: Sequence[int]) -> list[float]:
        """Take the readings of one counter that begins again, one by one."""
        counter = Counter(
            float(self._count[tag]),
            int(self._time[tag]),
            float(self._shift[tag]),
            float(self._former_shift[tag]),
            float(self._fastest[tag]),
            float(self._range[tag]),
            float(self._plausible[tag]),
        )
        totals = [counter.read(count, time) for count, time in zip(counts, times, strict=True)]
        self._count[tag], self._time[tag], self._fastest[tag] = counter.count, counter.time, counter.fastest
        self._shift[tag], self._former_shift[tag] = counter.shift, counter.former_shift
        return totals
