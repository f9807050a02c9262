"""The aggregates of OPC 10000-13 in plain Python, one interval and one sample at a time, to compare with."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from app.history.aggregate.configuration import AggregateConfiguration
from app.history.aggregate.kind import Aggregate
from app.model import status

NO_DATA = status.BAD_NO_DATA
DOUBTFUL = status.UNCERTAIN_DATA_SUB_NORMAL
NONE = math.nan


@dataclass(frozen=True)
class Point:
    """A sample or a bound."""

    time: int
    value: float
    code: int


@dataclass(frozen=True)
class Region:
    """A stretch of time of one quality."""

    begin: Point
    end: Point
    duration: int
    quality: str


@dataclass
class SlowTag:
    """The samples of a tag, and everything that the standard says of them."""

    samples: list[Point]
    configuration: AggregateConfiguration
    is_stepped: bool
    covered: int | None = None
    known: list[Point] = field(init=False)

    def __post_init__(self) -> None:
        rows = [
            Point(row.time, row.value, NO_DATA if math.isnan(row.value) and row.code < status.BAD else row.code)
            for row in self.samples
        ]
        while rows and rows[0].code & status.CODE_MASK == NO_DATA:
            del rows[0]
        self.samples = rows
        self.known = list(rows)
        if self.covered is not None and rows and self.covered > rows[-1].time:
            self.known.append(Point(self.covered, rows[-1].value, rows[-1].code))

    def quality(self, point: Point) -> str:
        if point.code >= status.BAD:
            return "bad"
        if point.code >= status.UNCERTAIN:
            return "bad" if self.configuration.treat_uncertain_as_bad and point in self.known else "uncertain"
        return "good"

    def has_value(self, point: Point) -> bool:
        return self.quality(point) != "bad"

    # --- bounding values ---------------------------------------------------------------------

    def interpolated(self, time: int, *, is_stepped: bool) -> Point:
        missing = Point(time, NONE, NO_DATA)
        before = [row for row in self.known if row.time < time and self.has_value(row)]
        after = [row for row in self.known if row.time > time and self.has_value(row)]
        for row in self.known:
            if row.time == time and self.has_value(row):
                return row
        if not before:
            return missing
        left = before[-1]
        is_doubtful = self.quality(left) != "good"
        if is_stepped:
            is_doubtful |= any(left.time < row.time <= time for row in self.known) or time > self.known[-1].time
            value = left.value
        elif after:
            right = after[0]
            is_doubtful |= self.quality(right) != "good"
            is_doubtful |= any(left.time < row.time < right.time for row in self.known)
            value = self.line(time, left, right)
        else:
            is_doubtful = True
            value = left.value
            if self.configuration.use_sloped_extrapolation and len(before) > 1:
                value = self.line(time, before[-2], left)
        return Point(time, value, (DOUBTFUL if is_doubtful else status.GOOD) | status.INTERPOLATED)

    def simple(self, time: int) -> Point:
        missing = Point(time, NONE, NO_DATA)
        for row in self.known:
            if row.time == time:
                return row if self.has_value(row) else missing
        before = [row for row in self.known if row.time < time]
        after = [row for row in self.known if row.time > time]
        if not before or not after or not self.has_value(before[-1]):
            return missing
        left, right = before[-1], after[0]
        is_doubtful = self.quality(left) != "good"
        value = left.value
        if not self.is_stepped:
            is_doubtful |= self.quality(right) != "good"
            if self.has_value(right):
                value = self.line(time, left, right)
        return Point(time, value, (DOUBTFUL if is_doubtful else status.GOOD) | status.INTERPOLATED)

    @staticmethod
    def line(time: int, left: Point, right: Point) -> float:
        return left.value + (right.value - left.value) * (time - left.time) / (right.time - left.time)

    # --- what lies in an interval ------------------------------------------------------------

    def inside(self, begin: int, end: int) -> list[Point]:
        return [row for row in self.samples if begin <= row.time < end]

    def of(self, quality: str, begin: int, end: int) -> list[Point]:
        return [row for row in self.inside(begin, end) if self.quality(row) == quality]

    def regions(self, begin: int, end: int, *, is_stepped: bool) -> list[Region]:
        between = [row for row in self.known if begin < row.time < end]
        points = [self.simple(begin), *between, self.simple(end)]
        found = []
        for left, right in pairwise(points):
            duration = right.time - left.time
            if left.time == self.known[-1].time and self.has_value(left):
                duration = min(self.configuration.resolution, duration)
            quality = self.quality(left)
            if quality == "good" and not is_stepped and self.quality(right) != "good":
                quality = "uncertain"
            found.append(Region(left, right, duration, quality))
        return found

    def by_share(self, good: float, bad: float, total: float) -> int:
        if not total or good / total * 100 >= self.configuration.percent_data_good:
            return status.GOOD | status.CALCULATED
        if bad / total * 100 >= self.configuration.percent_data_bad:
            return status.BAD
        return DOUBTFUL | status.CALCULATED

    # --- the aggregates: value, code and time of one interval ----------------------------------

    def aggregate(self, kind: Aggregate, begin: int, end: int, *, is_rest: bool) -> Point:
        """Return the aggregate of begin <= t < end; `is_rest`: it is the last interval and shorter than the others."""
        if not self.known:
            return Point(begin, NONE, NO_DATA)
        first, last = self.known[0].time, self.known[-1].time
        if kind is not Aggregate.INTERPOLATIVE and (end <= first or begin > last):
            return Point(begin, NONE, NO_DATA)
        method: Callable[[int, int], Point] = getattr(self, kind.name.lower())
        point = method(begin, end)
        code, value = point.code, point.value
        if code >= status.BAD:
            value = NONE
        elif math.isnan(value):
            code = status.BAD_AGGREGATE_INVALID_INPUTS
        if kind not in {Aggregate.INTERPOLATIVE, Aggregate.AVERAGE} and (
            begin < first < end or begin <= last < end or (is_rest and last >= end)
        ):
            code |= status.PARTIAL
        return Point(point.time, value, code)

    def interpolative(self, begin: int, _end: int) -> Point:
        return self.interpolated(begin, is_stepped=self.is_stepped)

    def share_of_samples(self, begin: int, end: int) -> int:
        good, bad = len(self.of("good", begin, end)), len(self.of("bad", begin, end))
        return self.by_share(good, bad, len(self.inside(begin, end)))

    def average(self, begin: int, end: int) -> Point:
        good = [row.value for row in self.of("good", begin, end)]
        if not good:
            return Point(begin, NONE, NO_DATA)
        return Point(begin, sum(good) / len(good), self.share_of_samples(begin, end))

    def time_average(self, begin: int, end: int) -> Point:
        area, seconds, code = self.interpolated_area(begin, end)
        return Point(begin, area / seconds if seconds else NONE, code)

    def total(self, begin: int, end: int) -> Point:
        area, _, code = self.interpolated_area(begin, end)
        return Point(begin, area, code)

    def interpolated_area(self, begin: int, end: int) -> tuple[float, float, int]:
        between = [row for row in self.known if begin < row.time < end and self.has_value(row)]
        bounds = [self.interpolated(time, is_stepped=False) for time in (begin, end)]
        points = [bounds[0], *between, bounds[1]]
        usable = [point for point in points if point.code < status.BAD]
        area = sum((right.time - left.time) * (left.value + right.value) / 2e9 for left, right in pairwise(usable))
        seconds = (usable[-1].time - usable[0].time) / 1e9 if usable else 0.0
        if not seconds:
            return NONE, 0.0, NO_DATA
        is_good = not self.of("bad", begin, end) and all(point.code < status.UNCERTAIN for point in points)
        return area, seconds, (status.GOOD if is_good else DOUBTFUL) | status.CALCULATED

    def time_average_2(self, begin: int, end: int) -> Point:
        area, seconds, code = self.simple_area(begin, end)
        return Point(begin, area / seconds if seconds else NONE, code)

    def total_2(self, begin: int, end: int) -> Point:
        area, _, code = self.simple_area(begin, end)
        return Point(begin, area, code)

    def simple_area(self, begin: int, end: int) -> tuple[float, float, int]:
        area = seconds = 0.0
        regions = self.regions(begin, end, is_stepped=self.is_stepped)
        for region in regions:
            if region.quality == "bad":
                continue
            is_flat = self.is_stepped or not self.has_value(region.end)
            last = region.begin.value if is_flat else region.end.value
            area += region.duration * (region.begin.value + last) / 2e9
            seconds += region.duration / 1e9
        return (area, seconds, self.share_of_time(regions)) if seconds else (NONE, 0.0, NO_DATA)

    def share_of_time(self, regions: list[Region]) -> int:
        good, bad = (
            sum(region.duration for region in regions if region.quality == quality) for quality in ("good", "bad")
        )
        return self.by_share(good, bad, sum(region.duration for region in regions))

    def minimum(self, begin: int, end: int) -> Point:
        return self.extreme(begin, end, min, is_at_start=True)

    def maximum(self, begin: int, end: int) -> Point:
        return self.extreme(begin, end, max, is_at_start=True)

    def minimum_actual_time(self, begin: int, end: int) -> Point:
        return self.extreme(begin, end, min, is_at_start=False)

    def maximum_actual_time(self, begin: int, end: int) -> Point:
        return self.extreme(begin, end, max, is_at_start=False)

    def extreme(self, begin: int, end: int, choose: Callable[..., float], *, is_at_start: bool) -> Point:
        good = self.of("good", begin, end)
        if not good:
            return Point(begin, NONE, NO_DATA)
        value = choose(row.value for row in good)
        same = [row for row in good if row.value == value]
        others = [row.value for row in self.of("uncertain", begin, end)]
        is_doubtful = bool(self.of("bad", begin, end)) or choose([value, *others]) != value
        code = DOUBTFUL if is_doubtful else status.GOOD
        if is_at_start and (is_doubtful or same[0].time != begin):
            code |= status.CALCULATED
        if len(same) > 1:
            code |= status.MULTIPLE_VALUES
        return Point(begin if is_at_start else same[0].time, value, code)

    def range(self, begin: int, end: int) -> Point:
        least, greatest = self.minimum(begin, end), self.maximum(begin, end)
        worst = max(least.code & status.CODE_MASK, greatest.code & status.CODE_MASK)
        return Point(begin, greatest.value - least.value, worst if worst >= status.BAD else worst | status.CALCULATED)

    def count(self, begin: int, end: int) -> Point:
        return Point(begin, float(len(self.of("good", begin, end))), self.share_of_samples(begin, end))

    def number_of_transitions(self, begin: int, end: int) -> Point:
        number = 0
        state: bool | None = None
        for row in self.samples:
            if self.has_value(row):
                if begin <= row.time < end and state is not (row.value != 0):
                    number += 1
                state = row.value != 0
        return Point(begin, float(number), self.share_of_samples(begin, end))

    def duration_in_state_zero(self, begin: int, end: int) -> Point:
        return self.in_state(begin, end, is_zero=True)

    def duration_in_state_non_zero(self, begin: int, end: int) -> Point:
        return self.in_state(begin, end, is_zero=False)

    def in_state(self, begin: int, end: int, *, is_zero: bool) -> Point:
        regions = self.regions(begin, end, is_stepped=True)
        there = [region for region in regions if region.quality == "good" and (region.begin.value == 0) == is_zero]
        return Point(begin, sum(region.duration for region in there) / 1e6, self.share_of_time(regions))

    def start(self, begin: int, end: int) -> Point:
        return next(iter(self.inside(begin, end)), Point(begin, NONE, NO_DATA))

    def end(self, begin: int, end: int) -> Point:
        return next(reversed(self.inside(begin, end)), Point(begin, NONE, NO_DATA))

    def delta(self, begin: int, end: int) -> Point:
        rows, good = self.inside(begin, end), self.of("good", begin, end)
        if not good:
            return Point(begin, NONE, NO_DATA)
        is_doubtful = rows[0] != good[0] or rows[-1] != good[-1]
        code = (DOUBTFUL if is_doubtful else status.GOOD) | status.CALCULATED
        return Point(begin, good[-1].value - good[0].value, code)

    def start_bound(self, begin: int, _end: int) -> Point:
        return self.simple(begin)

    def end_bound(self, begin: int, end: int) -> Point:
        bound = self.simple(end)
        code = bound.code if bound.code >= status.BAD else bound.code & status.CODE_MASK | status.CALCULATED
        return Point(begin, bound.value, code)

    def delta_bounds(self, begin: int, end: int) -> Point:
        bounds = [self.simple(begin), self.simple(end)]
        if any(bound.code >= status.BAD for bound in bounds):
            return Point(begin, NONE, NO_DATA)
        is_good = all(bound.code < status.UNCERTAIN for bound in bounds)
        code = (status.GOOD if is_good else DOUBTFUL) | status.CALCULATED
        return Point(begin, bounds[1].value - bounds[0].value, code)

    def duration_good(self, begin: int, end: int) -> Point:
        return self.lasting("good", begin, end)

    def duration_bad(self, begin: int, end: int) -> Point:
        return self.lasting("bad", begin, end)

    def percent_good(self, begin: int, end: int) -> Point:
        return self.lasting("good", begin, end, is_share=True)

    def percent_bad(self, begin: int, end: int) -> Point:
        return self.lasting("bad", begin, end, is_share=True)

    def lasting(self, quality: str, begin: int, end: int, *, is_share: bool = False) -> Point:
        regions = self.regions(begin, end, is_stepped=True)
        duration = sum(region.duration for region in regions if region.quality == quality)
        whole = sum(region.duration for region in regions)
        return Point(begin, duration / whole * 100 if is_share else duration / 1e6, status.GOOD | status.CALCULATED)

    def worst_quality(self, begin: int, end: int) -> Point:
        rows = self.inside(begin, end)
        if not rows:
            return Point(begin, NONE, NO_DATA)
        worst = max(status.severity(row.code) for row in rows)
        same = [row for row in rows if status.severity(row.code) == worst]
        bits = status.MULTIPLE_VALUES if worst and len(same) > 1 else 0
        return Point(begin, float(same[0].code & status.CODE_MASK), status.GOOD | status.CALCULATED | bits)

    def variance_sample(self, begin: int, end: int) -> Point:
        return self.spread(begin, end, statistics.variance)

    def variance_population(self, begin: int, end: int) -> Point:
        return self.spread(begin, end, statistics.pvariance)

    def standard_deviation_sample(self, begin: int, end: int) -> Point:
        return self.spread(begin, end, statistics.stdev)

    def standard_deviation_population(self, begin: int, end: int) -> Point:
        return self.spread(begin, end, statistics.pstdev)

    def spread(self, begin: int, end: int, measure: Callable[[list[float]], float]) -> Point:
        good = [row.value for row in self.of("good", begin, end)]
        if not good:
            return Point(begin, NONE, NO_DATA)
        is_doubtful = len(good) < len(self.inside(begin, end))
        code = (DOUBTFUL if is_doubtful else status.GOOD) | status.CALCULATED
        return Point(begin, measure(good) if len(good) > 1 else 0.0, code)
