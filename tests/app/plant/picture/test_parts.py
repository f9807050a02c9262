"""Parts of pictures in their files: written as they were read, and told with the line where they cannot be drawn."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.model.picture_parts import PART
from app.plant.file import examine_plant, read_plant
from app.plant.picture.revision import parse_picture
from app.plant.picture.text import picture_text
from tests.app.plant.class_sample import CLASSED

SET = """\
title = "Pump set"
class = "pump"
part = true
size = [200, 100]

[[readout]]
tag = "{id}.P"
at = [100, 50]
"""
HALL = """\
title = "Hall"
equipment = "PU01"
size = [800, 500]

[[symbol]]
id = "PU01"
kind = "part"
part = "pump-set"
at = [200, 150]
size = [200, 100]
equipment = "PU01"

[[pipe]]
from = "PU01.right"
points = [[800, 150]]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plant.toml").write_text(CLASSED, encoding="utf-8")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "pump-set.toml").write_text(SET, encoding="utf-8")
    return tmp_path


def draw(folder: Path, text: str, name: str = "hall") -> list[str]:
    (folder / "pictures" / f"{name}.toml").write_text(text, encoding="utf-8")
    found = examine_plant(folder / "plant.toml").problems
    return [problem.at("plant.toml") for problem in found if problem.picture]


def test_that_parts_are_read_and_written_again(folder: Path) -> None:
    assert draw(folder, HALL) == []
    plant = read_plant(folder / "plant.toml")
    (hall,), (made,) = plant.pictures, plant.faceplates
    assert (hall.symbols[0].kind, hall.symbols[0].part, made.is_part) == (PART, "pump-set", True)
    assert hall.pipes[0].points[0] == (300.0, 150.0)
    for picture in (hall, made):
        assert parse_picture(picture_text(picture), picture.id) == picture


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('part = "pump-set"\n', "", 'hall.toml:7: `part` is missing: name the picture of a class, one of "pump-set"'),
        ('"pump-set"', '"pump-sett"', 'hall.toml:8: there is no picture of a class "pump-sett": write "pump-set"'),
        ('\nequipment = "PU01"\n\n', "\n\n", "hall.toml:8: `equipment` is missing: say for which one it is drawn"),
        ('kind = "part"', 'kind = "tank"', 'hall.toml:8: a tank has no `part`: write kind = "part", or remove it'),
    ],
)
def test_that_a_part_that_cannot_be_drawn_is_told_with_its_line(folder: Path, old: str, new: str, told: str) -> None:
    assert old in HALL
    (problem,) = draw(folder, HALL.replace(old, new))
    assert problem.startswith(f"pictures/{told}")


def test_that_a_part_fits_the_class_of_its_equipment_and_holds_no_part_itself(folder: Path) -> None:
    assert draw(folder, SET.replace('"pump"', '"centrifugal_pump"'), "pump-set") == []
    plain = CLASSED + '\n[[equipment]]\nid = "TK01"\nname = "Tank"\n'
    (folder / "plant.toml").write_text(plain, encoding="utf-8")
    (problem,) = draw(folder, HALL.replace('"PU01"\n\n[[pipe', '"TK01"\n\n[[pipe'))
    assert "TK01 is no centrifugal_pump" in problem
    draw(folder, HALL)
    nested = SET + '\n[[symbol]]\nkind = "part"\npart = "pump-set"\nat = [10, 10]\nsize = [10, 5]\nequipment = "{id}"\n'
    assert any("has no parts itself" in each for each in draw(folder, nested, "pump-set"))
    assert any("a part is the picture of a class" in each for each in draw(folder, "part = true\n" + HALL))
