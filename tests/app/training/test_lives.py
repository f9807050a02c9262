"""Remaining life from a plant's own work orders and running hours."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.__main__ import main
from app.database import open_reader, open_writer
from app.history.writer import HistoryWriter
from app.learning import store
from app.maintenance.desk import WorkChange
from app.maintenance.meter import MeterReading
from app.maintenance.store import WorkStore
from app.model.actor import Actor
from app.model.alarm import Priority
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.remaining_life import LifeForecast, LifeState
from app.model.text import LocalText
from app.model.work_order import WorkOrder, WorkSource, WorkState, WorkStep
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.training.lesson import school_of
from app.training.life_watch import LifeWatch
from app.training.lives import Life, failures, history_of, lives_of, running_of
from app.training.subject import signals_of
from tests.app.remaining_life.machines import machine

Capture = pytest.CaptureFixture[str]

HOUR = 3_600 * NS_PER_S
NEW = 1_704_067_200 * NS_PER_S
"""2024-01-01."""
PUMPS = 4


def plant_text() -> str:
    parts = ['[plant]\nid = "p"\nname = "P"\n\n[connection.c]\ndriver = "modbus"\nurl = "modbus://127.0.0.1"\n']
    for number in range(PUMPS):
        name = f"PU{number}"
        parts.append(
            f'\n[[equipment]]\nid = "{name}"\nname = "{name}"\nkind = "pump"\n'
            f'nameplate = {{ commissioned = "2024-01-01", meter = "{name}.H" }}\n'
        )
        for at, (role, unit, kind) in enumerate(
            (("H", "h", "counter"), ("T", "Cel", "analog"), ("Q", "m3/h", "analog"))
        ):
            parts.append(
                f'\n[[tag]]\nname = "{name}.{role}"\nequipment = "{name}"\nconnection = "c"\n'
                f'address = "HR{20 * number + 2 * at}:F32"\nunit = "{unit}"\nkind = "{kind}"\n'
            )
    return "".join(parts)


def lived(path: Path, *, lives: int) -> PlantFolder:
    """Return a plant of pumps that failed `lives` times each; they run half of the time, one row an hour of running."""
    folder = PlantFolder(path)
    folder.configuration.write_text(plant_text(), encoding="utf-8")
    plant = read_plant(folder.configuration)
    changes: list[WorkChange] = []
    with closing(open_writer(folder.history)) as connection:
        writer = HistoryWriter(connection, plant.tags, is_defining=True)
        works = WorkStore(connection)
        for pump in range(PUMPS):
            runs = [machine(10 * pump + number).signals[:, :2] for number in range(lives)]
            runs.append(machine(900 + pump).signals[:60, :2])
            rows = np.concatenate(runs)
            times = NEW + 2 * HOUR * np.arange(len(rows)) + HOUR
            hours = np.arange(len(rows), dtype=np.float64)
            for at, column in enumerate((hours, rows[:, 0], rows[:, 1])):
                writer.write(block_of(np.full(len(rows), 3 * pump + at), times, column))
            works.note_meters(
                [(f"PU{pump}.H", MeterReading(t, h, h)) for t, h in zip(times.tolist(), hours, strict=True)]
            )
            for place, ended in enumerate(np.cumsum([len(run) for run in runs[:-1]]).tolist()):
                failed = NEW + 2 * HOUR * ended
                changes.append(_renewal(lives * pump + place + 1, f"PU{pump}", failed))
        works.record(changes)
    return folder


def _renewal(number: int, equipment: str, failed: int, source: WorkSource = WorkSource.ALARM) -> WorkChange:
    order = WorkOrder(
        number, 9, equipment, LocalText("Renew it"), WorkState.FIXED, source, "A", "it failed", Priority.HIGH,
        failed, "Li", failed + NS_PER_S, "Li", WorkStep.CONFIRM_FIXED, renews=True, completed=failed + NS_PER_S,
    )  # fmt: skip
    return WorkChange(order, Actor("w", "Li"), "done")


@pytest.fixture(scope="module")
def failed_often(tmp_path_factory: pytest.TempPathFactory) -> PlantFolder:
    return lived(tmp_path_factory.mktemp("often"), lives=8)


@pytest.fixture(scope="module")
def failed_seldom(tmp_path_factory: pytest.TempPathFactory) -> PlantFolder:
    return lived(tmp_path_factory.mktemp("seldom"), lives=2)


def life_of(folder: PlantFolder, capsys: Capture) -> str:
    assert main(["life", "of", str(folder.path), "PU0"]) == 0
    return capsys.readouterr().out


def learn(folder: PlantFolder) -> int:
    return main(["model", "learn", str(folder.path), "remaining_life", "pump", "--period", "3600"])


def watched(folder: PlantFolder, watch: LifeWatch, now: int) -> dict[str, LifeForecast]:
    with school_of(folder) as school:
        return {each.equipment: each for each in watch.round(school, now)}


def test_that_with_fewer_than_twenty_failures_no_number_is_told(failed_seldom: PlantFolder, capsys: Capture) -> None:
    said = life_of(failed_seldom, capsys)
    assert said.startswith("PU0: no number: 8 failures of its class are recorded, evidence low")
    assert learn(failed_seldom) != 0
    assert "20 are needed" in capsys.readouterr().err


def test_that_a_life_has_a_row_for_each_hour_of_running(failed_seldom: PlantFolder) -> None:
    with school_of(failed_seldom) as school:
        first = failures(school, ["PU0"], 0, NEW + 10_000 * HOUR)[0]
        rows = history_of(school, signals_of(school.plant, "PU0"), first, unit_s=3_600.0)
    truth = machine(0).signals[:, 0]
    assert abs(len(rows) - len(truth)) <= 1
    assert np.allclose(rows.signals[:, 1][:50], truth[:50], atol=0.3)


def test_that_planned_renewals_end_a_life_without_a_failure(tmp_path: Path) -> None:
    folder = lived(tmp_path, lives=1)
    with closing(open_writer(folder.history)) as connection:
        late = NEW + 2 * HOUR * (len(machine(0).signals) + 50)
        WorkStore(connection).record([_renewal(99, "PU0", late, WorkSource.CALENDAR)])
    with school_of(folder) as school:
        found = lives_of(school, ["PU0"], late + 5 * HOUR)
    assert [(life.is_failure, life.order) for life in found] == [(True, 1), (False, 99), (False, 0)]


@pytest.mark.timeout(180)  # it learns in a child of low priority
def test_that_a_model_of_twenty_failures_tells_hours_of_running_once_it_was_promoted(
    failed_often: PlantFolder, capsys: Capture
) -> None:
    pytest.importorskip("lightgbm")
    assert "no model of its class is active" in life_of(failed_often, capsys)
    watch, now = LifeWatch(), NEW + 20_000 * HOUR
    assert watched(failed_often, watch, now)["PU0"].state is LifeState.NO_MODEL
    assert learn(failed_often) == 0
    assert watched(failed_often, watch, now + 1) == {}, "nothing is due"
    with closing(open_reader(failed_often.history)) as connection:
        record = store.models(connection)[0]
        scores = {score.name: score for score in store.trials_of(connection, 1)[0].scores}
    assert record.tags == ("Q", "T")
    assert scores["mean_error_h"].count >= 3
    assert scores["mean_error_h"].value < 40.0
    assert main(["model", "promote", str(failed_often.path), "1", "--reason", "tried"]) == 0
    capsys.readouterr()
    said = life_of(failed_often, capsys)
    assert " h of running (P10 " in said
    assert "32 failures of its class are recorded, evidence medium" in said
    told = watched(failed_often, watch, now + 2)["PU0"]
    assert (told.state, told.version, told.machine_class) == (LifeState.TOLD, "model 1", "pump")
    assert told.p10_h > 0.0
    assert told.ran_h == pytest.approx(60.0, abs=2.0)
    assert told.rate == 0.0, "its meter has not counted for a week, so that nobody knows the day"
    assert told.p10 == 0


def test_that_the_watch_says_plainly_why_there_is_no_number(failed_seldom: PlantFolder) -> None:
    told = watched(failed_seldom, LifeWatch(), NEW + 20_000 * HOUR)
    assert sorted(told) == [f"PU{number}" for number in range(PUMPS)]
    life = told["PU0"]
    assert (life.state, life.failures, life.needed, life.p50_h, life.version) == (
        LifeState.TOO_FEW_FAILURES, 8, 20, 0.0, "",
    )  # fmt: skip


def test_that_running_is_counted_by_the_meter_and_its_rate_is_that_of_the_last_week(failed_seldom: PlantFolder) -> None:
    with school_of(failed_seldom) as school:
        life = Life("PU0", NEW, NEW + 200 * HOUR, is_failure=False)
        ran_h, rate = running_of(school, life)
    assert ran_h == pytest.approx(100.0, abs=1.0)
    assert rate == pytest.approx(0.5, abs=0.01)
