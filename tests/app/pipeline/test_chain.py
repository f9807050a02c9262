from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.model import status
from app.model.block import Block, block_of, concatenate, empty
from app.model.tag import TagKind
from app.pipeline.chain import CleaningChain
from tests.app.pipeline.plant import S, tag

SUSPECT = status.UNCERTAIN_SENSOR_NOT_ACCURATE
STUCK = status.UNCERTAIN_SENSOR_NOT_ACCURATE | status.LIMIT_CONSTANT
TOO_LOW = status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED | status.LIMIT_LOW
TOO_HIGH = status.UNCERTAIN_ENGINEERING_UNITS_EXCEEDED | status.LIMIT_HIGH
LAST = status.UNCERTAIN_LAST_USABLE_VALUE

PLANT = (
    tag(0, spike=5.0, low=-20.0, high=20.0, stuck_s=4.0, stale_s=3.0),
    tag(1, spike=2.0),
    tag(2, stuck_s=2.0, low=0.0),
    tag(3, kind=TagKind.COUNTER, width_bits=4),
    tag(4, kind=TagKind.COUNTER, spike=3.0, width_bits=5, gain=0.5, high=12.0),
    tag(5, kind=TagKind.DISCRETE, high=1.0, spike=0.5, stuck_s=1.0, stale_s=1.0),
)

values = st.one_of(
    st.integers(-3, 25).map(float),
    st.floats(),
    st.sampled_from([0.0, -0.0, math.nan, math.inf, -math.inf, 1e308, -1e308]),
)
codes = st.sampled_from(
    [status.GOOD] * 6 + [status.OVERFLOW, status.UNCERTAIN_INITIAL_VALUE, status.BAD_NO_COMMUNICATION, 0xFFFF_FFFF]
)
rows = st.lists(st.tuples(st.integers(0, len(PLANT) - 1), st.integers(-1, 3), values, codes), max_size=40)


def block_from(stream: Sequence[tuple[int, int, float, int]]) -> Block:
    """Return a block; times go on by each row's step in seconds, sometimes back."""
    if not stream:
        return empty()
    handle, step, value, code = zip(*stream, strict=True)
    return block_of(handle, 1_000 * S + np.cumsum(step) * S, value, code)


def pieces(block: Block, cuts: Sequence[int]) -> list[Block]:
    edges = [0, *sorted(min(cut, len(block)) for cut in cuts), len(block)]
    return [block.select(slice(start, end)) for start, end in pairwise(edges)]


def codes_of(chain: CleaningChain, value: Sequence[float], **columns: Sequence[int]) -> list[int]:
    time = columns.get("time", range(len(value)))
    cleaned = chain.clean(block_of(0, np.asarray(time) * S, value, columns.get("status", status.GOOD)))
    return [int(code) for code in cleaned.status]


@settings(max_examples=400, deadline=None)
@given(stream=rows, cuts=st.lists(st.integers(0, 40), max_size=10))
def test_that_how_a_stream_is_cut_into_blocks_changes_nothing(
    stream: list[tuple[int, int, float, int]], cuts: list[int]
) -> None:
    block = block_from(stream)
    whole = CleaningChain(PLANT)
    cut = CleaningChain(PLANT)
    at_once = whole.clean(block)
    by_pieces = concatenate([cut.clean(piece) for piece in pieces(block, cuts)])
    np.testing.assert_array_equal(by_pieces.status, at_once.status)
    np.testing.assert_array_equal(by_pieces.value, at_once.value)
    single = CleaningChain(PLANT)
    one_by_one = concatenate([single.clean(block.select(slice(row, row + 1))) for row in range(len(block))])
    np.testing.assert_array_equal(one_by_one.status, at_once.status)
    np.testing.assert_array_equal(one_by_one.value, at_once.value)
    later = 5_000 * S
    np.testing.assert_array_equal(cut.tick(later).value, whole.tick(later).value)


