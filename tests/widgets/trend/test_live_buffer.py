"""The ring behind a live trend keeps the newest samples, in order, each instant once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.trend.live_buffer import LiveBuffer


def append(buffer: LiveBuffer, times: list[int], values: list[float] | None = None) -> None:
    numbers = times if values is None else values
    buffer.append(np.array(times, np.int64), np.array(numbers, np.float64), np.zeros(len(times), np.uint32))


def test_that_an_empty_buffer_is_an_empty_series() -> None:
    buffer = LiveBuffer(4)
    assert len(buffer.series()) == 0
    assert (buffer.oldest, buffer.newest, len(buffer)) == (0, 0, 0)


def test_that_the_oldest_samples_give_way() -> None:
    buffer = LiveBuffer(4)
    for time in range(1, 11):
        append(buffer, [time])
    assert buffer.series().time.tolist() == [7, 8, 9, 10]
    assert (buffer.oldest, buffer.newest, buffer.appended) == (7, 10, 10)


def test_that_a_view_is_no_copy() -> None:
    buffer = LiveBuffer(8)
    append(buffer, [1, 2, 3])
    assert np.shares_memory(buffer.series().value, buffer._value)


def test_that_a_block_longer_than_the_ring_leaves_its_newest_part() -> None:
    buffer = LiveBuffer(4)
    append(buffer, list(range(1, 11)))
    assert buffer.series().value.tolist() == [7.0, 8.0, 9.0, 10.0]


def test_that_a_late_sample_finds_its_place_and_is_counted() -> None:
    buffer = LiveBuffer(8)
    append(buffer, [10, 20, 40])
    append(buffer, [30])
    assert buffer.series().time.tolist() == [10, 20, 30, 40]
    assert buffer.late == 1


def test_that_the_same_instant_again_replaces_the_value_and_is_not_late() -> None:
    buffer = LiveBuffer(8)
    append(buffer, [10, 20], [1.0, 2.0])
    append(buffer, [20], [2.5])
    assert buffer.series().value.tolist() == [1.0, 2.5]
    assert buffer.late == 0


def test_that_a_buffer_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        LiveBuffer(0)


@given(blocks=st.lists(st.lists(st.integers(1, 60), max_size=12), max_size=12), capacity=st.integers(1, 9))
def test_that_any_order_of_arrival_gives_the_newest_instants_with_their_last_values(
    blocks: list[list[int]], capacity: int
) -> None:
    buffer = LiveBuffer(capacity)
    model: dict[int, float] = {}
    number = 0.0
    for block in blocks:
        values = []
        for time in block:
            number += 1
            values.append(number)
            model[time] = number
        append(buffer, block, values)
        # what the ring has forgotten cannot come back
        model = dict(sorted(model.items())[-capacity:])
        series = buffer.series()
        assert dict(zip(series.time.tolist(), series.value.tolist(), strict=True)) == model
        assert bool((np.diff(series.time) > 0).all())
