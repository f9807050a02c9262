"""Which stretches are breaks, and how devices are asked for them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress

import numpy as np
import pytest

from app.acquisition.backfill import MOST_OF_A_TAG, TAGS_AT_ONCE, Ask, Backfill
from app.acquisition.break_watch import BreakWatch
from app.model import clock, status
from app.model.block import Block, block_of, concatenate
from app.model.connection import ConnectionDefinition
from app.model.missed import Arrears, Break, BreakChange, BreakState
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
    assert watch.take(block_of([0, 1, 2], 20, np.nan, LOST)) == [Break(0, 10, 0), Break(1, 11, 0)]
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
    (ended,) = watch.take(block_of([0], 10, 1.0))
    assert ended.is_empty
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

    def __init__(self, tags: int, ask: Ask | None = None, missed: Sequence[Break] = ()) -> None:
        self.asked: list[tuple[str, list[int], int, int]] = []
        self.kept: list[Block] = []
        self.changes: list[BreakChange] = []
        self.backfill = Backfill(
            _plant(tags),
            ask=ask or self._ask,
            keep=self._keep,
            newest={},
            note=self.changes.extend,
            missed=missed,
            settle_s=0.0,
            retry_s=0.0,
        )

    @property
    def filled(self) -> list[Break]:
        return [what for what, state in self.changes if state is BreakState.FILLED]

    def remembered(self) -> list[Break]:
        """Return what a table holds that was changed as was told."""
        held: dict[tuple[int, int], Break] = {}
        for what, state in self.changes:
            if state is BreakState.MISSED:
                held[what.handle, what.end] = what
            else:
                held.pop((what.handle, what.end), None)
        return list(held.values())

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


async def test_that_what_is_told_is_enough_to_go_on_after_any_end() -> None:
    async def ask(connection: str, handles: Sequence[int], start: int, end: int) -> Sequence[HistoryEnd]:
        station.backfill.take(block_of([1, 2, 1], [105 * S, 101 * S, 110 * S], 1.0))
        told.append(station.remembered())
        raise ConnectionLost("gone")

    told: list[list[Break]] = []
    station = _Station(4, ask)
    station.break_off([1, 2], 100 * S, 120 * S)
    station.backfill.hear(block_of([3], 100 * S, 1.0))
    station.backfill.hear(block_of([3], 101 * S, np.nan, LOST))
    running = asyncio.create_task(station.backfill.run())
    async with asyncio.timeout(5):
        while not told:  # noqa: ASYNC110 - it tells by a call
            await asyncio.sleep(0)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert sorted(told[0], key=lambda each: each.handle) == [
        Break(1, 110 * S, 120 * S),  # each tag only from where its samples end
        Break(2, 101 * S, 120 * S),
        Break(3, 100 * S, 0),
    ]
    again = _Station(4, missed=told[0])
    again.backfill.hear(block_of([1, 2, 3], 150 * S, np.nan, status.BAD_WAITING_FOR_INITIAL_DATA))
    again.backfill.hear(block_of([3], 900 * S, 1.0))
    await again.until(3)
    assert sorted((handles, start, end) for _, handles, start, end in again.asked) == [
        ([1, 2], 101 * S + 1, 120 * S),
        ([3], 100 * S + 1, 900 * S),
    ]
    assert again.remembered() == []


async def test_that_what_waits_and_why_can_be_seen() -> None:
    async def ask(connection: str, handles: Sequence[int], start: int, end: int) -> Sequence[HistoryEnd]:
        seen.append(station.backfill.arrears("kept"))
        if len(seen) == 1:
            raise ConnectionLost("gone")
        refused = HistoryEnd(2, status.BAD_HISTORY_OPERATION_UNSUPPORTED, "none")
        return [HistoryEnd(1, status.GOOD), refused]

    seen: list[Arrears] = []
    station = _Station(3, ask)
    assert station.backfill.arrears("kept") == Arrears()
    station.break_off([1, 2], 100 * S, 120 * S)
    await station.until(1)
    assert seen == [Arrears(2, 100 * S), Arrears(2, 100 * S, "gone")]
    assert station.backfill.arrears("kept") == Arrears(refused=1)


async def test_that_the_breaks_of_a_link_that_flaps_are_asked_for_in_few_requests() -> None:
    station = _Station(2)
    for number in range(1_000):
        station.break_off([1], (100 + 2 * number) * S, (101 + 2 * number) * S)
    assert len(station.remembered()) == MOST_OF_A_TAG
    await station.until(MOST_OF_A_TAG)
    assert len(station.asked) == MOST_OF_A_TAG
    assert station.asked[-1][2:] == (114 * S + 1, 2099 * S)


async def test_that_a_connection_that_cannot_be_asked_is_asked_once_a_round() -> None:
    async def ask(connection: str, handles: Sequence[int], start: int, end: int) -> Sequence[HistoryEnd]:
        asked.append(list(handles))
        if len(asked) == 1:
            raise ConnectionLost("gone")
        return [HistoryEnd(handle, status.GOOD) for handle in handles]

    asked: list[list[int]] = []
    station = _Station(2 * TAGS_AT_ONCE + 1, ask)
    station.break_off(range(1, 2 * TAGS_AT_ONCE + 1), 100 * S, 120 * S)
    await station.until(2 * TAGS_AT_ONCE)
    assert asked == [list(range(1, 51)), list(range(1, 51)), list(range(51, 101))]
