"""The way back from a plant file that somebody has spoiled: the newest one that was in use."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.command.failure import UsageFailure
from app.command.last_setup import last_setup, take_setup
from app.command.plant_change import change_plant
from app.plant.file import read_plant
from app.plant.folder import PlantFolder
from tests.app.plant.test_tag_limits import FILE

SECOND = FILE.replace("limit = 10.0", "limit = 11.0")


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    made = PlantFolder(tmp_path / "works")
    made.path.mkdir()
    made.configuration.write_text(FILE)
    change_plant(made, FILE, SECOND, reason="a higher limit")
    return made


def test_that_a_spoiled_file_becomes_again_what_was_in_use(folder: PlantFolder) -> None:
    spoiled = SECOND.replace("limit", "limit_")
    folder.configuration.write_text(spoiled)
    setup = last_setup(folder)
    assert setup is not None
    assert (setup.text, "a higher limit" in setup.reason) == (SECOND, True)
    kept = take_setup(folder, setup)
    assert kept.read_text() == spoiled
    assert read_plant(folder.configuration).alarms[0].limit == 11.0


def test_that_the_present_file_and_one_that_cannot_be_used_are_no_way_back(folder: PlantFolder) -> None:
    setup = last_setup(folder)
    assert setup is not None
    assert setup.text == FILE, "the present one is no remedy"


def test_that_where_there_are_users_one_of_them_has_to_return(folder: PlantFolder) -> None:
    folder.users.write_text("{}")
    folder.configuration.write_text("x")
    assert last_setup(folder) is None


def test_that_a_plant_without_a_history_has_no_way_back(tmp_path: Path) -> None:
    assert last_setup(PlantFolder(tmp_path)) is None


def test_that_a_file_that_is_no_text_is_told_with_its_remedy(folder: PlantFolder) -> None:
    setup = last_setup(folder)
    assert setup is not None
    folder.configuration.write_bytes("name = 泵".encode("gbk"))
    with pytest.raises(UsageFailure, match="save it as UTF-8"):
        take_setup(folder, setup)
