"""`foreshift report` writes what was asked for, and says what is wrong with what cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.command.line import run
from app.model import clock
from app.plant.writer import write_plant
from app.supervisor import EXIT_UNUSABLE
from tests.app.report.plants import PLANT, hour, write_shift


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("works")
    write_plant(found / "plant.toml", PLANT)
    write_shift(found)
    return found


def test_that_the_last_shift_is_printed_as_a_page_where_nothing_else_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with clock.frozen(hour(8.25)):
        assert run(["report", str(folder)]) == 0
    assert "<h1>Shift report: 2026-11-25  Early shift</h1>" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (["--shift", "2026-11-25/early"], "2026-11-25/early"),
        (["--shift", "now"], "2026-11-25/late"),
        (["--day", "2026-11-25"], "2026-11-25"),
        (["--month", "2026-11"], "2026-11"),
    ],
)
def test_that_a_shift_a_day_or_a_month_is_written_as_figures(
    folder: Path, tmp_path: Path, arguments: list[str], key: str
) -> None:
    target = tmp_path / "out.json"
    with clock.frozen(hour(9)):
        assert run(["report", str(folder), *arguments, "--to", str(target)]) == 0
    assert json.loads(target.read_text("utf-8"))["key"] == key


@pytest.mark.usefixtures("qapp")
def test_that_a_pdf_and_a_workbook_are_written_and_never_over_a_file_that_is_there(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with clock.frozen(hour(9)):
        for name, begin in (("r.pdf", b"%PDF"), ("r.xlsx", b"PK")):
            target = tmp_path / name
            assert run(["report", str(folder), "--language", "zh", "--to", str(target)]) == 0
            assert target.read_bytes().startswith(begin)
            assert run(["report", str(folder), "--to", str(target)]) == EXIT_UNUSABLE
            assert "is there already: give another name, or --force" in capsys.readouterr().err
            assert run(["report", str(folder), "--to", str(target), "--force"]) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "out.doc"], "out.doc: write one of .pdf, .xlsx, .html, .json"),
        (["--shift", "2026-11-25/noon"], "there is no shift noon; there are early, late, night"),
        (
            ["--day", "yesterday"],
            "write a shift as 2026-11-25/early, a day as 2026-11-25, a week as 2026-W48 or a month",
        ),
        (["--day", "2027-01-01"], "2027-01-01 begins at 2027-01-01 06:00+08:00: there is nothing to report yet"),
        (["--to", "/dev/null/out.html"], "/dev/null: File exists"),
    ],
)
def test_that_what_cannot_be_written_is_told_in_one_line(
    folder: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with clock.frozen(hour(9)):
        assert run(["report", str(folder), *arguments]) == EXIT_UNUSABLE
    captured = capsys.readouterr()
    assert message in captured.err
    assert "Traceback" not in captured.err