@settings(max_examples=300, deadline=None)
@given(stream=rows)
@example(stream=[(4, 0, 9e307, status.UNCERTAIN_INITIAL_VALUE), (4, 0, 8.9e307, status.UNCERTAIN_INITIAL_VALUE)])
@example(stream=[(4, 1, count, status.UNCERTAIN_INITIAL_VALUE) for count in (9e307, 1.0, 1.7e308)])
def test_that_samples_are_flagged_but_never_dropped_or_mended(stream: list[tuple[int, int, float, int]]) -> None:
    block = block_from(stream)
    before = (block.value.copy(), block.status.copy())
    cleaned = CleaningChain(PLANT).clean(block)
    np.testing.assert_array_equal(cleaned.handle, block.handle)
    np.testing.assert_array_equal(cleaned.time, block.time)
    np.testing.assert_array_equal(cleaned.received, block.received)
    assert (cleaned.status.dtype, cleaned.value.dtype) == (block.status.dtype, block.value.dtype)
    was, now = block.status >> 30, cleaned.status >> 30
    assert np.all(now >= was)
    bad = ~status.usable_mask(block.status)
    np.testing.assert_array_equal(cleaned.status[bad], block.status[bad])
    finite_uncertain = (was == status.Severity.UNCERTAIN) & np.isfinite(block.value)
    np.testing.assert_array_equal(cleaned.status[finite_uncertain], block.status[finite_uncertain])
    assert np.isfinite(cleaned.value[status.usable_mask(cleaned.status) & (block.handle != 3)]).all()
    analog = ~np.isin(block.handle, [3, 4])
    np.testing.assert_array_equal(cleaned.value[analog], block.value[analog])
    np.testing.assert_array_equal(block.value, before[0])
    np.testing.assert_array_equal(block.status, before[1])


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("code", [status.GOOD, status.UNCERTAIN_INITIAL_VALUE])
def test_that_no_number_is_a_failed_sensor(value: float, code: int) -> None:
    assert codes_of(CleaningChain([tag()]), [value], status=[code]) == [status.BAD_SENSOR_FAILURE]


def test_that_a_bad_code_stays() -> None:
    given_codes = [status.BAD_NO_COMMUNICATION, status.BAD_TIMEOUT | status.LIMIT_LOW]
    assert codes_of(CleaningChain([tag(high=1.0)]), [math.nan, 5.0], status=given_codes) == given_codes


def test_that_a_value_outside_its_range_says_at_which_end() -> None:
    chain = CleaningChain([tag(low=0.0, high=100.0)])
    assert codes_of(chain, [0.0, -0.1, 100.0, 100.1]) == [status.GOOD, TOO_LOW, status.GOOD, TOO_HIGH]


def test_that_an_uncertain_code_stays_outside_the_range() -> None:
    assert codes_of(CleaningChain([tag(high=1.0)]), [5.0], status=[status.UNCERTAIN_SUB_NORMAL]) == [
        status.UNCERTAIN_SUB_NORMAL
    ]


def test_that_the_overflow_bits_are_kept() -> None:
    flagged = codes_of(CleaningChain([tag(high=1.0)]), [5.0, 0.0], status=[status.OVERFLOW, status.OVERFLOW])
    assert flagged == [TOO_HIGH | status.OVERFLOW, status.OVERFLOW]


def test_that_one_far_sample_is_a_spike_and_the_next_is_good() -> None:
    assert codes_of(CleaningChain([tag(spike=5.0)]), [20.0, 21.0, 90.0, 22.0]) == [0, 0, SUSPECT, 0]


def test_that_a_real_step_costs_one_flagged_sample() -> None:
    assert codes_of(CleaningChain([tag(spike=5.0)]), [20.0, 90.0, 91.0, 92.0, 20.0]) == [0, SUSPECT, 0, 0, SUSPECT]


