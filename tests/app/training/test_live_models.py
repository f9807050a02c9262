"""Active models at work on a plant's file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from app.database import open_writer
from app.learning.promotion import going_back
from app.learning.store import ModelStore, models, steps_of
from app.model.case import CaseRecord
from app.model.learned_model import ModelKind, ModelState
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.training.equipment_lesson import learn_equipment
from app.training.fault_lesson import learn_faults
from app.training.lesson import Lesson, school_of
from app.training.live_models import LiveModels
from tests.app.training.plants import CAUSES, ILL, PERIOD_S, START, STEP, WELL, lived

LAST_ILL = START + (600 + (len(CAUSES) - 1) * (ILL + WELL)) * STEP
AFTER = 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> PlantFolder:
    """Of PU01's eight faults the last was not learned from; both models count."""
    found = lived(tmp_path_factory.mktemp("live"))
    with school_of(found) as school:
        records = [
            learn(
                school,
                Lesson(str(found.path), kind, subject, kind is ModelKind.DIAGNOSIS, START, LAST_ILL, PERIOD_S, "Li"),
            )
            for learn, kind, subject in (
                (learn_faults, ModelKind.DIAGNOSIS, "pump"),
                (learn_equipment, ModelKind.EQUIPMENT, "PU01"),
            )
        ]
    with closing(open_writer(found.history)) as connection:
        for record in records:
            ModelStore(connection).add(record, state=ModelState.ACTIVE)
    return found


def live(folder: PlantFolder) -> LiveModels:
    return LiveModels(folder, read_plant(folder.configuration))


def open_case(equipment: str) -> CaseRecord:
    return CaseRecord(9, equipment, LAST_ILL, LAST_ILL, 2.0, ("health",))


def test_that_an_open_case_gets_the_cause_that_was_learned(folder: PlantFolder) -> None:
    found = live(folder).round([open_case("PU01")], LAST_ILL + ILL * STEP)
    (cause,) = found.causes[9]
    assert (cause.cause.en, cause.source) == (CAUSES[-1], "model 1")
    assert cause.likeness > 0.9


def test_that_a_case_that_resembles_nothing_known_gets_no_learned_cause(folder: PlantFolder) -> None:
    assert live(folder).round([open_case("PU02")], LAST_ILL + ILL * STEP).causes == {9: ()}


def test_that_nothing_is_said_of_a_case_that_has_just_been_opened(folder: PlantFolder) -> None:
    assert live(folder).round([open_case("PU01")], LAST_ILL + 5 * STEP).causes == {}


def test_that_the_equipment_model_follows_the_history_and_is_bad_only_in_the_fault(folder: PlantFolder) -> None:
    looking = live(folder)
    (well,) = looking.round([], LAST_ILL - STEP).indications
    (ill,) = looking.round([], LAST_ILL + AFTER * STEP).indications
    assert well.score < 1.0 <= ill.score
    assert (ill.equipment, ill.version) == ("PU01", "model 2")
    assert ill.contributions[0].tag == "PU01.FLOW"
    assert sum(each.share for each in ill.contributions) == pytest.approx(1.0, abs=0.1)


def test_that_rounds_of_any_length_say_the_same(folder: PlantFolder) -> None:
    one, many = live(folder), live(folder)
    one.round([], LAST_ILL - 30 * STEP)
    many.round([], LAST_ILL - 30 * STEP)
    told = [many.round([], LAST_ILL + row * STEP).indications for row in range(-29, AFTER)]
    assert one.round([], LAST_ILL + (AFTER - 1) * STEP).indications == told[-1]


def test_that_a_returned_model_says_nothing_from_the_next_round_on(tmp_path: Path, folder: PlantFolder) -> None:
    from shutil import copytree

    copytree(folder.path, tmp_path / "p")
    mine = PlantFolder(tmp_path / "p")
    looking = live(mine)
    assert looking.round([], LAST_ILL).indications
    with closing(open_writer(mine.history)) as connection:
        records, steps = models(connection), steps_of(connection)
        ModelStore(connection).note(going_back(records[1], records, steps, by="Li", reason="no", now=1))
    assert looking.round([], LAST_ILL + STEP).indications == ()


def test_that_a_model_whose_tags_are_gone_is_told_and_others_go_on(folder: PlantFolder, tmp_path: Path) -> None:
    text = folder.configuration.read_text("utf-8").replace('name = "PU01.VIB"', 'name = "PU01.SHAKE"')
    other = tmp_path / "plant.toml"
    other.write_text(text, encoding="utf-8")
    found = LiveModels(folder, read_plant(other)).round([open_case("PU02")], LAST_ILL + ILL * STEP)
    assert found.problems == ("PU01: the model asks for VIB, which it has not, or in other units",)
    assert found.causes == {9: ()}
