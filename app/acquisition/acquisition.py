"""All connections of a plant, in driver groups that cannot hold up one another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

from app.acquisition.backfill import RETRY_S, SETTLE_S, Ask, Backfill
from app.acquisition.border import LateBlock
from app.acquisition.connection import spec_of
from app.acquisition.driver_group import DriverGroup, Surroundings
from app.acquisition.message import Alarmed
from app.acquisition.worker_link import WorkerLimits
from app.model.block import Block
from app.model.connection import ConnectionDefinition, ConnectionReport, LinkState
from app.model.datavalue import DataValue
from app.model.missed import Break, BreakChange
from app.model.plant import Plant
from drivers.alarm_source import DeedResult
from drivers.driver import ConnectionLost, TagSpec, WriteItem, WriteResult
from drivers.historian import HistoryEnd


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
    """Collects all tags of a plant through one worker process per driver group."""

    def __init__(self, plant: Plant, *, deliver: Callable[[Block], None], faults: Path) -> None:
        """Prepare; `deliver` gets Blocks and must not block. `faults`: the file that tells where a worker hung."""
        limits = WorkerLimits(plant.collector.worker_memory_mb << 20, faults)
        self._specs = {tag.handle: spec_of(tag) for tag in plant.tags}
        self._plant = plant
        self._late: LateData | None = None
        self._backfill: Backfill | None = None
        self._deliver = deliver
        self._alarmed: Callable[[Alarmed], None] = lambda _: None
        surroundings = Surroundings(self._hear, limits, self._hear_late, self._hear_alarms)
        self._order = [definition.id for definition in plant.connections]
        self._groups = {
            name: DriverGroup(
                name,
                members,
                [tag for tag in plant.tags if tag.connection in {one.id for one in members}],
                surroundings,
            )
            for name, members in grouped(plant.connections).items()
        }
        self._group_of = {one.id: name for name, members in grouped(plant.connections).items() for one in members}

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
        """Let what devices tell of their alarms be heard; to be called before `run`."""
        self._alarmed = alarmed

    async def acknowledge(self, connection: str, condition: str, event_id: bytes, comment: str) -> DeedResult:
        """Let a device take a state of one of its conditions as seen; raise ConnectionLost where it cannot be asked."""
        group = self._groups.get(self._group_of.get(connection, ""))
        if group is None:
            raise ConnectionLost(f"{connection}: is no connection of this plant any more")
        return await group.acknowledge(connection, condition, event_id, comment)

    def launch(self) -> None:
        """Start the workers already, so that they get ready while the collector does; `run` takes them over."""
        for group in self._groups.values():
            group.launch()

    def discard(self) -> None:
        """End workers that were launched and not taken over, because the collector ended before; may take a second."""
        for group in self._groups.values():
            group.discard()

    async def run(self) -> None:
        """Collect until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for group in self._groups.values():
                tasks.create_task(group.run())
            if self._backfill is not None:
                tasks.create_task(self._backfill.run(), name="backfill")

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


def grouped(connections: Sequence[ConnectionDefinition]) -> dict[str, list[ConnectionDefinition]]:
    """Return the connections by the names of their groups; those that name none by their drivers."""
    groups: dict[str, list[ConnectionDefinition]] = {}
    for definition in connections:
        groups.setdefault(definition.group or definition.driver, []).append(definition)
    return groups
