"""Which stretches are breaks, and how devices are asked for them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress

import numpy as np
import pytest

from app.acquisition.backfill import TAGS_AT_ONCE, Ask, Backfill
from app.acquisition.break_watch import Break, BreakWatch
from app.model import clock, status
from app.model.block import Block, block_of, concatenate
from app.model.connection import ConnectionDefinition
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from drivers.driver import ConnectionLost
from drivers.historian import HistoryEnd

S = clock.NS_PER_S
LOST = status.BAD_NO_COMMUNICATION


def test_that_a_break_lies_between_the_last_usable_sample_and_the_first_one_after() -> None:
    watch = BreakWatch([0, 1], 3, newest={})
    assert watch.take(block_of([0, 1, 2], [10, 11, 12], 1.0)) == []
    assert watch.take(block_of([0, 1, 2], 20, np.nan, LOST)) == []
    assert watch.take(block_of([0, 2], 30, 1.0)) == [Break(0, 10, 30)]
    assert watch.take(block_of([0], 31, 1.0)) == []
    assert watch.take(block_of([1], 40, 1.0)) == [Break(1, 11, 40)]


def test_that_bad_values_of_the_device_itself_are_no_break() -> None:
    watch = BreakWatch([0], 1, newest={})
    watch.take(block_of([0], 10, 1.0))
    watch.take(block_of([0], 20, np.nan, status.BAD_SENSOR_FAILURE))
    assert watch.take(block_of([0], 30, 1.0)) == []


def test_that_a_value_that_has_not_changed_meanwhile_ends_a_break_without_a_stretch() -> None:
    watch = BreakWatch([0], 1, newest={})
    watch.take(concatenate([block_of([0], 10, 1.0), block_of([0], 20, np.nan, LOST)]))
    assert watch.take(block_of([0], 10, 1.0)) == []
    assert watch.take(block_of([0], 35, 2.0)) == []


def test_that_losses_in_a_row_are_one_break_and_what_was_stored_before_the_start_begins_one() -> None:
    watch = BreakWatch([0], 1, newest={0: 5})
    for time in (10, 20, 30):
        watch.take(block_of([0], time, np.nan, status.BAD_WAITING_FOR_INITIAL_DATA))
    assert watch.take(block_of([0], 40, 1.0)) == [Break(0, 5, 40)]


def _plant(tags: int) -> Plant:
    made = tuple(
        TagDefinition(handle, f"T{handle}", "", LocalText("t"), "kept" if handle else "other", "a")
        for handle in range(tags)
    )
    connections = (
        ConnectionDefinition("other", "x", "x://"),
        ConnectionDefinition("kept", "x", "x://", backfill=True),
    )
    return Plant("p", LocalText("P"), (), connections, made)


class _Station:
    """A Backfill with what it asks for and what it keeps."""

    def __init__(self, tags: int, ask: Ask | None = None) -> None:
        self.asked: list[tuple[str, list[int], int, int]] = []
        self.kept: list[Block] = []
        self.filled: list[Break] = []
        self.backfill = Backfill(
            _plant(tags),
            ask=ask or self._ask,
            keep=self._keep,
            newest={},
            on_filled=self.filled.extend,
            settle_s=0.0,
            retry_s=0.0,
        )

    def _keep(self, block: Block) -> Future[None]:
        self.kept.append(block)
        done: Future[None] = Future()
        done.set_result(None)
        return done

    async def _ask(self, connection: str, handles: Sequence[int], start: int, end: int) -> Sequence[HistoryEnd]:
        self.asked.append((connection, list(handles), start, end))
        return [HistoryEnd(handle, status.GOOD) for handle in handles]

    def break_off(self, handles: Sequence[int], start: int, end: int) -> None:
        self.backfill.hear(block_of(handles, start, 1.0))
        self.backfill.hear(block_of(handles, start + 1, np.nan, LOST))
        self.backfill.hear(block_of(handles, end, 1.0))

    async def until(self, count: int) -> None:
        running = asyncio.create_task(self.backfill.run())
        async with asyncio.timeout(5):
            while len(self.filled) < count:  # noqa: ASYNC110 - it tells by a call
                await asyncio.sleep(0)
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def test_that_only_connections_that_say_so_are_asked_for_a_few_tags_at_once() -> None:
    station = _Station(2 * TAGS_AT_ONCE + 1)
    station.break_off(range(2 * TAGS_AT_ONCE + 1), 100 * S, 120 * S)
    await station.until(2 * TAGS_AT_ONCE)
    assert [(connection, len(handles)) for connection, handles, _, _ in station.asked] == [("kept", TAGS_AT_ONCE)] * 2
    assert 0 not in {handle for _, handles, _, _ in station.asked for handle in handles}
    assert {(start, end) for _, _, start, end in station.asked} == {(100 * S + 1, 120 * S)}


async def test_that_only_what_lies_within_a_break_is_kept() -> None:
    async def ask(connection: str, handles: Sequence[int], start: int, end: int) -> Sequence[HistoryEnd]:
        station.backfill.take(block_of([1, 1, 1, 1, 2], [100 * S, 110 * S, 119 * S, 120 * S, 110 * S], 1.0))
        return [HistoryEnd(handle, status.GOOD) for handle in handles]

    station = _Station(3, ask)
    station.break_off([1], 100 * S, 120 * S)
    await station.until(1)
    assert concatenate(station.kept).time.tolist() == [110 * S, 119 * S]
    station.backfill.take(block_of([1], 110 * S, 1.0))
    assert len(station.kept) == 1


@pytest.mark.parametrize("told", [ConnectionLost("gone"), HistoryEnd(1, status.BAD_TIMEOUT)])
async def test_that_what_fails_for_now_is_asked_for_again(told: ConnectionLost | HistoryEnd) -> None:
    asked = []

    async def ask(connection: str, handles: Sequence[int], start: int, end: int) -> Sequence[HistoryEnd]:
        asked.append((start, end))
        if len(asked) < 3:
            if isinstance(told, ConnectionLost):
                raise told
            return [told]
        return [HistoryEnd(handle, status.GOOD) for handle in handles]

    station = _Station(2, ask)
    station.break_off([1], 100 * S, 120 * S)
    await station.until(1)
    assert asked == [(100 * S + 1, 120 * S)] * 3


async def test_that_a_tag_without_a_history_is_not_asked_for_again() -> None:
    async def ask(connection: str, handles: Sequence[int], start: int, end: int) -> Sequence[HistoryEnd]:
        asked.append(list(handles))
        codes = {1: status.BAD_HISTORY_OPERATION_UNSUPPORTED, 2: status.GOOD}
        return [HistoryEnd(handle, codes[handle]) for handle in handles]

    asked: list[list[int]] = []
    station = _Station(3, ask)
    station.break_off([1, 2], 100 * S, 120 * S)
    await station.until(1)
    assert asked == [[1, 2]]
    assert station.filled == [Break(2, 100 * S, 120 * S)]


async def test_that_two_breaks_of_one_tag_are_asked_for_one_after_the_other() -> None:
    station = _Station(2)
    station.break_off([1], 100 * S, 101 * S)
    station.break_off([1], 102 * S, 103 * S)
    await station.until(2)
    assert [(start, end) for _, _, start, end in station.asked] == [
        (100 * S + 1, 101 * S),
        (102 * S + 1, 103 * S),
    ]
