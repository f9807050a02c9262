"""What somebody does to learned models from a window, what became of it, and why it was not done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.model.learned_model import ModelKind


class ModelDeed(StrEnum):
    """What somebody may do to models."""

    LEARN = "learn"
    CANCEL = "cancel"
    """Ends what is being learned or tried; nothing of it is kept."""
    TRY = "shadow"
    PROMOTE = "promote"
    RETURN = "return"
    TAKE = "import"


@dataclass(frozen=True, slots=True)
class ModelCommand:
    """One deed. `number`: of the model. `reason`: why it is promoted or returned, for the audit trail.

    To LEARN: `kind`, `subject` (an Equipment or a class of them), begin <= t < end (int64 ns UTC; 0: all that is
    recorded) and `period_s` from row to row. To TAKE: the file at `path` on this computer, whose SHA-256 was `digest`
    when it was shown, for `subject`; `names`: what a role of the model is called here, by role.
    """

    deed: ModelDeed
    number: int = 0
    kind: ModelKind = ModelKind.EQUIPMENT
    subject: str = ""
    begin: int = 0
    end: int = 0
    period_s: float = 60.0
    reason: str = ""
    path: str = ""
    digest: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


class ModelRefusalCode(StrEnum):
    """Why something was not done with a model; OTHER: only its text says it."""

    OTHER = "other"
    NOT_SIGNED_IN = "not_signed_in"
    ROLE = "role"
    NO_NAME = "no_name"
    NO_REASON = "no_reason"
    LONG_REASON = "long_reason"
    NOT_STORED = "not_stored"
    NO_MODEL = "no_model"
    NOT_CANDIDATE = "not_candidate"
    NEVER_TRIED = "never_tried"
    TRIED_BESIDE_ANOTHER = "tried_beside_another"
    NOTHING_COUNTED = "nothing_counted"
    NOT_GOOD_ENOUGH = "not_good_enough"
    WORSE = "worse"
    NOT_ACTIVE = "not_active"
    BUSY = "busy"
    NOTHING_RUNS = "nothing_runs"
    CANCELLED = "cancelled"
    NOTHING_RECORDED = "nothing_recorded"
    NOTHING_SINCE = "nothing_since"
    TOO_FEW_ROWS = "too_few_rows"
    NOT_STILL = "not_still"
    NO_CONFIRMED_CASE = "no_confirmed_case"
    TOO_FEW_FAILURES = "too_few_failures"
    TOO_MANY_ROWS = "too_many_rows"
    OTHER_FILE = "other_file"


@dataclass(frozen=True, slots=True)
class ModelRefusal:
    """Why it was not done: `text` in English, `code` with `values` for a window that says it in its language."""

    code: ModelRefusalCode
    text: str
    values: Mapping[str, str] = field(default_factory=dict)


class JobPhase(StrEnum):
    """How far something long has come."""

    LEARNING = "learning"
    TRYING = "trying"
    DONE = "done"
    REFUSED = "refused"
    """It ended without what was wanted; a model that was learned is kept even if it could not be tried."""

    @property
    def is_over(self) -> bool:
        """Return whether nothing runs any more."""
        return self in {JobPhase.DONE, JobPhase.REFUSED}


@dataclass(frozen=True, slots=True)
class ModelJob:
    """What is being learned or tried in a process of its own, or was last: of one plant one at a time.

    `begun`, `ended`: int64 ns UTC, `ended` 0 while it runs. `share`: of the present phase, 0 to 1, NaN where nobody can
    tell. `model`: its number, 0 while it is not stored.
    """

    deed: ModelDeed
    kind: ModelKind
    subject: str
    by: str
    begun: int
    phase: JobPhase
    share: float = float("nan")
    ended: int = 0
    model: int = 0
    refusal: ModelRefusal | None = None
