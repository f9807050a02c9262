"""What learned models said, on the scoreboard: causes of cases scored by verdicts, remaining lives by failures.

A remaining life is told in hours of running and scored in them: a machine that stood still for a week has not lived
longer than foretold. A machine that is renewed before it fails says nothing, unless it has outlived the band.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.model.case import CaseRecord, RankedCause, Verdict
from app.model.clock import NS_PER_S
from app.model.remaining_life import LifeForecast, LifeState
from app.model.score import Claim, ClaimKind, Ground, Outcome
from app.model.work_order import WorkOrder, WorkStep
from app.prediction.claim_book import Band, ClaimBook, place

_GRACE = 0.5
_NS_PER_H = 3_600 * NS_PER_S
_UNNAMED = {LifeState.NOT_WATCHED, LifeState.UNUSABLE}
"""An active model that names no number then, and lets a failure come unannounced."""


class LearnedScores:
    """Adds claims to the `book` of the scoreboard; each method returns those that are new or were scored.

    A cause is on record once for each case, model and cause that stood first; a life when it says something else than
    the last one on record.
    """

    def __init__(self, book: ClaimBook, *, time_scale: float) -> None:
        """Go on with what waits in the book; `time_scale`: plant seconds per second of wall clock."""
        self._book, self._scale = book, time_scale
        self._told: dict[str, LifeForecast] = {}
        self._unknown: dict[int, str] = {}

    def take_causes(self, case: CaseRecord, causes: Sequence[RankedCause], version: str, now: int) -> list[Claim]:
        """Take what a diagnosis says of an open case; none: it knows no such fault."""
        if not causes:
            self._unknown[case.number] = version
            return []
        self._unknown.pop(case.number, None)
        first = causes[0]
        known = {(claim.version, claim.cause) for claim in self._of_case(case.number)}
        if (version, first.cause.en) in known:
            return []
        return [
            self._book.add(
                Claim(0, ClaimKind.CAUSE, case.equipment, str(case.number), now, version,
                      cause=first.cause.en, promised=first.likeness)
            )
        ]  # fmt: skip

    def judge(self, case: CaseRecord) -> list[Claim]:
        """Score what was said of the cause of a closed case; whoever said "unknown" of a known one missed it."""
        version, now = self._unknown.pop(case.number, ""), case.closed
        is_confirmed = case.verdict is Verdict.CONFIRMED and bool(case.cause.en)
        scored = [
            self._book.score(claim, _judged(claim, case), now, Ground.VERDICT, happened=now if is_confirmed else 0)
            for claim in self._of_case(case.number)
        ]
        if version and is_confirmed and not scored:
            missed = Claim(0, ClaimKind.CAUSE, case.equipment, str(case.number), now, version, cause=case.cause.en,
                           outcome=Outcome.MISSED, happened=now, scored=now, ground=Ground.VERDICT)  # fmt: skip
            scored.append(self._book.add(missed))
        return scored

    def take_lives(self, lives: Sequence[LifeForecast]) -> list[Claim]:
        """Take what is said of remaining lives now, and score those that are long over."""
        changed: list[Claim] = []
        for life in lives:
            self._told[life.equipment] = life
            waiting = self._of_life(life.equipment)
            for claim in waiting:
                late = claim.left_h[2]
                if late and life.ran_h > claim.ran_h + (1.0 + _GRACE) * late:
                    changed.append(self._book.score(claim, Outcome.FALSE, life.made, Ground.TIME))
            if life.state is LifeState.TOLD and self._is_news(life, waiting):
                changed.append(self._book.add(_claim_of(life)))
        return changed

    def take_work(self, orders: Sequence[WorkOrder]) -> list[Claim]:
        """Score lives by completed work that renewed equipment: it failed when an alarm or a case asked for it."""
        changed: list[Claim] = []
        for order in orders:
            if not (order.renews and order.step is WorkStep.COMPLETE):
                continue
            failed, life = order.requested, self._told.pop(order.equipment, None)
            is_failure = order.source.tells_failure
            waiting = [claim for claim in self._of_life(order.equipment) if claim.made <= failed]
            changed += [self._ended(claim, life, order) for claim in self._of_life(order.equipment)]
            if is_failure and not waiting and life is not None and life.state in _UNNAMED and life.version:
                missed = Claim(0, ClaimKind.LIFE, order.equipment, life.machine_class, failed, life.version,
                               outcome=Outcome.MISSED, happened=failed, scored=order.completed,
                               ground=Ground.REPAIR)  # fmt: skip
                changed.append(self._book.add(missed))
        return changed

    def _ended(self, claim: Claim, life: LifeForecast | None, order: WorkOrder) -> Claim:
        at, is_failure = order.requested, order.source.tells_failure and claim.made <= order.requested
        if life is None:  # nobody has counted since the station began anew
            return self._book.score(claim, Outcome.VOID, order.completed, Ground.NO_DATA)
        since = max(0.0, (at - life.made) / _NS_PER_H * self._scale * life.rate)
        ran = life.ran_h + since
        early, _, late = (claim.ran_h + left if left else 0.0 for left in claim.left_h)
        outcome = place(ran, early, late)
        if not is_failure and outcome is not Outcome.LATE:  # nobody will know when it would have failed
            return self._book.score(claim, Outcome.VOID, order.completed, Ground.REPAIR)
        return self._book.score(claim, outcome, order.completed, Ground.REPAIR, happened=at if is_failure else 0)

    def _is_news(self, life: LifeForecast, waiting: Sequence[Claim]) -> bool:
        last = waiting[-1] if waiting else None
        if last is None or last.version != life.version or bool(last.left_h[1]) != bool(life.p50_h):
            return True
        if not life.p50_h:  # more than P10 is all that it says: again once that has passed
            return life.ran_h > last.ran_h + last.left_h[0]
        now = _band(life.ran_h, (life.p10_h, life.p50_h, life.p90_h))
        return now.is_other(_band(last.ran_h, last.left_h))

    def _of_case(self, case: int) -> list[Claim]:
        return [claim for claim in self._book.waiting(ClaimKind.CAUSE) if claim.subject == str(case)]

    def _of_life(self, equipment: str) -> list[Claim]:
        return [claim for claim in self._book.waiting(ClaimKind.LIFE) if claim.equipment == equipment]


def _judged(claim: Claim, case: CaseRecord) -> Outcome:
    """Return whether a cause was right: confirmed under that name; a fault that was none makes every cause false."""
    if case.verdict is Verdict.EXPECTED or (case.verdict is Verdict.CONFIRMED and not case.cause.en):
        return Outcome.VOID
    is_right = case.verdict is Verdict.CONFIRMED and claim.cause.strip().casefold() == case.cause.en.strip().casefold()
    return Outcome.HIT if is_right else Outcome.FALSE


def _band(ran_h: float, left_h: tuple[float, float, float]) -> Band:
    return Band(ran_h, *(ran_h + left if left else 0.0 for left in left_h))


def _claim_of(life: LifeForecast) -> Claim:
    claim = Claim(0, ClaimKind.LIFE, life.equipment, life.machine_class, life.made, life.version)
    left = (life.p10_h, life.p50_h, life.p90_h)
    return replace(claim, p10=life.p10, p50=life.p50, p90=life.p90, ran_h=life.ran_h, left_h=left)
