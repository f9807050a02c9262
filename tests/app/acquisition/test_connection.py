"""A Connection against a driver that fails on command."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import ClassVar, Self

import numpy as np

from app.acquisition.back_off import BackOff
from app.acquisition.connection import Connection
from app.model import clock, status
from app.model.block import Block, block_of
from app.model.connection import ConnectionDefinition, LinkState
from app.model.tag import TagDefinition
from app.model.text import LocalText
from drivers.block_queue import BlockQueue
from drivers.driver import (
    BadAddress,
    BrowsePage,
    ConnectionLost,
    Diagnostics,
    Refused,
    SubscribeResult,
    TagSpec,
    WriteItem,
    WriteResult,
)

DEFINITION = ConnectionDefinition("press", "scripted", "scripted://press")


class ScriptedDriver:
    """A driver whose behaviour the test sets; `refused` are the addresses that it does not know."""

    schemes: ClassVar[tuple[str, ...]] = ("scripted",)

    def __init__(self, *, fails: Exception | None = None, refused: Sequence[str] = ()) -> None:
        self.queue = BlockQueue()
        self.is_closed = False
        self.fails = fails
        self.refused = refused

    @classmethod
    def from_definition(cls, definition: ConnectionDefinition) -> Self:
        return cls()

    @staticmethod
    def check_address(address: str) -> None:
        pass

    async def open(self) -> None:
        if self.fails:
            raise self.fails

    async def close(self) -> None:
        self.is_closed = True

    async def browse(self, reference: str = "", cursor: bytes = b"") -> BrowsePage:
        return BrowsePage(())

    async def subscribe(self, tags: Sequence[TagSpec]) -> list[SubscribeResult]:
        return [
            SubscribeResult(
                tag.handle, status.BAD_NODE_ID_UNKNOWN if tag.address in self.refused else status.GOOD, "unknown"
            )
            for tag in tags
        ]

    async def unsubscribe(self, handles: Sequence[int]) -> None:
        pass

    async def read(self, tags: Sequence[TagSpec]) -> Block:
        return block_of([tag.handle for tag in tags], clock.now_ns(), 0.0)

    async def write(self, items: Sequence[WriteItem]) -> list[WriteResult]:
        return []

    def batches(self) -> BlockQueue:
        return self.queue

    def diagnose(self) -> Diagnostics:
        return Diagnostics()


class NotedBackOff(BackOff):
    """A BackOff that never waits, and notes for what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals: list[bool] = []

    def next_s(self, *, is_refused: bool = False) -> float:
        self.refusals.append(is_refused)
        return 0.0


class Bench:
    """A Connection of two tags, the drivers it made and the blocks it delivered."""

    def __init__(self, make: Callable[[int], ScriptedDriver], *, back_off: BackOff | None = None) -> None:
        self.drivers: list[ScriptedDriver] = []
        self.blocks: list[Block] = []
        self.news = asyncio.Event()
        self._make = make
        tags = [TagDefinition(n, f"T{n}", "press", LocalText("t"), "press", f"A{n}") for n in range(2)]
        self.connection = Connection(
            DEFINITION,
            tags,
            make=self._next,
            deliver=self._deliver,
            back_off=back_off or BackOff(first_s=0.01, longest_s=0.02),
        )

    def _next(self, definition: ConnectionDefinition) -> ScriptedDriver:
        driver = self._make(len(self.drivers))
        self.drivers.append(driver)
        return driver

    def _deliver(self, block: Block) -> None:
        self.blocks.append(block)
        self.news.set()

    async def until(self, fact: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not fact():
                self.news.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.01):
                        await self.news.wait()

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self.connection.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task


async def test_that_every_tag_is_bad_until_the_first_value_comes() -> None:
    async with Bench(lambda _: ScriptedDriver()) as bench:
        await bench.until(lambda: bench.connection.report().state is LinkState.RUNNING)
        assert bench.blocks[0].status.tolist() == [status.BAD_WAITING_FOR_INITIAL_DATA] * 2
        bench.drivers[0].queue.put(block_of([0, 1], 5, [1.0, 2.0]))
        await bench.until(lambda: len(bench.blocks) == 2)
        assert bench.blocks[1].value.tolist() == [1.0, 2.0]
        assert bench.connection.report().tags_good == 2


