"""The station learns by itself, with a real history and a real recorder; what child processes do is done here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import copytree

import pytest

from app.audit.journal import page
from app.collector import model_desk
from app.collector.model_desk import ModelDesk
from app.collector.model_lessons import ModelLessons
from app.collector.recorder import Recorder
from app.collector.sign_in import SignInDesk
from app.database import open_reader, open_writer
from app.learning import store
from app.learning.refusal import ModelRefused
from app.learning.store import ModelStore
from app.model import clock
from app.model.audit import AuditAction
from app.model.learned_model import ModelKind, ModelRecord, ModelScore, ModelState, ModelStep, ModelTrial
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.training.child import PUPILS, tried
from app.training.curriculum import STATION
from app.training.lesson import Exam, Lesson, school_of
from tests.app.training.plants import START, STEP, lived

SCALE = 60.0
NOW = START + 4_200 * STEP
Tell = Callable[[float], None]


@dataclass
class Process:
    """Stands for the child process: gives a model for every lesson, or refuses; of a trial it says `value`."""

    task: Lesson | Exam
    value: float
    refuses: bool

    def learn(self, _: Tell) -> ModelRecord:
        lesson = self.task
        assert isinstance(lesson, Lesson)
        if self.refuses:
            raise ModelRefused("it never stands still")
        return ModelRecord(
            0, lesson.kind, lesson.subject, is_class=False, made=clock.now_ns(), author=lesson.author,
            data_begin=lesson.begin, data_end=lesson.end, data_digest="", code_version="1", tags=("P",),
            units=("bar",), period_s=lesson.period_s, parameters=b"arrays",
        )  # fmt: skip

    def examine(self, _: Tell) -> ModelTrial:
        exam = self.task
        assert isinstance(exam, Exam)
        score = ModelScore("false_alarms_per_month", self.value, 500, is_less_better=True, bound=3.0)
        return ModelTrial(exam.model, 0, clock.now_ns(), START, NOW, (score,))

    def cancel(self) -> None:
        """There is nothing to end."""


class Pupil(Process):
    """Learns and tries as the child process does, in this one and with its priority."""

    def learn(self, _: Tell) -> ModelRecord:
        assert isinstance(self.task, Lesson)
        with school_of(PlantFolder(Path(self.task.folder))) as school:
            return PUPILS[self.task.kind](school, self.task)

    def examine(self, _: Tell) -> ModelTrial:
        assert isinstance(self.task, Exam)
        with school_of(PlantFolder(Path(self.task.folder))) as school:
            return tried(school, self.task.model)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lived(tmp_path_factory.mktemp("lessons") / "p").path


@pytest.fixture
def folder(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlantFolder:
    monkeypatch.setattr(clock, "now_ns", lambda: NOW)
    return PlantFolder(copytree(template, tmp_path / "p"))


@asynccontextmanager
async def station(folder: PlantFolder) -> AsyncIterator[ModelLessons]:
    plant = replace(read_plant(folder.configuration), time_scale=SCALE)
    plant = replace(plant, tags=tuple(replace(tag, scan_ms=10_000) for tag in plant.tags))
    recorder = Recorder(folder.history, plant.tags, on_stored=lambda _: None, interval_s=0.01)
    people = SignInDesk(folder, lambda _: None)
    desk = ModelDesk(folder, plant, people=people, recorder=recorder, tell=lambda _: None)
    recorder.start()
    try:
        yield ModelLessons(folder, plant, desk)
    finally:
        await desk.close()
        await asyncio.to_thread(recorder.stop)


def stand_in(
    monkeypatch: pytest.MonkeyPatch, kind: type[Process] = Process, *, value: float = 0.0, refuses: bool = False
) -> list[str]:
    """Let no child process begin; return whose lessons were given."""
    given: list[str] = []

    def begun(task: Lesson | Exam) -> Process:
        given.extend([task.subject] if isinstance(task, Lesson) else [])
        return kind(task, value, refuses)

    begun.learn, begun.examine = kind.learn, kind.examine  # type: ignore[attr-defined]
    monkeypatch.setattr(model_desk, "LearningProcess", begun)
    return given


def told(folder: PlantFolder) -> tuple[list[tuple[str, ModelState]], list[str]]:
    """Return whose models stand how, and what the log says of them."""
    with closing(open_reader(folder.history)) as connection:
        states = store.states_of(connection)
        models = [(record.subject, states[record.number]) for record in store.models(connection)]
        lines = [line.action for line in reversed(page(connection)) if line.action.startswith("model.")]
    return models, lines


async def test_that_a_plant_learns_by_itself_and_what_is_good_counts(
    folder: PlantFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, Pupil)
    async with station(folder) as lessons:
        await lessons.make_round()
    models, lines = told(folder)
    assert models == [("PU01", ModelState.ACTIVE)]
    assert lines == [AuditAction.MODEL_ADDED, AuditAction.MODEL_TRIED, AuditAction.MODEL_STEPPED]
    with closing(open_reader(folder.history)) as connection:
        record = store.whole_model(connection, 1)
        (trial,) = store.trials_of(connection, 1)
    assert (record.kind, record.author, record.period_s) == (ModelKind.EQUIPMENT, STATION, 10.0)
    assert trial.begin > record.data_end


async def test_that_what_is_not_good_enough_stays_a_candidate_and_the_log_says_why(
    folder: PlantFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, value=9.0)
    async with station(folder) as lessons:
        await lessons.make_round()
        await lessons.make_round()
    models, lines = told(folder)
    assert models == [("PU01", ModelState.CANDIDATE), ("PU02", ModelState.CANDIDATE)]
    assert lines[:3] == [AuditAction.MODEL_ADDED, AuditAction.MODEL_TRIED, AuditAction.MODEL_REFUSED]


async def test_that_a_lesson_in_vain_holds_up_nobody_else(folder: PlantFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    given = stand_in(monkeypatch, refuses=True)
    async with station(folder) as lessons:
        for _ in range(3):
            await lessons.make_round()
    assert given == ["PU01", "PU02"]
    assert told(folder)[0] == []


async def test_that_what_a_person_took_back_is_not_replaced_by_the_station_alone(
    folder: PlantFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch)
    async with station(folder) as lessons:
        await lessons.make_round()
    with closing(open_writer(folder.history)) as connection:
        ModelStore(connection).note([ModelStep(1, NOW, ModelState.RETIRED, "Li", "returned: cries wolf")])
    monkeypatch.setattr(clock, "now_ns", lambda: NOW + round(8 * 86_400 / SCALE * 1e9))
    async with station(folder) as lessons:
        await lessons.make_round()
    assert told(folder)[0] == [("PU01", ModelState.RETIRED), ("PU01", ModelState.CANDIDATE)]


async def test_that_a_station_that_ends_begins_no_lesson(folder: PlantFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    given = stand_in(monkeypatch)
    async with station(folder) as lessons:
        await lessons._desk.close()
        await lessons.make_round()
    assert given == []
