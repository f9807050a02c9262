"""What a tag's recent past shows: a level, and a rise if there is one that is more than its habit."""

from __future__ import annotations

import math
import statistics
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.prediction.bucket import Bucket, columns
from app.prediction.course import Course, course_of, falls, lines_of
from app.prediction.line import Line
from app.prediction.order_statistic import median, quantile
from app.prediction.segment import FEWEST, Segment, segments

Array = NDArray[np.float64]

_SIGNIFICANT = 5.0
_FORMER = 0.98
_USUAL = 0.75


@dataclass(frozen=True, slots=True)
class Repair:
    """A clear step down at `time` (ns UTC), from above the level `middle` to below it."""

    time: int
    middle: float


@dataclass(frozen=True, slots=True)
class View:
    """A signal that may rise to a limit, as seen at `end` (ns UTC), the newest bucket's time.

    `level`: where it is; `course`: of its rise, None where there is none to speak of; `points`: samples behind it;
    `repair`: the one step down in the window, if there is exactly one.
    """

    end: int
    level: float
    course: Course | None
    points: int
    repair: Repair | None = None


def look_at(buckets: list[Bucket], *, habitual: float, may_skip: bool) -> View | None:
    """Return what the buckets show, None where there are too few to say anything.

    A rise counts only if it is significant and has left what the tag was before, within the window and by habit (above
    `habitual`): a compressor's pressure or a furnace's temperature that rises within its usual range is no degradation.
    One step down in the window is taken for a repair, which begins the past anew; several are the habit of the tag.

    `may_skip`: whether a signal no higher than usual needs no closer look, which costs most of the time.
    """
    if len(buckets) < FEWEST:
        return None
    origin = buckets[-1].time
    times, values = columns(buckets, origin)
    if may_skip and not _is_high(values):
        return View(origin, recent_level(buckets), None, count_of(buckets))
    stretches = segments(times, values)
    lines = lines_of(times, values, stretches)
    repair, first = _repair(buckets, stretches, lines)
    if repair is not None:
        begin = stretches[first].begin
        times, values, buckets = times[begin:], values[begin:], buckets[begin:]
        stretches = [replace(stretch, begin=stretch.begin - begin) for stretch in stretches[first:]]
        lines = lines[first:]
    course = course_of(times, values, stretches=stretches, lines=lines)
    if course is None or not _is_news(values, course, habitual):
        return View(origin, recent_level(buckets), None, count_of(buckets), repair)
    return View(origin, course.line.level, course, count_of(buckets[course.begin :]), repair)


def recent_level(buckets: list[Bucket]) -> float:
    """Return the median of the three newest buckets, NaN where there is none."""
    return statistics.median(bucket.value for bucket in buckets[-3:]) if buckets else math.nan


def count_of(buckets: list[Bucket]) -> int:
    """Return the number of samples in the buckets."""
    return sum(bucket.count for bucket in buckets)


def _is_high(values: Array) -> bool:
    """Return whether the newest values are among the highest quarter of those before, or there are few before."""
    if len(values) < 3 * FEWEST:
        return True
    return median(values[-FEWEST:]) > quantile(values[:-FEWEST], _USUAL)


def _is_news(values: Array, course: Course, habitual: float) -> bool:
    line = course.line
    if line.significance < _SIGNIFICANT or line.level < habitual:
        return False
    if course.begin < FEWEST:
        return True
    return line.level > quantile(values[: course.begin], _FORMER) + line.noise


def _repair(buckets: list[Bucket], stretches: list[Segment], lines: list[Line]) -> tuple[Repair | None, int]:
    """Return the repair in the window, if it holds exactly one step down, and the place of the stretch after it."""
    steps = [place for place in range(1, len(stretches)) if falls(stretches[place], lines[place - 1])]
    if len(steps) != 1:
        return None, 0
    (place,) = steps
    middle = lines[place - 1].level + stretches[place].jump / 2
    return Repair(buckets[stretches[place].begin].time, middle), place
