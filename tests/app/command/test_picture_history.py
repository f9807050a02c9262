"""`foreshift configuration ... --picture`: the versions of a process picture, and the return to one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from app.__main__ import main
from app.audit.configuration import log_configuration
from app.audit.journal import AuditJournal
from app.audit.pictures import log_pictures
from app.command.picture_deed import save_picture
from app.database import open_writer
from app.plant.folder import PlantFolder
from app.plant.picture.path import picture_path
from app.plant.picture.saving import PictureSaving
from tests.app.plant.class_sample import CLASSED

AIR = 'title = "Air"\nequipment = "PU02"\nsize = [100, 50]\n'
HALL = AIR.replace('"Air"', '"Hall"')


@pytest.fixture
def folder(tmp_path: Path) -> PlantFolder:
    """Return a plant with one picture that a collector has seen."""
    folder = PlantFolder(tmp_path)
    folder.configuration.write_text(CLASSED, "utf-8")
    path = picture_path(folder.path, "air")
    path.parent.mkdir()
    path.write_text(AIR, "utf-8")
    see(folder)
    return folder


def see(folder: PlantFolder) -> None:
    with closing(open_writer(folder.history)) as connection:
        log_configuration(AuditJournal(connection), folder.configuration, window="collector")
        log_pictures(AuditJournal(connection), folder.path / "pictures", window="collector")


def run(capsys: pytest.CaptureFixture[str], deed: str, folder: PlantFolder, *arguments: str) -> list[str]:
    assert main(["configuration", deed, str(folder.path), *arguments, "--picture", "air"]) == 0
    return capsys.readouterr().out.splitlines()


def test_that_versions_saved_in_the_window_and_by_hand_are_listed_compared_and_return(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    path = picture_path(folder.path, "air")
    save_picture(folder, PictureSaving("air", AIR, HALL), "named after its place", "Li Na")
    path.write_text(HALL.replace("50", "60"), "utf-8")
    see(folder)
    newest, saved, first = run(capsys, "history", folder)
    assert newest.split()[0] == "3"
    assert ("Li Na" in saved, saved.endswith("named after its place")) == (True, True)
    assert first.split()[0] == "1"
    told = run(capsys, "diff", folder, "1", "2")
    assert ('-title = "Air"' in told, '+title = "Hall"' in told) == (True, True)
    assert run(capsys, "diff", folder) == ["the same"]
    assert run(capsys, "return", folder, "2")[-1].startswith("nothing was changed")
    run(capsys, "return", folder, "2", "--reason", "it was right", "--apply")
    assert path.read_text("utf-8") == HALL
    newest = run(capsys, "history", folder)[0]
    assert (newest.split()[0], newest.endswith("return to version 2: it was right")) == ("4", True)
    assert run(capsys, "return", folder, "2")[-1].endswith("has it already")


def test_that_a_picture_that_was_taken_away_returns(folder: PlantFolder, capsys: pytest.CaptureFixture[str]) -> None:
    path = picture_path(folder.path, "air")
    path.unlink()
    see(folder)
    assert run(capsys, "history", folder)[0].endswith("(taken away)")
    assert main(["configuration", "return", str(folder.path), "--picture", "air", "2"]) != 0
    assert "taken away then" in capsys.readouterr().err
    run(capsys, "return", folder, "1", "--reason", "still needed", "--apply")
    assert path.read_text("utf-8") == AIR


def test_that_what_was_changed_by_hand_before_a_save_is_kept_as_well(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    by_hand = AIR.replace("100", "200")
    picture_path(folder.path, "air").write_text(by_hand, "utf-8")
    save_picture(folder, PictureSaving("air", by_hand, HALL), "named after its place", "Li Na")
    assert "found as it is" in run(capsys, "history", folder)[1]
    run(capsys, "return", folder, "2", "--reason", "wider", "--apply")
    assert picture_path(folder.path, "air").read_text("utf-8") == by_hand


def test_that_an_unknown_picture_is_told_with_those_that_are_known(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["configuration", "history", str(folder.path), "--picture", "water"]) != 0
    assert "there are air" in capsys.readouterr().err
