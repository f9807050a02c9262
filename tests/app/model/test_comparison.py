"""Comparisons of tags with numbers, the only language of interlocks."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.comparison import Comparison


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PU01.RUN == 0", Comparison("PU01.RUN", "==", 0.0)),
        ("  P<=1.5e2 ", Comparison("P", "<=", 150.0)),
        ("Line 2 speed >= -.5", Comparison("Line 2 speed", ">=", -0.5)),
        ("温度 != 3.", Comparison("温度", "!=", 3.0)),
    ],
)
def test_that_a_comparison_is_read(text: str, expected: Comparison) -> None:
    assert Comparison.parse(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "P", "P 5", "P == ", "== 5", "P == Q", "P == 1 and Q == 2", "P == nan", "P == inf", "P == 1e999", "P = 5",
     "P == __import__('os')", "P\n== 0x1F", "P == 1_000", "a<b < 5"],
)  # fmt: skip
def test_that_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r'write one such as "PU01.RUN == 0"'):
        Comparison.parse(text)


@given(st.text(max_size=40))
def test_that_no_text_does_more_than_be_read_or_refused(text: str) -> None:
    try:
        comparison = Comparison.parse(text)
    except ValueError:
        return
    assert comparison.tag in text
    assert math.isfinite(comparison.number)


@given(st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.floats(allow_nan=False, allow_infinity=False))
def test_that_a_written_comparison_reads_back(relation: str, number: float) -> None:
    comparison = Comparison("AC01.T_D", relation, number)
    assert Comparison.parse(str(comparison)) == comparison


@pytest.mark.parametrize(
    ("relation", "facts"),
    [("==", (False, True, False)), ("!=", (True, False, True)), ("<", (True, False, False)),
     ("<=", (True, True, False)), (">", (False, False, True)), (">=", (False, True, True))],
)  # fmt: skip
def test_that_each_relation_holds_where_it_says(relation: str, facts: tuple[bool, bool, bool]) -> None:
    comparison = Comparison("P", relation, 5.0)
    assert tuple(comparison.holds(value) for value in (4.0, 5.0, 6.0)) == facts
    assert not comparison.holds(math.nan)
