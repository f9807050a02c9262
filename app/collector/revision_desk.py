"""Dead bands and delays of alarms that a window changes: in the plant file, in the trail, and at once in what runs."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hashlib import sha256

from app.acquisition.registry import driver_names
from app.audit.configuration import keep_document
from app.audit.journal import AuditJournal
from app.collector.recorder import Recorder
from app.collector.sign_in import SignInDesk
from app.collector.stored import NotStored, stored
from app.database import PlantConnection
from app.model import clock
from app.model.actor import Actor
from app.model.alarm import AlarmDefinition
from app.model.alarm_command import AlarmRefusal, RefusalCode
from app.model.audit import AuditAction, AuditRecord
from app.model.role import Role
from app.plant.alarm_revision import revised_alarms
from app.plant.folder import PlantFolder
from app.plant.problem import PlantFileError
from app.plant.replacement import PlantFileChanged, Replacement, plant_text, replacement
from app.plant.tag_list.revision import CannotRevise
from app.pubsub.channel import Reply
from app.pubsub.frame import CommandDone, ReviseAlarm

log = logging.getLogger(__name__)

KEYS = frozenset({"deadband", "on_delay_s", "off_delay_s"})
"""What of an alarm may be changed from a window, while it runs."""
MOST_REASON = 500


class RevisionDesk:
    """Takes the commands of all windows, one after the other, from the collector's event loop.

    `revise` hears the new definition once the file has it; an alarm that stands stays as it is.
    """

    def __init__(
        self, folder: PlantFolder, people: SignInDesk, recorder: Recorder, revise: Callable[[AlarmDefinition], None]
    ) -> None:
        """Change the plant file of `folder`."""
        self._configuration = folder.configuration
        self._people = people
        self._recorder = recorder
        self._revise = revise
        self._turn = asyncio.Lock()
        self._answers: set[asyncio.Task[None]] = set()

    def obey(self, command: ReviseAlarm, window: Reply) -> None:
        """Carry out a command; its window is answered once the file has it."""
        actor = self._people.actor(window)
        who = Actor(actor.window or command.window, actor.name or command.operator.strip(), actor.role)
        answer = asyncio.get_running_loop().create_task(self._obey(command, who, window))
        self._answers.add(answer)
        answer.add_done_callback(self._answers.discard)

    async def _obey(self, command: ReviseAlarm, who: Actor, window: Reply) -> None:
        refused = self._refusal(command, who)
        if refused is None:
            async with self._turn:
                refused = await self._change(command, who)
        if refused is None:
            log.info("alarm.revised alarm=%s by=%s", command.alarm, who.name)
            window(CommandDone(command.request, done=True))
            return
        record = self._record(AuditAction.ALARM_REFUSED, command, who, reason=refused.text)
        with suppress(NotStored):  # it is written once anything can be
            await self._store(record)
        window(CommandDone(command.request, done=False, reason=refused.text, refusals=(refused,)))

    async def _change(self, command: ReviseAlarm, who: Actor) -> AlarmRefusal | None:
        """Write the file; the trail has the change first, on disk. Return why it was not done."""
        try:
            made = await asyncio.to_thread(self._replacement, command)
            record = self._record(
                AuditAction.CONFIGURATION_CHANGED,
                command,
                who,
                reason=command.reason.strip(),
                detail=made.difference,
                digest=made.digest,
                subject=made.path.name,
            )
            self._recorder.keep(partial(_keep, made.new))  # in one commit with its record, which is waited for
            await self._store(record)
            await asyncio.to_thread(made.write)
        except NotStored as error:
            text = f"not changed, since nothing can be stored: {error}"
            return AlarmRefusal(command.alarm, RefusalCode.NOT_STORED, text)
        except (PlantFileError, PlantFileChanged, CannotRevise, OSError, UnicodeDecodeError) as error:
            return AlarmRefusal(command.alarm, RefusalCode.NOT_WRITTEN, f"not changed: {error}")
        self._revise(next(alarm for alarm in made.plant.alarms if alarm.id == command.alarm))
        return None

    async def _store(self, record: AuditRecord) -> None:
        await stored(self._recorder.audit([record]), lambda: self._recorder.problem)

    def _replacement(self, command: ReviseAlarm) -> Replacement:
        before = plant_text(self._configuration)
        if sha256(before.encode()).hexdigest() != command.seen:
            raise PlantFileChanged(f"{self._configuration}: is another one than was shown: look at it again")
        after = revised_alarms(before, {command.alarm: command.keys})
        return replacement(self._configuration, before, after, drivers=driver_names())

    def _refusal(self, command: ReviseAlarm, who: Actor) -> AlarmRefusal | None:
        code, text = None, ""
        if self._people.has_users and who.role is None:
            code, text = RefusalCode.NOT_SIGNED_IN, "not changed: sign in first"
        elif self._people.has_users and who.role is not None and not who.role.includes(Role.ENGINEER):
            code, text = RefusalCode.ROLE, f"not changed: {who.name} is {who.role}, and this needs an engineer"
        elif not who.name:
            code, text = RefusalCode.NO_NAME, "not changed: say who operates"
        elif not command.reason.strip():
            code, text = RefusalCode.NO_REASON, "not changed: say why"
        elif len(command.reason) > MOST_REASON:
            code, text = RefusalCode.LONG_REASON, f"not changed: the reason is longer than {MOST_REASON} characters"
        elif not _are_fit(command):
            code, text = RefusalCode.NOT_WRITTEN, f"not changed: only {', '.join(sorted(KEYS))}, each 0 or more"
        return None if code is None else AlarmRefusal(command.alarm, code, text, by=who.name, limit=MOST_REASON)

    @staticmethod
    def _record(
        action: AuditAction,
        command: ReviseAlarm,
        who: Actor,
        *,
        reason: str,
        detail: str = "",
        digest: str = "",
        subject: str = "",
    ) -> AuditRecord:
        return AuditRecord(
            clock.now_ns(),
            action,
            operation="revise",
            alarm=command.alarm,
            reason=reason,
            detail=detail,
            digest=digest,
            subject=subject,
        ).by(who)


def _keep(content: bytes, connection: PlantConnection, _: AuditJournal) -> None:
    keep_document(connection, content)


def _are_fit(command: ReviseAlarm) -> bool:
    values = [value for value in command.keys.values() if value is not None]
    return set(command.keys) <= KEYS and all(math.isfinite(value) and value >= 0.0 for value in values)
