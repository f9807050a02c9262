"""Models that windows learn, promote, return and take, at a desk whose recorder, file and child processes are real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest

from app.audit.journal import page
from app.audit.verification import verify
from app.collector.model_desk import ModelDesk
from app.collector.recorder import Recorder
from app.collector.sign_in import SignInDesk
from app.database import open_reader, open_writer
from app.learning import store
from app.learning.model_file import write_model
from app.learning.standing import shared
from app.learning.store import ModelStore
from app.model.audit import AuditAction
from app.model.learned_model import ModelKind, ModelScore, ModelState, ModelTrial
from app.model.model_command import JobPhase, ModelCommand, ModelDeed, ModelJob
from app.model.model_command import ModelRefusalCode as Code
from app.model.role import Role
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.pubsub.frame import ActOnModel, CommandDone, Event, LearningChanged, SignIn
from app.security.users import Users
from tests.app.collector.bench import until
from tests.app.training.plants import PERIOD_S, lived

# The child processes have the lowest priority: beside other tests they take their time.
pytestmark = pytest.mark.timeout(300)

LEARN = ModelCommand(ModelDeed.LEARN, kind=ModelKind.DIAGNOSIS, subject="pump", period_s=PERIOD_S)
PROMOTE = ModelCommand(ModelDeed.PROMOTE, 1, reason="no worse")


@pytest.fixture(scope="module")
def lived_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lived(tmp_path_factory.mktemp("lived") / "p").path


@pytest.fixture
def folder(lived_once: Path, tmp_path: Path) -> PlantFolder:
    return PlantFolder(copytree(lived_once, tmp_path / "p"))


class Desk:
    """The desk with one window: `told` is what all windows hear, `done` what the commands are answered by."""

    def __init__(self, folder: PlantFolder) -> None:
        self.folder = folder
        plant = read_plant(folder.configuration)
        self.recorder = Recorder(folder.history, plant.tags, on_stored=lambda _: None, interval_s=0.01)
        self.told: list[ModelJob] = []
        self.done: dict[int, CommandDone] = {}
        self.people = SignInDesk(folder, lambda _: None)
        self.desk = ModelDesk(folder, plant, people=self.people, recorder=self.recorder, tell=self._hear)

    def window(self, event: Event) -> None:
        if isinstance(event, CommandDone):
            self.done[event.request] = event

    async def obey(self, command: ModelCommand, name: str = "Li") -> CommandDone:
        request = len(self.done) + 1
        self.desk.obey(ActOnModel(request, command, name, f"window {name}"), self.window)
        await until(lambda: request in self.done, timeout_s=30.0)
        return self.done[request]

    async def over(self, after: ModelJob | None = None) -> ModelJob:
        await until(
            lambda: bool(self.told) and self.told[-1].phase.is_over and self.told[-1] is not after, timeout_s=240.0
        )
        return self.told[-1]

    def states(self) -> list[ModelState]:
        with closing(open_reader(self.folder.history)) as connection:
            return list(store.states_of(connection).values())

    def _hear(self, event: Event) -> None:
        if isinstance(event, LearningChanged):
            self.told.append(event.job)


@asynccontextmanager
async def open_desk(folder: PlantFolder) -> AsyncIterator[Desk]:
    bench = Desk(folder)
    bench.recorder.start()
    try:
        yield bench
    finally:
        await bench.desk.close()
        await asyncio.to_thread(bench.recorder.stop)


def code_of(answer: CommandDone) -> Code | None:
    return answer.model_refusal.code if answer.model_refusal is not None else None


async def test_that_a_model_is_learned_tried_promoted_and_returned_with_each_deed_in_the_trail(
    folder: PlantFolder,
) -> None:
    async with open_desk(folder) as bench:
        assert (await bench.obey(LEARN)).done
        busy = await bench.obey(LEARN, "Chen")
        assert (code_of(busy), busy.reason.startswith("not done: Li lets pump")) == (Code.BUSY, True)
        job = await bench.over()
        assert (job.phase, job.model, job.by) == (JobPhase.DONE, 1, "Li")
        assert {each.phase for each in bench.told} == {JobPhase.LEARNING, JobPhase.TRYING, JobPhase.DONE}
        assert bench.desk.snapshot() == [LearningChanged(job)]
        assert (await bench.obey(PROMOTE)).done
        assert bench.states() == [ModelState.ACTIVE]
        assert code_of(await bench.obey(PROMOTE)) is Code.NOT_CANDIDATE
        assert (await bench.obey(ModelCommand(ModelDeed.RETURN, 1, reason="cries wolf"))).done
        assert bench.states() == [ModelState.RETIRED]
    with closing(open_reader(folder.history)) as connection:
        lines = [(line.action, line.record.user if line.record else "") for line in reversed(page(connection))]
        assert verify(connection).faults == []
    assert [line for line in lines if line[0].startswith("model")] == [
        (AuditAction.MODEL_REFUSED, "Chen"),
        (AuditAction.MODEL_ADDED, "Li"),
        (AuditAction.MODEL_TRIED, "Li"),
        (AuditAction.MODEL_STEPPED, "Li"),
        (AuditAction.MODEL_REFUSED, "Li"),
        (AuditAction.MODEL_STEPPED, "Li"),
    ]


async def test_that_what_is_learned_can_be_cancelled_and_nothing_of_it_is_kept(folder: PlantFolder) -> None:
    async with open_desk(folder) as bench:
        cancel = ModelCommand(ModelDeed.CANCEL)
        assert code_of(await bench.obey(cancel)) is Code.NOTHING_RUNS
        assert (await bench.obey(LEARN)).done
        assert (await bench.obey(cancel, "Chen")).done
        job = await bench.over()
        assert (job.phase, job.refusal.code if job.refusal else None) == (JobPhase.REFUSED, Code.CANCELLED)
        assert bench.states() == []
        assert (await bench.obey(LEARN)).done
        assert (await bench.over(after=job)).phase is JobPhase.DONE


async def test_that_why_nothing_was_learned_is_told_with_its_numbers(folder: PlantFolder) -> None:
    async with open_desk(folder) as bench:
        few = ModelCommand(ModelDeed.LEARN, kind=ModelKind.REMAINING_LIFE, subject="pump", period_s=3_600.0)
        assert (await bench.obey(few)).done
        refusal = (await bench.over()).refusal
        assert refusal is not None
        assert (refusal.code, refusal.values) == (
            Code.TOO_FEW_FAILURES, {"subject": "pump", "failures": "0", "needed": "20"},
        )  # fmt: skip


def taking(path: Path) -> ModelCommand:
    digest = sha256(path.read_bytes()).hexdigest()
    return ModelCommand(ModelDeed.TAKE, path=str(path), digest=digest, subject="pump")


@pytest.fixture(scope="module")
def exported(lived_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the class, learned here, as another plant gets it."""
    from app.training.fault_lesson import learn_faults
    from app.training.lesson import lesson_of, school_of

    target = tmp_path_factory.mktemp("exported")
    folder = PlantFolder(copytree(lived_once, target / "p"))
    with school_of(folder) as school:
        extent = school.reader.extent()
        assert extent is not None
        record = learn_faults(
            school,
            lesson_of(folder, school.plant, ModelKind.DIAGNOSIS, "pump", begin=extent[0], end=extent[1],
                      period_s=PERIOD_S, author="Li"),
        )  # fmt: skip
    with closing(open_writer(folder.history)) as connection:
        ModelStore(connection).add(record)
        write_model(target / "pump.json", shared(connection, read_plant(folder.configuration), 1))
    return target / "pump.json"


