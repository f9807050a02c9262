"""Ranges, steps and tolerances of writes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.role import Role
from app.model.write_rule import WriteRule


@given(st.integers(0, 2000))
def test_that_every_whole_step_is_allowed_and_every_half_one_is_not(steps: int) -> None:
    rule = WriteRule(5.5, 205.5, step=0.1, tolerance=0.05)
    assert rule.is_on_step(float(f"{5.5 + steps * 0.1:.1f}"))
    assert not rule.is_on_step(5.55 + steps * 0.1)


@pytest.mark.parametrize(("value", "is_allowed"), [(5.5, True), (7.0, True), (7.01, False), (5.49, False)])
def test_that_a_range_has_both_its_ends(value: float, *, is_allowed: bool) -> None:
    assert WriteRule(5.5, 7.0, step=0.0, tolerance=0.0).allows(value) is is_allowed


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_that_what_is_no_number_is_never_allowed(value: float) -> None:
    rule = WriteRule(5.5, 7.0, step=0.1, tolerance=0.1)
    assert not rule.allows(value)
    assert not rule.is_on_step(value)
    assert not rule.is_as_written(6.0, value)


def test_that_a_role_includes_itself_and_those_below() -> None:
    assert [Role.OPERATOR.includes(role) for role in Role] == [True, True, False]
