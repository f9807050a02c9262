"""A case: one Equipment that is not as it should be, from the first evidence to the verdict of a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.model.forecast import Contribution
from app.model.text import LocalText

UNKNOWN_CAUSE = "unknown"
"""The cause of a case that resembles nothing that is known."""

EQUIPMENT_INDICATOR = "equipment model"
"""The indicator that a learned model of one Equipment is."""

SIGNALS_INDICATOR = "signals"
"""The indicator that the single signals of one Equipment are, each by itself."""

ACCOMPANYING = frozenset({SIGNALS_INDICATOR})
"""Indicators that are information: they open no case, and stand in one that others have opened."""

DIRECTION = 1e-300
"""The size of a change of which only the direction is known."""


class Verdict(StrEnum):
    """What a person found out; EXPECTED: real, but no fault, such as a test or another mode of operation."""

    CONFIRMED = "confirmed"
    FALSE = "false"
    EXPECTED = "expected"


@dataclass(frozen=True, slots=True)
class Indication:
    """What one indicator says of an Equipment at `time` (int64 ns UTC).

    `indicator`: its name, such as "health" or "forecast PU01.bearing"; with the equipment it is unique. `score`: how
    far from healthy, bad from `limit` on, NaN where it says nothing now; both in the indicator's own measure.
    `version`: of the model behind it. `contributions`: of the tags, their shares sum to 1 at the most.
    `is_doubtful`: too little of the Equipment's life is known to tell a fault from another use of it, unless what has
    moved resembles a known fault.
    """

    equipment: str
    indicator: str
    time: int
    score: float
    limit: float = 1.0
    contributions: tuple[Contribution, ...] = ()
    version: str = ""
    is_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class CaseEvidence:
    """A line of evidence: what `indicator` said at `time` (int64 ns UTC) of case `case`; `number` counts from 1.

    `limit`: the one that counted, after whatever verdicts have done to it.
    """

    case: int
    number: int
    time: int
    indicator: str
    score: float
    limit: float
    contributions: tuple[Contribution, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True)
class RankedCause:
    """A possible cause; `likeness`: 0..1, how well the pattern of the tags fits. `source`: where it is known from."""

    id: str
    cause: LocalText
    action: LocalText
    likeness: float
    source: str = ""


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """A closed case whose pattern of tags is like this one's; `likeness`: 0..1."""

    number: int
    equipment: str
    opened: int
    likeness: float
    verdict: Verdict
    cause: LocalText = LocalText("")
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """The present state of one case. Times int64 ns UTC, 0 where none.

    `number` rises with each case of the plant, from 1. `peak`: the largest score in units of its limit.
    `indicators`: those that were bad, in the order in which they became so. `contributions`: the pattern of the tags,
    strongest first. `is_present`: whether it is still bad; of a closed case, whether it has not been well since.
    `verdict`, `reason`, `by`: of its end; `cause`: the one that was confirmed, in words. `work_order`: what was asked
    of maintenance. `evidence`: number of lines.
    """

    number: int
    equipment: str
    opened: int
    changed: int
    peak: float
    indicators: tuple[str, ...]
    contributions: tuple[Contribution, ...] = ()
    causes: tuple[RankedCause, ...] = ()
    similar: tuple[SimilarCase, ...] = ()
    is_present: bool = True
    evidence: int = 0
    closed: int = 0
    verdict: Verdict | None = None
    cause: LocalText = LocalText("")
    reason: str = ""
    by: str = ""
    work_order: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it waits for a verdict."""
        return self.closed == 0


class EffectKind(StrEnum):
    """What a verdict changes: the limit of an indicator, a pattern that is allowed, a cause that is known by it."""

    THRESHOLD = "threshold"
    ALLOWED = "allowed"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class CaseEffect:
    """A change that a verdict made, which stands until it is undone. Times int64 ns UTC, 0 where none.

    THRESHOLD: the limit of `indicator` of `equipment` is `new` times its own instead of `old` times.
    ALLOWED: the pattern `contributions`, seen from `start` to `end`, opens no case up to `new` times the limit.
    SIGNATURE: the pattern means `cause` at every equipment of its class, and asks for `action`.
    """

    number: int
    kind: EffectKind
    case: int
    equipment: str
    made: int
    by: str
    reason: str
    indicator: str = ""
    old: float = 1.0
    new: float = 1.0
    start: int = 0
    end: int = 0
    contributions: tuple[Contribution, ...] = ()
    cause: LocalText = LocalText("")
    action: LocalText = LocalText("")
    undone: int = 0
    undone_by: str = ""
    undone_reason: str = ""

    @property
    def stands(self) -> bool:
        """Whether it has not been undone."""
        return self.undone == 0


class CaseAction(StrEnum):
    """What somebody may do to a case, or to a change that a verdict made."""

    CLOSE = "close"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class CaseCommand:
    """One deed: CLOSE gives case `number` a verdict, UNDO takes back change `number`.

    `cause`: of a confirmed one, the id of a ranked cause, or words of the operator's own.
    """

    action: CaseAction
    number: int
    verdict: Verdict | None = None
    reason: str = ""
    cause: str = ""


class CaseRefusalCode(StrEnum):
    """Why something was not done to a case, or to a change."""

    NO_CASE = "no_case"
    NO_CHANGE = "no_change"
    NO_NAME = "no_name"
    NO_REASON = "no_reason"
    LONG_REASON = "long_reason"
    NO_VERDICT = "no_verdict"
    NO_CAUSE = "no_cause"
    ALREADY_CLOSED = "already_closed"
    ALREADY_UNDONE = "already_undone"
    NOT_SIGNED_IN = "not_signed_in"
    ROLE = "role"
    NOT_STORED = "not_stored"


@dataclass(frozen=True, slots=True)
class CaseRefusal:
    """Why it was not done: `text` says it in English, `code` for a window that says it in its language.

    `by`, `at` (ns UTC): who did it before, and when, where somebody was first. `subject`: why nothing can be stored.
    """

    code: CaseRefusalCode
    text: str
    by: str = ""
    at: int = 0
    subject: str = ""


@dataclass(frozen=True, slots=True)
class CaseWrite:
    """What one step of the cases puts on disk, all of it or nothing; writing it twice is harmless."""

    cases: tuple[CaseRecord, ...] = ()
    evidence: tuple[CaseEvidence, ...] = ()
    effects: tuple[CaseEffect, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.cases or self.evidence or self.effects)
