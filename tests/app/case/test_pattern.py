"""Patterns of tags and how alike they are."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case.pattern import likeness, merged, pattern_of, role_of
from app.model.case import DIRECTION
from app.model.forecast import Contribution

SHARES = st.dictionaries(st.sampled_from("abcdef"), st.floats(0.01, 1.0), min_size=1)


def told(shares: dict[str, float], *, sign: float = 1.0) -> list[Contribution]:
    return [Contribution(f"E.{role}", share, sign) for role, share in shares.items()]


def test_that_a_role_is_what_stands_behind_the_name_of_the_equipment() -> None:
    assert role_of("PU01.V_DE", "PU01") == "V_DE"
    assert role_of("SQ01.Z1_TC2", "SQ01") == "Z1_TC2"
    assert role_of("V_DE", "PU01") == "V_DE"


@given(SHARES)
def test_that_a_pattern_has_length_one_is_like_itself_and_unlike_its_opposite(shares: dict[str, float]) -> None:
    pattern = pattern_of(told(shares), "E")
    assert sum(part * part for part in pattern.values()) == pytest.approx(1.0)
    assert likeness(pattern, pattern) == pytest.approx(1.0)
    assert likeness(pattern, pattern_of(told(shares, sign=-1.0), "E")) == 0.0


@given(SHARES, SHARES)
def test_that_likeness_is_the_same_both_ways(one: dict[str, float], other: dict[str, float]) -> None:
    left, right = pattern_of(told(one), "E"), pattern_of(told(other), "E")
    assert likeness(left, right) == pytest.approx(likeness(right, left))


def test_that_nothing_known_is_like_nothing() -> None:
    nothing = pattern_of([Contribution("E.a", 0.0, 1.0), Contribution("E.b", math.nan, 1.0)], "E")
    assert nothing == {}
    assert likeness(nothing, {"a": 1.0}) == 0.0


def test_that_merged_contributions_weigh_each_indicator_and_keep_the_change_of_the_strongest() -> None:
    first = [Contribution("E.a", 1.0, -2.0)]
    second = [Contribution("E.a", 0.4, 9.0), Contribution("E.b", 0.6, 1.0)]
    found = merged([(2.0, first), (1.0, second), (5.0, [])])
    assert [(each.tag, each.change) for each in found] == [("E.a", -2.0), ("E.b", 1.0)]
    assert [each.share for each in found] == pytest.approx([0.8, 0.2])


def test_that_a_change_of_known_size_is_kept_before_one_of_which_only_the_direction_is_known() -> None:
    known, direction = Contribution("E.a", 0.2, 7.0), Contribution("E.a", 1.0, DIRECTION)
    for order in ([(1.0, [known]), (1.0, [direction])], [(1.0, [direction]), (1.0, [known])]):
        assert [each.change for each in merged(order)] == [7.0]
