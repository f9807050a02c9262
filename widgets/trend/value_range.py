"""The value axis of a trend: round numbers, and a range that does not tremble with the curve."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.model.clock import NS_PER_S

MARGIN = 0.06
ROOMY = 0.6
EDGE = 0.02
"""Share of the range that is shown beyond the tag's own ends, so that a curve there is seen."""
FINEST = 1e-7
"""Share of a value below which its last digits mean nothing on an axis."""
PATIENCE_NS = 10 * NS_PER_S
_TARGET = 6


@dataclass(frozen=True, slots=True)
class ValueTicks:
    """The labelled values of an axis, rising, and the decimals that tell them apart."""

    values: tuple[float, ...]
    decimals: int


@dataclass(frozen=True, slots=True)
class Extent:
    """A stretch of values in the tag's unit."""

    low: float
    high: float

    @property
    def span(self) -> float:
        """Return its length."""
        return self.high - self.low

    def with_values(self, *values: float) -> Extent:
        """Return the extent that also holds `values`; NaN and infinite ones are passed over."""
        finite = [value for value in values if math.isfinite(value)]
        return Extent(min([self.low, *finite]), max([self.high, *finite]))

    def holds(self, other: Extent) -> bool:
        """Return whether `other` lies within."""
        return self.low <= other.low and other.high <= self.high


EVERYTHING = Extent(-math.inf, math.inf)


def step_for(span: float, count: int) -> float:
    """Return the round step (1, 2 or 5 times a power of ten) that divides `span` into at most `count` parts."""
    if span <= 0 or not math.isfinite(span):
        return 1.0
    least = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def ticks(extent: Extent, count: int) -> ValueTicks:
    """Return at most about `count` round values within an extent."""
    step = step_for(extent.span, count)
    first = math.ceil(extent.low / step - 1e-9)
    last = math.floor(extent.high / step + 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    return ValueTicks(tuple(round(index * step, decimals + 2) for index in range(first, last + 1)), decimals)


def whole_ticks(extent: Extent) -> ValueTicks:
    """Return the whole numbers within an extent: the states of a switch."""
    return ValueTicks(tuple(float(k) for k in range(math.ceil(extent.low), math.floor(extent.high) + 1)), 0)


def rounded(extent: Extent, *, within: Extent = EVERYTHING) -> Extent:
    """Return the extent with a margin, its ends at half steps of its ticks, leaving `within` as little as it can."""
    size = max(abs(extent.low), abs(extent.high))
    span = max(extent.span, FINEST * size) if extent.span else max(size, 1.0) * 0.02
    low, high = extent.low - MARGIN * span, extent.high + MARGIN * span
    step = step_for(high - low, _TARGET) / 2
    low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    edge = EDGE * (high - low)
    return Extent(
        max(low, min(within.low, extent.low) - edge),
        min(high, max(within.high, extent.high) + edge),
    )


class CalmRange:
    """A range that grows at once when a value leaves it, and shrinks only when it has been too large for a while."""

    def __init__(self) -> None:
        self._extent: Extent | None = None
        self._roomy_since = 0

    def reset(self) -> None:
        """Take the next extent as it comes: another tag or another stretch of time is shown."""
        self._extent = None

    def follow(self, needed: Extent, *, now: int, within: Extent = EVERYTHING) -> Extent:
        """Return the range to draw for values within `needed`, of a tag that can only be `within`.

        `now`: ns of any steady clock.
        """
        wanted = rounded(needed, within=within)
        if self._extent is None:
            self._extent, self._roomy_since = wanted, 0
        elif not self._extent.holds(needed):
            grown = Extent(min(self._extent.low, needed.low), max(self._extent.high, needed.high))
            self._extent = wanted if wanted.holds(self._extent) else rounded(grown, within=within)
            self._roomy_since = 0
        elif wanted.span >= ROOMY * self._extent.span:
            self._roomy_since = 0
        elif not self._roomy_since:
            self._roomy_since = now
        elif now - self._roomy_since >= PATIENCE_NS:
            self._extent, self._roomy_since = wanted, 0
        return self._extent
