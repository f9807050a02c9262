"""`foreshift report PLANT --scheduled` writes what is due once, and says what it could not write."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.command.line import run
from app.model import clock
from app.model.report import ReportFormat, ReportRules
from app.model.shift import PeriodKind
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.report.schedule import ReportDiary
from app.supervisor import EXIT_UNUSABLE
from tests.app.report.plants import PLANT, SHIFT, hour, write_shift

RULES = ReportRules(
    every=(PeriodKind.SHIFT, PeriodKind.DAY), formats=(ReportFormat.HTML, ReportFormat.JSON), language="zh"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PlantFolder:
    monkeypatch.delattr("os.nice", raising=False)  # the tests behind this one keep their priority
    found = PlantFolder(tmp_path / "works")
    write_plant(found.configuration, replace(PLANT, report=RULES))
    write_shift(found.path)
    return found


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_that_what_is_due_is_written_once_and_what_was_missed_is_made_up_for(folder: PlantFolder) -> None:
    there = folder.path / "reports"
    with clock.frozen(hour(2)):
        assert run(["report", str(folder.path), "--scheduled"]) == 0
    assert names(there) == []
    with clock.frozen(hour(25)):
        assert run(["report", str(folder.path), "--scheduled"]) == 0
    keys = ["2026-11-25", "2026-11-25-early", "2026-11-25-late", "2026-11-25-night"]
    assert names(there) == sorted(f"works-{key}.{kind}" for key in keys for kind in ("html", "json"))
    assert "班次报告" in (there / "works-2026-11-25-early.html").read_text("utf-8")
    for path in there.iterdir():
        assert path.stat().st_mode & 0o444 == 0o444, "others can read it"
        path.unlink()
    with clock.frozen(hour(26)):
        assert run(["report", str(folder.path), "--scheduled"]) == 0
    assert names(there) == []


def test_that_a_folder_that_takes_nothing_is_told_and_the_report_is_written_when_it_does(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    there = folder.path / "reports"
    there.write_text("in the way", encoding="utf-8")
    with clock.frozen(hour(2)):
        assert run(["report", str(folder.path), "--scheduled"]) == 0
    with clock.frozen(hour(9)):
        assert run(["report", str(folder.path), "--scheduled"]) == EXIT_UNUSABLE
        told = capsys.readouterr().err
        assert "the report 2026-11-25/early cannot be written to" in told
        assert "make room, or name another folder under [report]" in told
        assert ReportDiary.of(folder).read()[PeriodKind.SHIFT] < SHIFT.end
        there.unlink()
        assert run(["report", str(folder.path), "--scheduled"]) == 0
    assert names(there) == ["works-2026-11-25-early.html", "works-2026-11-25-early.json"]


def test_that_a_plant_that_writes_none_says_how_to_let_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_plant(tmp_path / "plant.toml", PLANT)
    assert run(["report", str(tmp_path), "--scheduled"]) == EXIT_UNUSABLE
    assert 'add every = ["shift"] under [report] in plant.toml' in capsys.readouterr().err
