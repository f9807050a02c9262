"""One pen of a trend: the history of a tag and its live samples as one curve without a seam."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.model.clock import NS_PER_MS, NS_PER_S
from app.model.status import BAD
from app.model.tag import TagDefinition
from widgets.trend.decimate import NEVER, Columns, Stretch, decimate, join, no_columns, samples
from widgets.trend.growing_columns import GrowingColumns
from widgets.trend.live_buffer import LiveBuffer

SETTLE_NS = 2 * NS_PER_S
"""A sample may take this long from the collector to the history file."""
_SHORTEST_GAP_NS = 30 * NS_PER_S
_RAW_SAMPLES = 20_000
_BUCKETS_PER_PIXEL = 2
_AHEAD = 8
"""The part of what is in view that is kept loaded beyond it in a replay; twice as much is loaded at a time."""


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """What a trend asks the history for: start <= time < end (int64 ns UTC), in `buckets` buckets, samples where 0."""

    tag: str
    start: int
    end: int
    buckets: int = 0

    @property
    def bucket_ns(self) -> int:
        """Return the width of one bucket, 0 for samples."""
        return (self.end - self.start) // self.buckets if self.buckets else 0


@dataclass(frozen=True, slots=True)
class LoadedHistory:
    """The answer: all points that the history held for the query at the instant `asked` (int64 ns UTC).

    `longest`: the longest time for which one of the points stands, in ns.
    """

    query: HistoryQuery
    stretch: Stretch
    asked: int
    longest: int = 0

    @property
    def settled(self) -> int:
        """Return the instant up to which nothing can be missing any more."""
        return min(self.query.end, self.asked - SETTLE_NS)


def longest_gap(tag: TagDefinition) -> int:
    """Return how many ns may pass between two samples of a tag before its curve is interrupted.

    Many servers tell changes alone: a value holds until the next one, or until a bad one or a gap on record. So only a
    tag of which is said for how long it may be silent (`stale_s`) is interrupted by silence itself.
    """
    stale = int(3 * tag.cleaning.stale_s * NS_PER_S)
    return max(_usual_gap(tag), stale) if stale else NEVER


def _usual_gap(tag: TagDefinition) -> int:
    return max(_SHORTEST_GAP_NS, 20 * tag.scan_ms * NS_PER_MS)


class Trace:
    """The curve of one tag: what was loaded, and after its last point the live samples."""

    def __init__(self, tag: TagDefinition, live: LiveBuffer) -> None:
        self.tag = tag
        self.live = live
        self._gap = longest_gap(tag)
        self._margin = self._gap if self._gap != NEVER else _usual_gap(tag)
        self._loaded: LoadedHistory | None = None
        self._late_seen = live.late
        self._past: tuple[int, Columns] | None = None
        self._growing: GrowingColumns | None = None
        self._grown = (0, 0)

    @property
    def loaded(self) -> LoadedHistory | None:
        """Return what the history has answered, if anything."""
        return self._loaded

    @property
    def oldest(self) -> int:
        """Return the time of the first point there is, int64 ns UTC; 0 while nothing was loaded."""
        if self._loaded is None:
            return 0
        points = self._loaded.stretch.time
        return int(points[0]) if len(points) else self.live.oldest

    def take(self, loaded: LoadedHistory) -> None:
        """Draw this history from now on."""
        self._loaded = loaded
        self._late_seen = self.live.late
        self._past = self._growing = None

    def wanted(self, start: int, end: int, pixel_ns: int, *, now: int) -> HistoryQuery | None:
        """Return what must be asked to show `start` .. `end` at `pixel_ns` per pixel, None where everything is here.

        `now`: up to where there may be any history, int64 ns UTC; in a replay that is later than `end`.
        """
        end = min(end, now)
        if end <= start or self._covers(start, end, pixel_ns, now):
            return None
        margin = max((end - start) // 4, self._margin)  # what is joined to the edges is there too
        first, last = start - margin, min(end + margin, now) + 1
        if (last - first) // (max(self.tag.scan_ms, 1) * NS_PER_MS) <= _RAW_SAMPLES:
            return HistoryQuery(self.tag.name, first, last)
        buckets = max(1, _BUCKETS_PER_PIXEL * (last - first) // max(pixel_ns, 1))
        return HistoryQuery(self.tag.name, first, last, buckets)

    def columns(self, start: int, end: int, width: int) -> Columns:
        """Return the columns with start <= index < end of `width` ns each, history and live in one.

        Where the curve goes on beyond them, the neighbours are there too.
        """
        return self.all_columns(width).reaching(start, end)

    def all_columns(self, width: int) -> GrowingColumns:
        """Return all columns of `width` ns; the same object as before where samples have only gone on."""
        if self._growing is None or self._growing.width != width or not self._goes_on(self._growing):
            self._grown = (self.live.appended, self.live.merged)
            self._growing = self._made(width)
        return self._growing

    def _goes_on(self, growing: GrowingColumns) -> bool:
        """Take what has come since; return False where that does not just follow."""
        appended, merged = self._grown
        number = self.live.appended - appended
        if not number:
            return True
        if merged != self.live.merged or number > len(self.live):
            return False
        self._grown = (self.live.appended, merged)
        news = self.live.series()
        return growing.take(news.time[-number:], news.value[-number:], news.status[-number:])

    def _made(self, width: int) -> GrowingColumns:
        present = self._present_stretch()
        columns = join(self._past_columns(width), decimate(present, width, longest_gap=self._gap))
        past = self._loaded.stretch if self._loaded is not None else present
        last = present if len(present) else past
        newest = max(int(each.time[-1]) if len(each) else 0 for each in (past, present))
        is_whole = bool(len(last)) and bool(last.status[-1] < np.uint32(BAD)) and not np.isnan(last.last[-1])
        return GrowingColumns(columns, width=width, gap=self._gap, newest=newest, is_whole=is_whole)

    def version(self) -> tuple[int, int]:
        """Return what changes whenever the curve does."""
        return (self._loaded.asked if self._loaded else 0, self.live.appended)

    def at(self, instant: int) -> tuple[float, int] | None:
        """Return value and status of the last point at or before `instant` (ns UTC), None where there is none."""
        live = self.live.series()
        row = int(np.searchsorted(live.time, instant, side="right")) - 1
        if row >= 0:
            return float(live.value[row]), int(live.status[row])
        if self._loaded is None:
            return None
        past = self._loaded.stretch
        row = int(np.searchsorted(past.time, instant, side="right")) - 1
        return (float(past.last[row]), int(past.status[row])) if row >= 0 else None

    def _covers(self, start: int, end: int, pixel_ns: int, now: int) -> bool:
        loaded = self._loaded
        if loaded is None:
            return False
        if start < loaded.query.start or loaded.query.bucket_ns > pixel_ns:
            return False
        if not self.live.is_fed:
            # what a replay is about to show is asked for before it is needed
            ahead = end + max((end - start) // _AHEAD, self._margin // 2)
            return min(ahead, now - 2 * SETTLE_NS) <= loaded.settled
        if self.live.late != self._late_seen and now > loaded.asked + 2 * SETTLE_NS:
            return False
        if end <= loaded.settled or not len(self.live):
            return True
        waits = now < self.live.oldest + SETTLE_NS
        return self.live.oldest <= max(loaded.settled, start) or waits

    def _past_columns(self, width: int) -> Columns:
        if self._loaded is None:
            return no_columns()
        if self._past is None or self._past[0] != width:
            gap = max(self._gap, 3 * self._loaded.query.bucket_ns, 3 * self._loaded.longest)
            self._past = (width, decimate(self._loaded.stretch, width, longest_gap=gap))
        return self._past[1]

    def _present_stretch(self) -> Stretch:
        live = samples(self.live.series())
        past = self._loaded.stretch if self._loaded else None
        if past is None or not len(past):
            return live
        news = live.part(int(np.searchsorted(live.time, past.time[-1], side="right")), len(live))
        return _after(_last_usable(past), news) if len(news) else news


def _last_usable(past: Stretch) -> Stretch:
    if past.status[-1] < np.uint32(BAD) and not np.isnan(past.last[-1]):
        return past.part(len(past) - 1, len(past))
    usable = np.flatnonzero((past.status < np.uint32(BAD)) & ~np.isnan(past.last))
    return past.part(int(usable[-1]) if len(usable) else 0, len(past))


def _after(anchor: Stretch, news: Stretch) -> Stretch:
    """Return the samples `news` behind the last point of the history, so that a gap between the two is seen as one."""
    value = np.concatenate((anchor.last, news.last))
    time, code = np.concatenate((anchor.time, news.time)), np.concatenate((anchor.status, news.status))
    return Stretch(time, value, value, value, value, code)
