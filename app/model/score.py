"""What became of what was foretold: every claim about the future, scored by what really happened."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class ClaimKind(StrEnum):
    """FORECAST: that a limit will be reached between two instants; HEALTH: that an equipment is about to fail.

    CAUSE: a learned diagnosis of a case; LIFE: a learned remaining life, in hours of running.
    """

    FORECAST = "forecast"
    HEALTH = "health"
    CAUSE = "cause"
    LIFE = "life"


class Outcome(StrEnum):
    """What became of a claim.

    EARLY and LATE: what was foretold came before or after the band. MISSED: it came and nothing had been said. VOID: it
    cannot be known, since somebody repaired the equipment first, or there were no data.
    """

    WAITING = "waiting"
    HIT = "hit"
    EARLY = "early"
    LATE = "late"
    FALSE = "false"
    MISSED = "missed"
    VOID = "void"


class Ground(StrEnum):
    """By what a claim was scored."""

    NONE = ""
    LIMIT = "limit"
    TRIP = "trip"
    ALARM = "alarm"
    VERDICT = "verdict"
    TIME = "time"
    REPAIR = "repair"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that was said at `made`. Times int64 ns UTC, 0 where none.

    `subject`: the forecast's id; of a health alert and of a cause the number of its case; of a life the class. `cause`:
    in English. `ran_h`: hours that the equipment had run when its remaining life was told; `left_h`: P10, P50, P90 of
    it, the last 0 where it was more than the model can tell. `p10`, `p50`, `p90`: as told, P90 0 where it
    was beyond the horizon. `until`: from then on it is false if nothing has happened. `level`: of the tag when it was
    made. `promised`: the share of earlier bands that had held by then in the forecast's own tests, NaN where untested.
    `happened`: when what was foretold came; `scored`: when that was known, `ground` by what.
    """

    number: int
    kind: ClaimKind
    equipment: str
    subject: str
    made: int
    version: str
    p10: int = 0
    p50: int = 0
    p90: int = 0
    until: int = 0
    level: float = 0.0
    promised: float | None = None
    outcome: Outcome = Outcome.WAITING
    happened: int = 0
    scored: int = 0
    ground: Ground = Ground.NONE
    cause: str = ""
    ran_h: float = 0.0
    left_h: tuple[float, float, float] = (0.0, 0.0, 0.0)

    @property
    def topic(self) -> str:
        """Return with which others of its equipment and kind it is counted: the same forecast, or the same model."""
        if self.kind is ClaimKind.FORECAST:
            return self.subject
        return "" if self.kind is ClaimKind.HEALTH else self.version


@dataclass(frozen=True, slots=True)
class Score:
    """How often what was said held, in claims; `subject`: a forecast's id, a model's version, "" for health."""

    equipment: str
    kind: ClaimKind
    subject: str = ""
    hit: int = 0
    early: int = 0
    late: int = 0
    false: int = 0
    missed: int = 0
    void: int = 0
    waiting: int = 0

    @property
    def tests(self) -> int:
        """Return how many were scored."""
        return self.hit + self.early + self.late + self.false + self.missed

    @property
    def coverage(self) -> float:
        """Return the share of bands that held what came, NaN where nothing came that had been foretold."""
        came = self.hit + self.early + self.late
        return self.hit / came if came else math.nan

    @property
    def precision(self) -> float:
        """Return the share of claims that were not false, NaN where none was scored."""
        said = self.hit + self.early + self.late + self.false
        return 1.0 - self.false / said if said else math.nan


def total(scores: Iterable[Score], kind: ClaimKind, subject: str | None = None) -> Score:
    """Return the sum over all equipment, of one `subject` only where it is given."""
    found = [score for score in scores if score.kind is kind and subject in {None, score.subject}]
    return Score(
        "",
        kind,
        hit=sum(each.hit for each in found),
        early=sum(each.early for each in found),
        late=sum(each.late for each in found),
        false=sum(each.false for each in found),
        missed=sum(each.missed for each in found),
        void=sum(each.void for each in found),
        waiting=sum(each.waiting for each in found),
    )
