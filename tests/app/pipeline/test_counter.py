from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.model import status
from app.model.block import block_of
from app.model.datavalue import DataValue
from app.model.tag import TagDefinition, TagKind
from app.pipeline.chain import CleaningChain
from tests.app.pipeline.plant import S, tag


def counter(width_bits: int = 16, *, gain: float = 1.0, offset: float = 0.0, spike: float = 0.0) -> TagDefinition:
    return tag(kind=TagKind.COUNTER, width_bits=width_bits, gain=gain, offset=offset, spike=spike)


def totals(chain: CleaningChain, readings: list[float], *, start: int = 0) -> list[float]:
    time = (np.arange(len(readings)) + start) * S
    cleaned = chain.clean(block_of(0, time, readings))
    assert not cleaned.status.any()
    return [float(value) for value in cleaned.value]


def test_that_a_counter_goes_on_over_its_rollover() -> None:
    chain = CleaningChain([counter()])
    assert totals(chain, [65_500.0, 65_530.0, 24.0, 50.0]) == [65_500.0, 65_530.0, 65_560.0, 65_586.0]
    assert totals(chain, [65_000.0, 10.0], start=2_000)[0] == 65_536.0 + 65_000.0


def test_that_a_reset_is_told_from_a_rollover() -> None:
    chain = CleaningChain([counter()])
    assert totals(chain, [1_000.0, 1_010.0, 5.0, 15.0]) == [1_000.0, 1_010.0, 1_015.0, 1_025.0]


def test_that_a_reset_before_anything_is_learnt_is_judged_by_half_the_range() -> None:
    assert totals(CleaningChain([counter()]), [30_000.0, 5.0]) == [30_000.0, 30_005.0]
    assert totals(CleaningChain([counter()]), [60_000.0, 5.0]) == [60_000.0, 65_541.0]


def test_that_the_rule_says_what_is_plausible() -> None:
    assert totals(CleaningChain([counter(spike=100.0)]), [65_450.0, 10.0]) == [65_450.0, 65_546.0]
    assert totals(CleaningChain([counter(spike=90.0)]), [65_450.0, 10.0]) == [65_450.0, 65_460.0]


def test_that_a_counter_without_a_width_only_resets() -> None:
    assert totals(CleaningChain([counter(0)]), [1e9, 3.0, 5.0]) == [1e9, 1e9 + 3, 1e9 + 5]


def test_that_gain_and_offset_are_those_of_the_unit() -> None:
    gain, offset = 0.1, 50.0
    raw = [65_530, 10, 20]
    readings = [count * gain + offset for count in raw]
    expected = [count * gain + offset for count in (65_530, 65_546, 65_556)]
    assert totals(CleaningChain([counter(gain=gain, offset=offset)]), readings) == pytest.approx(expected)
    falling = [count * -gain + offset for count in raw]
    expected = [count * -gain + offset for count in (65_530, 65_546, 65_556)]
    assert totals(CleaningChain([counter(gain=-gain, offset=offset)]), falling) == pytest.approx(expected)


def test_that_bad_readings_are_not_counted() -> None:
    chain = CleaningChain([counter()])
    good, bad = status.GOOD, status.BAD_TIMEOUT
    block = block_of(0, np.arange(5) * S, [65_530.0, math.nan, 0.0, 4.0, 7.0], [good, bad, bad, good, bad])
    np.testing.assert_array_equal(chain.clean(block).value, [65_530.0, math.nan, 0.0, 65_540.0, 7.0])


def test_that_a_reading_outside_the_range_is_not_counted() -> None:
    chain = CleaningChain([tag(kind=TagKind.COUNTER, width_bits=32, high=1e6)])
    cleaned = chain.clean(block_of(0, np.arange(4) * S, [100.0, 4e9, 110.0, 120.0]))
    assert cleaned.value.tolist() == [100.0, 4e9, 110.0, 120.0]
    assert cleaned.status[1] & 0xFFFF_0000 == status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED


def test_that_a_late_reading_is_no_reset() -> None:
    chain = CleaningChain([counter()])
    block = block_of(0, np.array([0, 2, 1, 3, 5, 4, 6]) * S, [65_500.0, 65_520.0, 65_510.0, 65_530.0, 14.0, 4.0, 24.0])
    expected = [65_500.0, 65_520.0, 65_510.0, 65_530.0, 65_550.0, 65_540.0, 65_560.0]
    assert chain.clean(block).value.tolist() == expected
    late = chain.clean(block_of(0, 3 * S + 1, 65_531.0))
    assert late.value.tolist() == [65_531.0]


def test_that_totals_go_on_after_a_restart() -> None:
    restored = {"T0": DataValue(70_000.0, status.GOOD, 5)}
    assert totals(CleaningChain([counter()], latest=restored), [4_470.0, 4_480.0]) == [70_000.0, 70_010.0]
    fresh = {"T0": DataValue(500.0, status.GOOD, 5), "other": DataValue(9e9, status.GOOD, 5)}
    assert totals(CleaningChain([counter()], latest=fresh), [520.0, 530.0]) == [520.0, 530.0]
    unknown = {"T0": DataValue(math.nan, status.BAD, 5)}
    assert totals(CleaningChain([counter()], latest=unknown), [4.0, 5.0]) == [4.0, 5.0]


@settings(max_examples=300, deadline=None)
@given(
    start=st.integers(0, 2**16 - 1),
    steps=st.lists(st.integers(0, 1_000), min_size=1, max_size=60),
    cut=st.integers(0, 60),
)
def test_that_every_count_is_kept_where_the_rule_is_right(start: int, steps: list[int], cut: int) -> None:
    chain = CleaningChain([counter(spike=1_000.0)])
    counts = start + np.concatenate([[0], np.cumsum(steps)])
    readings = (counts % 2**16).astype(float)
    got = totals(chain, readings[:cut].tolist()) + totals(chain, readings[cut:].tolist(), start=cut)
    assert got == counts.astype(float).tolist()


@settings(max_examples=300, deadline=None)
@given(readings=st.lists(st.integers(0, 2**16 - 1), min_size=2, max_size=60), width=st.sampled_from([0, 16]))
def test_that_a_total_never_falls_whatever_is_read(readings: list[int], width: int) -> None:
    got = totals(CleaningChain([counter(width)]), [float(reading) for reading in readings])
    assert all(later >= earlier for earlier, later in pairwise(got))
