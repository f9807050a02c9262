"""What a learned model says of how long an Equipment will run until it fails, or why it says no number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.model.forecast import Evidence


class LifeState(StrEnum):
    """Whether a number is honest."""

    TOLD = "told"
    TOO_FEW_FAILURES = "too_few_failures"
    """Of the class, for any learned number; a trend to its limit says more."""
    NO_MODEL = "no_model"
    """There are failures enough, and no model of the class is active."""
    NOT_WATCHED = "not_watched"
    """The equipment was not watched from new or renewed on."""
    UNUSABLE = "unusable"
    """The model and what is recorded do not fit; the reason says how."""


@dataclass(frozen=True, slots=True)
class LifeForecast:
    """The present remaining life of one Equipment.

    `made`: int64 ns UTC. `machine_class`: of the equipment; `version`: the model, "" without one. `failures`: recorded
    ones of the class, `needed`: below which no number is told. `ran_h`: hours it has run so far in this life; `rate`:
    hours of running per hour of the plant lately. `p10_h`, `p50_h`, `p90_h`: hours of running that are left, P50 and
    P90 0 where more than P10 is all that the model can tell; `p10`, `p50`, `p90`: the instants (ns UTC) at that rate,
    0 where there is none.
    """

    equipment: str
    made: int
    state: LifeState
    machine_class: str = ""
    version: str = ""
    failures: int = 0
    needed: int = 0
    evidence: Evidence = Evidence.LOW
    ran_h: float = 0.0
    rate: float = 1.0
    p10_h: float = 0.0
    p50_h: float = 0.0
    p90_h: float = 0.0
    p10: int = 0
    p50: int = 0
    p90: int = 0
    reason: str = ""