async def test_that_a_lost_device_gives_one_bad_block_at_once_and_a_fresh_driver() -> None:
    async with Bench(lambda _: ScriptedDriver()) as bench:
        await bench.until(lambda: bench.connection.report().state is LinkState.RUNNING)
        bench.drivers[0].queue.put(block_of([0, 1], 5, [1.0, 2.0]))
        bench.drivers[0].queue.fail(ConnectionLost("scripted://press: gone"))
        await bench.until(lambda: len(bench.drivers) == 2)
        await bench.until(lambda: bench.connection.report().state is LinkState.RUNNING)
        lost = bench.blocks[2]
        assert lost.status.tolist() == [status.BAD_NO_COMMUNICATION] * 2
        assert np.isnan(lost.value).all()
        assert bench.drivers[0].is_closed
        assert bench.drivers[1] is not bench.drivers[0]


async def test_that_a_device_that_cannot_be_reached_is_tried_again_and_its_reason_told() -> None:
    failure = ConnectionLost("scripted://press: refused; is it switched on?")
    async with Bench(lambda n: ScriptedDriver(fails=failure if n < 3 else None)) as bench:
        await bench.until(lambda: bench.connection.report().reason == str(failure))
        await bench.until(lambda: bench.connection.report().state is LinkState.RUNNING)
        assert bench.connection.report().attempts == 4
        assert bench.connection.report().reason == ""
        assert all(driver.is_closed for driver in bench.drivers[:3])


async def test_that_a_device_that_refuses_us_is_not_pressed() -> None:
    failures = [
        Refused("scripted://press: the server refuses this user: check user and password"),
        ConnectionLost("scripted://press: nothing listens there"),
        BadAddress("scripted: no URL"),
    ]
    back_off = NotedBackOff()
    async with Bench(lambda n: ScriptedDriver(fails=failures[n] if n < 3 else None), back_off=back_off) as bench:
        await bench.until(lambda: bench.connection.report().state is LinkState.RUNNING)
    assert back_off.refusals == [True, False, True]


async def test_that_one_unknown_address_leaves_the_other_tags_running() -> None:
    async with Bench(lambda _: ScriptedDriver(refused=["A1"])) as bench:
        await bench.until(lambda: bench.connection.report().state is LinkState.DEGRADED)
        assert bench.blocks[1].handle.tolist() == [1]
        assert bench.blocks[1].status.tolist() == [status.BAD_NODE_ID_UNKNOWN]
        assert "A1" in bench.connection.report().reason
        bench.drivers[0].queue.put(block_of([0], 5, [1.0]))
        await bench.until(lambda: bench.connection.report().tags_good == 1)


async def test_that_a_wrong_address_is_a_configuration_error_and_not_a_crash() -> None:
    async with Bench(lambda _: ScriptedDriver(fails=BadAddress("A?: no such grammar"))) as bench:
        await bench.until(lambda: len(bench.blocks) > 1)
        assert bench.blocks[1].status.tolist() == [status.BAD_CONFIGURATION_ERROR] * 2


async def test_that_an_error_nobody_foresaw_is_logged_and_the_device_tried_again(caplog: object) -> None:
    async with Bench(lambda n: ScriptedDriver(fails=ZeroDivisionError("surprise") if n == 0 else None)) as bench:
        await bench.until(lambda: bench.connection.report().state is LinkState.RUNNING)
        assert bench.blocks[1].status.tolist() == [status.BAD_INTERNAL_ERROR] * 2


async def test_that_a_write_has_a_result_whatever_a_driver_of_others_raises() -> None:
    class Failing(ScriptedDriver):
        async def write(self, items: Sequence[WriteItem]) -> list[WriteResult]:
            raise KeyError(items[0].address)

        async def read(self, tags: Sequence[TagSpec]) -> Block:
            raise ZeroDivisionError(tags[0].address)

    async with Bench(lambda _: Failing()) as bench:
        await bench.until(lambda: bench.connection.report().state is LinkState.RUNNING)
        (result,) = await bench.connection.write([WriteItem("A0", 1.0, 1)])
        read = await bench.connection.read(TagSpec(0, "A0"))
    assert not result.is_answered
    assert "KeyError in test_connection.py:" in result.reason
    assert "not known: read it back" in result.reason
    assert read.status == status.BAD_COMMUNICATION_ERROR
