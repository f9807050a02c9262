"""When a case opens, what it gathers, and what a verdict does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.case.book import CaseBook, CasePast
from app.case.refusal import CaseRefused
from app.case.rules import CaseRules
from app.model.case import UNKNOWN_CAUSE, CaseAction, CaseCommand, CaseRefusalCode, CaseWrite, EffectKind, Verdict
from tests.app.case.plants import BEARING, DAMAGE, SIGNATURES, STRAINER, at, book, close, opened, plant, said, step


def test_that_a_case_opens_after_its_delay_with_the_evidence_and_the_true_cause_first() -> None:
    cases = book()
    assert step(cases, 0, said(0, 1.4)).is_empty
    assert step(cases, 59).is_empty
    write = step(cases, 60)
    (record,) = write.cases
    assert (record.number, record.equipment, record.opened, record.indicators) == (1, "PU01", at(0), ("health",))
    assert record.causes[0].id == STRAINER.id
    assert record.causes[0].action == STRAINER.action
    (line,) = write.evidence
    assert (line.case, line.number, line.score, line.limit, line.version) == (1, 1, 1.4, 1.0, "health 1")
    assert [each.tag for each in line.contributions] == ["PU01.DP_STR", "PU01.NPSH"]


def test_that_what_goes_back_within_the_delay_opens_no_case() -> None:
    cases = book()
    step(cases, 0, said(0, 1.4))
    step(cases, 30, said(30, 0.9))
    step(cases, 50, said(50, 1.4))
    assert step(cases, 100).is_empty
    assert not step(cases, 110).is_empty


def test_that_the_delay_is_one_of_the_plants_own_time() -> None:
    cases = CaseBook(replace(plant(), time_scale=60.0), SIGNATURES, rules=CaseRules(on_delay_s=600.0))
    step(cases, 0, said(0, 1.4))
    assert step(cases, 9.9).is_empty
    assert not step(cases, 10).is_empty


def test_that_each_equipment_has_its_own_case() -> None:
    cases = book()
    step(cases, 0, said(0, 2.0), said(0, 2.0, equipment="PU02", moved=DAMAGE))
    step(cases, 60)
    assert [(case.number, case.equipment) for case in cases.open_cases] == [(1, "PU01"), (2, "PU02")]


def test_that_evidence_is_appended_when_it_is_worse_other_or_later_and_not_otherwise() -> None:
    cases = book()
    opened(cases)
    assert not step(cases, 200, said(200, 2.1)).evidence
    assert step(cases, 210, said(210, 2.6)).evidence[0].score == 2.6
    assert not step(cases, 220, said(220, 2.7, moved=DAMAGE)).evidence
    assert step(cases, 1_200, said(1_200, 2.7, moved=DAMAGE)).evidence[0].number == 3
    assert step(cases, 4_900, said(4_900, 2.7, moved=DAMAGE)).evidence[0].number == 4
    other = step(cases, 5_000, said(5_000, 3.0, indicator="forecast PU01.bearing", moved={"V_DE": 1.0}))
    assert not other.evidence
    assert step(cases, 5_060).cases[0].indicators == ("health", "forecast PU01.bearing")
    assert len(cases.open_cases) == 1


def test_that_evidence_is_bounded_but_what_is_much_worse_is_never_left_out() -> None:
    cases = book(rules=CaseRules(on_delay_s=0.0, most_evidence=5))
    score = 2.0
    for hour in range(20):
        step(cases, 4_000 * hour, said(4_000 * hour, score))
    assert cases.open_cases[0].evidence == 5
    assert step(cases, 90_000, said(90_000, 2.5)).evidence[0].number == 6


def test_that_what_was_bad_first_counts_more_for_the_cause_than_what_followed() -> None:
    cases = book()
    step(cases, 0, said(0, 2.0, indicator="forecast PU01.strainer", moved={"DP_STR": 1.0}))
    step(cases, 60)
    step(cases, 70, said(70, 9.0, indicator="forecast PU01.bearing", moved={"V_DE": 1.0}))
    step(cases, 130)
    assert cases.open_cases[0].causes[0].id == STRAINER.id


def test_that_a_case_that_has_become_well_stays_open_and_says_so() -> None:
    cases = book()
    opened(cases)
    step(cases, 200, said(200, 0.4))
    assert step(cases, 319).is_empty
    assert step(cases, 320).cases[0].is_present is False
    step(cases, 400, said(400, 3.0))
    assert cases.open_cases[0].is_present
    assert len(cases.open_cases) == 1


def test_that_after_a_verdict_the_same_opens_no_case_until_it_was_well_or_is_twice_as_bad() -> None:
    cases = book()
    number = opened(cases)
    cases.obey(close(number, Verdict.CONFIRMED, cause=STRAINER.id), by="Li", now=at(200))
    assert step(cases, 900, said(900, 2.2)).is_empty
    assert not cases.open_cases
    step(cases, 1_000, said(1_000, 4.0))
    step(cases, 1_060)
    (again,) = cases.open_cases
    assert again.number == number + 1
    assert [(case.number, case.verdict) for case in again.similar] == [(number, Verdict.CONFIRMED)]


def test_that_after_it_was_well_it_opens_a_case_again_also_after_a_restart() -> None:
    cases = book()
    number = opened(cases)
    (closed,) = cases.obey(close(number, Verdict.CONFIRMED, cause="pulled belt"), by="Li", now=at(200)).cases
    cases = book(CasePast((closed,)))
    step(cases, 300, said(300, 1.9))
    assert step(cases, 400).is_empty
    step(cases, 500, said(500, 0.2))
    (well,) = step(cases, 620).cases
    assert (well.number, well.is_present) == (number, False)
    cases = book(CasePast((well,)))
    step(cases, 700, said(700, 1.9))
    assert step(cases, 760).cases[0].number == number + 1


def test_that_another_indicator_opens_a_case_in_spite_of_the_verdict_on_the_first() -> None:
    cases = book()
    number = opened(cases)
    cases.obey(close(number, Verdict.FALSE), by="Li", now=at(200))
    step(cases, 300, said(300, 1.5, indicator="forecast PU01.bearing", moved={"V_DE": 1.0}))
    step(cases, 360)
    assert cases.open_cases[0].indicators == ("forecast PU01.bearing", "health")


def test_that_false_raises_the_limit_of_its_indicators_within_bounds() -> None:
    cases = book()
    raised = []
    for turn in range(6):
        begin = 10_000.0 * turn
        step(cases, begin, said(begin, 50.0))
        step(cases, begin + 60)
        (effect,) = cases.obey(close(turn + 1, Verdict.FALSE), by="Li", now=at(begin + 70)).effects or (None,)
        raised.append(effect and round(effect.new, 3))
        step(cases, begin + 100, said(begin + 100, 0.1))
        step(cases, begin + 5_000)
    assert raised == [1.5, 2.25, 3.0, None, None, None]
    assert cases.threshold("PU01", "health") == 3.0
    assert cases.threshold("PU02", "health") == 1.0


def test_that_a_false_one_little_above_its_limit_raises_it_little() -> None:
    cases = book()
    step(cases, 0, said(0, 1.04))
    step(cases, 60)
    (effect,) = cases.obey(close(1, Verdict.FALSE), by="Li", now=at(70)).effects
    assert (effect.kind, effect.old) == (EffectKind.THRESHOLD, 1.0)
    assert effect.new == pytest.approx(1.3)
    step(cases, 80, said(80, 0.1))
    step(cases, 300)
    step(cases, 400, said(400, 1.2))
    assert step(cases, 900).is_empty


def test_that_expected_allows_the_pattern_up_to_what_was_seen_and_nothing_else() -> None:
    cases = book()
    number = opened(cases)
    (effect,) = cases.obey(close(number, Verdict.EXPECTED, reason="trial"), by="Li", now=at(200)).effects
    assert (effect.kind, effect.start, effect.end, effect.new) == (EffectKind.ALLOWED, at(100), at(200), 2.4)
    step(cases, 250, said(250, 0.1))
    step(cases, 400)
    step(cases, 500, said(500, 2.3))
    assert step(cases, 600).is_empty
    step(cases, 700, said(700, 2.3, moved=DAMAGE))
    assert step(cases, 760).cases[0].number == number + 1


def test_that_more_than_what_was_expected_opens_a_case() -> None:
    cases = book()
    number = opened(cases)
    cases.obey(close(number, Verdict.EXPECTED), by="Li", now=at(200))
    step(cases, 250, said(250, 0.1))
    step(cases, 400)
    step(cases, 500, said(500, 2.5))
    assert step(cases, 560).cases[0].number == number + 1


def test_that_a_confirmed_cause_in_own_words_is_known_from_then_on_at_its_whole_class() -> None:
    odd = {"T_BDE": 0.6, "NPSH": 0.4}
    cases = book()
    number = opened(cases, moved=odd)
    assert cases.open_cases[0].causes[0].id == UNKNOWN_CAUSE
    with pytest.raises(CaseRefused, match="choose the cause"):
        cases.obey(close(number, Verdict.CONFIRMED, cause=UNKNOWN_CAUSE), by="Li", now=at(200))
    (effect,) = cases.obey(close(number, Verdict.CONFIRMED, cause="灰尘"), by="Li", now=at(200)).effects
    for equipment, is_known in (("PU02", True), ("FA01", False)):
        step(cases, 300, said(300, 2.0, equipment=equipment, moved=odd))
        step(cases, 360)
        first = cases.open_cases[-1].causes[0]
        assert (first.cause.en == "灰尘") is is_known
        assert (first.source == f"case {number}") is is_known
    assert effect.kind is EffectKind.SIGNATURE


def test_that_undoing_is_told_and_done_once() -> None:
    cases = book()
    number = opened(cases)
    (effect,) = cases.obey(close(number, Verdict.FALSE), by="Li", now=at(200)).effects
    undo = CaseCommand(CaseAction.UNDO, effect.number, reason="it was the bearing after all")
    (undone,) = cases.obey(undo, by="Chen", now=at(300)).effects
    assert (undone.undone, undone.undone_by, undone.undone_reason) == (at(300), "Chen", "it was the bearing after all")
    assert replace(undone, undone=0, undone_by="", undone_reason="") == effect
    assert cases.threshold("PU01", "health") == 1.0
    with pytest.raises(CaseRefused, match="was undone by Chen at 2023-11-14 22:18:20 UTC"):
        cases.obey(undo, by="Li", now=at(310))


@pytest.mark.parametrize(
    ("command", "by", "code"),
    [
        (close(1, Verdict.FALSE), " ", CaseRefusalCode.NO_NAME),
        (close(1, Verdict.FALSE, reason=" "), "Li", CaseRefusalCode.NO_REASON),
        (close(1, Verdict.FALSE, reason="x" * 2_001), "Li", CaseRefusalCode.LONG_REASON),
        (close(9, Verdict.FALSE), "Li", CaseRefusalCode.NO_CASE),
        (CaseCommand(CaseAction.CLOSE, 1, None, "r"), "Li", CaseRefusalCode.NO_VERDICT),
        (close(1, Verdict.CONFIRMED), "Li", CaseRefusalCode.NO_CAUSE),
        (CaseCommand(CaseAction.UNDO, 1, reason="r"), "Li", CaseRefusalCode.NO_CHANGE),
    ],
    ids=["name", "reason", "long reason", "case", "verdict", "cause", "change"],
)
def test_that_what_cannot_be_done_is_refused_and_changes_nothing(
    command: CaseCommand, by: str, code: CaseRefusalCode
) -> None:
    cases = book()
    opened(cases)
    before = (cases.open_cases, cases.effects)
    with pytest.raises(CaseRefused) as refused:
        cases.obey(command, by=by, now=at(200))
    assert refused.value.refusal.code is code
    assert (cases.open_cases, cases.effects) == before


def test_that_the_second_verdict_is_told_who_gave_the_first() -> None:
    cases = book()
    number = opened(cases)
    cases.obey(close(number, Verdict.EXPECTED), by="Li", now=at(200))
    with pytest.raises(CaseRefused, match="case 1 was closed as expected by Li at 2023-11-14 22:16:40 UTC"):
        cases.obey(close(number, Verdict.FALSE), by="Chen", now=at(210))


def test_that_a_work_order_is_noted_in_its_open_case_only() -> None:
    cases = book()
    number = opened(cases)
    assert cases.request_work(number, "WO-7").cases[0].work_order == "WO-7"
    cases.obey(close(number, Verdict.EXPECTED), by="Li", now=at(200))
    with pytest.raises(CaseRefused):
        cases.request_work(number, "WO-8")


def test_that_a_score_which_is_no_number_is_not_bad() -> None:
    cases = book()
    step(cases, 0, said(0, float("nan")))
    assert step(cases, 100) == CaseWrite()


def test_that_a_cause_that_was_known_stays_when_the_machine_has_tripped_and_shows_its_standstill_alone() -> None:
    cases = book()
    opened(cases)
    standstill = {"V_DE": -0.5, "T_BDE": -0.3, "NPSH": 0.2}
    step(cases, 400, said(400, 60.0, moved=standstill))
    (case,) = cases.open_cases
    assert {each.tag for each in case.contributions} == {"PU01.V_DE", "PU01.T_BDE", "PU01.NPSH"}
    assert case.causes[0].cause == STRAINER.cause
    step(cases, 800, said(800, 90.0, moved=DAMAGE))
    assert {each.cause for each in cases.open_cases[0].causes[:2]} == {BEARING.cause, STRAINER.cause}


def test_that_what_says_nothing_any_more_opens_no_case_by_what_it_said_before() -> None:
    cases = book()
    step(cases, 0, said(0, 2.0))
    step(cases, 30, said(30, float("nan")))
    assert step(cases, 100) == CaseWrite()
    step(cases, 110, said(110, 2.0))
    assert step(cases, 150) == CaseWrite()
    assert len(step(cases, 170).cases) == 1


def test_that_an_equipment_is_not_well_because_nothing_is_said_of_it() -> None:
    cases = book()
    opened(cases)
    step(cases, 200, said(200, float("nan")))
    assert cases.tick(at(1_000)) == CaseWrite()
    assert cases.open_cases[0].is_present
    step(cases, 1_010, said(1_010, 0.1))
    step(cases, 1_200)
    assert not cases.open_cases[0].is_present


def test_that_what_is_doubtful_opens_a_case_only_if_it_resembles_a_fault() -> None:
    other_load = replace(SIGNATURES[1], is_usage=True)
    cases = CaseBook(plant(), (STRAINER, other_load), rules=CaseRules(on_delay_s=60.0))
    step(cases, 0, replace(said(0, 9.0, equipment="PU02", moved=DAMAGE), is_doubtful=True))
    step(cases, 0, replace(said(0, 9.0, equipment="FA01"), is_doubtful=True))
    step(cases, 0, replace(said(0, 1.4), is_doubtful=True))
    assert [record.equipment for record in step(cases, 60).cases] == ["PU01"]
    step(cases, 70, said(70, 9.0, equipment="PU02", moved=DAMAGE))
    assert [record.equipment for record in step(cases, 130).cases] == ["PU02"]
