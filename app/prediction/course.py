"""The course of a degradation: how it has risen since its onset, and when it may reach a limit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.prediction.line import Line, fit_line
from app.prediction.segment import Segment

Array = NDArray[np.float64]

Z80 = 1.2816
"""Half the width of the middle 80 % of a normal distribution, in standard deviations."""

_SLOPE_DOUBT = 0.15
_FASTER_DOUBT = 0.4
_SLOWER_DOUBT = 0.3
_LEAST_EXPONENT, _MOST_EXPONENT = 0.25, 4.0
_CLEAR_RISE = 4.0
_CLEAR_FALL = 6.0
_MOST_GROWTH = 50.0


@dataclass(frozen=True, slots=True)
class Rise:
    """Mean slopes over the same stretch to come (tag unit per second): the middle one and the edges of the band."""

    fast: float
    middle: float
    slow: float


@dataclass(frozen=True, slots=True)
class Course:
    """A rise as seen from its newest point: `line` through its newest straight stretch, `begin`: its onset's index.

    It has taken `age` seconds, its slope now is `slope`, and it follows (t / age) ** `exponent` since its onset: 1 for
    a steady rise, more for one that accelerates. `growth`: by what share of itself the slope grows per second, if it
    grows.
    """

    line: Line
    begin: int
    age: float
    slope: float
    exponent: float
    exponent_error: float
    growth: float

    def over(self, seconds: float) -> Rise:
        """Return the mean slopes over the next `seconds`."""
        middle = self._risen(seconds, self.exponent) / seconds
        fast = self._risen(seconds, self._fast_exponent) / seconds
        if self.growth > 0.0:
            grown = math.expm1(min(self.growth * seconds, _MOST_GROWTH)) / self.growth
            fast = max(fast, self.slope * grown / seconds)
        return self._band(fast, middle, self._risen(seconds, self._slow_exponent) / seconds)

    def to(self, gap: float) -> Rise:
        """Return the mean slopes until the signal has risen by `gap` > 0 (tag unit).

        The middle goes on by the power law. The fast edge takes the larger of a higher power and of exponential growth,
        the slow edge a lower power.
        """
        soon = self._time_for(gap, self._fast_exponent)
        if self.growth > 0.0:
            soon = min(soon, math.log1p(gap * self.growth / self.slope) / self.growth)
        middle = gap / self._time_for(gap, self.exponent)
        return self._band(gap / soon, middle, gap / self._time_for(gap, self._slow_exponent))

    @property
    def doubt(self) -> float:
        """Return how far from its line the signal may be (tag unit): so much sooner or later it may touch the limit."""
        return Z80 * math.hypot(self.line.level_error, self.line.noise / 2)

    @property
    def _fast_exponent(self) -> float:
        return self.exponent + Z80 * math.hypot(self.exponent_error / 2, _FASTER_DOUBT)

    @property
    def _slow_exponent(self) -> float:
        return max(self.exponent - Z80 * _SLOWER_DOUBT, _LEAST_EXPONENT)

    def _risen(self, seconds: float, exponent: float) -> float:
        return self.slope * self.age / exponent * math.expm1(exponent * math.log1p(seconds / self.age))

    def _time_for(self, gap: float, exponent: float) -> float:
        return self.age * math.expm1(math.log1p(gap * exponent / (self.slope * self.age)) / exponent)

    def _band(self, fast: float, middle: float, slow: float) -> Rise:
        # The doubts about the shape and about the slope itself are independent, so they add in quadrature.
        steep = Z80 * math.hypot(self.line.slope_error / self.line.slope, _SLOPE_DOUBT)
        up = math.hypot(steep, math.log(max(fast / middle, 1.0)))
        down = math.hypot(steep, max(1.0 - slow / middle, 0.0))
        return Rise(middle * math.exp(min(up, _MOST_GROWTH)), middle, middle * (1.0 - down))


def lines_of(times: Array, values: Array, stretches: list[Segment]) -> list[Line]:
    """Return the line through each of the straight `stretches` of a series (s, tag unit, shape (n,))."""
    ends = [stretch.begin for stretch in stretches[1:]] + [len(times)]
    return [fit_line(times[at.begin : end], values[at.begin : end]) for at, end in zip(stretches, ends, strict=True)]


def course_of(times: Array, values: Array, *, stretches: list[Segment], lines: list[Line]) -> Course | None:
    """Return the course that the newest of some straight `stretches` belongs to, None where that one does not rise.

    `times` (s) and `values` (tag unit, rising towards the limit), shape (n,). The onset is the begin of the earliest
    stretch from which on all rise clearly and none falls back.
    """
    line = lines[-1]
    if line.slope <= 0.0:
        return None
    first = len(lines) - 1
    while first > 0 and lines[first - 1].significance > _CLEAR_RISE and not falls(stretches[first], lines[first - 1]):
        first -= 1
    begin = stretches[first].begin
    return _shaped(line, begin, times[begin:], values[begin:])


def falls(stretch: Segment, before: Line) -> bool:
    """Return whether a stretch begins with a clear step down from the line `before` it: a repair, or a sudden stop."""
    return stretch.jump < -_CLEAR_FALL * before.noise - 1e-6 * abs(before.level)


def _shaped(line: Line, begin: int, times: Array, values: Array) -> Course:
    """Return the course by the slopes of its first and second half: their ratio gives the exponent and the growth."""
    half = len(times) // 2
    early, late = fit_line(times[:half], values[:half]), fit_line(times[half:], values[half:])
    onset = times[0] - (times[1] - times[0])
    age = float(times[-1] - onset)
    early_middle, late_middle = age - (times[-1] - times[:half].mean()), age - (times[-1] - times[half:].mean())
    exponent, error, growth = 1.0, 0.5, 0.0
    if early.significance > 2.0 and late.slope > 0.0:
        ratio = math.log(late.slope / early.slope)
        spread = math.log(late_middle / early_middle)
        error = math.hypot(early.slope_error / early.slope, late.slope_error / late.slope) / spread
        excess = ratio / spread
        trust = excess**2 / (excess**2 + error**2 + 0.01)
        exponent = min(max(1.0 + trust * excess, 0.4), _MOST_EXPONENT)
        growth = max(trust * ratio / (late_middle - early_middle), 0.0)
    return Course(line, begin, age, _end_slope(line, age, exponent), exponent, error, growth)


def _end_slope(line: Line, age: float, exponent: float) -> float:
    """Return the slope at the end of the newest stretch, as its line tells it for the middle: the steeper of two."""
    by_power = line.slope * math.pow(age / (age - line.length / 2), exponent - 1.0)
    trust = line.curvature**2 / (line.curvature**2 + 4.0 * line.curvature_error**2) if line.curvature else 0.0
    by_bend = line.slope + trust * line.curvature * line.length / 2
    return max(by_power, min(by_bend, 2.0 * line.slope))
