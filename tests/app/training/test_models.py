"""`foreshift model` on a plant whose history and cases are real files; the child process is a real one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

from app.__main__ import main
from app.anomaly.equipment import EquipmentModel
from app.anomaly.learned import Settings
from app.audit.journal import page
from app.audit.verification import verify
from app.database import DatabaseError, open_reader, open_writer
from app.history.writer import HistoryWriter
from app.learning import store
from app.learning.store import ModelStore
from app.model.audit import AuditAction
from app.model.block import block_of
from app.model.learned_model import ModelKind, ModelScore, ModelState, ModelTrial
from app.model.role import Role
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.security.users import Users
from app.training.equipment_lesson import try_equipment
from app.training.fault_lesson import diagnose
from app.training.lesson import school_of
from tests.app.training.plants import ILL, PERIOD_S, START, STEP, WELL, folder_with, lived, plant_text

Capture = pytest.CaptureFixture[str]

# The child processes have the lowest priority: beside other tests they take their time.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two diagnoses of the class were learned: candidates 1 and 2."""
    folder = lived(tmp_path_factory.mktemp("learned") / "p")
    for _ in range(2):
        assert model(folder, "learn", "diagnosis", "pump", "--period", str(PERIOD_S)) == 0
    return folder.path


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> PlantFolder:
    copytree(template, tmp_path / "p")
    return PlantFolder(tmp_path / "p")


def model(folder: PlantFolder, deed: str, *words: str) -> int:
    return main(["model", deed, str(folder.path), *words])


def states(folder: PlantFolder) -> list[ModelState]:
    with closing(open_reader(folder.history)) as connection:
        return list(store.states_of(connection).values())


def promote(folder: PlantFolder, number: int) -> int:
    return model(folder, "promote", str(number), "--reason", "good")


def test_that_a_model_is_learned_in_the_past_and_tried_on_what_came_later(folder: PlantFolder) -> None:
    with closing(open_reader(folder.history)) as connection:
        record, trial = store.models(connection)[0], store.trials_of(connection, 1)[0]
    assert record.data_begin < record.data_end < trial.begin < trial.end
    assert (record.tags, record.units) == (("FLOW", "P", "VIB"), ("m3/h", "bar", "mm/s"))
    (score,) = trial.scores
    assert score.value == 1.0
    assert score.count >= 1


def test_that_the_model_tells_a_fault_of_another_pump_of_the_class(folder: PlantFolder) -> None:
    with school_of(folder) as school:
        record = store.model_of(school.connection, 1)
        assert record is not None
        noticed = START + (600 + 7 * (ILL + WELL)) * STEP
        found = diagnose(school, record, "PU01", noticed=noticed, until=noticed + ILL * STEP)
        healthy = diagnose(school, record, "PU02", noticed=noticed, until=noticed + ILL * STEP)
    assert found is not None
    assert (found.causes[0].cause, found.is_unknown) == ("hunting", False)
    assert healthy is not None
    assert healthy.is_unknown


def test_that_the_better_or_equal_candidate_replaces_the_active_one_and_comes_back_with_one_command(
    folder: PlantFolder, capsys: Capture
) -> None:
    assert promote(folder, 1) == 0
    assert promote(folder, 2) != 0
    assert "was tried beside no model, but model 1 is active now" in capsys.readouterr().err
    assert model(folder, "shadow", "2") == 0
    assert promote(folder, 2) == 0
    assert states(folder) == [ModelState.RETIRED, ModelState.ACTIVE]
    assert model(folder, "return", "2", "--reason", "it cries wolf") == 0
    assert states(folder) == [ModelState.ACTIVE, ModelState.RETIRED]
    assert model(folder, "return", "1", "--reason", "it too") == 0
    assert states(folder) == [ModelState.RETIRED, ModelState.RETIRED]
    with closing(open_reader(folder.history)) as connection:
        actions = [line.action for line in page(connection)]
        assert actions.count(AuditAction.MODEL_STEPPED) == 6
        assert actions.count(AuditAction.MODEL_REFUSED) == 1
        assert not verify(connection).faults


def test_that_a_candidate_that_did_worse_is_refused(folder: PlantFolder, capsys: Capture) -> None:
    assert promote(folder, 1) == 0
    worse = ModelTrial(2, 1, 1, 1, 2, (ModelScore("share", 0.5, 4),), (ModelScore("share", 0.75, 4),))
    with closing(open_writer(folder.history)) as connection:
        ModelStore(connection).try_out(worse)
    assert promote(folder, 2) != 0
    assert "model 2 is worse than model 1: share 0.5 instead of 0.75" in capsys.readouterr().err
    assert states(folder) == [ModelState.ACTIVE, ModelState.CANDIDATE]


