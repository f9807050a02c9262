"""What an alarm compares with its limit: a tag's value, its distance from a fixed setpoint, its rate of change."""

from __future__ import annotations

import math
from typing import Protocol

from app.alarm.rate import SlopeWindow

Interval = tuple[float, float]

NOTHING_CALM: Interval = (math.inf, -math.inf)
ANY_VALUE: Interval = (-math.inf, math.inf)


class Measure(Protocol):
    """Turns samples of `tags` (handles) into one number that is abnormal above `limit`, and the value told with it.

    `is_anew`: with the newest sample the time begins again for which the number has to be abnormal.
    """

    tags: tuple[int, ...]
    limit: float

    @property
    def is_anew(self) -> bool:
        """Whether the time begins again with the newest sample."""

    def take(self, handle: int, time: int, value: float) -> tuple[float, float]:
        """Take a usable sample (ns UTC, tag unit); return the number (NaN: cannot be said) and the tag's value."""

    def lose(self, handle: int) -> float:
        """Note that a tag has no usable value now; return the number, NaN where it cannot be said."""

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:
        """Return an interval of values of a tag, ends included, that change nothing; NOTHING_CALM where none is known.

        That is: no number above `limit`, or where the condition is active, none down to `back`.
        """

    def is_bad_calm(self, *, is_active: bool) -> bool:
        """Return whether a sample without a usable value changes nothing."""


class _Memoryless:
    """The part of a measure of one tag that remembers no sample."""

    is_anew = False

    def __init__(self, tag: int, limit: float) -> None:
        self.tags: tuple[int, ...] = (tag,)
        self.limit = limit

    def lose(self, handle: int) -> float:  # noqa: ARG002 - as Measure says
        """Return that nothing can be said; nothing is remembered, so nothing is lost."""
        return math.nan

    def is_bad_calm(self, *, is_active: bool) -> bool:  # noqa: ARG002 - as Measure says
        """Return true: a sample without a usable value raises and clears nothing."""
        return True


class HighMeasure(_Memoryless):
    """Of a high alarm: the value itself, in the tag's unit."""

    def take(self, handle: int, time: int, value: float) -> tuple[float, float]:  # noqa: ARG002 - as Measure says
        """Return the value twice."""
        return value, value

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:  # noqa: ARG002 - as Measure says
        """Return what does not exceed the limit, or what is above `back`."""
        return (math.nextafter(back, math.inf), math.inf) if is_active else (-math.inf, self.limit)


class LowMeasure(_Memoryless):
    """The negated value, so that low is high."""

    def __init__(self, tag: int, limit: float) -> None:
        """Compare with `limit`, in the tag's unit."""
        super().__init__(tag, -limit)

    def take(self, handle: int, time: int, value: float) -> tuple[float, float]:  # noqa: ARG002 - as Measure says
        """Return the negated value, and the value."""
        return -value, value

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:  # noqa: ARG002 - as Measure says
        """Return what does not fall below the limit, or what is below the dead band's end, in the tag's own sense."""
        return (-math.inf, math.nextafter(-back, -math.inf)) if is_active else (-self.limit, math.inf)


class FixedDeviationMeasure(_Memoryless):
    """The distance from a fixed setpoint."""

    def __init__(self, tag: int, limit: float, *, setpoint: float) -> None:
        """Compare the distance from `setpoint` with `limit`, both in the tag's unit."""
        super().__init__(tag, limit)
        self._setpoint = setpoint

    def take(self, handle: int, time: int, value: float) -> tuple[float, float]:  # noqa: ARG002 - as Measure says
        """Return the distance, and the value."""
        return abs(value - self._setpoint), value

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:  # noqa: ARG002 - as Measure says
        """Return what lies well within the limit; what is outside of it lies left and right, in no one interval."""
        near = self.limit * (1 - 1e-9)
        return NOTHING_CALM if is_active else (self._setpoint - near, self._setpoint + near)


class RateMeasure(_Memoryless):
    """The change per minute in the direction of the limit's sign."""

    def __init__(self, tag: int, limit: float, *, window: int) -> None:
        """Compare the change per minute over `window` ns with `limit`."""
        super().__init__(tag, abs(limit))
        self.window = window
        self._sign = math.copysign(1.0, limit)
        self._slope = SlopeWindow(window)

    def take(self, handle: int, time: int, value: float) -> tuple[float, float]:  # noqa: ARG002 - as Measure says
        """Return the change per minute towards the limit, and the value."""
        return self._sign * self._slope.per_minute(time, value), value

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:  # noqa: ARG002 - as Measure says
        """Return nothing: every sample belongs into the window."""
        return NOTHING_CALM

    def is_bad_calm(self, *, is_active: bool) -> bool:  # noqa: ARG002 - as Measure says
        """Return no: a tag that is bad does not come to rest."""
        return False


class FindingMeasure(_Memoryless):
    """The negated number of a prediction, such as a health, so that low is high; no tag gives it."""

    def __init__(self, limit: float) -> None:
        """Compare with the least number that is normal."""
        super().__init__(0, -limit)
        self.tags = ()

    def take(self, handle: int, time: int, value: float) -> tuple[float, float]:  # noqa: ARG002 - as Measure says
        """Return the negated number, and the number."""
        return -value, value

    def calm(self, handle: int, back: float, *, is_active: bool) -> Interval:  # noqa: ARG002 - as Measure says
        """Return nothing: there are few."""
        return NOTHING_CALM
