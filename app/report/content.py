"""A report as data: what is told of a shift, a day or a month, before it is a page or a sheet.

Times are int64 ns UTC, 0 where there is none; durations seconds by the clock; values in the tag's unit; None where
nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.model.case import Verdict
from app.model.score import ClaimKind, Outcome
from app.model.shift import PeriodKind
from app.model.text import LocalText
from app.model.work_order import WorkState


@dataclass(frozen=True, slots=True)
class RunningTime:
    """How long an equipment ran: `tag` tells it, `starts` how often it began; `counted_h`: by its own meter."""

    equipment: str
    name: LocalText
    tag: str
    running_s: float | None
    known_s: float
    starts: int
    counted_h: float | None = None


@dataclass(frozen=True, slots=True)
class StateTime:
    """How long a tag was in one of its named states, and how often it came into it."""

    tag: str
    equipment: str
    title: LocalText
    state: LocalText
    seconds: float
    entries: int


@dataclass(frozen=True, slots=True)
class KeyValue:
    """What a measured value was; `mean` by time. `low`, `high`: the limits that `below_s`, `above_s` are outside of.

    `good`: share of the time in which it was known and good, 0..1. `is_thinned`: samples of some hours are no longer
    kept, so that only the extremes are told. `lows`, `highs`: of equal parts of the time, () where they were not kept.
    """

    tag: str
    equipment: str
    title: LocalText
    unit: str
    decimals: int
    minimum: float | None
    mean: float | None
    maximum: float | None
    last: float | None
    low: float | None = None
    high: float | None = None
    below_s: float | None = None
    above_s: float | None = None
    good: float | None = None
    is_thinned: bool = False
    lows: tuple[float | None, ...] = ()
    highs: tuple[float | None, ...] = ()

    @property
    def outside_s(self) -> float:
        """Return for how long it was outside of its limits, 0 where that is not known."""
        return (self.below_s or 0.0) + (self.above_s or 0.0)


@dataclass(frozen=True, slots=True)
class Total:
    """What was counted, in `unit`. `is_integral`: no counter did it, a measured power was added up over time."""

    tag: str
    equipment: str
    title: LocalText
    unit: str
    decimals: int
    total: float | None
    is_integral: bool = False


@dataclass(frozen=True, slots=True)
class TopAlarm:
    """An alarm that came often."""

    alarm: str
    equipment: str
    message: LocalText
    priority: int
    activations: int
    active_s: float


@dataclass(frozen=True, slots=True)
class FloodTime:
    """A flood: more alarms than an operator can follow, and the most in any ten minutes of it."""

    start: int
    end: int
    activations: int
    peak: int


@dataclass(frozen=True, slots=True)
class StandingAlarm:
    """An alarm that was not normal at the end.

    `state`: as AlarmState says; `since`, `until`, `by`, `reason`: of what hides it.
    """

    alarm: str
    equipment: str
    message: LocalText
    priority: int
    state: str
    raised: int
    since: int = 0
    until: int = 0
    by: str = ""
    reason: str = ""

    @property
    def is_hidden(self) -> bool:
        """Return whether it is shelved, suppressed or out of service."""
        return self.state in {"shelved", "suppressed", "out_of_service"}


@dataclass(frozen=True, slots=True)
class AlarmPart:
    """The alarms: how many came (`by_priority`: of 1 to 4), how many in ten minutes, and how it stood at the end.

    `flood_share`: of the time, 0..1. `answer_s`: the median of seconds up to the acknowledgement.
    """

    activations: int
    by_priority: tuple[int, ...]
    mean_per_period: float
    most_per_period: int
    flood_share: float
    answer_s: float | None
    top: tuple[TopAlarm, ...] = ()
    floods: tuple[FloodTime, ...] = ()
    standing: tuple[StandingAlarm, ...] = ()


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did: a write, a call, another configuration; `action` and `outcome` as the audit trail has them."""

    time: int
    action: str
    user: str
    subject: str
    old: float | str | None
    new: float | str | None
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class PersonDeeds:
    """How often somebody did what: writes, calls, deeds on alarms, refused ones, and all others."""

    user: str
    writes: int
    calls: int
    alarms: int
    refused: int
    others: int


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case that was opened, closed or open."""

    number: int
    equipment: str
    opened: int
    closed: int
    cause: LocalText
    verdict: Verdict | None
    by: str


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """What was foretold `told` times, from `first` to `made`; `p10`, `p50`: as said last; what became of the last."""

    kind: ClaimKind
    equipment: str
    subject: str
    told: int
    first: int
    made: int
    p10: int
    p50: int
    outcome: Outcome
    happened: int


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A work order: `state` at the end of the time; `is_done`: completed within it."""

    number: int
    equipment: str
    title: LocalText
    state: WorkState
    requested: int
    due: int
    assignee: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class GapLine:
    """Samples are missing from `start` to `end`, all of them or (`tag`) those of one; `reason` as a GapReason."""

    start: int
    end: int
    reason: str
    lost: int
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said: with a deed on an alarm."""

    time: int
    user: str
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class ReportContent:
    """All of it. `reached`: up to where the time had passed when it was `made`; `end` unless it still went on.

    `more_tags`, `more_deeds`, `more_comments`: how many there were besides those told.
    """

    plant: LocalText
    kind: PeriodKind
    key: str
    shift: LocalText
    start: int
    end: int
    reached: int
    made: int
    version: str
    zone: str
    time_scale: float
    names: dict[str, LocalText]
    running: tuple[RunningTime, ...]
    states: tuple[StateTime, ...]
    values: tuple[KeyValue, ...]
    more_tags: int
    production: tuple[Total, ...]
    energy: tuple[Total, ...]
    alarms: AlarmPart
    people: tuple[PersonDeeds, ...]
    deeds: tuple[Deed, ...]
    more_deeds: int
    cases: tuple[CaseLine, ...]
    forecasts: tuple[ForecastLine, ...]
    work: tuple[WorkRow, ...]
    gaps: tuple[GapLine, ...]
    comments: tuple[Comment, ...]
    more_comments: int
