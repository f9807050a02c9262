"""Learned models in the collector: windows learn, try, promote, return and take them; all on disk before it is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import closing, suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TypedDict, TypeVar, Unpack

from app.collector.model_log import STEPS, ModelLog
from app.collector.recorder import Recorder
from app.collector.sign_in import SignInDesk
from app.database import DatabaseError, open_reader
from app.history.reader import HistoryReader
from app.learning import store
from app.learning.binding import bound
from app.learning.model_file import read_model
from app.learning.refusal import ModelRefused
from app.learning.standing import is_held
from app.model import clock
from app.model.actor import Actor
from app.model.learned_model import ModelRecord
from app.model.model_command import JobPhase, ModelCommand, ModelDeed, ModelJob, ModelRefusal
from app.model.model_command import ModelRefusalCode as Code
from app.model.plant import Plant
from app.model.role import Role
from app.plant.folder import PlantFolder
from app.pubsub.channel import Reply
from app.pubsub.frame import ActOnModel, CommandDone, Event, LearningChanged
from app.training.child import LearningProcess
from app.training.lesson import Exam, Lesson, lesson_of

log = logging.getLogger(__name__)

MOST_REASON = 500
TELL_S = 0.5
Result = TypeVar("Result")
_AT_THE_DOOR = {Code.NOT_SIGNED_IN, Code.ROLE, Code.NO_NAME, Code.NO_REASON, Code.LONG_REASON}


class ModelDesk:
    """Takes commands of all windows from the collector's event loop; one thing is learned or tried at a time.

    Learning is answered once it has begun; `tell` hears how far it is and what became of it.
    """

    def __init__(
        self,
        folder: PlantFolder,
        plant: Plant,
        *,
        people: SignInDesk,
        recorder: Recorder,
        tell: Callable[[Event], None],
    ) -> None:
        """Begin with nothing that runs: what a former collector was learning is lost with it."""
        self._folder, self._plant = folder, plant
        self._people, self._tell = people, tell
        self._log = ModelLog(recorder)
        self._job: ModelJob | None = None
        self._process: LearningProcess | None = None
        self._is_cancelled = self._is_closed = False
        self._told_at = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def snapshot(self) -> list[Event]:
        """Return what a new window must know: what is being learned, or was last."""
        return [LearningChanged(self._job)] if self._job is not None else []

    def obey(self, order: ActOnModel, window: Reply) -> None:
        """Carry out a command; its window is answered once that is on disk, or has begun."""
        actor = self._people.actor(window)
        # whoever is signed in acts in no other name
        who = Actor(actor.window or order.window, actor.name or order.operator.strip(), actor.role)
        self._begin(self._obey(order, who, window))

    async def learn_due(self, lesson: Lesson, who: Actor) -> bool:
        """Learn and try what is due, and let it count where the rules allow it; return whether a model came of it.

        While something is learned nothing is done, and it is still due. What a person has returned, a person replaces.
        """
        if self._is_closed or (self._job is not None and not self._job.phase.is_over):
            return True
        command = ModelCommand(ModelDeed.LEARN, kind=lesson.kind, subject=lesson.subject)
        await asyncio.wait([self._start(command, who, lesson)])
        job = self._job
        if job is None or not job.model:
            return False
        if job.phase is JobPhase.DONE and not await asyncio.to_thread(self._is_held, job.model):
            with suppress(ModelRefused):  # the trail says why
                await self._log.step(ModelCommand(ModelDeed.PROMOTE, job.model, reason="learned on schedule"), who)
        return True

    def _is_held(self, number: int) -> bool:
        with closing(open_reader(self._folder.history)) as connection:
            return is_held(connection, number)

    async def close(self) -> None:
        """End what is being learned; nothing of it is kept."""
        self._is_closed = True
        self._cancel()
        for task in list(self._tasks):
            await task

    def _cancel(self) -> None:
        self._is_cancelled = True
        if self._process is not None:
            self._process.cancel()

    async def _obey(self, order: ActOnModel, who: Actor, window: Reply) -> None:
        command = order.command
        try:
            self._check(command, who)
            await self._do(command, who)
        except ModelRefused as refused:
            log.info("model.refused deed=%s number=%d who=%s %s", command.deed, command.number, who.name, refused)
            if command.deed not in STEPS or refused.refusal.code in _AT_THE_DOOR:  # steps note theirs themselves
                await self._log.note_refusal(
                    command.deed, who, str(refused), command.subject or f"model {command.number}"
                )
            window(CommandDone(order.request, done=False, reason=str(refused), model_refusal=refused.refusal))
            return
        window(CommandDone(order.request, done=True))

    async def _do(self, command: ModelCommand, who: Actor) -> None:
        match command.deed:
            case ModelDeed.CANCEL:
                if self._job is None or self._job.phase.is_over:
                    raise ModelRefused("nothing is being learned or tried", Code.NOTHING_RUNS)
                self._cancel()
            case ModelDeed.LEARN:
                self._check_idle()
                self._start(command, who, await self._lesson(command, who))
            case ModelDeed.TRY:
                self._check_idle()
                record = await asyncio.to_thread(self._stored, command.number)
                self._start(replace(command, kind=record.kind, subject=record.subject), who, None)
            case ModelDeed.TAKE:
                record = await asyncio.to_thread(self._taken, command, who)
                await self._log.add(record, who, reason=f"imported from {Path(command.path).name}")
            case ModelDeed.PROMOTE | ModelDeed.RETURN:
                await self._log.step(command, who)

    async def _lesson(self, command: ModelCommand, who: Actor) -> Lesson:
        extent = await asyncio.to_thread(self._extent)
        return lesson_of(
            self._folder,
            self._plant,
            command.kind,
            command.subject,
            begin=max(command.begin, extent[0]),
            end=min(command.end or extent[1] + 1, extent[1] + 1),
            period_s=command.period_s,
            author=who.name,
        )

    def _extent(self) -> tuple[int, int]:
        with HistoryReader(self._folder.history) as reader:
            extent = reader.extent()
        if extent is None:
            raise ModelRefused("nothing is recorded yet", Code.NOTHING_RECORDED)
        return extent

    def _stored(self, number: int) -> ModelRecord:
        with closing(open_reader(self._folder.history)) as connection:
            return store.whole_model(connection, number)

    def _taken(self, command: ModelCommand, who: Actor) -> ModelRecord:
        """Return the model of a file, bound to this plant; raise ModelRefused, also where it is another file by now."""
        path = Path(command.path)
        shared = read_model(path)
        if sha256(path.read_bytes()).hexdigest() != command.digest:
            raise ModelRefused(f"{path}: is another file than was shown: look at it again", Code.OTHER_FILE)
        source, now = f"{path.name} of {shared.plant}", clock.now_ns()
        subject = command.subject or shared.record.subject
        return bound(shared, self._plant, subject, names=command.names, author=who.name, now=now, source=source)

    def _start(self, command: ModelCommand, who: Actor, lesson: Lesson | None) -> asyncio.Task[None]:
        self._is_cancelled = self._is_closed
        phase = JobPhase.LEARNING if lesson is not None else JobPhase.TRYING
        self._show(
            ModelJob(command.deed, command.kind, command.subject, who.name, clock.now_ns(), phase, model=command.number)
        )
        return self._begin(self._work(lesson, who))

    async def _work(self, lesson: Lesson | None, who: Actor) -> None:
        """Learn where that was asked for, then try; a model that was learned is kept, whatever becomes of its trial."""
        refused: ModelRefused | None = None
        try:
            if lesson is not None:
                record = await self._apart(LearningProcess(lesson), LearningProcess.learn)
                number = await self._log.add(record, who, reason="learned")
                self._change(phase=JobPhase.TRYING, model=number, share=float("nan"))
            await self._try(who)
        except ModelRefused as error:
            refused = error
        except (OSError, DatabaseError) as error:
            refused = ModelRefused(str(error))
        if refused is not None:
            log.info("model.work_refused who=%s %s", who.name, refused)
            what = ModelDeed.LEARN if lesson is not None else ModelDeed.TRY
            await self._log.note_refusal(what, who, str(refused), self._job.subject if self._job is not None else "")
        phase = JobPhase.DONE if refused is None else JobPhase.REFUSED
        self._change(phase=phase, ended=clock.now_ns(), refusal=refused.refusal if refused is not None else None)

    async def _try(self, who: Actor) -> None:
        number = self._job.model if self._job is not None else 0
        exam = Exam(str(self._folder.path), number)
        trial = await self._apart(LearningProcess(exam), LearningProcess.examine)
        record = await asyncio.to_thread(self._stored, number)
        await self._log.keep_trial(trial, record, who)

    async def _apart(
        self,
        process: LearningProcess,
        work: Callable[[LearningProcess, Callable[[float], None]], Result],
    ) -> Result:
        """Let a child process work, and tell how far it is."""
        loop = asyncio.get_running_loop()
        self._process = process
        if self._is_cancelled:  # between two of them
            process.cancel()

        def tell(share: float) -> None:
            loop.call_soon_threadsafe(self._progress, share)

        try:
            return await asyncio.to_thread(work, process, tell)
        finally:
            self._process = None

    def _check(self, command: ModelCommand, who: Actor) -> None:
        """Raise ModelRefused where somebody may not do this at all; in a plant without users a name is enough."""
        if self._people.has_users and who.role is None:
            raise ModelRefused("not done: sign in first", Code.NOT_SIGNED_IN)
        if self._people.has_users and who.role is not None and not who.role.includes(Role.ENGINEER):
            text = f"not done: {who.name} is {who.role}, and this needs an {Role.ENGINEER}"
            raise ModelRefused(text, Code.ROLE, name=who.name, role=who.role)
        if not who.name:
            raise ModelRefused("not done: say who operates", Code.NO_NAME)
        if command.deed in STEPS and not command.reason.strip():
            raise ModelRefused("not done: say why", Code.NO_REASON)
        if len(command.reason) > MOST_REASON:
            text = f"not done: the reason is longer than {MOST_REASON} characters"
            raise ModelRefused(text, Code.LONG_REASON, most=MOST_REASON)

    def _check_idle(self) -> None:
        job = self._job
        if job is not None and not job.phase.is_over:
            text = f"not done: {job.by} lets {job.subject} be learned or tried: wait for it, or cancel it"
            raise ModelRefused(text, Code.BUSY, by=job.by, subject=job.subject)

    def _progress(self, share: float) -> None:
        now = clock.monotonic_ns()
        if self._job is None or self._job.phase.is_over:
            return
        self._job = replace(self._job, share=share)
        if now - self._told_at >= TELL_S * clock.NS_PER_S:
            self._told_at = now
            self._tell(LearningChanged(self._job))

    def _change(self, **changes: Unpack[_Changes]) -> None:
        if self._job is not None:
            self._show(replace(self._job, **changes))

    def _show(self, job: ModelJob) -> None:
        self._job = job
        self._tell(LearningChanged(job))

    def _begin(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


class _Changes(TypedDict, total=False):
    """What changes of a ModelJob."""

    phase: JobPhase
    share: float
    ended: int
    model: int
    refusal: ModelRefusal | None
