"""What windows do to alarms: rights are checked, the intent is in the audit trail before anything is done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress

from app.collector.recorder import Recorder
from app.collector.server_alarms import ServerAlarmDesk
from app.collector.sign_in import SignInDesk
from app.collector.stages import Stages
from app.collector.stored import NotStored, stored
from app.model import clock
from app.model.actor import Actor
from app.model.alarm_command import AlarmAction, AlarmCommand, AlarmRefusal, AlarmRules, RefusalCode
from app.model.audit import AuditAction, AuditRecord
from app.pubsub.channel import Reply
from app.pubsub.frame import Acknowledge, ActOnAlarms, CommandDone

log = logging.getLogger(__name__)


class AlarmDesk:
    """Takes commands of all windows, from the collector's event loop; `audit` takes lines for the trail.

    Of several windows that do the same the first is done; the others are told who that was, and when.
    """

    def __init__(
        self,
        stages: Stages,
        people: SignInDesk,
        recorder: Recorder,
        *,
        rules: AlarmRules,
        servers: ServerAlarmDesk,
    ) -> None:
        """Let the people of a plant act by its rules; `servers`: the alarms that are not ours."""
        self._recorder = recorder
        self._servers = servers
        self._stages = stages
        self._people = people
        self._rules = rules
        self._answers: set[asyncio.Task[None]] = set()
        self._turn: asyncio.Future[None] | None = None  # of the newest command, until it has been done

    def obey(self, order: Acknowledge | ActOnAlarms, window: Reply) -> None:
        """Carry out a command; its window is answered once that is on disk."""
        if isinstance(order, Acknowledge):
            command = AlarmCommand(AlarmAction.ACKNOWLEDGE, order.alarms, order.raised, order.comment)
            order = ActOnAlarms(order.request, command, order.operator)
        actor = self._people.actor(window)
        # whoever is signed in acts in no other name
        who = Actor(actor.window or order.window, actor.name or order.operator.strip(), actor.role)
        answer = asyncio.get_running_loop().create_task(self._obey(order, who, window))
        self._answers.add(answer)
        answer.add_done_callback(self._answers.discard)

    async def _obey(self, order: ActOnAlarms, who: Actor, window: Reply) -> None:
        command = order.command
        refused = self._right_refusal(command, who)
        refusals = await self._done(command, who) if refused is None else [refused]
        if refusals:
            noted = self._note(AuditAction.ALARM_REFUSED, command, who, refusals)
            with suppress(NotStored):  # it is written once anything can be; the window need not wait for that
                await stored(noted, self._problem)
        done = len(command.alarms) - len(refusals)
        log.info("alarms.obeyed action=%s count=%d operator=%s", command.action, done, who.name)
        window(_answer(order.request, refusals))

    async def _done(self, command: AlarmCommand, who: Actor) -> list[AlarmRefusal]:
        """Do it once the intent is on disk; return what was refused, in bounded time where nothing can be stored."""
        first = command.alarms[0] if command.alarms else ""
        before, turn = self._turn, asyncio.get_running_loop().create_future()
        self._turn = turn
        try:
            try:
                await stored(self._note(AuditAction.ALARM_INTENT, command, who), self._problem)
            except NotStored as error:
                return [AlarmRefusal(first, RefusalCode.NOT_STORED, f"not done, since nothing can be stored: {error}")]
            # intents of one commit may be told in any order: what was asked for first is done first
            if before is not None:
                await asyncio.wait([before])
            ours, theirs = self._servers.part(command)
            acts_here = bool(ours.alarms) or not theirs.alarms
            done = self._stages.obey(ours, who.name) if acts_here else None
        finally:
            turn.set_result(None)
        refusals = await self._servers.obey(theirs, who.name)
        if done is None:
            return refusals
        written, refused_here = done
        refusals = [*refused_here, *refusals]
        try:
            await stored(written, self._problem)
        except NotStored as error:
            text = f"done, but not on disk yet: {error}"
            refusals.append(AlarmRefusal(first, RefusalCode.NOT_YET_STORED, text))
        return refusals

    def _problem(self) -> str:
        return self._recorder.problem

    def _right_refusal(self, command: AlarmCommand, who: Actor) -> AlarmRefusal | None:
        """Return why somebody may not do this at all; in a plant without users a name is enough."""
        first = command.alarms[0] if command.alarms else ""
        needed = self._rules.role(command.action)
        if not self._people.has_users:
            return None
        if who.role is None:
            return AlarmRefusal(first, RefusalCode.NOT_SIGNED_IN, "not done: sign in first")
        if not who.role.includes(needed):
            text = f"not done: {who.name} is {who.role}, and this needs an {needed}"
            return AlarmRefusal(first, RefusalCode.ROLE, text, by=who.name)
        return None

    def _note(
        self,
        action: AuditAction,
        command: AlarmCommand,
        who: Actor,
        refusals: Sequence[AlarmRefusal] | None = None,
    ) -> Future[None]:
        """Put a command, or what of it was refused, into the trail; the future is done when it is on disk."""
        now = clock.now_ns()
        about = (
            [(alarm, command.reason) for alarm in dict.fromkeys(command.alarms)]
            if refusals is None
            else [(refusal.alarm, refusal.text) for refusal in refusals]
        )
        return self._recorder.audit(
            [
                AuditRecord(
                    now,
                    action,
                    operation=command.action,
                    reason=reason,
                    alarm=alarm,
                ).by(who)
                for alarm, reason in about
            ]
        )


def _answer(request: int, refusals: Sequence[AlarmRefusal]) -> CommandDone:
    return CommandDone(request, not refusals, "; ".join(refusal.text for refusal in refusals), tuple(refusals))
