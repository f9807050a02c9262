"""Whose turn it is on a bus."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable

from drivers.modbus.turns import OPERATOR, WRITE, Ask, Turns

FAST, SLOW = 100, 5_000


async def _waiting(*asked: tuple[int, int]) -> Turns:
    """Return turns of requests, each of a unit and a priority."""
    turns = Turns()
    for unit, priority in asked:
        turns.add(_ask(unit, priority))
    return turns


def _ask(unit: int, priority: int) -> Ask:
    return Ask(unit, b"", priority, asyncio.get_running_loop().create_future())


def _all(turns: Turns) -> Iterable[Ask]:
    while turns:
        yield turns.take()


async def test_that_writes_come_before_operators_before_fast_before_slow_scans() -> None:
    turns = await _waiting((1, SLOW), (1, FAST), (1, OPERATOR), (1, WRITE), (1, OPERATOR))
    assert [ask.priority for ask in _all(turns)] == [WRITE, OPERATOR, OPERATOR, FAST, SLOW]


async def test_that_a_unit_that_has_used_less_of_the_bus_goes_first() -> None:
    turns = await _waiting(*[(1, FAST), (2, FAST)] * 30)
    taken: Counter[int] = Counter()
    used = 0
    while used < 300:
        unit = turns.take().unit
        took = 25 if unit == 1 else 5
        turns.charge(unit, took)
        taken[unit] += took
        used += took
    assert abs(taken[1] - taken[2]) <= 25


async def test_that_units_that_use_as_much_take_turns() -> None:
    turns = await _waiting(*[(unit, FAST) for unit in (1, 1, 1, 2, 2, 2, 3, 3, 3)])
    assert [ask.unit for ask in _all(turns)] == [1, 2, 3] * 3


async def test_that_rest_is_not_saved_up() -> None:
    turns = await _waiting(*[(1, FAST)] * 20)
    for _ in range(10):
        turns.charge(turns.take().unit, 100)
    for _ in range(10):
        turns.add(_ask(2, FAST))
    order = []
    for _ in range(10):
        order.append(turns.take().unit)
        turns.charge(order[-1], 100)
    assert Counter(order) == {1: 5, 2: 5}


async def test_that_a_bus_too_slow_for_its_fast_scans_still_reads_the_slow_ones() -> None:
    turns = await _waiting(*[(1, FAST)] * 20, *[(1, SLOW)] * 3, *[(1, 2 * SLOW)] * 3)
    first = [turns.take().priority for _ in range(16)]
    assert Counter(first) == {FAST: 12, SLOW: 2, 2 * SLOW: 2}


async def test_that_no_slow_scan_comes_between_two_writes() -> None:
    turns = await _waiting(*[(1, WRITE)] * 8, *[(1, FAST)] * 8, *[(1, SLOW)] * 8)
    assert [turns.take().priority for _ in range(8)] == [WRITE] * 8


async def test_that_what_is_cleared_waits_no_more() -> None:
    turns = await _waiting((1, FAST), (2, SLOW))
    assert len(turns.clear()) == 2
    assert not turns
