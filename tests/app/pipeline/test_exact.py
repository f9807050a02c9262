"""Exact values through the cleaning chain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.model import status
from app.model.block import Block, block_of, concatenate, object_column
from app.model.datavalue import DataValue
from app.model.exact import DataType
from app.model.tag import TagKind
from app.pipeline.chain import CleaningChain
from tests.app.pipeline.plant import S, tag

LARGE = (1 << 60) + 1


def exact_block(handle: int, values: list[int | str], *, first: int = 0) -> Block:
    near = [np.nan if isinstance(value, str) else float(value) for value in values]
    block = block_of(handle, (first + np.arange(len(values))) * S, near)
    return replace(block, exact=object_column(values))


def test_that_a_text_passes_as_it_is_and_is_repeated_when_it_is_stale() -> None:
    chain = CleaningChain([tag(0, kind=TagKind.DISCRETE, stale_s=2.0, data_type=DataType.STRING)])
    cleaned = chain.clean(exact_block(0, ["批次 1", "", "批次 2"]))
    assert cleaned.status.tolist() == [status.GOOD] * 3
    assert cleaned.exact is not None
    assert cleaned.exact.tolist() == ["批次 1", "", "批次 2"]
    stale = chain.tick(9 * S)
    assert stale.exact is not None
    assert (stale.exact.tolist(), stale.status.tolist()) == (["批次 2"], [status.UNCERTAIN_LAST_USABLE_VALUE])


def test_that_a_bad_text_stays_bad_and_repeats_nothing() -> None:
    chain = CleaningChain([tag(0, stale_s=2.0, data_type=DataType.STRING)])
    chain.clean(concatenate([exact_block(0, ["a"]), block_of(0, S, np.nan, status.BAD_NO_COMMUNICATION)]))
    assert len(chain.tick(9 * S)) == 0


def test_that_a_counter_keeps_its_last_digit_and_goes_on_when_it_begins_again() -> None:
    counter = tag(0, kind=TagKind.COUNTER, data_type=DataType.INT64)
    chain = CleaningChain([counter])
    cleaned = chain.clean(exact_block(0, [LARGE, LARGE + 1, LARGE + 2]))
    assert cleaned.exact is not None
    assert cleaned.exact.tolist() == [LARGE, LARGE + 1, LARGE + 2]
    chain = CleaningChain([counter])
    cleaned = chain.clean(exact_block(0, [1_000, 1_001, 3, 4]))
    assert cleaned.exact is not None
    assert cleaned.exact.tolist() == cleaned.value.tolist() == [1_000, 1_001, 1_004, 1_005]


def test_that_whole_numbers_are_checked_like_any_other() -> None:
    chain = CleaningChain([tag(0, high=100.0, data_type=DataType.INT64)])
    cleaned = chain.clean(exact_block(0, [7, 101]))
    assert cleaned.status.tolist() == [0, status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED | status.LIMIT_HIGH]


def exact_totals(chain: CleaningChain, readings: list[int], *, first: int = 0) -> list[object]:
    cleaned = chain.clean(exact_block(0, list(readings), first=first))
    assert cleaned.exact is not None
    assert not cleaned.status.any()
    return list(cleaned.exact)


def test_that_no_count_is_lost_where_a_large_counter_begins_again() -> None:
    counter = tag(0, kind=TagKind.COUNTER, data_type=DataType.INT64)
    chain = CleaningChain([counter])
    assert exact_totals(chain, [LARGE, LARGE + 3, 2, 3]) == [LARGE, LARGE + 3, LARGE + 5, LARGE + 6]
    restored = DataValue(float(LARGE + 6), status.GOOD, 5, text=str(LARGE + 6))
    again = CleaningChain([counter], latest={"T0": restored})
    assert exact_totals(again, [4, 5, 1]) == [LARGE + 6, LARGE + 7, LARGE + 8]


def test_that_a_rollover_of_48_bits_is_counted_exactly_in_the_unit_of_the_tag() -> None:
    counter = tag(0, kind=TagKind.COUNTER, width_bits=48, gain=1000.0, offset=-7.0, data_type=DataType.INT64)
    last = (1 << 48) - 1
    readings = [count * 1000 - 7 for count in (last - 1, last, 0, 1)]
    totals = [count * 1000 - 7 for count in (last - 1, last, last + 1, last + 2)]
    assert exact_totals(CleaningChain([counter]), readings) == totals


def test_that_a_total_that_no_history_can_hold_is_bad_and_the_others_go_on() -> None:
    counter = tag(0, kind=TagKind.COUNTER, width_bits=64, data_type=DataType.INT64)
    cleaned = CleaningChain([counter]).clean(exact_block(0, [(1 << 63) - 2, (1 << 63) - 1, 5]))
    assert cleaned.exact is not None
    assert cleaned.exact.tolist() == [(1 << 63) - 2, (1 << 63) - 1, None]
    assert cleaned.status.tolist() == [0, 0, status.BAD_OUT_OF_RANGE]


@given(st.lists(st.integers(0, 1 << 61), min_size=2, max_size=40), st.sampled_from([0, 62]))
def test_that_an_exact_total_never_falls_and_is_near_the_other_one(readings: list[int], width: int) -> None:
    rules = tag(0, kind=TagKind.COUNTER, width_bits=width, data_type=DataType.INT64)
    cleaned = CleaningChain([rules]).clean(exact_block(0, list(readings)))
    assert cleaned.exact is not None
    known = [each for each in cleaned.exact if each is not None]
    assert known == sorted(known)
    assert cleaned.value[cleaned.status == 0].tolist() == [float(each) for each in known]
