"""Exact values through the cleaning chain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.model import status
from app.model.block import Block, block_of, concatenate, object_column
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
