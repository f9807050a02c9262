from __future__ import annotations

import numpy as np
import pytest
from asyncua.ua.status_codes import StatusCodes
from hypothesis import given
from hypothesis import strategies as st

from app.model import status
from app.model.status import Severity

OURS = {
    name: code
    for name, code in vars(status).items()
    if name.startswith(("GOOD", "UNCERTAIN", "BAD")) and isinstance(code, int)
}
any_code = st.integers(0, 0xFFFF_FFFF)


def standard_name(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def test_that_there_are_codes_to_compare() -> None:
    assert len(OURS) > 25
    assert len(set(OURS.values())) == len(OURS)


@pytest.mark.parametrize("name", OURS)
def test_that_a_code_is_the_standards(name: str) -> None:
    assert getattr(StatusCodes, standard_name(name)) == OURS[name]
    assert status.name(OURS[name]) == standard_name(name)


@given(code=any_code)
def test_that_severity_is_that_of_the_two_top_bits(code: int) -> None:
    severity = status.severity(code)
    column = np.array([code], np.uint32)
    assert severity == min(code >> 30, 2)
    assert status.good_mask(column)[0] == (severity is Severity.GOOD)
    assert status.usable_mask(column)[0] == (severity is not Severity.BAD)


@pytest.mark.parametrize(
    ("bits", "name", "number"),
    [(status.LIMIT_LOW, "Low", 1), (status.LIMIT_HIGH, "High", 2), (status.LIMIT_CONSTANT, "Constant", 3)],
)
def test_that_limit_bits_are_named_and_stand_where_the_standard_puts_them(bits: int, name: str, number: int) -> None:
    assert bits == 0x0400 | number << 8
    assert status.name(status.UNCERTAIN_SENSOR_NOT_ACCURATE | bits) == f"UncertainSensorNotAccurate, {name}"


def test_that_the_overflow_bits_are_of_the_type_data_value() -> None:
    assert status.OVERFLOW == 0x0400 | 1 << 7
    assert status.name(status.OVERFLOW) == "Good"


@pytest.mark.parametrize(
    ("bits", "name", "number"),
    [
        (status.CALCULATED, "Calculated", 1),
        (status.INTERPOLATED, "Interpolated", 2),
        (status.PARTIAL, "Partial", 4),
        (status.EXTRA_DATA, "ExtraData", 8),
        (status.MULTIPLE_VALUES, "MultipleValues", 16),
    ],
)
def test_that_the_bits_of_the_history_are_named_and_stand_where_the_standard_puts_them(
    bits: int, name: str, number: int
) -> None:
    assert bits == 0x0400 | number
    assert status.name(status.UNCERTAIN_DATA_SUB_NORMAL | bits) == f"UncertainDataSubNormal, {name}"


def test_that_the_bits_of_the_history_are_told_together_and_only_in_the_info_type_data_value() -> None:
    assert status.name(status.GOOD | status.CALCULATED | status.MULTIPLE_VALUES | status.PARTIAL) == (
        "Good, Calculated, MultipleValues, Partial"
    )
    assert status.name(status.GOOD | status.LIMIT_HIGH | status.PARTIAL) == "Good, High, Partial"
    assert status.name(status.GOOD | 0x0001) == "Good"


def test_that_an_unknown_code_is_shown_with_its_severity() -> None:
    assert status.name(0x8FFF_0000) == "Bad 0x8FFF0000"
    assert status.name(0xFFFF_0000) == "Bad 0xFFFF0000"
    assert status.name(0x4FFF_0000) == "Uncertain 0x4FFF0000"
