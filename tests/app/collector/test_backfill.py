"""After a break of a connection, or of the station itself, the history holds what the server had kept meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from asyncua import ua
from asyncua.common.node import Node
from asyncua.server.history import HistoryDict
from asyncua.server.server import Server

from app import database
from app.alarm.journal import page
from app.history.break_store import read_breaks
from app.history.gap import GapReason, read_gaps
from app.history.layout import HOUR_NS
from app.history.reader import HistoryReader
from app.model import clock, status
from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.exact import DataType
from app.model.missed import Break
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from drivers.conformance.relay import relay_to
from drivers.loopback import claim_port
from tests.app.collector.bench import start_collector
from tests.app.collector.writing import collecting, made_folder

FOR_EVER = timedelta(days=36_500)
TURN_S = 0.01
_KINDS = (ua.VariantType.Double, ua.VariantType.Double, ua.VariantType.Int64)
NAMES = ("A", "B", "N")
"""A rises by one each step; B is 100 where `is_high`; N is a counter that A's server keeps in 64 bits."""


class _Kept(HistoryDict):
    """What a server keeps; it gives no more than so many `pages`, and notes from when on it was asked (ns UTC)."""

    def __init__(self) -> None:
        super().__init__()
        self.pages = 1_000
        self.earliest: list[int] = []

    async def read_node_history(
        self, node_id: ua.NodeId, start: datetime | None, end: datetime | None, nb_values: int
    ) -> tuple[list[ua.DataValue], Any]:
        assert start is not None
        self.earliest.append(clock.from_datetime(start.replace(tzinfo=UTC)))
        while not self.pages:  # noqa: ASYNC110 - the test sets a number
            await asyncio.sleep(TURN_S)
        self.pages -= 1
        return await super().read_node_history(node_id, start, end, nb_values)


class _Machine:
    """A server whose variables change each turn, by one step of its time, and which keeps all of it.

    `start`, `step`: its times (ns UTC); those of the clock where `step` is 0.
    """

    def __init__(self, start: int, step: int) -> None:
        self.times: list[int] = []
        self.is_high = False
        self.port = claim_port("127.0.0.1", 0)
        self._next, self._step = start // 1_000 * 1_000, step // 1_000 * 1_000  # asyncua keeps microseconds
        self.kept = _Kept()
        self._is_paused = False
        self._nodes: list[Node] = []
        self._server = Server()

    async def start(self) -> None:
        server = self._server
        await server.init()
        server.set_endpoint(f"opc.tcp://127.0.0.1:{self.port}")
        server.set_security_policy([ua.SecurityPolicyType.NoSecurity])
        server.iserver.history_manager.set_storage(self.kept)
        for name in NAMES:
            kind = ua.VariantType.Int64 if name == "N" else ua.VariantType.Double
            node = await server.nodes.objects.add_variable(
                ua.NodeId(ua.String(name), ua.Int16(2)), name, ua.Variant(0, kind)
            )
            await server.historize_node_data_change(node, period=FOR_EVER)
            self._nodes.append(node)
        await server.start()
        kept = [self.kept._datachanges[node.nodeid] for node in self._nodes]
        await _until(lambda: all(kept))
        for samples in kept:
            samples.clear()  # the values that the variables were made with

    async def run(self) -> None:
        while True:
            if not self._is_paused:
                await self.turn()
            await asyncio.sleep(TURN_S)

    async def turn(self) -> None:
        time = self._next if self._step else clock.now_ns() // 1_000 * 1_000
        self._next += self._step
        moment: Any = clock.to_datetime(time)
        number = len(self.times)
        for node, value, kind in zip(
            self._nodes,
            (float(number), 100.0 if self.is_high else 0.0, 2**60 + number),
            _KINDS,
            strict=True,
        ):
            sample = ua.DataValue(ua.Variant(value, kind), SourceTimestamp=moment, ServerTimestamp=moment)
            await self._server.write_attribute_value(node.nodeid, sample)
        self.times.append(time)

    async def pass_time(self, turns: int) -> int:
        """Keep what these turns would have brought, without living through them; return how many were before.

        What has been written is kept a little later, and would else be out of order; of B only what has changed.
        """
        self._is_paused = True
        changing = [self.kept._datachanges[node.nodeid] for node in self._nodes[::2]]
        await _until(lambda: all(_time_of(each[-1]) == self.times[-1] for each in changing))
        before = len(self.times)
        times = range(self._next, self._next + turns * self._step, self._step)
        moments: list[Any] = [clock.to_datetime(time) for time in times]
        for place, (node, kind) in enumerate(zip(self._nodes, _KINDS, strict=True)):
            self.kept._datachanges[node.nodeid] += [
                ua.DataValue(
                    ua.Variant((float(number), 0.0, 2**60 + number)[place], kind),
                    SourceTimestamp=moment,
                    ServerTimestamp=moment,
                )
                for number, moment in enumerate(moments, len(self.times))
            ]
        self.times += times
        self._next += turns * self._step
        self._is_paused = False
        return before

    async def stop(self) -> None:
        await self._server.stop()


