"""Equipment models that tell modes of operation apart, and those of machines for which that is not worth it."""

from __future__ import annotations

from contextlib import closing

import numpy as np
import pytest

from app.anomaly.equipment import EquipmentModel
from app.database import open_writer
from app.history.writer import HistoryWriter
from app.learning.refusal import ModelRefused
from app.learning.store import ModelStore
from app.model.block import block_of
from app.model.learned_model import ModelKind, ModelState
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from app.training.equipment_lesson import KNOWN_TIME, learn_equipment, try_equipment
from app.training.lesson import Lesson, school_of
from app.training.live_models import LiveModels
from app.training.mode import modes_of, resting, switch_tags
from app.training.rows import Array, Rows
from app.training.taught import followed, taught
from tests.app.training.plants import PERIOD_S, START, STEP, folder_with, plant_text

STAY = 100
SWITCH = (
    '\n[[tag]]\nname = "PU01.{role}"\nequipment = "PU01"\nconnection = "c"\naddress = "{address}"\nkind = "discrete"\n'
)
LEARNED, ALL, FAULT = 2_400, 3_200, 3_000
"""Rows: learned from, all, and from which on PU01 needs a tenth more pressure."""


def pump(count: int, load: Array, *, seed: int = 0) -> Array:
    """Return flow, pressure and vibration of a pump by the laws of affinity at a load of 0..1, shape (count, 3)."""
    random = np.random.default_rng(seed)
    rows: Array = np.column_stack([60.0 * load, 20.0 * load**2, 3.0 + 9.0 * load**3])
    return rows + random.normal(size=(count, 3)) * (0.5, 0.15, 0.1)


def speeds(count: int, *, stay: int = STAY) -> tuple[Array, list[str]]:
    """Return the load of each row, of four speeds in turn, and its mode."""
    place = np.arange(count) // stay % 4
    return np.array([0.4, 0.6, 0.8, 1.0])[place], [f"{each}" for each in place]


def rows_of(values: Array) -> Rows:
    return Rows(START + STEP * np.arange(len(values)), values)


def silent(_: float) -> None:
    """Nobody waits for it."""


def test_that_a_fault_that_hides_between_modes_is_found_where_they_are_told_apart() -> None:
    load, modes = speeds(LEARNED)
    rows = pump(LEARNED, load)
    model, has_modes = taught(rows_of(rows), modes, period_s=PERIOD_S, tell=silent)
    plain, _ = taught(rows_of(rows), [""] * LEARNED, period_s=PERIOD_S, tell=silent)
    assert has_modes
    assert set(model.modes) == {"0", "1", "2", "3"}
    load, modes = speeds(2 * 4 * STAY)
    ill = pump(len(load), load, seed=9)
    ill[:, 1] += np.where(load < 0.5, 0.8, 0.0)
    found = followed(EquipmentModel.resumed(model), rows_of(ill), modes).is_alarm
    missed = followed(EquipmentModel.resumed(plain), rows_of(ill), [""] * len(ill)).is_alarm
    assert found[load < 0.5].mean() > 0.3
    assert not found[load > 0.5].any()
    assert missed.mean() < 0.05


def test_that_a_machine_whose_steps_are_too_short_is_known_by_all_of_them_together() -> None:
    load, modes = speeds(LEARNED, stay=14)
    model, has_modes = taught(rows_of(pump(LEARNED, load)), modes, period_s=PERIOD_S, tell=silent)
    assert not has_modes
    assert model.modes == ("",)


def test_that_a_mode_that_was_never_taught_is_not_judged_and_takes_no_place_of_one_that_was() -> None:
    load, modes = speeds(LEARNED)
    model, _ = taught(rows_of(pump(LEARNED, load)), modes, period_s=PERIOD_S, tell=silent)
    mine = EquipmentModel.resumed(model)
    strange = followed(mine, rows_of(pump(400, np.full(400, 2.0))), [f"new {place // 40}" for place in range(400)])
    assert not strange.is_known.any()
    assert not strange.is_alarm.any()
    assert set(mine.modes) == set(model.modes)


def test_that_switches_that_stand_still_or_never_rest_are_no_modes() -> None:
    rows = np.arange(240)
    switches = np.column_stack([np.zeros(240), rows // 2 % 2, rows // 60 % 2]).astype(np.float64)
    assert resting(switches) == [2]
    switches[3, 2] = np.nan
    assert modes_of(switches[2:5, [0, 2]]) == ["0,0", "0,?", "0,0"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> PlantFolder:
    """A plant whose PU01 goes at four speeds, with its history: two of its bits tell which; a third never rests."""
    switches = "".join(SWITCH.format(role=role, address=f"CO{n}") for n, role in enumerate(("FAST", "HIGH", "PULSE")))
    found = folder_with(tmp_path_factory.mktemp("modes") / "p", plant_text() + switches)
    plant = read_plant(found.configuration)
    load, modes = speeds(ALL)
    place = np.array([int(mode) for mode in modes])
    rows = pump(ALL, load)
    rows[FAULT:, 1] *= 1.1
    columns = {"FLOW": rows[:, 0], "P": rows[:, 1], "VIB": rows[:, 2]}
    bits = {"FAST": place % 2, "HIGH": place // 2, "PULSE": np.arange(ALL) % 2}
    columns |= {name: bit.astype(np.float64) for name, bit in bits.items()}
    with closing(open_writer(found.history)) as connection:
        writer = HistoryWriter(connection, plant.tags, is_defining=True)
        for tag in plant.tags_of("PU01"):
            values = columns[tag.name.removeprefix("PU01.")]
            writer.write(block_of(tag.handle, START + STEP * np.arange(ALL), values))
    return found


def test_that_the_modes_of_a_lesson_hold_in_its_trial_and_at_work(folder: PlantFolder) -> None:
    end = START + LEARNED * STEP
    with school_of(folder) as school:
        record = learn_equipment(
            school, Lesson(str(folder.path), ModelKind.EQUIPMENT, "PU01", False, START, end, PERIOD_S, "Li")
        )
        scores = {each.name: each for each in try_equipment(school, record, end, START + (FAULT - 50) * STEP)}
        with pytest.raises(ModelRefused, match="knows its modes by FAST, HIGH, which it has not"):
            switch_tags(school.plant, "PU02", record.modes)
    assert record.modes == ("FAST", "HIGH")
    assert record.tags == ("FLOW", "P", "VIB")
    assert scores[KNOWN_TIME].value == 1.0
    assert not any(each.misses for each in scores.values())
    with closing(open_writer(folder.history)) as connection:
        ModelStore(connection).add(record, state=ModelState.ACTIVE)
    live = LiveModels(folder, read_plant(folder.configuration))
    (well,) = live.round([], START + (FAULT - 1) * STEP).indications
    (ill,) = live.round([], START + (FAULT + 60) * STEP).indications
    assert well.score < 1.0 <= ill.score
    assert ill.contributions[0].tag == "PU01.P"