async def test_that_a_model_of_a_file_is_taken_as_candidate_unless_the_file_is_another_by_now(
    folder: PlantFolder, exported: Path
) -> None:
    command = taking(exported)
    async with open_desk(folder) as bench:
        other = await bench.obey(ModelCommand(ModelDeed.TAKE, path=str(exported), digest="0", subject="pump"))
        assert code_of(other) is Code.OTHER_FILE
        assert (await bench.obey(command)).done
        assert bench.states() == [ModelState.CANDIDATE]
        assert code_of(await bench.obey(PROMOTE)) is Code.NEVER_TRIED


async def test_that_a_worse_model_is_refused_and_the_present_one_stays(folder: PlantFolder, exported: Path) -> None:
    command = taking(exported)

    def try_out(number: int, beside: int, share: float, other: tuple[ModelScore, ...] = ()) -> None:
        with closing(open_writer(folder.history)) as connection:
            ModelStore(connection).try_out(ModelTrial(number, beside, 1, 1, 2, (ModelScore("share", share, 4),), other))

    async with open_desk(folder) as bench:
        for _ in range(2):
            assert (await bench.obey(command)).done
        try_out(1, 0, 0.75)
        assert (await bench.obey(PROMOTE)).done
        try_out(2, 1, 0.5, (ModelScore("share", 0.75, 4),))
        worse = await bench.obey(ModelCommand(ModelDeed.PROMOTE, 2, reason="newer"))
        assert code_of(worse) is Code.WORSE
        assert bench.states() == [ModelState.ACTIVE, ModelState.CANDIDATE]


@pytest.mark.parametrize(("name", "code"), [("", Code.NOT_SIGNED_IN), ("otto", Code.ROLE), ("erna", Code.NO_MODEL)])
async def test_that_in_a_plant_with_users_only_an_engineer_acts_on_models(
    folder: PlantFolder, name: str, code: Code
) -> None:
    users = Users(folder.users)
    users.add("otto", Role.OPERATOR, "71940582")
    users.add("erna", Role.ENGINEER, "60318274")
    async with open_desk(folder) as bench:
        if name:
            secret = {"otto": "71940582", "erna": "60318274"}[name]
            await bench.people.sign_in(SignIn(1, name, secret, "window 1"), bench.window)
        assert code_of(await bench.obey(ModelCommand(ModelDeed.PROMOTE, 9, reason="x"), "somebody")) is code


@pytest.mark.parametrize(
    ("command", "name", "code"),
    [
        (ModelCommand(ModelDeed.PROMOTE, 1, reason=" "), "Li", Code.NO_REASON),
        (ModelCommand(ModelDeed.PROMOTE, 1, reason="x" * 501), "Li", Code.LONG_REASON),
        (ModelCommand(ModelDeed.PROMOTE, 1, reason="x"), " ", Code.NO_NAME),
    ],
    ids=["no-reason", "long-reason", "no-name"],
)
async def test_that_who_and_why_are_asked_for(
    folder: PlantFolder, command: ModelCommand, name: str, code: Code
) -> None:
    async with open_desk(folder) as bench:
        assert code_of(await bench.obey(command, name)) is code