def _time_of(sample: ua.DataValue) -> int:
    assert sample.SourceTimestamp is not None
    return clock.from_datetime(sample.SourceTimestamp.replace(tzinfo=UTC))


@asynccontextmanager
async def _machine(start: int, step: int) -> AsyncIterator[_Machine]:
    machine = _Machine(start, step)
    await machine.start()
    running = asyncio.create_task(machine.run())
    try:
        yield machine
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await machine.stop()


def _plant(port: int) -> Plant:
    url, options = f"opc.tcp://127.0.0.1:{port}", {"timeout_ms": 2_000, "queue_size": 1_000}
    return Plant(
        id="kept",
        name=LocalText("Kept"),
        equipment=(Equipment("P", LocalText("Press")),),
        connections=(ConnectionDefinition("line", "opcua", url, dict(options), backfill=True),),
        tags=tuple(
            TagDefinition(
                handle,
                f"P.{name}",
                "P",
                LocalText(name),
                "line",
                f"ns=2;s={name}",
                scan_ms=50,
                data_type=DataType.INT64 if name == "N" else DataType.FLOAT64,
            )
            for handle, name in enumerate(NAMES)
        ),
        alarms=(AlarmDefinition("P.B.H", "P.B", ConditionKind.HIGH, 50.0, Priority.HIGH, LocalText("B high")),),
    )


async def _until(fact: Callable[[], bool], timeout_s: float = 60.0) -> None:
    async with asyncio.timeout(timeout_s):
        while not fact():  # noqa: ASYNC110 - a file that another thread writes gives no event
            await asyncio.sleep(0.05)


def _stored(folder: PlantFolder, tag: str) -> tuple[list[int], list[float]]:
    """Return the usable samples of a tag in the file, as it has them, doubles and all."""
    with HistoryReader(folder.history) as reader:
        series = reader.raw(tag, 0, 1 << 62)
    usable = status.usable_mask(series.status)
    return series.time[usable].tolist(), series.value[usable].tolist()


@asynccontextmanager
async def _collecting_until_killed(folder: PlantFolder) -> AsyncIterator[None]:
    """Collect in a process of its own, which has no time for its end."""
    process = start_collector(folder)
    try:
        yield
    finally:
        process.kill()
        await asyncio.to_thread(process.wait)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _waiting(folder: PlantFolder, plant: Plant) -> list[Break]:
    with closing(database.open_reader(folder.history)) as connection:
        return [each for each in read_breaks(connection, plant.tags) if not each.lasts]


