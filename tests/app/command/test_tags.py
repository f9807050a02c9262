"""`foreshift tags import` and `export` as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.__main__ import main
from tests.app.plant.tag_list import lists
from tests.app.plant.tag_list.test_revised_file import PLANT, plant_in


@pytest.fixture
def kepware(tmp_path: Path) -> Path:
    path = tmp_path / "kepware.csv"
    path.write_text(lists.KEPWARE, "utf-8", newline="")
    plant_in(tmp_path)
    return path


def test_that_without_apply_the_difference_is_shown_and_nothing_written(
    kepware: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tags", "import", str(kepware.parent), str(kepware)]) == 0
    said = capsys.readouterr()
    assert "kepware.csv: Kepware CSV, 7 tags" in said.out
    assert "+ Boiler.P_DRUM  PLC1  HR2:U16  bar" in said.out
    assert '    address: "HR7:F32" -> "HR0:F32:CDAB"' in said.out
    assert "6 new, 1 changed, 0 unchanged, 1 only in the plant (they stay), 4 lines left out" in said.out
    assert "kepware.csv:9: " in said.err
    assert (kepware.parent / "plant.toml").read_text("utf-8") == PLANT


def test_that_apply_writes_and_the_same_list_then_changes_nothing(
    kepware: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tags", "import", str(kepware.parent), str(kepware), "--apply"]) == 0
    assert "the former file is plant-before-" in capsys.readouterr().out
    exported = kepware.parent / "tags.csv"
    assert main(["tags", "export", str(kepware.parent), str(exported)]) == 0
    assert main(["tags", "import", str(kepware.parent), str(exported), "--apply"]) == 0
    assert "0 new, 0 changed, 8 unchanged" in capsys.readouterr().out
    assert len(list(kepware.parent.glob("plant-before-*.toml"))) == 1


def test_that_a_list_of_nothing_but_wrong_lines_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant_in(tmp_path)
    path = tmp_path / "list.csv"
    path.write_text("name,address\nA,D100\n", "utf-8")
    assert main(["tags", "import", str(tmp_path), str(path)]) == 2
    assert "list.csv:2: " in capsys.readouterr().err


def test_that_what_is_no_list_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plant_in(tmp_path)
    path = tmp_path / "list.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    assert main(["tags", "import", str(tmp_path), str(path)]) == 2
    assert main(["tags", "import", str(tmp_path), str(tmp_path / "absent.csv")]) == 2
    assert main(["tags", "import", str(tmp_path), str(path), "--connection", "=x"]) == 2
    said = capsys.readouterr().err
    assert "those of no list known here" in said
    assert "there is no such file" in said
    assert "write NAME, or DEVICE=NAME" in said
