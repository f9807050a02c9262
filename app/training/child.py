"""Learning and trying in a process of its own with the lowest priority: nothing that is watched waits for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, BinaryIO

import msgspec

from app.learning import store
from app.learning.promotion import active_of
from app.learning.refusal import ModelRefused
from app.model.learned_model import ModelKind, ModelRecord, ModelTrial
from app.model.model_command import ModelRefusal
from app.model.model_command import ModelRefusalCode as Code
from app.plant.folder import PlantFolder
from app.training.equipment_lesson import learn_equipment
from app.training.fault_lesson import learn_faults
from app.training.lesson import Exam, Lesson, School, school_of
from app.training.life_lesson import learn_life
from app.training.trial import shadow

_LOWEST = 19
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_LENGTH = 8
_TRACE = 2_000

PUPILS = {
    ModelKind.EQUIPMENT: learn_equipment,
    ModelKind.DIAGNOSIS: learn_faults,
    ModelKind.REMAINING_LIFE: learn_life,
}


class Share(msgspec.Struct, frozen=True, tag=True):
    """So much of the work is done, 0 to 1."""

    share: float


class Learned(msgspec.Struct, frozen=True, tag=True):
    """A model, not yet stored."""

    record: ModelRecord


class Tried(msgspec.Struct, frozen=True, tag=True):
    """A trial, not yet stored."""

    trial: ModelTrial


class Refused(msgspec.Struct, frozen=True, tag=True):
    """Why there is neither."""

    refusal: ModelRefusal


Answer = Share | Learned | Tried | Refused
_answers = msgspec.msgpack.Decoder(Answer)


class LearningProcess:
    """One child process for one task; `run` blocks, `cancel` may be called in any other thread, also before it."""

    def __init__(self, task: Lesson | Exam) -> None:
        """Prepare; nothing runs before `run`."""
        self._task = task
        self._child: subprocess.Popen[bytes] | None = None
        self._is_cancelled = False

    def learn(self, tell: Callable[[float], None] = lambda _: None) -> ModelRecord:
        """Learn and return the model, not yet stored; raise ModelRefused, OSError. `tell` hears the share done."""
        answer = self._run(tell)
        if not isinstance(answer, Learned):
            raise ModelRefused("learning gave no model")
        return answer.record

    def examine(self, tell: Callable[[float], None] = lambda _: None) -> ModelTrial:
        """Try a model and return the trial, not yet stored; raise ModelRefused, OSError."""
        answer = self._run(tell)
        if not isinstance(answer, Tried):
            raise ModelRefused("trying gave no trial")
        return answer.trial

    def cancel(self) -> None:
        """End the work; `run` raises ModelRefused."""
        self._is_cancelled = True
        child = self._child
        if child is not None:
            child.kill()

    def _run(self, tell: Callable[[float], None]) -> Answer:
        with TemporaryFile() as trace:
            child = self._begin(trace)
            last: Answer | None = None
            with child:
                if self._is_cancelled:
                    child.kill()
                for last in read_answers(child.stdout):
                    if isinstance(last, Share):
                        tell(last.share)
            if self._is_cancelled:
                raise ModelRefused("it was cancelled: nothing of it is kept", Code.CANCELLED)
            if isinstance(last, Refused):
                refusal = last.refusal
                raise ModelRefused(refusal.text, refusal.code, **refusal.values)
            if child.returncode or last is None or isinstance(last, Share):
                trace.seek(0)
                said = trace.read().decode(errors="replace").strip()
                raise ModelRefused(f"learning ended with code {child.returncode}: {said[-_TRACE:]}")
            return last

    def _begin(self, trace: BinaryIO) -> subprocess.Popen[bytes]:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "app.training"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=trace,
            creationflags=getattr(subprocess, "IDLE_PRIORITY_CLASS", 0),
            env={**os.environ, **_ONE_THREAD},
        )
        self._child = child
        if child.stdin is not None:
            with child.stdin as pipe:
                pipe.write(msgspec.json.encode(self._task))
        return child


def write_answer(stream: BinaryIO, answer: Answer) -> None:
    """Write one message: its length, eight bytes, and its MessagePack."""
    body = msgspec.msgpack.encode(answer)
    stream.write(len(body).to_bytes(_LENGTH, "big") + body)
    stream.flush()


def read_answers(stream: IO[bytes] | None) -> Iterator[Answer]:
    """Yield messages until the stream ends; half a message at its end is none."""
    while stream is not None and len(head := stream.read(_LENGTH)) == _LENGTH:
        size = int.from_bytes(head, "big")
        body = stream.read(size)
        if len(body) < size:
            return
        yield _answers.decode(body)


def work_here(task: Lesson | Exam, tell: Callable[[float], None]) -> Learned | Tried:
    """Work in this process, which has nothing else to do; raise ModelRefused, DatabaseError, PlantFileError."""
    if hasattr(os, "nice"):
        os.nice(_LOWEST)
    with school_of(PlantFolder(Path(task.folder)), tell) as school:
        if isinstance(task, Lesson):
            return Learned(PUPILS[task.kind](school, task))
        return Tried(tried(school, task.model))


def tried(school: School, number: int) -> ModelTrial:
    """Return how a stored model does beside the one that is active now; raise ModelRefused."""
    record = store.whole_model(school.connection, number)
    active = active_of(record, store.models(school.connection), store.states_of(school.connection))
    return shadow(school, record, store.whole_model(school.connection, active) if active else None)
