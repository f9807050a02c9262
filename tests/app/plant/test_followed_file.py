"""Process pictures and saved views follow what has another name, and go back with a return."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.command.tag_taking import take_text
from app.model.plant import Plant
from app.plant.draft.draft import Draft
from app.plant.draft.renaming import following
from app.plant.draft.sheet import Scope, changes_step, sheet_of
from app.plant.file import examine_plant, examine_text
from app.plant.folder import PlantFolder
from app.plant.followed_file import followed_pictures, new_names
from drivers import secret_store
from tests.app.plant.class_sample import CLASSED

OWN = '\n[[tag]]\nname = "T0"\nequipment = "PU02"\nconnection = "line"\naddress = "HR1"\n'
TEXT = CLASSED + OWN
PICTURE = """# the mill
title = "Mill"
equipment = "PU01"
size = [100, 100]
sparklines = ["PU01.P", 'T0'] # both

[[symbol]]
kind = "pump"
at = [1, 1]
size = [1, 1]
equipment = "PU01"
running = "PU01.RUN"
label = "PU01.P"

[[readout]]
tag = "T0"
at = [2, 2]
"""
FACEPLATE = """title = "Pump"
class = "centrifugal_pump"
size = [100, 100]

[[readout]]
tag = "{id}.P"
at = [2, 2]
"""
VIEWS = '# kept\n[[view]]\nname = "T0"\nspan_s = 60.0\npanes = [["PU01.P", "T0"], ["T0"]]\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlantFolder:
    monkeypatch.setattr(secret_store, "_keyring", lambda: None)
    folder = PlantFolder(tmp_path)
    folder.configuration.write_text(TEXT, "utf-8")
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "mill.toml").write_text(PICTURE, "utf-8")
    (tmp_path / "pictures" / "pump.toml").write_text(FACEPLATE, "utf-8")
    (tmp_path / "pictures" / "broken.toml").write_text("title = [", "utf-8")
    folder.trend_views.write_text(VIEWS, "utf-8")
    return folder


def renamed(kind: str, old: str, new: str, *, is_of_class: bool = False) -> str:
    draft = Draft(TEXT)
    scope = Scope(owner=draft.rows(("equipment_class",))[0].id) if is_of_class else Scope()
    sheet = sheet_of(draft, kind, scope)
    row = next(row for row in sheet.rows if row.name == old)
    draft.do(following(draft, changes_step(draft, "set", [(row, sheet.columns[0], new)])))
    return draft.revised_text()


def plant_of(text: str) -> Plant:
    plant = examine_text(text, drivers=(), grammars={}, folder="/nowhere").plant
    assert plant is not None
    return plant


def test_that_pictures_and_views_are_written_with_the_plant_file_and_return_with_it(folder: PlantFolder) -> None:
    made = renamed("tag", "T0", "T9")
    take_text(folder, TEXT, made, "as on the drawing", "Li Na")
    picture = (folder.path / "pictures" / "mill.toml").read_text("utf-8")
    assert picture == PICTURE.replace("'T0'", '"T9"').replace('tag = "T0"', 'tag = "T9"')
    assert folder.trend_views.read_text("utf-8") == VIEWS.replace(', "T0"]', ', "T9"]').replace('["T0"]', '["T9"]')
    errors = [each for each in examine_plant(folder.configuration).problems if not each.is_warning]
    assert {each.picture for each in errors} == {"pictures/broken.toml"}
    take_text(folder, made, TEXT, "it was not", "Li Na")
    assert (folder.path / "pictures" / "mill.toml").read_text("utf-8") == PICTURE.replace("'T0'", '"T0"')
    assert folder.trend_views.read_text("utf-8") == VIEWS


def test_that_a_picture_follows_renamed_equipment_with_all_its_class_makes(folder: PlantFolder) -> None:
    names = new_names(plant_of(TEXT), plant_of(renamed("equipment", "PU01", "P101")))
    (saving,) = followed_pictures(folder.path, names)
    wanted = PICTURE.replace("PU01", "P101").replace('label = "P101.P"', 'label = "PU01.P"')
    assert (saving.picture, saving.after) == ("mill", wanted)


def test_that_a_faceplate_follows_a_renamed_tag_of_its_class(folder: PlantFolder) -> None:
    names = new_names(plant_of(TEXT), plant_of(renamed("tag", "{id}.P", "{id}.PRESS", is_of_class=True)))
    found = {saving.picture: saving.after for saving in followed_pictures(folder.path, names)}
    assert found["pump"] == FACEPLATE.replace("{id}.P", "{id}.PRESS")
    assert "[\"PU01.PRESS\", 'T0']" in found["mill"]


def test_that_nothing_follows_where_no_name_is_another(folder: PlantFolder) -> None:
    assert not new_names(plant_of(TEXT), plant_of(TEXT.replace("span = 10 }", "span = 12 }")))
