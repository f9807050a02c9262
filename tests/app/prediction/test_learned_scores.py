"""Learned causes and remaining lives, scored by verdicts and by failures."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app.database import open_reader, open_writer
from app.model.alarm import Priority
from app.model.case import CaseRecord, RankedCause, Verdict
from app.model.clock import NS_PER_S
from app.model.remaining_life import LifeForecast, LifeState
from app.model.score import Claim, ClaimKind, Ground, Outcome, Score, total
from app.model.text import LocalText
from app.model.work_order import WorkOrder, WorkSource, WorkState, WorkStep
from app.prediction.claim_book import ClaimBook, ScorePast
from app.prediction.learned_scores import LearnedScores
from app.prediction.store import ClaimStore, claims, past_of

HOUR = 3_600 * NS_PER_S
T0 = 1_700_000_000 * NS_PER_S
CASE = CaseRecord(7, "PU01", T0, T0, 2.0, ("health",))


def board() -> tuple[LearnedScores, ClaimBook]:
    book = ClaimBook(ScorePast())
    return LearnedScores(book, time_scale=1.0), book


def cause(name: str, likeness: float = 0.8) -> RankedCause:
    return RankedCause(f"model 3: {name}", LocalText(name), LocalText(""), likeness, "model 3")


def closed(verdict: Verdict, name: str = "") -> CaseRecord:
    return replace(CASE, closed=T0 + HOUR, verdict=verdict, cause=LocalText(name))


def life(
    hour: float, *, left: tuple[float, float, float] = (100.0, 200.0, 300.0), state: LifeState = LifeState.TOLD
) -> LifeForecast:
    """What is said after `hour` hours of running, one for each hour of the plant."""
    p10, p50, p90 = left if state is LifeState.TOLD else (0.0, 0.0, 0.0)
    return LifeForecast(
        "PU01", T0 + round(hour * HOUR), state, "pump", "model 3", failures=25, needed=20, ran_h=hour,
        p10_h=p10, p50_h=p50, p90_h=p90,
    )  # fmt: skip


def renewed(hour: float, source: WorkSource = WorkSource.ALARM, step: WorkStep = WorkStep.COMPLETE) -> WorkOrder:
    """Work that was asked for at `hour` and completed two hours later."""
    at = T0 + round(hour * HOUR)
    return WorkOrder(
        1, 5, "PU01", LocalText("Renew it"), WorkState.DONE, source, "A", "", Priority.HIGH, at, "Li",
        at + 2 * HOUR, "Li", step, renews=True, completed=at + 2 * HOUR,
    )  # fmt: skip


def outcomes(found: list[Claim]) -> list[tuple[Outcome, Ground]]:
    return [(claim.outcome, claim.ground) for claim in found]


def test_that_a_cause_is_on_record_once_with_the_model_and_its_probability() -> None:
    scores, _ = board()
    (claim,) = scores.take_causes(CASE, [cause("clogged"), cause("hunting", 0.1)], "model 3", T0)
    assert (claim.kind, claim.subject, claim.cause, claim.version, claim.promised, claim.made) == (
        ClaimKind.CAUSE, "7", "clogged", "model 3", 0.8, T0,
    )  # fmt: skip
    assert scores.take_causes(CASE, [cause("clogged", 0.9)], "model 3", T0) == []
    assert scores.take_causes(CASE, [cause("hunting")], "model 3", T0)
    assert scores.take_causes(CASE, [cause("clogged")], "model 3", T0) == [], "it was said before"


@pytest.mark.parametrize(
    ("verdict", "name", "outcome"),
    [
        (Verdict.CONFIRMED, "Clogged ", Outcome.HIT),
        (Verdict.CONFIRMED, "worn", Outcome.FALSE),
        (Verdict.CONFIRMED, "", Outcome.VOID),
        (Verdict.FALSE, "", Outcome.FALSE),
        (Verdict.EXPECTED, "", Outcome.VOID),
    ],
    ids=["right", "wrong", "nobody-knows", "no-fault", "expected"],
)
def test_that_a_verdict_scores_a_cause(verdict: Verdict, name: str, outcome: Outcome) -> None:
    scores, book = board()
    scores.take_causes(CASE, [cause("clogged")], "model 3", T0)
    assert outcomes(scores.judge(closed(verdict, name))) == [(outcome, Ground.VERDICT)]
    assert book.waiting(ClaimKind.CAUSE) == []


def test_that_a_model_that_said_unknown_of_a_cause_that_was_found_has_missed_it() -> None:
    scores, book = board()
    assert scores.take_causes(CASE, [], "model 3", T0) == []
    (missed,) = scores.judge(closed(Verdict.CONFIRMED, "clogged"))
    assert (missed.outcome, missed.cause, missed.version) == (Outcome.MISSED, "clogged", "model 3")
    scores.take_causes(CASE, [], "model 3", T0)
    assert scores.judge(closed(Verdict.FALSE)) == [], "it was right: nothing was there"
    assert book.scores() == [Score("PU01", ClaimKind.CAUSE, "model 3", missed=1)]


def test_that_a_life_is_on_record_again_only_when_it_says_something_else() -> None:
    scores, _ = board()
    (claim,) = scores.take_lives([life(0.0)])
    assert (claim.subject, claim.version, claim.left_h, claim.ran_h) == ("pump", "model 3", (100.0, 200.0, 300.0), 0.0)
    assert not scores.take_lives([life(10.0, left=(92.0, 190.0, 291.0))])
    assert scores.take_lives([life(50.0, left=(80.0, 150.0, 250.0))]), "a fifth of what was left has gone"
    assert scores.take_lives([life(51.0, left=(180.0, 0.0, 0.0))]), "more than it can tell"
    assert not scores.take_lives([life(60.0, left=(180.0, 0.0, 0.0))])
    assert scores.take_lives([life(240.0, left=(180.0, 0.0, 0.0))]), "what was said has passed"


@pytest.mark.parametrize(
    ("hour", "outcome"),
    [(60.0, Outcome.EARLY), (100.0, Outcome.HIT), (290.0, Outcome.HIT), (310.0, Outcome.LATE)],
    ids=["early", "first", "last", "late"],
)
def test_that_a_failure_scores_a_life_in_hours_of_running(hour: float, outcome: Outcome) -> None:
    scores, _ = board()
    scores.take_lives([life(0.0)])
    scores.take_lives([replace(life(50.0, left=(50.0, 150.0, 250.0)), ran_h=50.0)])
    assert scores.take_work([renewed(hour, step=WorkStep.START)]) == []
    first = scores.take_work([renewed(hour)])[0]
    assert (first.outcome, first.ground, first.happened) == (outcome, Ground.REPAIR, T0 + round(hour * HOUR))


def test_that_a_machine_that_stood_still_has_not_lived_longer() -> None:
    scores, _ = board()
    scores.take_lives([life(0.0)])
    scores.take_lives([replace(life(400.0), ran_h=150.0, rate=0.0, p10_h=0.0)])
    assert outcomes(scores.take_work([renewed(410.0)]))[0] == (Outcome.HIT, Ground.REPAIR)


@pytest.mark.parametrize(
    ("hour", "outcome"), [(150.0, Outcome.VOID), (310.0, Outcome.LATE)], ids=["before", "outlived-the-band"]
)
def test_that_a_renewal_before_a_failure_says_nothing_unless_the_band_was_outlived(
    hour: float, outcome: Outcome
) -> None:
    scores, _ = board()
    scores.take_lives([life(0.0)])
    (claim,) = scores.take_work([renewed(hour, WorkSource.CALENDAR)])
    assert (claim.outcome, claim.happened) == (outcome, 0)


def test_that_a_life_that_is_over_by_half_a_band_is_false() -> None:
    scores, _ = board()
    scores.take_lives([life(0.0)])
    found = scores.take_lives([life(451.0, left=(90.0, 190.0, 290.0))])
    assert [claim.outcome for claim in found] == [Outcome.FALSE, Outcome.WAITING]


def test_that_a_failure_that_an_active_model_had_no_number_for_was_missed() -> None:
    scores, _ = board()
    scores.take_lives([life(10.0, state=LifeState.NOT_WATCHED)])
    assert outcomes(scores.take_work([renewed(20.0)])) == [(Outcome.MISSED, Ground.REPAIR)]
    scores.take_lives([life(10.0, state=LifeState.TOO_FEW_FAILURES)])
    assert scores.take_work([renewed(20.0)]) == [], "refusing to tell a number is no miss"


def test_that_a_failure_before_anybody_has_counted_anew_is_void() -> None:
    book = ClaimBook(ScorePast((Claim(4, ClaimKind.LIFE, "PU01", "pump", T0, "model 3", left_h=(1.0, 2.0, 3.0)),)))
    scores = LearnedScores(book, time_scale=1.0)
    assert outcomes(scores.take_work([renewed(2.0)])) == [(Outcome.VOID, Ground.NO_DATA)]


def test_that_learned_claims_are_stored_with_their_version_and_counted_by_it(tmp_path: Path) -> None:
    scores, book = board()
    written = [*scores.take_causes(CASE, [cause("clogged")], "model 3", T0), *scores.take_lives([life(0.0)])]
    path = tmp_path / "history.sqlite"
    with closing(open_writer(path)) as connection:
        ClaimStore(connection).write(written)
        ClaimStore(connection).write(scores.judge(closed(Verdict.CONFIRMED, "clogged")))
    with closing(open_reader(path)) as connection:
        past, stored = past_of(connection), claims(connection)
    assert [(claim.kind, claim.outcome, claim.left_h, claim.cause) for claim in stored] == [
        (ClaimKind.LIFE, Outcome.WAITING, (100.0, 200.0, 300.0), ""),
        (ClaimKind.CAUSE, Outcome.HIT, (0.0, 0.0, 0.0), "clogged"),
    ]
    again = ClaimBook(past)
    assert again.scores() == book.scores()
    assert total(again.scores(), ClaimKind.CAUSE, "model 3").hit == 1
    assert total(again.scores(), ClaimKind.CAUSE, "model 4").hit == 0
