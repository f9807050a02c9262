"""When one tag will reach its limit: the forecast of one ForecastDefinition, or an honest reason why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from app.model.alarm import ConditionKind
from app.model.clock import NS_PER_S
from app.model.forecast import Evidence, Forecast, ForecastDefinition, ForecastState
from app.prediction.bucket import BUCKETS, Bucket, BucketWindow, WindowState
from app.prediction.course import Course
from app.prediction.habit import Habit
from app.prediction.segment import FEWEST
from app.prediction.state import digest_of, pack, unpack
from app.prediction.track_record import RecordState, TrackRecord
from app.prediction.view import View, count_of, look_at, recent_level

VERSION = "trend 1"
"""Of this forecast, to tell what was said by which; it rises whenever the same past would be told otherwise."""
_SECONDS_PER_HOUR = 3_600.0
_RECORD_EVERY = 5
_REACH = 0.5
_NEAREST = 0.05
_SILENT_BUCKETS = 5
_SILENT_S = 10.0


@dataclass(frozen=True, slots=True)
class _TrendState:
    window: WindowState
    record: RecordState
    habit: list[float]
    first: int
    usable: int
    repaired: int
    is_bad: bool


class TrendForecast:
    """Follows one tag towards its limit.

    All times are the wall clock's; the definition's hours are the plant's and are divided by `time_scale`. The result
    depends on the samples and on `now` alone.
    """

    def __init__(self, definition: ForecastDefinition, *, time_scale: float = 1.0, phase: int = 0) -> None:
        """Begin without a past; `phase`: at which buckets the record is kept, so that not all do it at once."""
        self.definition = definition
        self._sign = -1.0 if definition.direction is ConditionKind.LOW else 1.0
        self._limit = self._sign * definition.limit
        self._window = int(definition.window_h * _SECONDS_PER_HOUR / time_scale * NS_PER_S)
        self._horizon = definition.horizon_h * _SECONDS_PER_HOUR / time_scale
        self._buckets = BucketWindow(self._window)
        self._record = TrackRecord((FEWEST + _RECORD_EVERY) * self._buckets.width / NS_PER_S)
        self._habit = Habit()
        self._phase = phase
        self._is_bad = False
        self._first = 0
        self._usable = 0
        self._repaired = 0

    @property
    def newest_bucket(self) -> int:
        """Return the number of the newest closed bucket, -1 where there is none: a forecast changes with it."""
        bucket = self._buckets.newest
        return bucket.number if bucket else -1

    def add(self, time: int, value: float) -> None:
        """Take a usable sample (ns UTC, tag unit)."""
        self._first = self._first or time
        self._usable, self._is_bad = max(self._usable, time), False
        closed = self._buckets.add(time, self._sign * value)
        if closed is not None and (closed.number + self._phase) % _RECORD_EVERY == 0:
            self._keep_record(is_window_full=(closed.number + self._phase) % BUCKETS == 0)

    def lose(self) -> None:
        """Note that the tag has no usable value now."""
        self._is_bad = True

    def is_silent(self, now: int) -> bool:
        """Return whether nothing usable has come for long; for a fifth of that where bad values came instead."""
        patience = max(_SILENT_BUCKETS * self._buckets.width, int(_SILENT_S * NS_PER_S))
        if self._is_bad:
            patience //= 5
        return (self._is_bad or self._usable > 0) and now - self._usable > patience

    def forecast(self, now: int) -> Forecast:
        """Return what can be said at `now` (ns UTC)."""
        blank = Forecast(
            forecast=self.definition.id,
            equipment=self.definition.equipment,
            tag=self.definition.tag,
            state=ForecastState.LEARNING,
            made=now,
            coverage=self._record.coverage,
            seen_s=(now - self._first) / NS_PER_S if self._first else 0.0,
        )
        if self.is_silent(now):
            return replace(blank, state=ForecastState.BAD_DATA)
        buckets = self._buckets.buckets()
        recent = recent_level(buckets)
        blank = replace(blank, level=self._sign * recent, points=count_of(buckets))
        if recent >= self._limit:
            return replace(blank, state=ForecastState.AT_LIMIT)
        view = self._look(buckets)
        if view is None:
            is_young = not self._first or (now - self._first < self._window and not self._repaired)
            return replace(blank, state=ForecastState.LEARNING if is_young else ForecastState.NOT_ENOUGH_HISTORY)
        if view.course is None or self._record.is_fickle:
            return replace(blank, state=ForecastState.NO_TREND)
        return self._told(replace(blank, points=view.points), view.course, end=view.end)

    @property
    def basis(self) -> str:
        """Return a digest of what the definition asks for: a state fits where it is the same."""
        asked = self.definition
        return digest_of((VERSION, asked.tag, asked.limit, asked.direction, self._window, self._horizon))

    def save(self) -> bytes:
        """Return all that is known, from which `restore` goes on as if nothing had happened."""
        state = _TrendState(
            self._buckets.state,
            self._record.state,
            self._habit.levels,
            self._first,
            self._usable,
            self._repaired,
            self._is_bad,
        )
        return pack(state)

    def restore(self, data: bytes) -> None:
        """Go on where `save` was asked; raise StateMisfit, and change nothing, where that was not of this forecast."""
        state = unpack(_TrendState, data)
        self._buckets.restore(state.window)
        self._record.restore(state.record)
        self._habit.restore(state.habit)
        self._first, self._usable = state.first, state.usable
        self._repaired, self._is_bad = state.repaired, state.is_bad

    def _told(self, blank: Forecast, course: Course, *, end: int) -> Forecast:
        """Return the forecast of a rise; where even its direction is in doubt, only how early the limit may come."""
        level = min(course.line.level + course.slope * (blank.made - end) / NS_PER_S, self._limit)
        gap = max(self._limit - level, 1e-9 * abs(self._limit) + 1e-12)
        rise = self._record.widened(course.to(gap))
        soon = max(gap - course.doubt, _NEAREST * gap) / rise.fast
        late = (gap + course.doubt) / rise.slow if rise.slow > 0.0 else math.inf
        middle = gap / rise.middle if late < math.inf else math.inf
        return replace(
            blank,
            state=ForecastState.FORECAST if middle <= self._horizon else ForecastState.BEYOND_HORIZON,
            level=self._sign * level,
            slope=self._sign * rise.middle,
            slope_p10=self._sign * gap / soon,
            slope_p90=self._sign * (gap / late if late < math.inf else rise.slow),
            p10=self._instant(blank.made, soon),
            p50=self._instant(blank.made, middle),
            p90=self._instant(blank.made, late),
            evidence=self._evidence(),
        )

    def _instant(self, made: int, seconds: float) -> int:
        return made + round(seconds * NS_PER_S) if seconds <= self._horizon else 0

    def _evidence(self) -> Evidence:
        tests, coverage = self._record.tests, self._record.coverage
        if tests >= 20 and coverage >= 0.75:
            return Evidence.HIGH
        return Evidence.MEDIUM if tests >= 8 and coverage >= 0.6 else Evidence.LOW

    def _look(self, buckets: list[Bucket]) -> View | None:
        is_past = not buckets or self._repaired < buckets[0].time
        may_skip = is_past and not self._record.is_waiting
        return look_at(buckets, habitual=self._habit.highest, may_skip=may_skip)

    def _keep_record(self, *, is_window_full: bool) -> None:
        buckets = self._buckets.buckets()
        view = self._look(buckets)
        if view is None:
            return
        if view.repair is not None and view.repair.time > self._repaired + self._buckets.width:
            self._repaired = view.repair.time
            self._record.void()
            self._habit.forget_above(view.repair.middle)
        elif is_window_full:
            self._habit.add(np.array([bucket.value for bucket in buckets]), limit=self._limit)
        end = view.end / NS_PER_S
        self._record.test(end, view.level)
        if view.course is not None and view.level < self._limit:
            reach = max(_REACH * view.course.age, 4 * self._buckets.width / NS_PER_S)
            self._record.claim(end, view.level, rise=view.course.over(reach), reach=reach)
