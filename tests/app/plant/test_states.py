"""What the numbers of a tag mean: read from the plant file, written back the same, each number named once."""

from __future__ import annotations

from pathlib import Path

from app.model.tag import TagKind
from app.model.text import LocalText
from app.plant.file import examine_plant, read_plant
from app.plant.writer import write_plant
from tests.app.plant.test_addition import PLANT

STATES = 'states = [{ value = 0, name = "Stopped" }, { value = 1, name = { en = "Running", zh = "运行" } }]'


def file_with(folder: Path, states: str) -> Path:
    path = folder / "plant.toml"
    path.write_text(PLANT.replace('address = "HR0"', f'address = "HR0"\n{states}'), "utf-8")
    return path


def test_that_names_of_states_make_a_tag_discrete_and_survive_being_written(tmp_path: Path) -> None:
    path = file_with(tmp_path, STATES)
    plant = read_plant(path)
    (tag,) = plant.tags
    assert tag.kind is TagKind.DISCRETE
    assert tag.states == ((0, LocalText("Stopped")), (1, LocalText("Running", "运行")))
    assert tag.state_name(1.0) == LocalText("Running", "运行")
    assert tag.state_name(0.5) is None
    write_plant(path, plant)
    assert read_plant(path).tags == plant.tags


def test_that_a_number_with_two_names_or_none_is_refused_at_its_line(tmp_path: Path) -> None:
    path = file_with(tmp_path, STATES.replace("value = 1", "value = 0"))
    (problem,) = examine_plant(path).problems
    assert "the state 0 has a name already" in problem.message
    assert problem.line == 20
    (problem,) = examine_plant(file_with(tmp_path, "states = [{ value = 3 }]")).problems
    assert "`name` is missing" in problem.message
