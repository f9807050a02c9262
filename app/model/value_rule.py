"""Which values may be given to a device: those within a range, on its steps, or of a list; texts up to a length."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.model.content import Content

_STEP_TOLERANCE = 1e-6
"""By this share of a step a written number may miss it: decimal fractions are seldom exact in binary."""


@dataclass(frozen=True, slots=True)
class ValueRule:
    """What a value that is given to a device must obey, in the unit of the tag or argument.

    `low`, `high`: ends included, ints where whole numbers of 64 bits are meant; NaN where no range is.
    `step`: allowed are `low` and whole steps above it; 0 allows any number.
    `allowed`: the only values that may be given; () for all within the range. `longest`: characters of a text, 0: any.
    """

    low: float
    high: float
    step: float = 0.0
    allowed: tuple[Content, ...] = ()
    longest: int = 0

    def allows(self, value: Content) -> bool:
        """Return whether a value is one of the allowed ones, or within the range; of NaN it is not."""
        if self.allowed:
            return value in self.allowed
        return isinstance(value, str) or self.low <= value <= self.high

    def is_short_enough(self, text: str) -> bool:
        """Return whether a text has no more characters than may be given."""
        return not self.longest or len(text) <= self.longest

    def is_on_step(self, value: float) -> bool:
        """Return whether a value is `low` or whole steps above it; exactly, where these are ints."""
        if not self.step or self.allowed:
            return True
        if isinstance(value, int) and isinstance(self.low, int) and self.step.is_integer():
            return (value - self.low) % int(self.step) == 0
        steps = (value - self.low) / self.step
        return math.isfinite(steps) and abs(steps - round(steps)) <= _STEP_TOLERANCE
