"""The collector's side of writes and calls: commands of windows in, devices through their connections, the trail."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from app import database
from app.acquisition.acquisition import Acquisition
from app.acquisition.connection import spec_of
from app.acquisition.method_call import MethodCall
from app.audit.journal import unfinished
from app.collector.recorder import Recorder
from app.collector.sign_in import SignInDesk
from app.control.desk import ControlDesk, Surroundings
from app.control.readings import Readings
from app.control.trail import Step, audit_of
from app.model.audit import AuditRecord
from app.model.content import Content
from app.model.control import ControlRecord, ControlState, Reason, ReasonCode
from app.model.datavalue import DataValue
from app.model.exact import DataType
from app.model.method import MethodDefinition
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.plant.folder import PlantFolder
from app.pubsub.channel import Reply
from app.pubsub.frame import (
    Call,
    Cancel,
    Command,
    ControlChanged,
    Event,
    Execute,
    Select,
    SelectMethod,
    SignIn,
    SignOff,
)
from drivers.driver import WriteItem, WriteResult
from drivers.method_caller import CallResult

log = logging.getLogger(__name__)


class Controls:
    """Writes, and who makes them; called from the collector's event loop only.

    A window is known by what answers it: the `reply` of its commands.
    """

    def __init__(
        self,
        folder: PlantFolder,
        plant: Plant,
        *,
        readings: Readings,
        acquisition: Acquisition,
        recorder: Recorder,
        tell: Callable[[Event], None],
    ) -> None:
        """Wire the desk; what a predecessor left unfinished is told, and closed in the trail as not known."""
        self._recorder = recorder
        self.people = SignInDesk(folder, self._audit)
        surroundings = Surroundings(
            read=readings.of,
            link=acquisition.state,
            device=_Devices(acquisition),
            audit=self._audit,
            tell=lambda record: tell(ControlChanged(record)),
        )
        self._desk = ControlDesk(plant, surroundings)
        self._answers: set[asyncio.Task[None]] = set()
        self._left: list[ControlRecord] = []
        for intent in left_unfinished(folder.history):
            what = intent.tag or intent.subject
            log.error("control.left_unknown what=%s user=%s operation=%s", what, intent.user, intent.operation)
            left = left_unknown(intent)
            self._left.append(left)
            self._audit(closed(intent, left))

    def snapshot(self) -> list[Event]:
        """Return the commands that a new window must know of: those that stand, and those nobody knows the end of."""
        return [ControlChanged(record) for record in (*self._left, *self._desk.standing())]

    @property
    def is_writing(self) -> bool:
        """Whether a write is selected or under way."""
        return bool(self._desk.standing())

    def obey(self, command: Command, window: Reply) -> None:
        """Carry out a command of a window, if it is one of ours."""
        match command:
            case SignIn():
                answer = asyncio.get_running_loop().create_task(self.people.sign_in(command, window))
                self._answers.add(answer)
                answer.add_done_callback(self._answers.discard)
            case SignOff():
                self._desk.leave(window)
                self.people.sign_off(window)
            case Select(operation, tag, value):
                self._desk.select(operation, tag, value=value, owner=window, actor=self.people.actor(window))
            case Execute(operation, value):
                self._desk.execute(operation, value, owner=window, actor=self.people.actor(window))
            case SelectMethod(operation, method, arguments):
                actor = self.people.actor(window)
                self._desk.select_method(operation, method, arguments=arguments, owner=window, actor=actor)
            case Call(operation, arguments):
                self._desk.execute(operation, arguments, owner=window, actor=self.people.actor(window))
            case Cancel(operation):
                self._desk.cancel(operation, owner=window)
            case _:
                pass

    def leave(self, window: Reply) -> None:
        """Let go of what a window held, since it is gone."""
        self._desk.leave(window)
        self.people.leave(window)

    def tick(self) -> None:
        """Let selections and sessions expire."""
        self._desk.tick()
        self.people.tick()

    async def close(self) -> None:
        """Break off what is under way; its result goes into the trail."""
        await self._desk.close()

    def _audit(self, record: AuditRecord) -> asyncio.Future[None]:
        return asyncio.wrap_future(self._recorder.audit([record]))


@dataclass(frozen=True, slots=True)
class _Devices:
    """The way to each device, through the worker of its connection."""

    acquisition: Acquisition

    async def write(self, tag: TagDefinition, value: Content, expires: int) -> WriteResult:
        item = WriteItem(tag.address, value, expires, tag.gain, tag.offset)
        (result,) = await self.acquisition.write(tag.connection, [item])
        return result

    async def read(self, tag: TagDefinition) -> DataValue:
        return await self.acquisition.read(tag.connection, spec_of(tag))

    async def call(self, method: MethodDefinition, arguments: tuple[Content, ...], expires: int) -> CallResult:
        given = tuple(map(argument_text, arguments, (argument.data_type for argument in method.arguments)))
        asked = MethodCall(method.owner, method.method, given, expires, method.timeout_s)
        return await self.acquisition.call(method.connection, asked)


def argument_text(value: Content, data_type: DataType) -> str:
    """Return a value as a driver takes arguments, to the last digit."""
    if data_type is DataType.BOOLEAN:
        return "true" if value else "false"
    return value if isinstance(value, str) else repr(value)


def left_unfinished(history: Path) -> Sequence[AuditRecord]:
    """Return the intents in a trail that have no result: the collector died between the two."""
    with closing(database.open_reader(history)) as connection:
        return unfinished(connection)


def left_unknown(intent: AuditRecord) -> ControlRecord:
    """Return what is known of a write or a call whose collector died."""
    return ControlRecord(
        intent.operation,
        intent.tag,
        ControlState.UNKNOWN,
        user=intent.user,
        role=intent.role,
        window=intent.window,
        since=intent.time,
        old=intent.old,
        new=intent.new,
        reason=Reason(ReasonCode.COLLECTOR_ENDED),
        method=intent.subject,
    )


def closed(intent: AuditRecord, left: ControlRecord) -> AuditRecord:
    """Return the result that ends an intent in the trail: what was wanted, and that nobody knows what became of it."""
    return replace(audit_of(left, Step.RESULT), detail=intent.detail)
