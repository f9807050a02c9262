"""`modbus`: reads of 125 holding registers over TCP, ours, pymodbus's and libmodbus's (C) client on libmodbus's server.

Ours is what a scan does: the requests wait for the bus together, every field of an answer is checked, and it becomes an
array of uint16. pymodbus's client checks less and makes a list; libmodbus's converts to uint16 too.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import numpy as np
from pymodbus.client import AsyncModbusTcpClient

from drivers.modbus.address import Table
from drivers.modbus.bus import Bus
from drivers.modbus.pdu import read_request, words_of
from drivers.modbus.settings import ModbusSettings
from tests.benchmarks.__main__ import Options
from tests.benchmarks.figure import Figure
from tests.benchmarks.gateway_rate import kept_rates
from tests.benchmarks.history_store import Absent, say_not_run
from tests.benchmarks.libmodbus import BLOCK, REGISTERS, Libmodbus, libmodbus
from tests.benchmarks.modbus_decoding import decoding
from tests.benchmarks.turns import alternate

WINDOW = 16
REQUESTS = REGISTERS // BLOCK
"""Requests of one scan: all registers of the server."""
_US = 1e6


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a client: wall and processor seconds per request, and the seconds that each took, if known."""

    elapsed: float
    used: float
    waits: tuple[float, ...] = ()


def measure(options: Options) -> Iterator[Figure]:
    """Ask in turn, then decode in turn."""
    with ExitStack() as stack:
        try:
            peer = stack.enter_context(libmodbus())
        except Absent as error:
            say_not_run(str(error))
        else:
            yield from _asking(peer, scans=50 if options.quick else 250, turns=7 if options.quick else 15)
    yield from decoding(turns=7 if options.quick else 15)
    ours, theirs = asyncio.run(kept_rates(15 if options.quick else 60))
    name = "rate that healthy units keep beside a silent one"
    yield Figure(name, "of 1", ours, theirs, "a loop over pymodbus", "ours >= 0.95")


def _asking(peer: Libmodbus, *, scans: int, turns: int) -> Iterator[Figure]:
    requests = scans * REQUESTS
    contestants: list[Callable[[int], Turn]] = [
        lambda _: asyncio.run(_scan(peer.port, scans)),
        lambda _: _libmodbus(peer, requests),
        lambda _: asyncio.run(_one_by_one(peer.port, requests // 4)),
        lambda _: asyncio.run(_pymodbus(peer.port, requests // 8)),
    ]
    courses = alternate(contestants, turns=turns, budget_s=25)
    together, c_client, single, pymodbus = (course.results[1:] for course in courses)
    yield Figure(
        f"requests a second, {WINDOW} at once",
        "1/s",
        1 / statistics.median([turn.elapsed for turn in together]),
        1 / statistics.median([turn.elapsed for turn in c_client]),
        "libmodbus (C), one at a time",
        "ratio >= 1.0",
    )
    for name, ours, goal in ((f"{WINDOW} at once", together, "ratio <= 0.15"), ("one at a time", single, "")):
        used, theirs = (statistics.median([turn.used for turn in each]) * _US for each in (ours, pymodbus))
        yield Figure(f"processor time of a request, {name}", "us", used, theirs, "pymodbus, async", goal)
    for percent, goal in ((50, "ratio <= 0.6"), (99, "")):
        wait = partial(_percentile, percent=percent)
        yield Figure(
            f"request to answer, one at a time, p{percent}",
            "us",
            wait(single) * _US,
            wait(pymodbus) * _US,
            "pymodbus, async",
            goal,
        )


def _libmodbus(peer: Libmodbus, requests: int) -> Turn:
    elapsed, used = peer.read(requests)
    return Turn(elapsed / requests, used / requests)


def _percentile(turns: list[Turn], *, percent: int) -> float:
    return statistics.median(float(np.percentile(turn.waits, percent)) for turn in turns)


async def _scan(port: int, scans: int) -> Turn:
    bus = Bus(ModbusSettings("127.0.0.1", port, window=WINDOW))
    lost: list[str] = []
    await bus.open(lost.append)
    pdus = [read_request(Table.HOLDING_REGISTERS, row * BLOCK, BLOCK) for row in range(REQUESTS)]
    began, used = time.perf_counter(), time.process_time()
    for _ in range(scans):
        asks = [bus.ask(1, pdu, 500) for pdu in pdus]
        for row, ask in enumerate(asks):
            words = words_of(await ask.answer, BLOCK)
            if words[0] != row * BLOCK:
                raise ValueError(f"{words[0]} came for {row * BLOCK}")
    count = scans * REQUESTS
    turn = Turn((time.perf_counter() - began) / count, (time.process_time() - used) / count)
    bus.close(lost.append)
    return turn


async def _one_by_one(port: int, requests: int) -> Turn:
    bus = Bus(ModbusSettings("127.0.0.1", port))
    lost: list[str] = []
    await bus.open(lost.append)
    turn = await _timed(lambda: bus.read(1, Table.HOLDING_REGISTERS, 0, BLOCK), requests)
    bus.close(lost.append)
    return turn


async def _pymodbus(port: int, requests: int) -> Turn:
    client = AsyncModbusTcpClient("127.0.0.1", port=port)
    await client.connect()
    turn = await _timed(lambda: client.read_holding_registers(0, count=BLOCK, device_id=1), requests)
    client.close()
    return turn


async def _timed(read: Callable[[], object], requests: int) -> Turn:
    waits = []
    began, used = time.perf_counter(), time.process_time()
    for _ in range(requests):
        asked = time.perf_counter()
        await read()  # type: ignore[misc] # an awaitable of either client
        waits.append(time.perf_counter() - asked)
    elapsed, used = time.perf_counter() - began, time.process_time() - used
    return Turn(elapsed / requests, used / requests, tuple(waits))
