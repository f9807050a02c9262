"""Maintenance predictions: health of an Equipment, and when a trend will reach its limit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from app.model.alarm import ConditionKind
from app.model.text import LocalText


@dataclass(frozen=True, slots=True)
class ForecastDefinition:
    """A degradation that shows in one tag and ends at a limit.

    `direction`: HIGH where the tag rises to `limit`, LOW where it falls. `cause`, `action`: what a maintainer reads.
    `window_h`, `horizon_h`: hours of the plant's own time (see Plant.time_scale) that are looked back and forward.
    """

    id: str
    equipment: str
    tag: str
    limit: float
    direction: ConditionKind
    cause: LocalText
    action: LocalText
    window_h: float = 8.0
    horizon_h: float = 240.0


class ForecastState(StrEnum):
    """What can honestly be said."""

    LEARNING = "learning"
    NOT_ENOUGH_HISTORY = "not_enough_history"
    NO_TREND = "no_trend"
    BEYOND_HORIZON = "beyond_horizon"
    FORECAST = "forecast"
    AT_LIMIT = "at_limit"
    BAD_DATA = "bad_data"


class Evidence(StrEnum):
    """How much the past supports the band."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Contribution:
    """A tag's part in a finding: `share` 0..1; `change` from its baseline in the tag's unit."""

    tag: str
    share: float
    change: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """The present forecast of one ForecastDefinition.

    `made`: int64 ns UTC. `level`: the trend's value at `made`; `slope`, `slope_p10`, `slope_p90`: tag unit per second
    of wall clock (P10 is the fast, early edge of the band, P90 the slow one; P90 may point away from the limit).
    `p10`, `p50`, `p90`: int64 ns UTC of the crossing, 0 where there is none within the horizon.
    `points`: samples behind it; `coverage`: measured share of the equipment's own past bands that held, NaN where
    untested. `seen_s`: seconds of wall clock since the tag was first followed.
    """

    forecast: str
    equipment: str
    tag: str
    state: ForecastState
    made: int
    level: float = float("nan")
    slope: float = 0.0
    slope_p10: float = 0.0
    slope_p90: float = 0.0
    p10: int = 0
    p50: int = 0
    p90: int = 0
    evidence: Evidence = Evidence.LOW
    points: int = 0
    coverage: float = float("nan")
    contributions: tuple[Contribution, ...] = ()
    seen_s: float = math.inf


class HealthState(StrEnum):
    """What the health model of an Equipment does now."""

    LEARNING = "learning"
    NORMAL = "normal"
    DEGRADED = "degraded"
    ABNORMAL = "abnormal"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Health:
    """The health of one Equipment: 100 like its own healthy past, 0 far from it; NaN while nothing can be said.

    `score`: the distance from the baseline in units of its limit (1 = the limit); `progress`: 0..1 of the learning.
    `mode`: of which mode of operation this is said, as the discrete tags that tell modes apart and their values.
    """

    equipment: str
    state: HealthState
    made: int
    health: float
    score: float = float("nan")
    progress: float = 1.0
    contributions: tuple[Contribution, ...] = ()
    mode: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class UnusualSignals:
    """Which single tags of an Equipment do what they have not been seen to do, at `made` (int64 ns UTC).

    `score`: of the most unusual one, 1 from which on an operator is told, 0 where nothing is. `contributions`: the
    strongest first. It is information: a signal may be unusual because the machine is used in another way.
    """

    equipment: str
    made: int
    score: float
    contributions: tuple[Contribution, ...] = ()
