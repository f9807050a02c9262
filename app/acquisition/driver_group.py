"""A driver group: connections that share one worker process, which is started again whenever it is lost."""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from app.acquisition.border import LateBlock
from app.acquisition.connection import spec_of
from app.acquisition.message import (
    AcknowledgeThere,
    Alarmed,
    ArrayDone,
    AskHistory,
    Begin,
    CallDone,
    CallThere,
    DeedDone,
    HistoryDone,
    Read,
    ReadArray,
    ReadDone,
    Reported,
    Write,
    WriteDone,
)
from app.acquisition.method_call import MethodCall
from app.acquisition.worker_link import Heard, WorkerLimits, WorkerLink
from app.model import clock, status
from app.model.block import Block, block_of
from app.model.connection import ConnectionDefinition, ConnectionReport, LinkState
from app.model.datavalue import DataValue
from app.model.plant import Plant
from app.model.tag import TagDefinition
from drivers.alarm_source import DeedResult
from drivers.array_source import ArrayValue
from drivers.driver import ConnectionLost, TagSpec, WriteItem, WriteResult
from drivers.historian import HistoryEnd
from drivers.method_caller import CallResult

log = logging.getLogger(__name__)

AnswerT = TypeVar("AnswerT")

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 10.0
HEALTHY_S = 30.0
"""After a worker that lived so long the pauses begin anew; before, each is twice as long as the last."""
DIVIDED_AFTER = 2
"""A group that has lost so many workers within WINDOW_S is divided: one device of it holds up the others."""
WINDOW_S = 60.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all groups share: `deliver` gets Blocks and must not block; `limits`: what a worker may take.

    `deliver_late` gets what devices tell of the past; `alarmed` what they tell of their alarms.
    """

    deliver: Callable[[Block], None]
    limits: WorkerLimits
    deliver_late: Callable[[LateBlock], None]
    alarmed: Callable[[Alarmed], None]


class DriverGroup:
    """Keeps a worker alive for some connections; losing it gives one Block of bad samples at once."""

    def __init__(
        self,
        name: str,
        connections: Sequence[ConnectionDefinition],
        tags: Sequence[TagDefinition],
        surroundings: Surroundings,
    ) -> None:
        """Prepare the group of `connections`; `tags`: theirs."""
        self._name = name
        self._connections = tuple(connections)
        # whether one may be written is judged before, and what its numbers mean is shown behind
        self._tags = tuple(replace(tag, write=None, states=()) for tag in tags)
        self._handles = np.array([tag.handle for tag in tags], np.uint32)
        self._surroundings = surroundings
        self._reports = {definition.id: self._unknown(definition) for definition in connections}
        self._coalesced = 0
        self._losses: deque[int] = deque(maxlen=DIVIDED_AFTER)
        self._parts: tuple[DriverGroup, ...] = ()
        self._link: WorkerLink | None = None
        self._writes: dict[int, asyncio.Future[tuple[WriteResult, ...]]] = {}
        self._reads: dict[int, asyncio.Future[DataValue]] = {}
        self._arrays: dict[int, asyncio.Future[ArrayValue]] = {}
        self._histories: dict[int, asyncio.Future[tuple[HistoryEnd, ...]]] = {}
        self._deeds: dict[int, asyncio.Future[DeedResult]] = {}
        self._calls: dict[int, asyncio.Future[CallResult]] = {}
        self._requests = 0
        self._lost = 0

    @property
    def pids(self) -> tuple[int, ...]:
        """Return the process ids of the workers that live."""
        if self._parts:
            return tuple(pid for part in self._parts for pid in part.pids)
        return (self._link.pid,) if self._link is not None and self._link.pid else ()

    @property
    def lost_workers(self) -> int:
        """Return how many workers were lost so far."""
        return self._lost + sum(part.lost_workers for part in self._parts)

    @property
    def connections(self) -> tuple[str, ...]:
        """Return the ids of the connections that this group keeps."""
        return tuple(definition.id for definition in self._connections)

    def collects_all_of(self, plant: Plant) -> bool:
        """Return whether a plant has these connections still, and the same tags at them: nothing then has to end."""
        own = set(self.connections)
        there = tuple(definition for definition in plant.connections if definition.id in own)
        tags = [(tag.connection, spec_of(tag)) for tag in plant.tags if tag.connection in own]
        limit = plant.collector.worker_memory_mb << 20
        return (
            limit == self._surroundings.limits.memory
            and there == self._connections
            and tags == [(tag.connection, spec_of(tag)) for tag in self._tags]
        )

    def has(self, connection: str) -> bool:
        """Return whether this group keeps a connection."""
        return connection in self._reports

    def reports(self) -> list[ConnectionReport]:
        """Return the present state of the connections, in their order."""
        if self._parts:
            return [report for part in self._parts for report in part.reports()]
        return [self._reports[definition.id] for definition in self._connections]

    def launch(self) -> None:
        """Start the worker already; `run` takes it over."""
        self._link = self._new_link()
        self._link.launch()

    def discard(self) -> None:
        """End a worker that was launched and not taken over; may take a second."""
        if self._link is not None:
            self._link.discard()

    async def run(self, *, is_announced: bool = False) -> None:
        """Keep the worker alive until cancelled; `is_announced`: that no value is there is told already."""
        if not is_announced:
            self._give_up(status.BAD_WAITING_FOR_INITIAL_DATA)
        pause_s = 0.5 * FIRST_PAUSE_S
        while not (self._is_troubled and len(self._connections) > 1):
            began = clock.monotonic_ns()
            self._link = self._link or self._new_link()
            reason = await self._link.run(Begin(self._connections, self._tags))
            self._lose(reason)
            lived_s = (clock.monotonic_ns() - began) / clock.NS_PER_S
            pause_s = FIRST_PAUSE_S if lived_s > HEALTHY_S else min(LONGEST_PAUSE_S, 2.0 * pause_s)
            await asyncio.sleep(pause_s)
        await self._run_divided()

    async def write(self, connection: str, items: Sequence[WriteItem]) -> list[WriteResult]:
        """Write once through the worker; one result per item, "not known" where the worker is lost meanwhile."""
        for part in self._parts:
            if part.has(connection):
                return await part.write(connection, items)
        if self._link is None:
            reason = f"{connection}: its worker process does not run: nothing was written"
            return [WriteResult(item.address, status.BAD_NOT_CONNECTED, reason, is_sent=False) for item in items]
        self._requests += 1
        answer: asyncio.Future[tuple[WriteResult, ...]] = asyncio.get_running_loop().create_future()
        self._writes[self._requests] = answer
        self._link.send(Write(self._requests, connection, tuple(items)))
        try:
            return list(await answer)
        except ConnectionError as error:
            reason = f"{connection}: {error}: whether it was written is not known: read it back"
            code = status.BAD_COMMUNICATION_ERROR
            return [WriteResult(item.address, code, reason, is_answered=False) for item in items]

    async def read(self, connection: str, spec: TagSpec) -> DataValue:
        """Ask a device for a value through the worker; a bad one where the worker is lost meanwhile."""
        for part in self._parts:
            if part.has(connection):
                return await part.read(connection, spec)
        if self._link is None:
            return DataValue(math.nan, status.BAD_NOT_CONNECTED, clock.now_ns())
        self._requests += 1
        answer: asyncio.Future[DataValue] = asyncio.get_running_loop().create_future()
        self._reads[self._requests] = answer
        self._link.send(Read(self._requests, connection, spec))
        return await answer

    async def read_array(self, connection: str, address: str) -> ArrayValue:
        """Ask a device for an array through the worker; a bad one where the worker is lost meanwhile."""
        for part in self._parts:
            if part.has(connection):
                return await part.read_array(connection, address)
        if self._link is None:
            reason = f"{connection}: its worker process does not run"
            return ArrayValue(status.BAD_NOT_CONNECTED, clock.now_ns(), reason=reason)
        self._requests += 1
        answer: asyncio.Future[ArrayValue] = asyncio.get_running_loop().create_future()
        self._arrays[self._requests] = answer
        self._link.send(ReadArray(self._requests, connection, address))
        return await answer

    async def history(self, connection: str, specs: Sequence[TagSpec], start: int, end: int) -> tuple[HistoryEnd, ...]:
        """Let a device send what it has kept with start <= time < end (ns UTC) to `deliver_late`.

        Return how each tag ended; raise ConnectionLost where the device cannot be asked, or no longer.
        """
        for part in self._parts:
            if part.has(connection):
                return await part.history(connection, specs, start, end)
        if self._link is None:
            raise ConnectionLost(f"{connection}: its worker process does not run")
        self._requests += 1
        answer: asyncio.Future[tuple[HistoryEnd, ...]] = asyncio.get_running_loop().create_future()
        self._histories[self._requests] = answer
        self._link.send(AskHistory(self._requests, connection, tuple(specs), start, end))
        return await answer

    async def acknowledge(self, connection: str, condition: str, event_id: bytes, comment: str) -> DeedResult:
        """Let a device take a state of one of its conditions as seen; raise ConnectionLost where it cannot be asked."""
        for part in self._parts:
            if part.has(connection):
                return await part.acknowledge(connection, condition, event_id, comment)
        if self._link is None:
            raise ConnectionLost(f"{connection}: its worker process does not run")
        self._requests += 1
        answer: asyncio.Future[DeedResult] = asyncio.get_running_loop().create_future()
        self._deeds[self._requests] = answer
        self._link.send(AcknowledgeThere(self._requests, connection, condition, event_id, comment))
        return await answer

    async def call(self, connection: str, asked: MethodCall) -> CallResult:
        """Call a method once through the worker; "not known" where the worker is lost meanwhile."""
        for part in self._parts:
            if part.has(connection):
                return await part.call(connection, asked)
        if self._link is None:
            reason = f"{connection}: its worker process does not run: nothing was sent"
            return CallResult(status.BAD_NOT_CONNECTED, reason=reason, is_sent=False)
        self._requests += 1
        answer: asyncio.Future[CallResult] = asyncio.get_running_loop().create_future()
        self._calls[self._requests] = answer
        self._link.send(
            CallThere(
                self._requests,
                connection,
                asked.owner,
                asked.method,
                asked.arguments,
                asked.expires,
                asked.timeout_s,
            )
        )
        try:
            return await answer
        except ConnectionError as error:
            reason = f"{connection}: {error}: whether it was done is not known"
            return CallResult(status.BAD_COMMUNICATION_ERROR, reason=reason, is_answered=False)

    @property
    def _is_troubled(self) -> bool:
        window = int(WINDOW_S * clock.NS_PER_S)
        return len(self._losses) == DIVIDED_AFTER and self._losses[-1] - self._losses[0] < window

    async def _run_divided(self) -> None:
        """Give each half a worker of its own, so that a device which stalls its worker ends up alone in one."""
        middle = (len(self._connections) + 1) // 2
        self._parts = tuple(
            DriverGroup(
                f"{self._name}.{number}",
                half,
                [tag for tag in self._tags if tag.connection in {definition.id for definition in half}],
                self._surroundings,
            )
            for number, half in enumerate((self._connections[:middle], self._connections[middle:]), 1)
        )
        log.warning("worker.group_divided group=%s into=%d", self._name, len(self._parts))
        async with asyncio.TaskGroup() as tasks:
            for part in self._parts:
                tasks.create_task(part.run(is_announced=True))

    def _new_link(self) -> WorkerLink:
        drivers = {definition.driver for definition in self._connections}
        return WorkerLink(self._name, drivers, self._surroundings.limits, self._hear)

    def _hear(self, heard: Heard) -> None:
        match heard:
            case Block():
                self._surroundings.deliver(heard)
            case LateBlock():
                self._surroundings.deliver_late(heard)
            case Reported(reports, coalesced):
                self._reports.update((report.connection, report) for report in reports)
                if coalesced > self._coalesced:
                    log.warning("worker.coalesced group=%s samples=%d", self._name, coalesced - self._coalesced)
                self._coalesced = coalesced
            case Alarmed():
                self._surroundings.alarmed(heard)
            case WriteDone() | ReadDone() | ArrayDone() | HistoryDone() | DeedDone() | CallDone():
                self._hear_answer(heard)

    def _hear_answer(self, heard: WriteDone | ReadDone | ArrayDone | HistoryDone | DeedDone | CallDone) -> None:
        match heard:
            case ReadDone(request, sample):
                _answer(self._reads.pop(request, None), sample)
            case ArrayDone(request, value):
                _answer(self._arrays.pop(request, None), value)
            case WriteDone(request, results):
                _answer(self._writes.pop(request, None), results)
            case CallDone(request, result):
                _answer(self._calls.pop(request, None), result)
            case HistoryDone(request, ends, ""):
                _answer(self._histories.pop(request, None), ends)
            case HistoryDone(request, _, problem):
                _refuse(self._histories.pop(request, None), problem)
            case DeedDone(request, result, ""):
                _answer(self._deeds.pop(request, None), result)
            case DeedDone(request, _, problem):
                _refuse(self._deeds.pop(request, None), problem)

    def _lose(self, reason: str) -> None:
        self._link = None
        self._lost += 1
        self._coalesced = 0
        self._losses.append(clock.monotonic_ns())
        log.error("worker.lost group=%s %s", self._name, reason)
        self._give_up(status.BAD_NO_COMMUNICATION)
        text = f"its worker process was lost ({reason}) and is started again: log/fault.log may tell where it hung"
        now = clock.now_ns()
        for name, report in self._reports.items():
            self._reports[name] = replace(report, state=LinkState.BACKOFF, since=now, reason=text, tags_good=0)
        sent: list[asyncio.Future[Any]] = [*self._writes.values(), *self._calls.values()]
        for answer in sent:
            if not answer.done():
                answer.set_exception(ConnectionError("its worker process was lost"))
        self._writes.clear()
        self._calls.clear()
        for read in self._reads.values():
            if not read.done():
                read.set_result(DataValue(math.nan, status.BAD_NO_COMMUNICATION, now))
        self._reads.clear()
        for array in self._arrays.values():
            _answer(array, ArrayValue(status.BAD_NO_COMMUNICATION, now, reason="its worker process was lost"))
        self._arrays.clear()
        waiting: list[asyncio.Future[Any]] = [*self._histories.values(), *self._deeds.values()]
        for each in waiting:
            _refuse(each, "its worker process was lost")
        self._histories.clear()
        self._deeds.clear()

    def _give_up(self, code: int) -> None:
        if len(self._handles):
            self._surroundings.deliver(block_of(self._handles, clock.now_ns(), np.nan, code))

    def _unknown(self, definition: ConnectionDefinition) -> ConnectionReport:
        return ConnectionReport(
            connection=definition.id,
            driver=definition.driver,
            url=definition.url,
            state=LinkState.DISCONNECTED,
            since=clock.now_ns(),
            tags=sum(tag.connection == definition.id for tag in self._tags),
        )


def _refuse(waiting: asyncio.Future[Any] | None, problem: str) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_exception(ConnectionLost(problem))


def _answer(waiting: asyncio.Future[AnswerT] | None, answer: AnswerT) -> None:
    if waiting is not None and not waiting.done():
        waiting.set_result(answer)
