"""What is information alone: it stands in the cases that others have opened, and does nothing else."""

from __future__ import annotations

from app.case.intake import of_signals
from app.model.case import SIGNALS_INDICATOR, CaseAction, CaseCommand, Indication, Verdict
from app.model.forecast import Contribution, UnusualSignals
from tests.app.case.plants import CLOGGING, DAMAGE, STRAINER, at, book, opened, said, step


def unusual(second: float, score: float) -> Indication:
    return said(second, score, indicator=SIGNALS_INDICATOR, moved=DAMAGE)


def test_that_unusual_single_signals_open_no_case_however_far_they_go() -> None:
    cases = book()
    step(cases, 0, unusual(0, 90.0))
    assert step(cases, 10_000).is_empty
    assert cases.open_cases == []


def test_that_they_stand_in_a_case_with_their_own_time_and_change_neither_its_causes_nor_its_peak() -> None:
    cases, plain = book(), book()
    step(cases, 0, unusual(0, 90.0))
    for each in (cases, plain):
        step(each, 200, said(200, 2.0))
    (record,) = step(cases, 260).cases
    (other,) = step(plain, 260).cases
    assert record.indicators == ("health", SIGNALS_INDICATOR)
    assert (record.causes, record.peak, record.contributions) == (other.causes, other.peak, other.contributions)
    assert record.causes[0].id == STRAINER.id
    assert record.opened == at(200)
    assert record.evidence == 2


def test_that_the_equipment_is_well_though_a_signal_is_still_unusual() -> None:
    cases = book()
    step(cases, 0, unusual(0, 9.0), said(0, 2.0, moved=CLOGGING))
    step(cases, 60)
    step(cases, 100, said(100, 0.5))
    step(cases, 300)
    assert not cases.open_cases[0].is_present


def test_that_a_verdict_raises_no_limit_of_information() -> None:
    cases = book()
    opened(cases)
    step(cases, 300, unusual(300, 9.0))
    step(cases, 360)
    assert SIGNALS_INDICATOR in cases.open_cases[0].indicators
    command = CaseCommand(CaseAction.CLOSE, cases.open_cases[0].number, Verdict.FALSE, "nothing was wrong")
    write = cases.obey(command, by="Li", now=at(400))
    assert [effect.indicator for effect in write.effects] == ["health"]


def test_that_what_the_signals_say_is_an_indication_with_the_limit_of_one() -> None:
    parts = (Contribution("PU01.V_DE", 1.0, 3.0),)
    said_now = of_signals(UnusualSignals("PU01", at(5), 1_000.0, parts), "signals 1")
    assert said_now == Indication("PU01", SIGNALS_INDICATOR, at(5), 100.0, 1.0, parts, "signals 1")
