"""When the station learns by itself, on a plant whose history is a real file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from app.database import open_writer, transaction
from app.learning.store import ModelStore
from app.maintenance.store import WorkStore
from app.model.learned_model import ModelKind, ModelRecord, ModelState, ModelStep
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.training.curriculum import STATION, Curriculum
from app.training.lesson import School, open_school
from tests.app.training.plants import START, STEP, lived

SCALE = 60.0
HOUR = round(3_600 / SCALE * 1e9)
END = START + 4_200 * STEP


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> PlantFolder:
    return lived(tmp_path_factory.mktemp("school") / "p")


@pytest.fixture
def school(recorded: PlantFolder) -> Iterator[School]:
    plant = replace(read_plant(recorded.configuration), time_scale=SCALE)
    with open_school(recorded, plant) as opened:
        yield opened


def record(subject: str, made: int) -> ModelRecord:
    return ModelRecord(
        0, ModelKind.EQUIPMENT, subject, is_class=False, made=made, author=STATION, data_begin=START, data_end=made,
        data_digest="", code_version="1", tags=("P",), units=("bar",), period_s=1.0, parameters=b"",
    )  # fmt: skip


def subject(curriculum: Curriculum, school: School, now: int) -> str:
    lesson = curriculum.due(school, now)
    return lesson.subject if lesson else ""


def test_that_the_first_lesson_comes_with_a_week_and_leaves_the_newest_days_to_be_tried_on(
    recorded: PlantFolder, school: School
) -> None:
    curriculum = Curriculum(recorded.path)
    assert curriculum.due(school, START + 167 * HOUR) is None
    lesson = curriculum.due(school, START + 170 * HOUR)
    assert lesson is not None
    assert (lesson.subject, lesson.kind, lesson.author) == ("PU01", ModelKind.EQUIPMENT, STATION)
    assert (lesson.begin, lesson.end, lesson.period_s) == (START, START + 102 * HOUR, 1.0)


def test_that_no_more_than_two_weeks_are_learned_from(recorded: PlantFolder, school: School) -> None:
    lesson = Curriculum(recorded.path).due(school, START + 600 * HOUR)
    assert lesson is not None
    assert lesson.begin == START + (600 - 14 * 24) * HOUR


def test_that_a_lesson_in_vain_is_repeated_after_a_week_and_others_come_meanwhile(
    recorded: PlantFolder, school: School
) -> None:
    curriculum, now = Curriculum(recorded.path), START + 170 * HOUR
    for name in ("PU01", "PU02"):
        lesson = curriculum.due(school, now)
        assert lesson is not None
        assert lesson.subject == name
        curriculum.refused(lesson)
    assert curriculum.due(school, now) is None
    assert subject(curriculum, school, now + 168 * HOUR) == "PU01"


def test_that_the_next_lesson_waits_for_a_month_after_a_model_and_for_a_week_after_a_candidate_or_a_renewal(
    recorded: PlantFolder, school: School
) -> None:
    made = START + 170 * HOUR
    with closing(open_writer(recorded.history)) as connection:
        models = ModelStore(connection)
        taken = models.add(record("PU01", made))
        models.note([ModelStep(taken.number, made, ModelState.ACTIVE, STATION, "learned")])
        models.add(record("PU02", made))
        curriculum = Curriculum(recorded.path)
        assert subject(curriculum, school, made + 100 * HOUR) == ""
        assert subject(curriculum, school, made + 169 * HOUR) == "PU02"
        models.add(record("PU02", made + 600 * HOUR))
        assert subject(curriculum, school, made + 700 * HOUR) == ""
        assert subject(curriculum, school, made + 721 * HOUR) == "PU01"
        WorkStore(connection)
        with transaction(connection):
            connection.execute("INSERT INTO maintenance_event VALUES (1, ?, 'PU01')", (made + 200 * HOUR,))
        assert subject(curriculum, school, made + 300 * HOUR) != "PU01"
        renewed = curriculum.due(school, made + 369 * HOUR)
    assert renewed is not None
    assert (renewed.subject, renewed.begin) == ("PU01", made + 200 * HOUR)
