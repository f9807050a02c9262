from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.model import status
from app.model.block import Block, block_of, concatenate, empty, object_column

DTYPES = {"handle": "uint32", "time": "int64", "value": "float64", "status": "uint32", "received": "int64"}


def dtypes(block: Block) -> dict[str, str]:
    return {name: str(getattr(block, name).dtype) for name in DTYPES}


def test_that_columns_are_broadcast_and_typed() -> None:
    block = block_of([1, 2, 3], 5, 1)
    assert len(block) == 3
    assert dtypes(block) == DTYPES
    assert block.time.tolist() == block.received.tolist() == [5, 5, 5]
    assert block.status.tolist() == [status.GOOD] * 3
    block.value[0] = 7.0
    assert block.value.tolist() == [7.0, 1.0, 1.0]


def test_that_a_time_of_today_keeps_every_nanosecond() -> None:
    assert block_of(0, 1_790_000_000_123_456_789, 0.0).time[0] == 1_790_000_000_123_456_789


def test_that_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        block_of([1, 2, 3], [1, 2], 0.0)


def test_that_rows_are_selected_by_mask_index_and_slice() -> None:
    block = block_of([1, 2, 3], [10, 20, 30], [0.1, 0.2, 0.3], received=[11, 21, 31])
    for rows in (np.array([False, True, True]), np.array([1, 2]), slice(1, None)):
        selected = block.select(rows)
        assert selected.handle.tolist() == [2, 3]
        assert selected.received.tolist() == [21, 31]


def test_that_other_codes_leave_the_rest_as_it_is() -> None:
    block = block_of([1, 2], [10, 20], [0.1, 0.2])
    coded = block.with_status(np.array([status.BAD, status.UNCERTAIN], np.uint32))
    assert coded.status.tolist() == [status.BAD, status.UNCERTAIN]
    assert coded.value is block.value
    assert block.status.tolist() == [0, 0]


def test_that_blocks_are_joined_in_order() -> None:
    first, second = block_of([1, 2], [10, 20], [0.1, 0.2]), block_of(3, 30, 0.3, status.BAD, received=31)
    joined = concatenate([first, empty(), second])
    assert joined.handle.tolist() == [1, 2, 3]
    assert joined.status.tolist() == [0, 0, status.BAD]
    assert joined.received.tolist() == [10, 20, 31]
    assert concatenate([first]) is first


def test_that_no_blocks_and_an_empty_one_have_the_right_types() -> None:
    for block in (empty(), concatenate([]), concatenate([empty(), empty()])):
        assert len(block) == 0
        assert dtypes(block) == DTYPES


def test_that_exact_values_stay_beside_their_samples() -> None:
    exact = replace(block_of([1, 2], 5, [np.nan, 7.0]), exact=object_column(["batch", 7]))
    both = concatenate([block_of(3, 4, 0.5), exact])
    assert both.exact is not None
    assert both.exact.tolist() == [None, "batch", 7]
    chosen = both.select(np.array([True, False, True]))
    assert chosen.exact is not None
    assert chosen.exact.tolist() == [None, 7]
    assert concatenate([block_of(3, 4, 0.5), block_of(3, 5, 0.5)]).exact is None