def test_that_what_is_kept_of_a_model_cannot_be_altered(folder: PlantFolder) -> None:
    with closing(open_writer(folder.history)) as connection:
        for table in ("learned_model", "learned_model_step", "learned_model_trial"):
            for deed in (f"DELETE FROM {table}", f"UPDATE {table} SET number = number + 9"):  # noqa: S608
                with pytest.raises((DatabaseError, sqlite3.Error), match="never altered"):
                    connection.execute(deed)
                connection.rollback()


def test_that_in_a_plant_with_users_only_an_engineer_promotes(
    folder: PlantFolder, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    Users(folder.users).add("Li", Role.OPERATOR, "8264")
    assert promote(folder, 1) != 0
    assert "say which engineer" in capsys.readouterr().err
    monkeypatch.setattr("app.command.model_deed.asked_secret", lambda name: "8264")
    assert model(folder, "promote", "1", "--reason", "x", "--user", "Li") != 0
    assert "needs an engineer" in capsys.readouterr().err
    assert states(folder)[0] is ModelState.CANDIDATE


def test_that_an_equipment_model_is_learned_without_the_times_of_its_faults(
    folder: PlantFolder, capsys: Capture
) -> None:
    assert model(folder, "learn", "equipment", "PU01", "--period", str(PERIOD_S)) == 0
    with closing(open_reader(folder.history)) as connection:
        record = store.models(connection)[-1]
        scores = {score.name: score for score in store.trials_of(connection, record.number)[-1].scores}
    assert (record.subject, record.is_class) == ("PU01", False)
    assert scores["share_of_cases_found"].value == 1.0
    assert scores["false_alarms_per_month"].value == 0.0
    assert scores["share_of_healthy_time_in_alarm"].value == 0.0
    assert promote(folder, record.number) == 0


def test_that_an_alarm_that_never_ends_is_more_than_one_false_alarm(folder: PlantFolder) -> None:
    elsewhere = EquipmentModel(3, period_s=PERIOD_S, settings=replace(Settings(), fewest_rows=300, mature_rows=300))
    for place, row in enumerate(np.random.default_rng(1).normal(size=(300, 3)) + 500.0):
        elsewhere.update((place + 1) * STEP, row)
    with school_of(folder) as school:
        known = next(each for each in store.models(school.connection) if each.kind is ModelKind.DIAGNOSIS)
        record = replace(known, kind=ModelKind.EQUIPMENT, subject="PU02", is_class=False, parameters=elsewhere.save())
        scores = try_equipment(school, record, START, START + 600 * STEP)
    assert {score.name: score.misses for score in scores} == {
        "false_alarms_per_month": False,
        "share_of_healthy_time_in_alarm": True,
        "share_of_cases_found": False,
    }


def test_that_a_model_goes_to_another_plant_as_a_file_and_tells_its_faults(
    folder: PlantFolder, tmp_path: Path, capsys: Capture
) -> None:
    file = tmp_path / "pump.json"
    assert model(folder, "export", "1", str(file)) == 0
    other = lived(tmp_path / "other", level=30.0)
    assert model(other, "import", str(file)) == 0
    assert model(other, "shadow", "1") == 0
    assert promote(other, 1) == 0
    assert model(other, "list") == 0
    said = capsys.readouterr().out
    assert "pump.json of p" in said
    assert "share_of_cases_with_true_cause_first: 1, to be at least 0.5 (of 8)" in said


@pytest.mark.parametrize(
    "case",
    [
        (plant_text(kind="fan"), (), "this plant has no such class; there are: fan"),
        (plant_text(kind="fan"), ("--to", "fan"), "the model is of the class pump, but PU01 is of fan"),
        (plant_text(units={"FLOW": "m3/h", "P": "kPa", "VIB": "mm/s"}), (), "PU01.P is in kPa, the model in bar"),
        (plant_text(units={"FLOW": "m3/h", "P": "bar", "V": "mm/s"}), (), "PU02 has no tag VIB (it has FLOW, P, V)"),
        (plant_text(), ("--name", "X=Y"), "the model has no tag X; it has: FLOW, P, VIB"),
        (plant_text(), ("--name", "X"), "--name X: write the model's name"),
    ],
    ids=["no-class", "other-class", "unit", "role", "strange-name", "half-name"],
)
def test_that_a_model_that_does_not_fit_is_refused_with_what_does_not(
    folder: PlantFolder, tmp_path: Path, capsys: Capture, case: tuple[str, tuple[str, ...], str]
) -> None:
    text, words, said = case
    file = tmp_path / "pump.json"
    assert model(folder, "export", "1", str(file)) == 0
    other = folder_with(tmp_path / "other", text)
    assert model(other, "import", str(file), *words) != 0
    assert said in capsys.readouterr().err


def test_that_a_tag_of_another_name_is_bound_by_saying_so(folder: PlantFolder, tmp_path: Path) -> None:
    file = tmp_path / "pump.json"
    assert model(folder, "export", "1", str(file)) == 0
    other = folder_with(tmp_path / "other", plant_text(units={"FLOW": "m3/h", "P": "bar", "V": "mm/s"}))
    assert model(other, "import", str(file), "--name", "VIB=V") == 0
    with closing(open_reader(other.history)) as connection:
        assert store.models(connection)[0].tags == ("FLOW", "P", "V")


@pytest.mark.parametrize("harm", ["cut", "altered", "other"])
def test_that_a_damaged_or_altered_file_is_refused(
    folder: PlantFolder, tmp_path: Path, capsys: Capture, harm: str
) -> None:
    file = tmp_path / "pump.json"
    assert model(folder, "export", "1", str(file)) == 0
    text = file.read_text("utf-8")
    harmed = {"cut": text[:-40], "altered": text.replace('"bar"', '"kPa"'), "other": "{}"}[harm]
    file.write_text(harmed, encoding="utf-8")
    assert model(folder, "import", str(file)) != 0
    assert str(file) in capsys.readouterr().err
    assert len(states(folder)) == 2


def test_that_a_model_is_kept_though_too_little_came_later_to_try_it(folder: PlantFolder, capsys: Capture) -> None:
    words = ("--period", str(PERIOD_S), "--last", "90m")
    assert model(folder, "learn", "equipment", "PU02", *words) == 0
    assert "not tried yet: model 3: nothing was recorded since it has learned" in capsys.readouterr().out
    assert promote(folder, 3) != 0
    assert "model 3 was never tried" in capsys.readouterr().err


def test_that_a_start_up_is_not_learned_as_health(folder: PlantFolder, capsys: Capture) -> None:
    times = START + STEP * np.arange(600)
    with closing(open_writer(folder.history)) as connection:
        writer = HistoryWriter(connection, read_plant(folder.configuration).tags, is_defining=True)
        for handle in range(3, 6):
            writer.write(block_of(np.full(600, handle), times + 10_000 * STEP, 20.0 + np.linspace(0.0, 60.0, 600)))
    words = ("--period", str(PERIOD_S), "--last", "100m")
    assert model(folder, "learn", "equipment", "PU02", *words) != 0
    assert "PU02: its signals have not stood still" in capsys.readouterr().err


@pytest.mark.parametrize(
    "score",
    [ModelScore("alarms", 41.0, 900, is_less_better=True, bound=33.0), ModelScore("first", 0.4, 5, bound=0.5)],
    ids=["too-many", "too-few"],
)
def test_that_a_first_model_that_is_not_good_enough_is_refused(
    folder: PlantFolder, capsys: Capture, score: ModelScore
) -> None:
    with closing(open_writer(folder.history)) as connection:
        ModelStore(connection).try_out(ModelTrial(1, 0, 1, 1, 2, (score,)))
    assert promote(folder, 1) != 0
    assert (
        f"model 1 is not good enough: {score.name} is {score.value:g}, not {score.bound:g}" in capsys.readouterr().err
    )
    assert states(folder)[0] is ModelState.CANDIDATE


def test_that_too_few_cases_are_told_by_the_child_process(folder: PlantFolder, capsys: Capture) -> None:
    assert model(folder, "learn", "diagnosis", "PU02", "--period", str(PERIOD_S)) != 0
    assert "no case with a cause was confirmed" in capsys.readouterr().err
    assert len(states(folder)) == 2


def test_that_nothing_is_known_before_the_first_sample_and_then_the_last_one_holds(folder: PlantFolder) -> None:
    from app.training.rows import read_rows

    with school_of(folder) as school:
        rows = read_rows(school.reader, ["PU01.P"], START - 2 * STEP, START + 3 * STEP, period_s=PERIOD_S / 2)
    assert np.isnan(rows.values[:4]).all()
    assert np.array_equal(rows.values[4::2][:2], rows.values[5::2][:2])
