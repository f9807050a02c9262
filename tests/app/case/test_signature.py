"""Which known causes fit a pattern."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.case.pattern import pattern_of, unit
from app.case.signature import ranked
from app.model.case import UNKNOWN_CAUSE
from app.model.text import LocalText
from tests.app.case.plants import BEARING, CLOGGING, DAMAGE, ROLES, SIGNATURES, STRAINER, said


def pattern(moved: dict[str, float]) -> dict[str, float]:
    return pattern_of(said(0, 1, moved=moved).contributions, "PU01")


@pytest.mark.parametrize(("moved", "cause"), [(CLOGGING, STRAINER), (DAMAGE, BEARING)], ids=["clogging", "damage"])
def test_that_the_cause_whose_symptoms_are_seen_stands_first(moved: dict[str, float], cause: object) -> None:
    first = ranked(SIGNATURES, [pattern(moved)], ROLES)[0]
    assert first.id == getattr(cause, "id", "")
    assert first.likeness > 0.9


def test_that_a_symptom_without_a_tag_is_not_expected() -> None:
    seen = pattern(DAMAGE)
    assert ranked([BEARING], [seen], ROLES)[0].likeness > 0.9
    assert ranked([BEARING], [seen], [*ROLES, "ENV"])[0].id == UNKNOWN_CAUSE


def test_that_unknown_stands_first_where_nothing_fits_and_guesses_follow() -> None:
    causes = ranked(SIGNATURES, [unit({"NPSH": 1.0, "V_DE": 0.6, "T_BDE": -1.0})], ROLES)
    assert causes[0].id == UNKNOWN_CAUSE
    assert all(cause.likeness < 0.6 for cause in causes)


def test_that_tags_which_move_the_other_way_are_no_symptoms() -> None:
    assert ranked([STRAINER], [pattern({"DP_STR": -0.75, "NPSH": 0.2})], ROLES)[0].id == UNKNOWN_CAUSE


def test_that_several_signatures_of_one_cause_count_once_and_keep_the_action() -> None:
    taught = replace(STRAINER, id="case 3", action=LocalText(""), symptoms={"DP_STR": 1.0, "NPSH": -0.52})
    for order in ([STRAINER, taught], [taught, STRAINER]):
        causes = ranked(order, [pattern(CLOGGING)], ROLES)
        assert len(causes) == 1
        assert causes[0].action == STRAINER.action
