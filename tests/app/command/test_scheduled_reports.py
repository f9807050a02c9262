"""`foreshift report PLANT --scheduled` writes what is due once, and says what it could not write."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from filelock import FileLock

from app.command.line import run
from app.model import clock
from app.model.report import ReportFormat, ReportRules
from app.model.shift import Period, PeriodKind
from app.plant.folder import PlantFolder
from app.plant.writer import write_plant
from app.report.content import ReportContent
from app.report.reading import ReportReading
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


def test_that_a_drive_that_is_gone_is_told_and_its_folder_is_not_made_on_this_disk(
    folder: PlantFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drive = tmp_path / "share" / "reports"
    write_plant(folder.configuration, replace(PLANT, report=replace(RULES, folder=str(drive))))
    with clock.frozen(hour(2)):
        assert run(["report", str(folder.path), "--scheduled"]) == 0
    with clock.frozen(hour(9)):
        assert run(["report", str(folder.path), "--scheduled"]) == EXIT_UNUSABLE
        assert f"the folder {drive} is not there: connect its drive, or make it" in capsys.readouterr().err
        assert not drive.parent.exists()
        drive.mkdir(parents=True)
        assert run(["report", str(folder.path), "--scheduled"]) == 0
    assert names(drive) == ["works-2026-11-25-early.html", "works-2026-11-25-early.json"]


def test_that_one_report_that_cannot_be_made_is_told_and_those_behind_it_are_written(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read, there = ReportReading.read, folder.path / "reports"

    def fail(reading: ReportReading, period: Period, now: int) -> ReportContent:
        if period == SHIFT:
            raise ValueError("what nobody has thought of")
        return read(reading, period, now)

    with clock.frozen(hour(2)):
        assert run(["report", str(folder.path), "--scheduled"]) == 0
    with clock.frozen(hour(17)):
        with monkeypatch.context() as patch:
            patch.setattr(ReportReading, "read", fail)
            assert run(["report", str(folder.path), "--scheduled"]) == EXIT_UNUSABLE
        assert "the report 2026-11-25/early cannot be made: ValueError: what nobody" in capsys.readouterr().err
        assert names(there) == ["works-2026-11-25-late.html", "works-2026-11-25-late.json"]
        (there / "works-2026-11-25-late.html").unlink()
        assert run(["report", str(folder.path), "--scheduled"]) == 0
    assert "works-2026-11-25-early.html" in names(there)
    assert "works-2026-11-25-late.html" not in names(there), "no report is written twice"


def test_that_a_clock_that_leaps_by_years_writes_no_empty_reports_and_loses_none(
    folder: PlantFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    with clock.frozen(hour(2)):
        assert run(["report", str(folder.path), "--scheduled"]) == 0
    with clock.frozen(hour(2 + 24 * 3_650)):
        assert run(["report", str(folder.path), "--scheduled"]) == EXIT_UNUSABLE
    assert "the clock of this PC says 2036-11-" in capsys.readouterr().err
    with clock.frozen(hour(9)):
        assert run(["report", str(folder.path), "--scheduled"]) == 0
    assert names(folder.path / "reports") == ["works-2026-11-25-early.html", "works-2026-11-25-early.json"]


def test_that_of_two_that_write_at_once_the_second_waits_and_finds_nothing_left(folder: PlantFolder) -> None:
    with clock.frozen(hour(2)):
        assert run(["report", str(folder.path), "--scheduled"]) == 0
    lock, ends = FileLock(folder.path / "reports.lock"), []
    with clock.frozen(hour(9)):
        with lock:
            second = Thread(target=lambda: ends.append(run(["report", str(folder.path), "--scheduled"])))
            second.start()
            ReportDiary.of(folder).settle(SHIFT, is_written=True)
        second.join(60)
    assert ends == [0]
    assert names(folder.path / "reports") == []


def test_that_a_plant_that_writes_none_says_how_to_let_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_plant(tmp_path / "plant.toml", PLANT)
    assert run(["report", str(tmp_path), "--scheduled"]) == EXIT_UNUSABLE
    assert 'add every = ["shift"] under [report] in plant.toml' in capsys.readouterr().err
