"""Reads what tags were in a stretch of time out of the history, one tag after the other, no more than a day at once."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from app.history.aggregate_read import search_of
from app.history.gap import Gap
from app.history.gap_marking import GapMarkingReader
from app.history.hour_sums import HourSums
from app.history.reader import HistoryReader
from app.maintenance.meter import HOURS_PER, MeterReading, advanced, begun
from app.model.clock import NS_PER_S
from app.model.series import Series
from app.model.tag import TagDefinition, TagKind
from app.report.content import KeyValue
from app.report.course import course_of
from app.report.hour_run import Keep, ends_of, is_constant, is_rising, none, within
from app.report.hour_walk import HourWalk
from app.report.stretch import stretches
from app.report.tally import StateTally, ValueTally

_BUCKETS = 1_000
_HOUR_NS = 3_600 * NS_PER_S


@dataclass(frozen=True, slots=True)
class Sampling:
    """start <= t < end (int64 ns UTC) of a history; `gaps`: all that are known up to `end`; `stored`: the last instant.

    Hours of which enough is kept are told without their samples, so that a month is read nearly as quickly as a day.

    `check` is called between two tags: it may raise to end a long reading.
    """

    reader: HistoryReader
    start: int
    end: int
    gaps: tuple[Gap, ...]
    marking: GapMarkingReader
    stored: int
    check: Callable[[], None] = lambda: None

    @classmethod
    def of(cls, reader: HistoryReader, start: int, end: int, check: Callable[[], None] = lambda: None) -> Sampling:
        """Return what reads a stretch; raise DatabaseError."""
        extent, gaps = reader.extent(), tuple(reader.gaps(0, end))
        marking = GapMarkingReader(reader, gaps)
        return cls(reader, start, end, gaps, marking, extent[1] if extent else start, check)

    def key_value(self, tag: TagDefinition, low: float, high: float) -> KeyValue:
        """Return what a measured value was; `low`, `high`: its limits, NaN for none."""
        is_stepped = tag.kind is not TagKind.ANALOG
        walk = self._walk(tag, none if is_stepped else within(low, high))
        tally = ValueTally(low, high)
        if walk.is_thinned:
            envelope = self.reader.envelope([tag.name], self.start, self.end, _BUCKETS)[tag.name]
            tally.minimum = float(np.fmin.reduce(envelope.minimum, initial=math.nan))
            tally.maximum = float(np.fmax.reduce(envelope.maximum, initial=math.nan))
        else:
            self._add_up(walk, tally, is_stepped=is_stepped)
        lows, highs = course_of(self.reader, tag.name, (self.start, self.end), self.gaps, self.stored)
        value = _key_value(tag, tally, self.end - self.start, is_thinned=walk.is_thinned)
        return replace(value, lows=lows, highs=highs)

    def states(self, tag: TagDefinition) -> StateTally | None:
        """Return what a discrete tag was, None where its samples are no longer all kept."""
        walk = self._walk(tag, is_constant, is_state=True)
        if walk.is_thinned:
            return None
        tally = StateTally()
        for part in walk.parts():
            if isinstance(part, HourSums):
                tally.hold(float(part.first[0]), int(part.end[-1] - part.begin[0]) - 1)
            else:
                tally.take(stretches(*part, is_stepped=True, held=self.stored))
        return tally

    def counted(self, tag: TagDefinition) -> float | None:
        """Return what a counter counted, hours where it counts time; rollovers and new beginnings count on."""
        walk = self._walk(tag, is_rising)
        if walk.is_thinned:
            envelope = self.reader.envelope([tag.name], self.start, self.end, _BUCKETS)[tag.name]
            known = np.flatnonzero(np.isfinite(envelope.first))
            step = float(envelope.last[known[-1]] - envelope.first[known[0]]) if len(known) else math.nan
            return step * HOURS_PER.get(tag.unit, 1.0) if step >= 0 else None
        before: MeterReading | None = None
        total = 0.0
        for part in walk.parts():
            series, begin, until = (
                (ends_of(part), int(part.begin[0]), int(part.end[-1]) + 1) if isinstance(part, HourSums) else part
            )
            inside = _up_to(series, until)
            before = before or _reading_at(tag, inside, begin)
            if before is not None:
                after = advanced(tag, before, inside)
                total, before = total + after.total - before.total, after
        return None if before is None else total

    def integral_h(self, tag: TagDefinition) -> float | None:
        """Return a power added up over time, in its unit times hours of the clock; None where it was never known."""
        walk = self._walk(tag, within(math.nan, math.nan))
        if walk.is_thinned:
            return None
        tally = ValueTally()
        self._add_up(walk, tally, is_stepped=False)
        return tally.area / _HOUR_NS if tally.good_ns else None

    def _add_up(self, walk: HourWalk, tally: ValueTally, *, is_stepped: bool) -> None:
        for part in walk.parts():
            if isinstance(part, HourSums):
                tally.take_run(part)
            else:
                tally.take(stretches(*part, is_stepped=is_stepped, held=self.stored))

    def _walk(self, tag: TagDefinition, keep: Keep, *, is_state: bool = False) -> HourWalk:
        self.check()
        search = search_of(self.reader, tag.name, gaps=self.gaps, reach=self.end - self.start)
        marks, span = self.marking.marks(tag.name), (self.start, self.end)
        return HourWalk.of(self.reader, search, span, keep, marks=marks, is_state=is_state)


def _key_value(tag: TagDefinition, tally: ValueTally, span: int, *, is_thinned: bool) -> KeyValue:
    is_known = tally.good_ns > 0
    return KeyValue(
        tag.name,
        tag.equipment,
        tag.title,
        tag.unit,
        tag.decimals,
        _number(tally.minimum),
        _number(tally.mean),
        _number(tally.maximum),
        _number(tally.last),
        _number(tally.low),
        _number(tally.high),
        tally.below_ns / NS_PER_S if is_known and not math.isnan(tally.low) else None,
        tally.above_ns / NS_PER_S if is_known and not math.isnan(tally.high) else None,
        None if is_thinned else tally.good_ns / span,
        is_thinned=is_thinned,
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _up_to(series: Series, until: int) -> Series:
    inside = series.time < until
    return Series(series.time[inside], series.value[inside], series.status[inside])


def _reading_at(tag: TagDefinition, series: Series, begin: int) -> MeterReading | None:
    """Return the reading that counting begins with: the last good one up to `begin`, else the first one behind it."""
    before = _up_to(series, begin + 1)
    for row in range(len(before) - 1, -1, -1):
        found = begun(
            tag, Series(before.time[row : row + 1], before.value[row : row + 1], before.status[row : row + 1])
        )
        if found is not None:
            return found
    return begun(tag, series)
