"""What of an entry is written into the plant file, and what is left out."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.model.exact import DataType
from app.model.write_rule import WriteRule
from app.plant.command_rows import write_rows
from app.plant.row import differing, unless


@dataclass(frozen=True)
class _Valve:
    name: str
    stroke: float = 0.0
    is_normally_open: bool = False


@pytest.mark.parametrize(("default", "value"), [(0.0, -0.0), (-0.0, 1.0), ("", "x"), (None, 0.0), ((), (1.0,))])
def test_that_what_reads_back_as_something_else_is_written(default: object, value: object) -> None:
    assert list(unless(default, "key", value)) == [("key", value)]


@pytest.mark.parametrize("value", [0.0, -0.0, "", None, (1.0,)])
def test_that_what_is_meant_without_it_is_left_out(value: object) -> None:
    assert not list(unless(value, "key", value))


def test_that_only_fields_that_differ_are_written() -> None:
    assert list(differing(_Valve("V1"), _Valve("V1", is_normally_open=True))) == [("is_normally_open", True)]
    assert repr(list(differing(_Valve("V1"), _Valve("V1", -0.0)))) == "[('stroke', -0.0)]"


def test_that_a_write_keeps_a_negative_zero() -> None:
    rows = dict(write_rows(WriteRule(0.0, 10.0, tolerance=-0.0), DataType.INT64))
    assert repr(rows["tolerance"]) == "-0.0"
