"""The queue between a driver and the collector."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model import status
from app.model.block import Block, block_of, empty
from drivers.block_queue import BlockQueue, coalesce
from drivers.driver import ConnectionLost


def _block(*samples: tuple[int, float]) -> Block:
    return block_of([handle for handle, _ in samples], 0, [value for _, value in samples])


async def test_that_all_that_waits_comes_as_one_block_in_order() -> None:
    queue = BlockQueue()
    queue.put(_block((1, 1.0), (2, 2.0)))
    queue.put(empty())
    queue.put(_block((1, 3.0)))
    block = await queue.get()
    assert block.handle.tolist() == [1, 2, 1]
    assert block.value.tolist() == [1.0, 2.0, 3.0]


async def test_that_get_waits_for_a_block() -> None:
    queue = BlockQueue()
    waiting = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    assert not waiting.done()
    queue.put(empty())
    await asyncio.sleep(0)
    assert not waiting.done()
    queue.put(_block((1, 1.0)))
    async with asyncio.timeout(1):
        assert len(await waiting) == 1


async def test_that_a_failure_comes_after_what_was_delivered_before_and_stays() -> None:
    queue = BlockQueue()
    queue.put(_block((1, 1.0)))
    queue.fail(ConnectionLost("first"))
    queue.fail(ConnectionLost("second"))
    assert len(await queue.get()) == 1
    for _ in range(2):
        with pytest.raises(ConnectionLost, match="first"):
            await queue.get()


async def test_that_a_failure_wakes_whoever_waits() -> None:
    queue = BlockQueue()
    waiting = asyncio.create_task(queue.get())
    await asyncio.sleep(0)
    queue.fail(ConnectionLost("gone"))
    with pytest.raises(ConnectionLost, match="gone"):
        async with asyncio.timeout(1):
            await waiting


async def test_that_an_overflow_keeps_the_newest_of_each_tag_marked_and_counts_the_rest() -> None:
    queue = BlockQueue(limit=4)
    for value in range(3):
        queue.put(_block((1, float(value)), (2, float(-value))))
    block = await queue.get()
    assert block.handle.tolist() == [1, 2]
    assert block.value.tolist() == [2.0, -2.0]
    assert block.status.tolist() == [status.OVERFLOW] * 2
    assert queue.coalesced == 4
    queue.put(_block((1, 9.0)))
    assert (await queue.get()).status.tolist() == [status.GOOD]


async def test_that_more_tags_than_the_limit_are_all_kept() -> None:
    queue = BlockQueue(limit=10)
    for value in range(5):
        queue.put(_block(*((handle, float(value)) for handle in range(50))))
    block = await queue.get()
    assert block.handle.tolist() == list(range(50))
    assert set(block.value.tolist()) == {4.0}


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(allow_nan=False)), min_size=1))
def test_that_coalescing_keeps_the_last_sample_of_each_tag_in_order(samples: list[tuple[int, float]]) -> None:
    kept = coalesce(_block(*samples))
    last = {handle: row for row, (handle, _) in enumerate(samples)}
    rows = sorted(last.values())
    assert kept.handle.tolist() == [samples[row][0] for row in rows]
    assert kept.value.tolist() == [samples[row][1] for row in rows]
    assert (kept.status & np.uint32(status.OVERFLOW) == status.OVERFLOW).all()
