"""A device's value as the data type of a tag."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model import status
from app.model.block import block_of
from app.model.content import INT64_LIMITS
from app.model.exact import DataType
from drivers.driver import TagSpec, WriteItem
from drivers.typed_value import raw_value, typed_value, with_types

LARGE = (1 << 53) + 1


def spec(data_type: DataType | None, gain: float = 1.0, offset: float = 0.0) -> TagSpec:
    return TagSpec(0, "a", gain=gain, offset=offset, data_type=data_type)


@given(st.integers(*INT64_LIMITS))
def test_that_a_whole_number_keeps_its_last_digit(raw: int) -> None:
    assert typed_value(raw, spec(DataType.INT64)) == (float(raw), raw, status.GOOD)
    assert typed_value(str(raw), spec(DataType.INT64)).exact == raw
    assert typed_value(raw, spec(None)).exact == raw
    assert typed_value(raw, spec(DataType.STRING)).exact == str(raw)


def test_that_a_whole_number_is_scaled_by_whole_numbers_without_loss() -> None:
    assert typed_value(LARGE, spec(DataType.INT64, gain=3.0, offset=-1.0)).exact == 3 * LARGE - 1


@pytest.mark.parametrize(
    ("raw", "data_type", "code"),
    [
        (1 << 63, DataType.INT64, status.BAD_OUT_OF_RANGE),
        (-(1 << 63) - 1, DataType.INT64, status.BAD_OUT_OF_RANGE),
        ("recipe 7", DataType.INT64, status.BAD_TYPE_MISMATCH),
        (0.5, DataType.INT64, status.BAD_TYPE_MISMATCH),
        (math.inf, DataType.INT64, status.BAD_TYPE_MISMATCH),
        ("recipe 7", DataType.FLOAT64, status.BAD_TYPE_MISMATCH),
        (1 << 2000, DataType.FLOAT64, status.BAD_TYPE_MISMATCH),
        ("perhaps", DataType.BOOLEAN, status.BAD_TYPE_MISMATCH),
        ([1, 2], DataType.STRING, status.BAD_TYPE_MISMATCH),
        ([1, 2], None, status.BAD_TYPE_MISMATCH),
        (None, DataType.STRING, status.BAD_NO_DATA),
    ],
)
def test_that_what_a_type_cannot_hold_is_a_bad_sample(raw: object, data_type: DataType | None, code: int) -> None:
    found = typed_value(raw, spec(data_type))
    assert (math.isnan(found.value), found.exact, found.status) == (True, None, code)


@pytest.mark.parametrize(("raw", "truth"), [(True, 1.0), (0, 0.0), (7, 1.0), ("False", 0.0), ("true", 1.0), ("0", 0.0)])
def test_that_a_truth_value_is_0_or_1(raw: object, truth: float) -> None:
    assert typed_value(raw, spec(DataType.BOOLEAN)) == (truth, None, status.GOOD)


@pytest.mark.parametrize(
    ("raw", "text"), [("批次 42", "批次 42"), ("", ""), (0.1, "0.1"), (True, "true"), (1 << 64, str(1 << 64))]
)
def test_that_a_text_tag_has_the_text_or_the_digits(raw: object, text: str) -> None:
    assert typed_value(raw, spec(DataType.STRING)).exact == text


def test_that_without_a_wanted_type_each_value_stays_what_it_is() -> None:
    found = [typed_value(raw, spec(None)) for raw in (LARGE, True, "on", 0.5)]
    assert [each.exact for each in found] == [LARGE, True, "on", None]
    assert [each.value for each in found[:2] + found[3:]] == [float(LARGE), 1.0, 0.5]


def test_that_rows_without_a_value_keep_their_code_and_others_that_of_the_device() -> None:
    doubtful = status.UNCERTAIN_INITIAL_VALUE
    block = block_of([0, 1, 2], 5, np.nan, [status.BAD_TIMEOUT, status.BAD_TYPE_MISMATCH, doubtful])
    codes = np.array([status.BAD_TIMEOUT, doubtful, doubtful], np.uint32)
    tags = [spec(DataType.STRING), spec(DataType.STRING), spec(DataType.INT64)]
    typed = with_types(block, tags, [None, "batch 7", "batch 8"], codes)
    assert typed.exact is not None
    assert typed.exact.tolist() == [None, "batch 7", None]
    assert typed.status.tolist() == [status.BAD_TIMEOUT, doubtful, status.BAD_TYPE_MISMATCH]


@pytest.mark.parametrize(
    ("gain", "offset", "shown"),
    [(0.1, 0.0, 1 << 56), (0.5, 0.5, 5 * (1 << 55) + 1), (-0.01, 3.0, 3 - (1 << 55) // 10)],
)
def test_that_whole_numbers_in_a_finer_unit_lose_no_digit_either(gain: float, offset: float, shown: int) -> None:
    raw = round((shown - Fraction(repr(offset))) / Fraction(repr(gain)))
    assert typed_value(raw, spec(DataType.INT64, gain=gain, offset=offset)).exact == shown


@pytest.mark.parametrize(("gain", "offset"), [(1.0, 0.0), (10.0, 3.0), (0.1, 0.0), (-1.0, 7.0)])
def test_that_a_whole_number_is_written_to_its_last_digit(gain: float, offset: float) -> None:
    raw = LARGE * 3
    shown = raw * Fraction(repr(gain)) + Fraction(repr(offset))
    if shown.denominator == 1:
        assert raw_value(WriteItem("a", int(shown), 1, gain, offset)) == raw
    assert raw_value(WriteItem("a", 7, 1, 2.0)) == 3.5
