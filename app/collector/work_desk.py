"""Work orders of a running plant: commands of windows, what is due, and what has helped; all on disk before told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from app import database
from app.collector.recorder import Recorder
from app.collector.sign_in import SignInDesk
from app.collector.stored import NotStored, stored
from app.collector.work_log import refusal_of, work_name, write_work
from app.collector.work_rounds import MaintenanceRounds, RoundReport
from app.database import DatabaseError
from app.maintenance import store
from app.maintenance.agenda import meter_of
from app.maintenance.check import role_for
from app.maintenance.desk import STATION, WorkChange, WorkDesk
from app.maintenance.effect import Observation
from app.maintenance.schedule import Due, DueBy, DueState
from app.maintenance.store import WorkStore
from app.model import clock
from app.model.actor import Actor
from app.model.control import ReasonCode
from app.model.forecast import Forecast, Health
from app.model.maintenance import MaintenanceDefinition
from app.model.plant import Plant
from app.model.role import Role
from app.model.unit_symbol import unit_symbol
from app.model.work_order import (
    MaintenanceEvent,
    WorkCommand,
    WorkOrder,
    WorkRefusal,
    WorkRefusalCode,
    WorkRequest,
    WorkSource,
    WorkState,
    WorkStep,
)
from app.pubsub.channel import Reply
from app.pubsub.frame import CommandDone, Event, RequestWork, StepWork, WorkChanged

log = logging.getLogger(__name__)

ROUND_S = 10.0
_ASKS = {DueState.OVERDUE, DueState.DUE, DueState.SOON}
_SOURCES = {DueBy.METER: WorkSource.METER, DueBy.CALENDAR: WorkSource.CALENDAR}


class MaintenanceDesk:
    """Takes commands of all windows and of the station itself, from the collector's event loop only.

    Of several windows that do the same the first is done; the others are told who that was, and when.
    """

    def __init__(
        self,
        history: Path,
        plant: Plant,
        *,
        people: SignInDesk,
        recorder: Recorder,
        tell: Callable[[Event], None],
        renew: Callable[[MaintenanceEvent], None],
    ) -> None:
        """Go on where the file ends. `renew`: hears, once it is on disk, that equipment was renewed."""
        self._plant = plant
        self._people = people
        self._recorder = recorder
        self._tell = tell
        self._renew = renew
        self._rounds = MaintenanceRounds(history, plant)
        with closing(database.open_reader(history)) as connection:
            self._desk = WorkDesk(plant, store.open_orders(connection), last=store.last_number(connection))
        self._forecasts: dict[str, Forecast] = {}
        self._healths: dict[str, Health] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        names = [definition.id for definition in plant.maintenance]
        if names:
            now = clock.now_ns()
            recorder.keep(lambda connection, _: WorkStore(connection, is_migrated=True).note_seen(names, now))

    def snapshot(self) -> list[Event]:
        """Return the orders that a new window must know of."""
        return [WorkChanged(tuple(self._desk.open_orders()), is_snapshot=True)]

    def see(self, findings: Sequence[Forecast | Health]) -> None:
        """Take new findings, by which completed work is judged."""
        for finding in findings:
            if isinstance(finding, Forecast):
                self._forecasts[finding.forecast] = finding
            else:
                self._healths[finding.equipment] = finding

    def obey(self, command: RequestWork | StepWork, window: Reply) -> None:
        """Carry out a command; its window is answered once that is on disk."""
        actor = self._people.actor(window)
        # whoever is signed in acts in no other name
        who = Actor(actor.window or command.window, actor.name or command.operator.strip(), actor.role)
        if isinstance(command, RequestWork):
            self._begin(self._request(command, who, window))
        else:
            self._begin(self._step(command, who, window))

    def ask(self, request: WorkRequest) -> WorkRefusal | WorkOrder:
        """Let the station itself ask for work; return the new order, or why there is none."""
        change = self._desk.request(request, STATION, clock.now_ns())
        if isinstance(change, WorkRefusal):
            return change
        log.info("work.requested order=%d equipment=%s", change.order.id, change.order.equipment)
        self._keep([change])
        return change.order

    async def run(self) -> None:
        """Make a round now and then until cancelled."""
        while True:
            await self.make_round()
            await asyncio.sleep(ROUND_S)

    async def make_round(self) -> None:
        """Read the meters, ask for what is due, and look whether completed work has helped."""
        if self._recorder.problem:  # what it finds could not be kept, and is found again
            return
        watched = [order for order in self._desk.open_orders() if order.state is WorkState.DONE]
        now = clock.now_ns()
        try:
            report = await asyncio.to_thread(self._rounds.run, watched, now)
        except DatabaseError as error:
            log.warning("work.round_failed %s", error)
            return
        if report.readings:
            readings, scale = report.readings, self._plant.time_scale
            self._recorder.keep(
                lambda connection, _: WorkStore(connection, is_migrated=True).note_meters(readings, time_scale=scale)
            )
        for each in report.dues:
            self._ask_for(each)
        for order in watched:
            self._judge(order, report, now)

    async def _request(self, command: RequestWork, who: Actor, window: Reply) -> None:
        refusal = self._right_refusal(0, Role.OPERATOR, who) or self._store_refusal(0)
        change = refusal or self._desk.request(command.work, who, clock.now_ns())
        if isinstance(change, WorkRefusal):
            await self._refuse(change, f"request {command.work.equipment}", who, window, command.request)
            return
        await self._answer([change], window, command.request)

    async def _step(self, command: StepWork, who: Actor, window: Reply) -> None:
        step, number = command.command.step, command.command.order
        needed = role_for(step, self._plant.maintenance_rules)
        refusal = self._right_refusal(number, needed, who) or self._store_refusal(number)
        is_proven = False
        if refusal is None and step is WorkStep.COMPLETE and self._people.has_users:
            refusal = await self._signature_refusal(number, who, command.secret)
            is_proven = refusal is None
        answer = refusal or self._do(command.command, who, is_proven=is_proven)
        if isinstance(answer, WorkRefusal):
            await self._refuse(answer, step, who, window, command.request)
            return
        await self._answer(answer, window, command.request)

    def _do(self, command: WorkCommand, who: Actor, *, is_proven: bool) -> Sequence[WorkChange] | WorkRefusal:
        order = self._desk.order(command.order)
        meter = None if order is None else meter_of(self._plant, order, self._rounds.totals())
        return self._desk.step(command, who, clock.now_ns(), is_proven=is_proven, meter=meter)

    def _right_refusal(self, number: int, needed: Role, who: Actor) -> WorkRefusal | None:
        """Return why somebody may not do this at all; in a plant without users a name is enough."""
        if not self._people.has_users:
            return None
        if who.role is None:
            return WorkRefusal(number, WorkRefusalCode.NOT_SIGNED_IN, "not done: sign in first")
        if not who.role.includes(needed):
            text = f"not done: {who.name} is {who.role}, and this needs an {needed}"
            return WorkRefusal(number, WorkRefusalCode.ROLE, text, by=who.name, subject=needed)
        return None

    async def _signature_refusal(self, number: int, who: Actor, secret: str) -> WorkRefusal | None:
        if not secret:
            return WorkRefusal(number, WorkRefusalCode.NO_SIGNATURE, "not done: sign it with your PIN")
        reason = await self._people.proof_refusal(who.name, secret)
        if reason is None:
            return None
        is_early = reason.code is ReasonCode.WAIT
        code = WorkRefusalCode.WAIT if is_early else WorkRefusalCode.WRONG_SIGNATURE
        return WorkRefusal(number, code, str(reason), by=who.name, subject=reason.values.get("seconds", ""))

    async def _refuse(self, refusal: WorkRefusal, what: str, who: Actor, window: Reply, request: int) -> None:
        log.info("work.refused order=%d what=%s who=%s code=%s", refusal.order, what, who.name, refusal.code)
        record = refusal_of(refusal, what, who, clock.now_ns())
        with suppress(NotStored):  # it is written once anything can be; the window need not wait for that
            await stored(self._recorder.audit([record]), self._problem)
        window(CommandDone(request, done=False, reason=refusal.text, work=refusal.order, work_refusal=refusal))

    async def _answer(self, changes: Sequence[WorkChange], window: Reply, request: int) -> None:
        """Answer a window once steps are on disk and told, in bounded time also where they do not come there."""
        order = changes[-1].order.id
        written, told = self._keep(changes)
        try:
            await stored(written, self._problem)
        except NotStored as error:
            text = f"done, but not on disk yet: {error}"
            refusal = WorkRefusal(order, WorkRefusalCode.NOT_STORED, text, subject=str(error))
            window(CommandDone(request, done=False, reason=text, work=order, work_refusal=refusal))
            return
        await told
        window(CommandDone(request, done=True, work=order))

    def _store_refusal(self, number: int) -> WorkRefusal | None:
        problem = self._recorder.problem
        if not problem:
            return None
        text = f"not done, since nothing can be stored: {problem}"
        return WorkRefusal(number, WorkRefusalCode.NOT_STORED, text, subject=problem)

    def _problem(self) -> str:
        return self._recorder.problem

    def _keep(self, changes: Sequence[WorkChange]) -> tuple[Future[None], asyncio.Task[None]]:
        """Let steps reach the disk, then tell them; return what is done once they are there, and once they are told."""
        written = self._recorder.keep(partial(write_work, changes=changes))
        return written, self._begin(self._tell_stored(written, changes))

    async def _tell_stored(self, written: Future[None], changes: Sequence[WorkChange]) -> None:
        try:
            await asyncio.wrap_future(written)
        except DatabaseError as error:  # the collector ends without having been able to store them
            log.error("work.lost %s", error)  # noqa: TRY400 - the message says all
            return
        for change in changes:
            order = change.order
            log.info("work.stepped order=%s step=%s who=%s", work_name(order.id), order.step, change.who.name)
            if change.renewal is not None:
                self._renew(change.renewal)
        self._tell(WorkChanged(tuple(change.order for change in changes)))

    def _ask_for(self, each: Due) -> None:
        definition = each.definition
        units = {tag.name: tag.unit for tag in self._plant.tags}
        is_open = any(self._desk.open_for(source, definition.id) for source in _SOURCES.values())
        if each.state in _ASKS and not is_open:
            refusal = self.ask(
                WorkRequest(
                    definition.equipment,
                    _SOURCES[each.by],
                    reason_of(definition, each, units.get(definition.meter, "")),
                    reference=definition.id,
                    due=each.at,
                    definition=definition.id,
                )
            )
            if isinstance(refusal, WorkRefusal):
                log.error("work.not_requested definition=%s %s", definition.id, refusal.text)

    def _judge(self, order: WorkOrder, report: RoundReport, now: int) -> None:
        course = report.alarms.get(order.id)
        is_forecast = order.source in {WorkSource.FORECAST, WorkSource.FOLLOW_UP}
        seen = Observation(
            raised=0 if course is None else course.raised,
            is_active=None if course is None else course.is_active,
            forecast=self._forecasts.get(order.reference) if is_forecast else None,
            health=self._healths.get(order.equipment),
        )
        change = self._desk.observe(order.id, seen, now)
        if change is not None:
            self._keep([change])

    def _begin(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def reason_of(definition: MaintenanceDefinition, each: Due, unit: str) -> str:
    """Return why recurring work is asked for; windows say it in their language. `unit`: UCUM, of the meter."""
    if each.by is DueBy.METER:
        symbol = f" {unit_symbol(unit)}" if unit not in {"", "1"} else ""
        every, left, reading = (
            f"{definition.every:g}{symbol}",
            f"{each.left:.0f}{symbol}",
            f"{each.reading:.0f}{symbol}",
        )
        return f"every {every} of {definition.meter}, {left} left at {reading}"
    return f"every {definition.every_days:g} days"