def test_that_two_far_samples_far_from_each_other_are_both_spikes() -> None:
    assert codes_of(CleaningChain([tag(spike=5.0)]), [20.0, 90.0, -90.0, 20.0]) == [0, SUSPECT, SUSPECT, 0]


def test_that_a_jump_as_large_as_allowed_is_no_spike() -> None:
    assert codes_of(CleaningChain([tag(spike=5.0)]), [20.0, 25.0, 20.0]) == [0, 0, 0]


def test_that_a_bad_sample_between_neither_confirms_nor_hides_a_spike() -> None:
    good, bad = status.GOOD, status.BAD_TIMEOUT
    chain = CleaningChain([tag(spike=5.0)])
    assert codes_of(chain, [20.0, 90.0, math.nan, 91.0], status=[good, good, bad, good]) == [good, SUSPECT, bad, good]


def test_that_a_spike_outside_the_range_is_a_spike_but_a_step_there_is_out_of_range() -> None:
    chain = CleaningChain([tag(spike=5.0, high=50.0)])
    assert codes_of(chain, [20.0, 90.0, 20.0, 90.0, 90.0]) == [0, SUSPECT, 0, SUSPECT, TOO_HIGH]


def test_that_a_value_that_stands_is_stuck_from_its_span_on() -> None:
    chain = CleaningChain([tag(stuck_s=3.0)])
    assert codes_of(chain, [7.0] * 5 + [7.1, 7.1]) == [0, 0, 0, STUCK, STUCK, 0, 0]
    assert codes_of(chain, [7.1, 7.1], time=[7, 8]) == [0, STUCK]


def test_that_the_smallest_change_is_a_change() -> None:
    chain = CleaningChain([tag(stuck_s=2.0)])
    value = np.repeat([1.0, np.nextafter(1.0, 2.0)], 2)
    assert codes_of(chain, np.tile(value, 3).tolist()) == [0] * 12


def test_that_a_value_that_stands_outside_its_range_is_out_of_range() -> None:
    assert codes_of(CleaningChain([tag(stuck_s=1.0, high=5.0)]), [7.0] * 3) == [TOO_HIGH] * 3


def test_that_switches_and_counters_may_stand_still() -> None:
    for kind in (TagKind.DISCRETE, TagKind.COUNTER):
        chain = CleaningChain([tag(kind=kind, stuck_s=1.0, spike=0.5)])
        assert codes_of(chain, [1.0] * 4) == [0] * 4


def test_that_a_silent_tag_is_told_once_per_silence() -> None:
    chain = CleaningChain([tag(0, stale_s=3.0), tag(1)])
    assert len(chain.tick(100 * S)) == 0
    chain.clean(block_of([0, 1], [10 * S, 10 * S], [5.0, 6.0], received=[10 * S, 10 * S]))
    assert len(chain.tick(13 * S - 1)) == 0
    told = chain.tick(13 * S)
    assert (told.handle.tolist(), told.value.tolist(), told.status.tolist()) == ([0], [5.0], [LAST])
    assert (told.time.tolist(), told.received.tolist()) == ([13 * S], [13 * S])
    assert len(chain.tick(14 * S)) == 0
    chain.clean(block_of(0, 15 * S, 7.0))
    assert len(chain.tick(17 * S)) == 0
    assert chain.tick(18 * S).value.tolist() == [7.0]


def test_that_silence_is_measured_from_the_arrival_not_from_the_devices_clock() -> None:
    chain = CleaningChain([tag(stale_s=3.0)])
    chain.clean(block_of(0, 1, 5.0, received=100 * S))
    assert len(chain.tick(102 * S)) == 0
    assert len(chain.tick(103 * S)) == 1


def test_that_a_tag_that_became_bad_does_not_become_better_by_silence() -> None:
    chain = CleaningChain([tag(stale_s=1.0)])
    chain.clean(block_of(0, [S, 2 * S], [5.0, math.nan], [status.GOOD, status.BAD_NO_COMMUNICATION]))
    assert len(chain.tick(100 * S)) == 0


