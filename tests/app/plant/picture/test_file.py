"""Pictures in files of their own: what is wrong is named with file, line and remedy, and keeps only that one away."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.model.picture import DisplayLevel
from app.plant.file import examine_plant, read_plant
from app.plant.picture.path import picture_id, picture_in, picture_path
from app.plant.writer import write_plant
from tests.app.plant.sample import SAMPLE

PICTURE = """\
title = { en = "Station", zh = "站房" }
level = "overview"
equipment = "air"
size = [800, 500]

[[symbol]]
id = "C1"
kind = "compressor"
at = [200, 150]
size = [90, 80]
turn = 90
equipment = "AC01"
value = "AC01.T_D"

[[symbol]]
id = "V1"
kind = "tank"
at = [500, 150]
size = [100, 160]

[[pipe]]
from = "C1.right"
points = [[300, 150]]
to = "V1.left"
color = "#8090A0"

[[readout]]
tag = "AC01.T_D"
at = [700, 90]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plant.toml").write_text(SAMPLE, encoding="utf-8")
    (tmp_path / "pictures").mkdir()
    return tmp_path


def draw(folder: Path, text: str, name: str = "station") -> list[str]:
    (folder / "pictures" / f"{name}.toml").write_text(text, encoding="utf-8")
    return [problem.at("plant.toml") for problem in examine_plant(folder / "plant.toml").problems]


def test_that_a_picture_file_is_one_of_the_plants_pictures(folder: Path) -> None:
    assert draw(folder, PICTURE) == []
    station, utilities = read_plant(folder / "plant.toml").pictures
    assert (station.id, station.level, station.title.zh) == ("station", DisplayLevel.OVERVIEW, "站房")
    assert utilities.id == "utilities"


def test_that_an_attached_pipe_ends_at_the_middle_of_a_side(folder: Path) -> None:
    draw(folder, PICTURE)
    (pipe,) = read_plant(folder / "plant.toml").pictures[0].pipes
    assert pipe.points == ((240, 150), (300, 150), (450, 150))  # a compressor is as wide as it is high
    draw(folder, PICTURE.replace("at = [500, 150]", "at = [500, 350]"))
    assert read_plant(folder / "plant.toml").pictures[0].pipes[0].points[-1] == (450, 350)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('equipment = "air"', 'equipment = "ari"', 'station.toml:3: there is no equipment "ari": write "air"'),
        ('"AC01.T_D"\nat', '"AC01.TD"\nat', 'station.toml:28: there is no tag "AC01.TD": write "AC01.T_D"'),
        ('value = "AC01.T_D"', "value = 5", "station.toml:13: `value` is 5, not the name of something else"),
        (
            'to = "V1.left"',
            'to = "V2.left"',
            'station.toml:24: there is no symbol "V2" in this picture: give it id = "V2"',
        ),
        ('to = "V1.left"', 'to = "V1.upper"', 'station.toml:24: "V1.upper" names no side of a symbol'),
        (
            'id = "V1"',
            'id = "C1"',
            'station.toml:16: symbol "C1" stands already at line 7: give one of the two another',
        ),
        ('kind = "tank"', 'kind = "tanc"', 'station.toml:17: warning: there is no drawing of a "tanc": write "tank"'),
        ("at = [500, 150]\n", "at = [500, 150]\nturn = 90\n", "station.toml:19: warning: a tank stands upright"),
        ("size = [100, 160]", "size = [100, 0]", "station.toml:19: a size of 100 by 0 cannot be drawn"),
        ('"#8090A0"', '"grey"', 'station.toml:25: `color` is "grey", not a colour as six hexadecimal digits'),
        ('"overview"', '"top"', 'station.toml:2: `level` is "top", not one of "overview", "unit", "detail"'),
        ("size = [800, 500]", 'size = [800, 500]\nabove = "sttion"', "station.toml:5: there is no picture"),
        ("size = [800, 500]", 'size = [800, 500]\nabove = "station"', "station.toml:5: the picture is above itself"),
        ("size = [800, 500]", 'size = [800, 500]\nid = "other"', 'station.toml:5: the picture is called "station"'),
        ("[[readout]]", "[[readuot]]", "station.toml:27: `readuot` is not a part of a picture: write [[readout]]"),
        ("size = [800, 500]", "size = [800, 500", "station.toml:6: this is not TOML"),
        ('equipment = "air"\n', "", "station.toml:1: `equipment` is missing: add equipment"),
        ('equipment = "air"\n', 'class = "fan"\n', 'station.toml:3: there is no equipment class "fan"'),
    ],
)
def test_that_what_is_wrong_is_named_with_its_line_and_a_remedy(folder: Path, old: str, new: str, told: str) -> None:
    assert old in PICTURE
    (problem,) = draw(folder, PICTURE.replace(old, new, 1))[:1]
    assert problem.startswith(str(Path("pictures") / told)), problem


def test_that_a_pipe_with_one_end_is_told(folder: Path) -> None:
    (problem,) = draw(folder, PICTURE.replace('points = [[300, 150]]\nto = "V1.left"\n', ""))
    assert "a pipe needs two ends" in problem


def test_that_a_wrong_picture_keeps_only_itself_from_being_shown(folder: Path) -> None:
    draw(folder, "this is no picture")
    assert [picture.id for picture in read_plant(folder / "plant.toml").pictures] == ["utilities"]


def test_that_of_two_pictures_with_one_id_the_file_counts(folder: Path) -> None:
    (problem,) = draw(folder, PICTURE, "utilities")
    assert problem.startswith("plant.toml:")
    assert "is that of pictures/utilities.toml: remove it here" in problem
    (picture,) = read_plant(folder / "plant.toml").pictures
    assert picture.title.en == "Station"


def test_that_a_plant_is_written_with_its_pictures_beside_it(folder: Path, tmp_path: Path) -> None:
    draw(folder, PICTURE, "a/b: 50 %".replace("/", "%2F").replace(":", "%3A").replace(" %", " %25"))
    plant = read_plant(folder / "plant.toml")
    assert [picture.id for picture in plant.pictures] == ["a/b: 50 %", "utilities"]
    second = tmp_path / "second" / "plant.toml"
    write_plant(second, plant)
    assert repr(read_plant(second)) == repr(plant)
    assert "[[picture]]" not in second.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["air", "a/b", "..", ".hidden", "50 %", "冷却", 'a"b*?'])
def test_that_any_id_makes_a_file_of_the_folder_and_comes_back_from_it(tmp_path: Path, name: str) -> None:
    path = picture_path(tmp_path, name)
    assert path.parent == tmp_path / "pictures"
    assert picture_id(path) == name
    assert picture_in(tmp_path, f"pictures/{path.name}") == path


@pytest.mark.parametrize("name", ["pictures/../plant.toml", "pictures/a/b.toml", "plant.toml", "pictures/air.txt"])
def test_that_nothing_outside_of_the_folder_is_a_picture(tmp_path: Path, name: str) -> None:
    assert picture_in(tmp_path, name) is None


def test_that_a_faceplate_needs_its_tags_at_one_equipment_of_its_class(folder: Path) -> None:
    text = PICTURE.replace('equipment = "air"', 'class = "screw_compressor"').replace('"AC01', '"{id}')
    assert draw(folder, text) == []
    plant = read_plant(folder / "plant.toml")
    assert [each.equipment_class for each in plant.faceplates] == ["screw_compressor"]
    (problem,) = draw(folder, text.replace('tag = "{id}.T_D"', 'tag = "{id}.T_X"'))
    assert 'no equipment of the class has the tag "{id}.T_X": write "AC01.T_D"' in problem
