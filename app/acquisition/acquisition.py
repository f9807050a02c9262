"""All connections of a plant, in driver groups that cannot hold up one another."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

from app.acquisition.backfill import RETRY_S, SETTLE_S, Ask, Backfill
from app.acquisition.border import LateBlock
from app.acquisition.connection import spec_of
from app.acquisition.driver_group import DriverGroup, Surroundings
from app.acquisition.message import Alarmed
from app.acquisition.method_call import MethodCall
from app.acquisition.worker_link import WorkerLimits
from app.model.block import Block
from app.model.connection import ConnectionDefinition, ConnectionReport, LinkState
from app.model.datavalue import DataValue
from app.model.missed import Break, BreakChange
from app.model.plant import Plant
from drivers.alarm_source import DeedResult
from drivers.array_source import ArrayValue
from drivers.driver import ConnectionLost, TagSpec, WriteItem, WriteResult
from drivers.historian import HistoryEnd
from drivers.method_caller import CallResult

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LateData:
    """Where what devices had kept goes: `keep` stores it, `note` hears what has become of breaks, and keeps that.

    `newest`: source times of what the history held before, by the handles of tags (ns UTC); `missed`: the breaks that
    were not filled then.
    """

    keep: Callable[[Block], Future[None]]
    note: Callable[[Sequence[BreakChange]], None]
    newest: Mapping[int, int]
    missed: Sequence[Break] = ()
    settle_s: float = SETTLE_S
    retry_s: float = RETRY_S

    def backfill(self, plant: Plant, ask: Ask) -> Backfill:
        """Return what asks the devices of a plant."""
        return Backfill(
            plant,
            ask=ask,
            keep=self.keep,
            newest=self.newest,
            note=self.note,
            missed=self.missed,
            settle_s=self.settle_s,
            retry_s=self.retry_s,
        )


class Acquisition:
    """Collects all tags of a plant through one worker process per driver group.

    `went_on`: the connections that were not touched when the plant became another one (`renew`).
    """

    def __init__(self, plant: Plant, *, deliver: Callable[[Block], None], faults: Path) -> None:
        """Prepare; `deliver` gets Blocks and must not block. `faults`: the file that tells where a worker hung."""
        limits = WorkerLimits(plant.collector.worker_memory_mb << 20, faults)
        self._late: LateData | None = None
        self._backfill: Backfill | None = None
        self._deliver = deliver
        self._alarmed: Callable[[Alarmed], None] = lambda _: None
        self._is_held = False
        self._held: list[Block] = []
        self._held_alarms: list[Alarmed] = []
        self._surroundings = Surroundings(self._hear, limits, self._hear_late, self._hear_alarms)
        self._groups: dict[str, DriverGroup] = {}
        self._running: dict[DriverGroup, asyncio.Task[None]] = {}
        self._take(plant)

    def _take(self, plant: Plant) -> list[DriverGroup]:
        """Take a plant over: groups that collect the same stay, new ones are made; return those to be ended."""
        limits = replace(self._surroundings.limits, memory=plant.collector.worker_memory_mb << 20)
        surroundings = replace(self._surroundings, limits=limits)
        self._plant = plant
        self._specs = {tag.handle: spec_of(tag) for tag in plant.tags}
        self._order = [definition.id for definition in plant.connections]
        kept = {name: group for name, group in self._groups.items() if group.collects_all_of(plant)}
        ended = [group for name, group in self._groups.items() if name not in kept]
        there = frozenset(connection for group in kept.values() for connection in group.connections)
        self.went_on = there
        fresh = [definition for definition in plant.connections if definition.id not in there]
        for name, members in grouped(fresh).items():
            own = name
            while own in kept:
                own += "+"  # a group that goes on is not disturbed: until the next start there are two
            ids = {one.id for one in members}
            tags = [tag for tag in plant.tags if tag.connection in ids]
            kept[own] = DriverGroup(own, members, tags, surroundings)
        self._groups = kept
        self._group_of = {connection: name for name, group in kept.items() for connection in group.connections}
        return ended

    def hold(self) -> None:
        """Keep what is delivered until `attach`; the end of `run` then leaves the workers at work."""
        self._is_held = True
        self._backfill = None
        self._alarmed = self._held_alarms.append

    async def renew(self, plant: Plant) -> None:
        """Collect another configuration, while held: workers whose connections and tags stay as they are go on.

        The others are ended here, and begun with the next `run`.
        """
        ended = self._take(plant)
        tasks = [self._running.pop(group) for group in ended if group in self._running]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        log.info(
            "acquisition.renewed groups=%d begun_anew=%d", len(self._groups), len(self._groups) - len(self._running)
        )

    def attach(self, deliver: Callable[[Block], None]) -> None:
        """Deliver to somebody else from now on, first what was held."""
        self._deliver, self._is_held = deliver, False
        held, self._held = self._held, []
        for block in held:
            self._hear(block)

    @property
    def pids(self) -> tuple[int, ...]:
        """Return the process ids of the workers that live."""
        return tuple(pid for group in self._groups.values() for pid in group.pids)

    @property
    def lost_workers(self) -> int:
        """Return how many workers were lost so far."""
        return sum(group.lost_workers for group in self._groups.values())

    def reports(self) -> tuple[ConnectionReport, ...]:
        """Return the present state of every connection, in the order of the plant file."""
        found = {report.connection: report for group in self._groups.values() for report in group.reports()}
        filling = self._backfill
        if filling is None:
            return tuple(found[name] for name in self._order)
        return tuple(replace(found[name], arrears=filling.arrears(name)) for name in self._order)

    def fill_breaks(self, late: LateData) -> None:
        """Take what devices tell of the past, and ask for it after a break; to be called before `run`."""
        self._late = late
        self._backfill = late.backfill(self._plant, self._history)

    def hear_alarms(self, alarmed: Callable[[Alarmed], None]) -> None:
        """Let what devices tell of their alarms be heard, first what was held; to be called before `run`."""
        self._alarmed = alarmed
        held, self._held_alarms = self._held_alarms, []
        for told in held:
            alarmed(told)

    async def acknowledge(self, connection: str, condition: str, event_id: bytes, comment: str) -> DeedResult:
        """Let a device take a state of one of its conditions as seen; raise ConnectionLost where it cannot be asked."""
        group = self._groups.get(self._group_of.get(connection, ""))
        if group is None:
            raise ConnectionLost(f"{connection}: is no connection of this plant any more")
        return await group.acknowledge(connection, condition, event_id, comment)

    async def call(self, connection: str, asked: MethodCall) -> CallResult:
        """Call a method of a device once. Raise KeyError where the plant has no such connection."""
        return await self._groups[self._group_of[connection]].call(connection, asked)

    def launch(self) -> None:
        """Start the workers already, so that they get ready while the collector does; `run` takes them over."""
        for group in self._groups.values():
            group.launch()

    def discard(self) -> None:
        """End workers that were launched and not taken over, because the collector ended before; may take a second."""
        for group in self._groups.values():
            group.discard()

    async def run(self) -> None:
        """Collect until cancelled; workers that are held then go on, to be run again."""
        for group in self._groups.values():
            if group not in self._running:
                self._running[group] = asyncio.create_task(group.run())
        tasks = set(self._running.values())
        if self._backfill is not None:
            tasks.add(asyncio.create_task(self._backfill.run(), name="backfill"))
        try:
            await _all_of(tasks)
        finally:
            ending = tasks - set(self._running.values()) if self._is_held else tasks
            for task in ending:
                task.cancel()
            await asyncio.gather(*ending, return_exceptions=True)

    def state(self, connection: str) -> LinkState:
        """Return the present state of a connection; raise KeyError where the plant has none of that name."""
        return next(
            report.state
            for report in self._groups[self._group_of[connection]].reports()
            if report.connection == connection
        )

    async def write(self, connection: str, items: Sequence[WriteItem]) -> list[WriteResult]:
        """Write to a device once; one result per item. Raise KeyError where the plant has no such connection."""
        return await self._groups[self._group_of[connection]].write(connection, items)

    def _hear(self, block: Block) -> None:
        if self._is_held:
            self._held.append(block)
            return
        self._deliver(block)
        if self._backfill is not None:
            self._backfill.hear(block)

    def _hear_alarms(self, told: Alarmed) -> None:
        self._alarmed(told)

    def _hear_late(self, late: LateBlock) -> None:
        if self._backfill is None or self._late is None:
            return
        if late.is_asked:
            self._backfill.take(late.block)
        else:
            self._late.keep(late.block)

    async def _history(self, connection: str, handles: Sequence[int], start: int, end: int) -> Sequence[HistoryEnd]:
        specs = [self._specs[handle] for handle in handles]
        return await self._groups[self._group_of[connection]].history(connection, specs, start, end)

    async def read(self, connection: str, spec: TagSpec) -> DataValue:
        """Ask a device for a value now; a bad one where it cannot be had. Raise KeyError as `write` does."""
        return await self._groups[self._group_of[connection]].read(connection, spec)

    async def read_array(self, connection: str, address: str) -> ArrayValue:
        """Ask a device for an array now; a bad one where it cannot be had. Raise KeyError as `write` does."""
        return await self._groups[self._group_of[connection]].read_array(connection, address)


async def _all_of(tasks: Collection[asyncio.Task[None]]) -> None:
    """Wait for tasks that end only by their failure, and raise that."""
    if not tasks:
        await asyncio.Event().wait()  # a plant without connections
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()


def grouped(connections: Sequence[ConnectionDefinition]) -> dict[str, list[ConnectionDefinition]]:
    """Return the connections by the names of their groups; those that name none by their drivers."""
    groups: dict[str, list[ConnectionDefinition]] = {}
    for definition in connections:
        groups.setdefault(definition.group or definition.driver, []).append(definition)
    return groups