def test_that_a_tag_that_is_read_every_scan_is_doubted_after_three_and_bad_after_its_span() -> None:
    chain = CleaningChain([tag(0, stale_s=9.0), tag(1), replace(tag(2), scan_ms=2_000), tag(3)])
    chain.expect(np.array([0, 1, 2], np.uint32))
    chain.clean(block_of([0, 1, 2, 3], 10 * S, [5.0, 6.0, 7.0, 8.0]))
    assert len(chain.tick(12 * S - 1)) == 0
    doubted = chain.tick(12 * S)
    assert (doubted.handle.tolist(), doubted.value.tolist()) == ([0, 1], [5.0, 6.0])
    assert doubted.status.tolist() == [LAST, LAST]
    assert chain.tick(16 * S).handle.tolist() == [2]
    bad = chain.tick(19 * S)
    assert (bad.handle.tolist(), bad.status.tolist()) == ([0], [status.BAD_NO_COMMUNICATION])
    assert np.isnan(bad.value).all()
    assert len(chain.tick(1_000 * S)) == 0
    chain.clean(block_of(0, 1_001 * S, 5.5))
    assert len(chain.tick(1_002 * S)) == 0
    assert chain.tick(1_003 * S).value.tolist() == [5.5]


def test_that_a_tag_whose_connection_is_gone_is_not_expected_any_more() -> None:
    chain = CleaningChain([tag(0), tag(1, stale_s=3.0)])
    chain.expect(np.array([0, 1], np.uint32))
    chain.expect(np.array([], np.uint32))
    chain.clean(block_of([0, 1], 10 * S, [5.0, 6.0]))
    told = chain.tick(1_000 * S)
    assert (told.handle.tolist(), told.status.tolist()) == ([1], [LAST])


def test_that_only_the_last_of_several_samples_is_repeated() -> None:
    chain = CleaningChain([tag(0, stale_s=1.0), tag(1, stale_s=1.0)])
    chain.clean(block_of([0, 1, 0, 1, 0], np.arange(5) * S, np.arange(5.0)))
    told = chain.tick(100 * S)
    assert dict(zip(told.handle.tolist(), told.value.tolist(), strict=True)) == {0: 4.0, 1: 3.0}


def test_that_an_empty_block_passes() -> None:
    assert len(CleaningChain(PLANT).clean(empty())) == 0
    assert len(CleaningChain([]).tick(5)) == 0


def test_that_samples_of_the_past_are_judged_and_change_nothing_of_the_present() -> None:
    tags = (tag(0, spike=20.0), tag(1, kind=TagKind.COUNTER))
    chain, alone = CleaningChain(tags), CleaningChain(tags)
    now = block_of([0, 1], 100 * S, [50.0, 300.0])
    for each in (chain, alone):
        each.clean(now)
    late = chain.clean_late(
        block_of(
            [0, 0, 0, 0, 1], [10 * S, 10 * S + 1, 10 * S + 2, 10 * S + 3, 10 * S], [10.0, 90.0, 10.0, 200.0, 250.0]
        )
    )
    assert late.status.tolist() == [
        status.GOOD,
        status.UNCERTAIN_SENSOR_NOT_ACCURATE,
        status.GOOD,
        status.UNCERTAIN_SENSOR_NOT_ACCURATE,
        status.GOOD,
    ]
    assert late.value.tolist() == [10.0, 90.0, 10.0, 200.0, 250.0]
    after = block_of([0, 1], 101 * S, [51.0, 301.0])
    assert chain.clean(after).status.tolist() == alone.clean(after).status.tolist()
    assert chain.clean(after).value.tolist() == alone.clean(after).value.tolist() == [51.0, 301.0]
    assert len(chain.tick(102 * S)) == 0
