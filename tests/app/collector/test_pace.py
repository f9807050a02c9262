"""Turns of the collector: soon after what was delivered, without a delivery as well, and never all of the time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.collector.pace import Turns

LONG_S = 60.0


def run(turn: Callable[[], None], *, gather_s: float, most_s: float, until: Callable[[Turns], object]) -> None:
    """Make turns until the awaitable of `until` is done, at most ten seconds."""

    async def main() -> None:
        turns = Turns(turn, gather_s=gather_s, most_s=most_s)
        task = asyncio.create_task(turns.run())
        async with asyncio.timeout(10.0):
            await until(turns)  # type: ignore[misc]
        task.cancel()

    asyncio.run(main())


def test_that_a_turn_follows_what_was_asked_without_waiting_for_the_longest_time() -> None:
    made = asyncio.Event()

    async def ask(turns: Turns) -> None:
        turns.ask()
        await made.wait()

    run(made.set, gather_s=0.001, most_s=LONG_S, until=ask)


def test_that_turns_are_made_without_being_asked() -> None:
    made, enough = [0], asyncio.Event()

    def turn() -> None:
        made[0] += 1
        if made[0] == 3:
            enough.set()

    run(turn, gather_s=0.001, most_s=0.01, until=lambda _: enough.wait())


def test_that_what_is_asked_for_at_once_is_one_turn() -> None:
    made, first = [0], asyncio.Event()

    def turn() -> None:
        made[0] += 1
        first.set()

    async def ask(turns: Turns) -> None:
        for _ in range(50):
            turns.ask()
            await asyncio.sleep(0)
        await first.wait()
        for _ in range(50):
            await asyncio.sleep(0)

    run(turn, gather_s=0.2, most_s=LONG_S, until=ask)
    assert made == [1]


def test_that_after_a_long_turn_the_loop_has_time_for_others() -> None:
    """Else a load that is too high would leave no time to read what comes, and none to answer windows."""
    ends: list[float] = []
    begins: list[float] = []
    enough = asyncio.Event()

    def turn() -> None:
        loop = asyncio.get_running_loop()
        begins.append(loop.time())
        while loop.time() - begins[-1] < 0.02:
            pass
        ends.append(loop.time())
        if len(ends) == 4:
            enough.set()

    async def ask(turns: Turns) -> None:
        while not enough.is_set():
            turns.ask()
            await asyncio.sleep(0.001)

    run(turn, gather_s=0.001, most_s=LONG_S, until=ask)
    pauses = [begin - end for begin, end in zip(begins[1:], ends, strict=False)]
    assert min(pauses) >= 0.25 * 0.02
