"""Handovers of a running plant: commands of windows, checked, signed and on disk before they are answered."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import closing, suppress
from functools import partial
from pathlib import Path

from app import database
from app.collector.handover_log import refusal_of, write_handover
from app.collector.recorder import Recorder
from app.collector.sign_in import SignInDesk
from app.collector.stored import NotStored, stored
from app.handover import store
from app.handover.desk import SIGNED, HandoverDesk, HandoverStep
from app.model import clock
from app.model.actor import Actor
from app.model.control import ReasonCode
from app.model.handover import HandoverAction, HandoverCommand, HandoverRefusal, HandoverRefusalCode
from app.model.plant import Plant
from app.model.role import Role
from app.pubsub.channel import Reply
from app.pubsub.frame import ActOnHandover, CommandDone
from app.report.record import report_in

log = logging.getLogger(__name__)


class HandoverOffice:
    """Takes commands of all windows, from the collector's event loop only."""

    def __init__(self, history: Path, plant: Plant, *, people: SignInDesk, recorder: Recorder) -> None:
        """Go on where the file ends."""
        self._people = people
        self._recorder = recorder
        with closing(database.open_reader(history)) as connection:
            steps, last = store.steps(connection), store.last_number(connection)
        self._desk = HandoverDesk(plant.calendar, (each.id for each in plant.equipment), steps, last=last)
        self._tasks: set[asyncio.Task[None]] = set()

    def obey(self, order: ActOnHandover, window: Reply) -> None:
        """Carry out a command; its window is answered once that is on disk."""
        actor = self._people.actor(window)
        # whoever is signed in acts in no other name; who takes over signs at the window of who hands over
        name = order.operator.strip() if order.secret else actor.name or order.operator.strip()
        role = actor.role if name == actor.name else None
        self._begin(self._obey(order, Actor(actor.window or order.window, name, role), window))

    async def _obey(self, order: ActOnHandover, who: Actor, window: Reply) -> None:
        command = order.command
        answer = await self._done(order, who)
        if isinstance(answer, HandoverRefusal):
            log.info("handover.refused action=%s who=%s code=%s", command.action, who.name, answer.code)
            record = refusal_of(answer, command, who, clock.now_ns())
            with suppress(NotStored):  # it is written once anything can be; the window need not wait for that
                await stored(self._recorder.audit([record]), self._problem)
            window(CommandDone(order.request, done=False, reason=answer.text, handover_refusal=answer))
            return
        written = self._recorder.keep(partial(write_handover, step=answer, report=command.report))
        try:
            await stored(written, self._problem)
        except NotStored as error:
            text = f"done, but not on disk yet: {error}"
            refusal = HandoverRefusal(HandoverRefusalCode.NOT_STORED, text, subject=str(error))
            window(CommandDone(order.request, done=False, reason=text, handover_refusal=refusal))
            return
        log.info("handover.done action=%s who=%s step=%d", command.action, who.name, answer.number)
        window(CommandDone(order.request, done=True))

    async def _done(self, order: ActOnHandover, who: Actor) -> HandoverStep | HandoverRefusal:
        command, now = order.command, clock.now_ns()
        refusal = self._store_refusal() or self._desk.refusal(command, who, now)
        digest = ""
        if refusal is None and command.action is HandoverAction.HAND_OVER:
            found = self._digest(command)
            refusal, digest = (found, "") if isinstance(found, HandoverRefusal) else (None, found)
        if refusal is None:
            proven = await self._proven(order, who)
            if isinstance(proven, Actor):
                who = proven
            else:
                refusal = proven
        if refusal is not None:
            return refusal
        is_proven = self._people.has_users and command.action in SIGNED
        return self._desk.do(command, who, clock.now_ns(), digest=digest, is_proven=is_proven)

    async def _proven(self, order: ActOnHandover, who: Actor) -> Actor | HandoverRefusal:
        """Return who it is, with the role of that user, or why it may not be done; without users a name is enough."""
        if not self._people.has_users:
            return who
        if order.command.action in SIGNED:
            if not order.secret:
                return HandoverRefusal(HandoverRefusalCode.NO_SIGNATURE, "not done: sign it with your PIN")
            reason = await self._people.proof_refusal(who.name, order.secret)
            if reason is not None:
                is_early = reason.code is ReasonCode.WAIT
                code = HandoverRefusalCode.WAIT if is_early else HandoverRefusalCode.WRONG_SIGNATURE
                return HandoverRefusal(code, str(reason), by=who.name, subject=reason.values.get("seconds", ""))
            who = Actor(who.window, who.name, self._people.role_of(who.name))
        if who.role is None:
            return HandoverRefusal(HandoverRefusalCode.NOT_SIGNED_IN, "not done: sign in first")
        if not who.role.includes(Role.OPERATOR):
            text = f"not done: {who.name} is {who.role}, and this needs an {Role.OPERATOR}"
            return HandoverRefusal(HandoverRefusalCode.ROLE, text, by=who.name, subject=Role.OPERATOR)
        return who

    def _digest(self, command: HandoverCommand) -> str | HandoverRefusal:
        """Return the digest of the report that is signed, or why it is none of that shift."""
        period = self._desk.period(command.key)
        try:
            record = store.unpacked(command.report)
            report = report_in(record)
        except (store.ReportTooLong, ValueError) as error:
            return HandoverRefusal(HandoverRefusalCode.OTHER_REPORT, f"not done: the report cannot be read: {error}")
        if period is None or (report.key, report.start, report.end) != (period.key, period.start, period.end):
            text = f"not done: the report is of {report.key}, not of {command.key}"
            return HandoverRefusal(HandoverRefusalCode.OTHER_REPORT, text, subject=report.key)
        return store.digest_of(record)

    def _store_refusal(self) -> HandoverRefusal | None:
        problem = self._recorder.problem
        if not problem:
            return None
        text = f"not done, since nothing can be stored: {problem}"
        return HandoverRefusal(HandoverRefusalCode.NOT_STORED, text, subject=problem)

    def _problem(self) -> str:
        return self._recorder.problem

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
