"""A plain model of a history with limits: dictionaries, every rule applied anew to all that there is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from app.history.layout import HOUR_NS
from app.model import status as status_code
from app.model.clock import NS_PER_S
from app.model.retention import Retention

MINUTE_NS = 60 * NS_PER_S
HOURS_PER_PAGE = {MINUTE_NS: 24, HOUR_NS: 240}
Sample = tuple[float, int]
"""Value and status."""
Extent = tuple[float, float, int, int]
"""Minimum and maximum of the usable values (NaN where there is none), worst status, count."""


def extent_of(samples: Mapping[int, Sample]) -> Extent:
    """Return what a bucket says of samples by time."""
    values = [value for value, code in samples.values() if code < status_code.BAD and not math.isnan(value)]
    worst = max(code for _, code in samples.values())
    return (min(values, default=math.nan), max(values, default=math.nan), worst, len(samples))


def joined(one: Extent, other: Extent) -> Extent:
    """Return what a bucket says that holds both."""
    return (
        float(np.fmin(one[0], other[0])),
        float(np.fmax(one[1], other[1])),
        max(one[2], other[2]),
        one[3] + other[3],
    )


@dataclass(slots=True)
class HistoryModel:
    """What a history must hold.

    `loose`, `compacted`: samples by tag and time; of the same ones the loose one counts. `known`: hours of a tag that
    were compacted. `thinned`: those whose samples are gone. `rollups`: buckets of thinned hours, by width, tag and
    time. `pages`: those that exist, by width, tag and number.
    """

    loose: dict[tuple[int, int], Sample] = field(default_factory=dict)
    compacted: dict[tuple[int, int], Sample] = field(default_factory=dict)
    known: set[tuple[int, int]] = field(default_factory=set)
    thinned: set[tuple[int, int]] = field(default_factory=set)
    rollups: dict[int, dict[tuple[int, int], Extent]] = field(default_factory=lambda: {MINUTE_NS: {}, HOUR_NS: {}})
    pages: dict[int, set[tuple[int, int]]] = field(default_factory=lambda: {MINUTE_NS: set(), HOUR_NS: set()})

    def compact(self) -> None:
        """Bring everything loose into its hour; what comes late for a thinned one joins its rollups."""
        for tag, hour in sorted({(tag, time // HOUR_NS) for tag, time in self.loose}):
            late = _of_hour(self.loose, tag, hour)
            if (tag, hour) in self.thinned:
                self._roll_up(tag, hour, late)
                continue
            self.compacted |= {(tag, time): sample for time, sample in late.items()}
            self.known.add((tag, hour))
            for width, hours in HOURS_PER_PAGE.items():
                self.pages[width].add((tag, hour // hours))
        self.loose.clear()

    def keep(self, limits: Mapping[int, Retention], now: int) -> None:
        """Apply limits to all that was compacted."""
        present = now // HOUR_NS
        for tag, hour in sorted(self.known - self.thinned):
            if _is_past(hour + 1, limits[tag].raw_days, present):
                self.thinned.add((tag, hour))
                gone = _of_hour(self.compacted, tag, hour)
                self._roll_up(tag, hour, gone)
                self.compacted = {
                    key: sample for key, sample in self.compacted.items() if key[0] != tag or key[1] not in gone
                }
        for width, days in ((MINUTE_NS, "minute_days"), (HOUR_NS, "hour_days")):
            hours = HOURS_PER_PAGE[width]
            for tag, page in sorted(self.pages[width]):
                if _is_past((page + 1) * hours, getattr(limits[tag], days), present):
                    self.pages[width].remove((tag, page))
                    keys = [key for key in self.rollups[width] if key[0] == tag and key[1] // HOUR_NS // hours == page]
                    for key in keys:
                        del self.rollups[width][key]
        for tag, hour in sorted(self.known):
            if _is_past((hour // 240 + 1) * 240, limits[tag].hour_days, present):
                self.known.discard((tag, hour))
                self.thinned.discard((tag, hour))

    def series(self, tag: int) -> list[tuple[int, float, int]]:
        """Return the samples of a tag as (time, value, status)."""
        both = self.compacted | self.loose
        return sorted((time, *sample) for (owner, time), sample in both.items() if owner == tag)

    def buckets(self, tag: int) -> dict[int, Extent]:
        """Return what is known of each minute; where only hours are left, of the hour, at its beginning."""
        found: dict[int, Extent] = {}
        coarse = {
            time: extent
            for (owner, time), extent in self.rollups[HOUR_NS].items()
            if owner == tag and time // HOUR_NS // 24 in self._days_without_minutes(tag)
        }
        fine = {
            time: extent
            for (owner, time), extent in self.rollups[MINUTE_NS].items()
            if owner == tag and time // HOUR_NS // 24 not in self._days_without_minutes(tag)
        }
        for time, extent in (*coarse.items(), *fine.items(), *self._minutes(tag).items()):
            found[time] = joined(found[time], extent) if time in found else extent
        return found

    def count_in_hours(self, tag: int) -> int:
        """Return the samples that a view of hours tells of."""
        return len(self.series(tag)) + sum(
            number for (owner, _), (*_, number) in self.rollups[HOUR_NS].items() if owner == tag
        )

    def _days_without_minutes(self, tag: int) -> set[int]:
        """Return the days with a thinned hour that has no minutes."""
        known = {time // HOUR_NS for owner, time in self.rollups[MINUTE_NS] if owner == tag}
        return {hour // 24 for owner, hour in self.thinned if owner == tag and hour not in known}

    def _minutes(self, tag: int) -> dict[int, Extent]:
        grouped: dict[int, dict[int, Sample]] = {}
        for time, value, code in self.series(tag):
            grouped.setdefault(time // MINUTE_NS * MINUTE_NS, {})[time] = (value, code)
        return {time: extent_of(samples) for time, samples in grouped.items()}

    def _roll_up(self, tag: int, hour: int, samples: Mapping[int, Sample]) -> None:
        for width, hours in HOURS_PER_PAGE.items():
            if (tag, hour // hours) in self.pages[width]:
                self._add(width, tag, samples)

    def _add(self, width: int, tag: int, samples: Mapping[int, Sample]) -> None:
        grouped: dict[int, dict[int, Sample]] = {}
        for time, sample in samples.items():
            grouped.setdefault(time // width * width, {})[time] = sample
        for begin, part in grouped.items():
            former = self.rollups[width].get((tag, begin))
            added = extent_of(part)
            self.rollups[width][tag, begin] = added if former is None else joined(former, added)


def _of_hour(samples: Mapping[tuple[int, int], Sample], tag: int, hour: int) -> dict[int, Sample]:
    """Return the samples of an hour of a tag by time."""
    return {time: sample for (owner, time), sample in samples.items() if (owner, time // HOUR_NS) == (tag, hour)}


def _is_past(end: int, days: float, present: int) -> bool:
    """Return whether what ends with hour `end` is older than a limit in hour `present`."""
    return days > 0 and end <= present - math.ceil(days * 24)
