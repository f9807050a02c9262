"""Texts with parameters in braces: their values, and what is told of one that has none."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.plant.parameter_text import ParameterError, parse_text

VALUES: dict[str, object] = {"id": "PU01", "base": 100, "span": 16.0, "on": True, "list": [1, 2], "none": 0}


def value_of(text: str) -> object:
    return parse_text(text, VALUES).value(VALUES)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{id}.T_D", "PU01.T_D"),
        ("HR{base + 2}:F32", "HR102:F32"),
        ("HR{(base + 2) * 2}", "HR204"),
        ("{base}", 100),
        ("{span}", 16.0),
        ("{span * 0.9}", 14.4),
        ("{on}", True),
        ("{list}", [1, 2]),
        ("-{base / 3}", "-33.3333333333"),
        ("{span} bar", "16 bar"),
        ("P{base:05}", "P00100"),
        ("{base // 3:03}", "033"),
        ("{{{id}}}", "{PU01}"),
        ("{ -base }", -100),
        ("", ""),
        ("plain", "plain"),
    ],
)
def test_that_a_text_has_the_value_of_its_parameters(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{bse}", r"there is no parameter `bse`: write \{base\}"),
        ("{zzz}", "there is no parameter `zzz`: add it to `parameters`"),
        ("{", "a `{` stands alone: write it twice"),
        ("a}", "a `}` stands alone: write it twice"),
        ("{}", "is no parameter: write a name"),
        ("{base +}", "cannot be read"),
        ("{base ** 9}", "cannot be read"),
        ("{base.real}", "cannot be read"),
        ("{base()}", "cannot be read"),
        ("{'a'}", "cannot be read"),
        ("{" + "(" * 90 + "base" + ")" * 90 + "x}", "cannot be read"),
        ("{" + "9" * 300 + "}", "is no parameter"),
        ("{base / none}", "has no value here"),
        ("{id + 1}", "`id` is no number"),
        ("{on * 2}", "`on` is no number"),
        ("x{list}", "is neither a text nor a number"),
        ("{span / 3:03}", "is no whole number"),
    ],
)
def test_that_a_text_without_a_value_is_told_with_the_remedy(text: str, told: str) -> None:
    with pytest.raises(ParameterError, match=told):
        value_of(text)


@given(st.text(max_size=30))
def test_that_any_text_with_its_braces_doubled_is_itself(text: str) -> None:
    assert value_of(text.replace("{", "{{").replace("}", "}}")) == text


@given(st.text("{}:+-*/%()ab01 ", max_size=20))
def test_that_no_text_does_anything_else_than_be_read_or_refused(text: str) -> None:
    known: dict[str, object] = {"a": 7, "b": 2.5}
    with suppress(ParameterError):
        assert isinstance(parse_text(text, known).value(known), str | int | float)