async def test_that_a_break_of_twenty_seconds_leaves_no_sample_out_and_none_twice(tmp_path: Path) -> None:
    step = 100 * clock.NS_PER_MS  # ten times as fast as the clock, and always in the past
    async with _machine(clock.now_ns() - 90 * clock.NS_PER_S, step) as machine, relay_to(machine.port) as relay:
        plant = _plant(relay.port)
        folder = made_folder(tmp_path, plant)
        async with collecting(folder, plant):
            await _until(lambda: len(_stored(folder, "P.A")[0]) > 20)
            await relay.leave()
            left, machine.is_high = len(machine.times), True
            await _until(lambda: len(machine.times) >= left + 200)
            machine.is_high = False
            await machine.turn()
            await relay.come_back()
            back = len(machine.times)
            first = machine.times.index(_stored(folder, "P.A")[0][0])
            await _until(lambda: _stored(folder, "P.A")[0][: back - first] == machine.times[first:back])
            times, values = _stored(folder, "P.A")
            assert values[: back - first] == [float(number) for number in range(first, back)]
            await _until(lambda: _stored(folder, "P.N")[0][-20:] != [])
            with HistoryReader(folder.history) as reader:
                exact = reader.exact("P.N", machine.times[left + 10], machine.times[left + 13])
                lost = reader.raw("P.A", clock.now_ns() - 60 * clock.NS_PER_S, 1 << 62)
        assert len(set(times)) == len(times)
        assert exact.value.tolist() == [2**60 + left + number for number in (10, 11, 12)]
        assert status.BAD_NO_COMMUNICATION in lost.status.tolist()
        assert max(_stored(folder, "P.B")[1]) == 100.0
        with closing(database.open_reader(folder.history)) as connection:
            assert [entry.record.alarm for entry in page(connection) if entry.record.tag == "P.B"] == []


async def test_that_what_passed_while_the_station_stood_is_fetched_and_its_gap_closed(tmp_path: Path) -> None:
    async with _machine(0, 0) as machine:
        plant = _plant(machine.port)
        folder = made_folder(tmp_path, plant)
        async with collecting(folder, plant):
            await _until(lambda: len(_stored(folder, "P.A")[0]) > 20)
        left = len(machine.times)
        await _until(lambda: len(machine.times) >= left + 150)

        def gaps() -> list[str]:
            with closing(database.open_reader(folder.history)) as connection:
                return [gap.reason for gap in read_gaps(connection, 0, 1 << 62)]

        async with collecting(folder, plant):
            back = len(machine.times)
            await _until(lambda: gaps() == [GapReason.NOT_COLLECTING])
            first = machine.times.index(_stored(folder, "P.A")[0][0])
            await _until(lambda: _stored(folder, "P.A")[0][: back - first] == machine.times[first:back])
            await _until(lambda: gaps() == [])


async def test_that_a_kill_in_the_midst_of_fetching_leaves_nothing_to_be_fetched_twice_and_nothing_out(
    tmp_path: Path,
) -> None:
    turns = 4_000
    async with _machine(clock.now_ns() - 2 * HOUR_NS, 100 * clock.NS_PER_MS) as machine:
        plant = _plant(machine.port)
        folder = made_folder(tmp_path, plant)
        async with _collecting_until_killed(folder):
            await _until(lambda: len(_stored(folder, "P.A")[0]) > 5)
        left = await machine.pass_time(turns)
        machine.kept.pages = 5  # of the three variables, and not one more
        async with _collecting_until_killed(folder):
            await _until(lambda: machine.kept.pages == 0 and len(_stored(folder, "P.A")[0]) > 1_000)
        with closing(database.open_reader(folder.history)) as connection:
            waiting = {each.handle: each for each in read_breaks(connection, plant.tags)}
        assert len(_stored(folder, "P.A")[0]) < turns
        fetched = max(time for time in _stored(folder, "P.A")[0] if time < waiting[0].end)
        assert machine.times[left] < waiting[0].start <= fetched
        machine.kept.pages, machine.kept.earliest = 1_000, []
        async with _collecting_until_killed(folder):
            back = len(machine.times)
            first = machine.times.index(_stored(folder, "P.A")[0][0])
            await _until(lambda: _stored(folder, "P.A")[0][: back - first] == machine.times[first:back])
            await _until(lambda: not _waiting(folder, plant))
            with HistoryReader(folder.history) as reader:
                last = reader.exact("P.N", machine.times[left], machine.times[left + turns])
                assert reader.gaps(0, 1 << 62) == []
        assert last.value.tolist() == [2**60 + number for number in range(left, left + turns)]
        assert min(machine.kept.earliest) > machine.times[left]
