"""Finds the samples on both sides of a stretch of history that its bounding values are made of.

A HistoryReader can give the newest samples of a stretch, but neither the last before an instant nor the first behind
it: they are searched for in stretches that grow, each a small query.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.history.aggregate.configuration import AggregateConfiguration
from app.history.aggregate.judged_samples import is_entry, is_usable
from app.history.gap_marking import RawReader
from app.model.clock import NS_PER_S
from app.model.series import Series, empty_series

FIRST_STRETCH = 10 * NS_PER_S
LONGEST_STRETCH = 3600 * NS_PER_S
GROWTH = 8
MOST = 65_536


@dataclass(frozen=True, slots=True)
class BoundSearch:
    """The search for the bounding samples of one tag between `first` and `last`, all that is stored (ns UTC).

    The search for a value passes over MOST samples without one, and over all of `reach` ns (5.4.3.4: at least the
    processing interval), but not over more.
    """

    reader: RawReader
    tag: str
    configuration: AggregateConfiguration
    first: int
    last: int
    reach: int

    @property
    def wanted(self) -> int:
        """Return how many samples with a value are needed before an instant."""
        return 2 if self.configuration.use_sloped_extrapolation else 1

    def before(self, instant: int) -> Series:
        """Return of the samples before `instant` the last one and the last ones with a value, few enough to keep."""
        stretch, count = FIRST_STRETCH, self.wanted
        while True:
            begin = max(self.first, instant - stretch)
            found = self.reader.raw(self.tag, begin, instant, limit=count)
            is_all = begin == self.first and len(found) < count
            if is_all or np.count_nonzero(self._is_usable(found)) >= self.wanted:
                break
            if len(found) < count:
                stretch *= GROWTH
            elif count >= MOST and instant - int(found.time[0]) >= self.reach:
                break
            else:
                count *= GROWTH
        return self.last_of(found)

    def around(self, begin: int, end: int) -> Series:
        """Return the samples with begin <= t < end and those on both sides that their bounds are made of."""
        margin = self.reader.raw(self.tag, begin - FIRST_STRETCH, begin)
        if np.count_nonzero(self._is_usable(margin)) < self.wanted:
            margin = self.before(begin)
        return joined(margin, self.up_to_value(begin, end))

    def up_to_value(self, begin: int, end: int) -> Series:
        """Return the samples with begin <= t < end, and further ones up to one with a value."""
        found = self.reader.raw(self.tag, begin, end + FIRST_STRETCH)
        inside = int(np.searchsorted(found.time, end))
        if self._is_usable(found)[inside:].any():
            return found
        return joined(_rows(found, np.arange(inside)), self.behind(end))

    def behind(self, instant: int) -> Series:
        """Return of the samples from `instant` on the first one, and the first one with a value if that has none."""
        found = self._first_from(instant)
        if not len(found) or self._is_usable(found).all():
            return found
        position, stretch, seen = int(found.time[0]) + 1, FIRST_STRETCH, 1
        while seen < MOST or position - instant < self.reach:
            start = self._first_from(position)
            if not len(start):
                break
            begin = int(start.time[0])
            further = self.reader.raw(self.tag, begin, min(begin + stretch, self.last + 1))
            usable = np.flatnonzero(self._is_usable(further))
            if len(usable):
                return joined(found, _rows(further, usable[:1]))
            seen += len(further)
            position = int(further.time[-1]) + 1
            stretch = min(stretch * GROWTH, LONGEST_STRETCH)
        return found

    def last_of(self, series: Series) -> Series:
        """Return of a series the last sample, the last ones with a value, and the last that is not Bad_NoData."""
        usable = np.flatnonzero(self._is_usable(series))[-self.wanted :]
        entry = np.flatnonzero(is_entry(series))[-1:]
        return _rows(series, np.unique(np.concatenate((usable, entry, np.arange(len(series))[-1:]))))

    def _first_from(self, instant: int) -> Series:
        """Return the first sample from `instant` on, alone, or none."""
        low, stretch = instant, FIRST_STRETCH
        while low <= self.last:
            high = min(low + stretch, self.last + 1)
            if high - low > LONGEST_STRETCH and len(self.reader.raw(self.tag, low, high, limit=1)):
                low, high = self._narrowed(low, high)
            if high - low <= LONGEST_STRETCH and len(found := self.reader.raw(self.tag, low, high)):
                return _rows(found, np.arange(1))
            low, stretch = high, stretch * GROWTH
        return empty_series()

    def _narrowed(self, low: int, high: int) -> tuple[int, int]:
        """Return the part of a stretch with samples that the first one lies in, short enough to be read."""
        while high - low > LONGEST_STRETCH:
            middle = (low + high) // 2
            if len(self.reader.raw(self.tag, low, middle, limit=1)):
                high = middle
            else:
                low = middle
        return low, high

    def _is_usable(self, series: Series) -> NDArray[np.bool_]:
        return is_usable(series, self.configuration)


def joined(*parts: Series) -> Series:
    """Return stretches of one tag, each behind the one before, as one."""
    filled = [part for part in parts if len(part)]
    if len(filled) <= 1:
        return filled[0] if filled else empty_series()
    return Series(
        np.concatenate([part.time for part in filled]),
        np.concatenate([part.value for part in filled]),
        np.concatenate([part.status for part in filled]),
    )


def _rows(series: Series, rows: NDArray[np.intp]) -> Series:
    return Series(series.time[rows], series.value[rows], series.status[rows])
