"""`foreshift lint-pictures` tells each finding at its line and says by its exit code whether there is any."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.command.line import run
from tests.app.plant.picture.test_file import PICTURE
from tests.app.plant.sample import SAMPLE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "plant.toml").write_text(SAMPLE, encoding="utf-8")
    return tmp_path


def test_that_each_finding_is_told_with_file_line_rule_and_remedy(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "pictures" / "station.toml"
    path.write_text(PICTURE.replace("#8090A0", "#FF0000"), encoding="utf-8")
    assert run(["lint-pictures", str(folder), "station"]) == 1
    told, count = capsys.readouterr()
    lines = told.splitlines()
    assert f"{path}:21: [saturated] pipe 1: its colour #FF0000 is as strong as that of an alarm" in lines[0] + lines[1]
    assert f"{len(lines)} findings in 1 pictures" in count


def test_that_pictures_in_the_plant_file_have_their_lines_there(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "plant.toml").write_text(SAMPLE.replace("at = [800, 90]", "at = [2, 90]"), encoding="utf-8")
    assert run(["lint-pictures", str(folder)]) == 1
    lines = (folder / "plant.toml").read_text(encoding="utf-8").splitlines()
    number = lines.index("[[picture.readout]]") + 1
    assert f"plant.toml:{number}: [outside] value AC01.T_D: it is cut off" in capsys.readouterr().out


def test_that_a_broken_picture_is_told_and_an_unknown_one_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pictures" / "air.toml").write_text("title = 3\n", encoding="utf-8")
    assert run(["lint-pictures", str(folder)]) == 1
    assert "air.toml:1: `title` is 3" in capsys.readouterr().out
    assert run(["lint-pictures", str(folder), "nothing"]) == 2
    assert "nothing: no such picture; there are: utilities" in capsys.readouterr().err
    (folder / "plant.toml").write_text("[plant]\n", encoding="utf-8")
    assert run(["lint-pictures", str(folder)]) == 2
