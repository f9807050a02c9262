"""Under which conditions a tag may be written, as an engineer has allowed it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.model.comparison import Comparison
from app.model.role import Role
from app.model.text import LocalText

_STEP_TOLERANCE = 1e-6
"""By this share of a step a written number may miss it: decimal fractions are seldom exact in binary."""


@dataclass(frozen=True, slots=True)
class StateRule:
    """The states of equipment in which a write is allowed: `tag` must read one of `allowed`."""

    tag: str
    allowed: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class WriteRule:
    """What a write of a tag must obey; numbers in the tag's unit, times in seconds.

    `low`, `high`: ends included. `step`: allowed are `low` and whole steps above it; 0 allows any number.
    `confirm`: what the operator is asked to keep in mind before confirming. `interlocks`: all must hold.
    `tolerance`: how far what is read back may be from what was written; it is read until `read_back_s` are over.
    `expiry_s`: a confirmed write that has not been sent by then is dropped. `select_s`: how long a selection holds.
    """

    low: float
    high: float
    step: float
    tolerance: float
    confirm: LocalText = LocalText("")
    role: Role = Role.OPERATOR
    interlocks: tuple[Comparison, ...] = ()
    state: StateRule | None = None
    read_back_s: float = 2.0
    expiry_s: float = 5.0
    select_s: float = 30.0

    def allows(self, value: float) -> bool:
        """Return whether a value is within the range; of NaN it is not."""
        return self.low <= value <= self.high

    def is_on_step(self, value: float) -> bool:
        """Return whether a value is `low` or whole steps above it."""
        if not self.step:
            return True
        steps = (value - self.low) / self.step
        return math.isfinite(steps) and abs(steps - round(steps)) <= _STEP_TOLERANCE

    def is_as_written(self, written: float, read: float) -> bool:
        """Return whether a value that was read back is the one that was written."""
        return abs(read - written) <= self.tolerance
