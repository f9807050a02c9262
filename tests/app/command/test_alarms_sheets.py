import csv
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from app.__main__ import main
from app.audit.journal import page
from app.database import open_reader
from app.plant.file import read_plant
from app.plant.sheet_assembly import sheet_of
from tests.app.plant.test_sheets import PLANT

COMMENTED = PLANT.replace('[[alarm]]\nid = "H"', '# decided in March\n[[alarm]]\nid = "H"')


@pytest.fixture
def plant(tmp_path: Path) -> Path:
    (tmp_path / "plant.toml").write_text(COMMENTED, "utf-8")
    return tmp_path


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def write(file: Path, rows: list[dict[str, str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("name", ["sheets.csv", "sheets.xlsx"])
def test_that_what_was_exported_changes_nothing(plant: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = plant / name
    assert main(["alarms", "sheets", "export", str(plant), str(file)]) == 0
    assert main(["alarms", "sheets", "import", str(plant), str(file), "--apply"]) == 0
    assert "nothing to change" in capsys.readouterr().out
    assert (plant / "plant.toml").read_text("utf-8") == COMMENTED
    assert main(["alarms", "sheets", "export", str(plant), str(file)]) != 0
    assert main(["alarms", "sheets", "export", str(plant), str(file), "--force"]) == 0


def test_that_an_edited_list_is_shown_first_then_written_and_audited(
    plant: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = plant / "sheets.csv"
    main(["alarms", "sheets", "export", str(plant), str(file)])
    first, second = rows_of(file)
    assert (first["matrix_priority"], second["matrix_priority"]) == ("2", "1")
    first |= {
        "response_en": "slow the pump down",
        "response_zh": "降低泵的转速",
        "respond_within_min": "20",
        "priority": "3",
    }
    second |= {"response_en": "", "approved_on": "2026-04-01", "version": "3"}
    write(file, [first, second])
    assert main(["alarms", "sheets", "import", str(plant), str(file)]) == 0
    out = capsys.readouterr().out
    assert "~ H  sheet.response: (inherited or nothing) -> slow the pump down / 降低泵的转速" in out
    assert (plant / "plant.toml").read_text("utf-8") == COMMENTED
    assert main(["alarms", "sheets", "import", str(plant), str(file), "--apply"]) == 0
    changed = read_plant(plant / "plant.toml")
    high, very_high = (sheet_of(changed, alarm) for alarm in changed.alarms)
    assert (high.response.zh, high.respond_within_min, changed.alarms[0].priority) == ("降低泵的转速", 20.0, 3)
    assert (very_high.response.en, very_high.version) == ("call maintenance", 3)
    assert changed.alarms[0].sheet.owner.en == ""
    assert "# decided in March" in (plant / "plant.toml").read_text("utf-8")
    assert len(list(plant.glob("plant-before-*.toml"))) == 1
    with closing(open_reader(plant / "history.sqlite")) as connection:
        details = [line.record.detail for line in page(connection) if line.record is not None]
    assert any("+respond_within_min = 20.0" in detail for detail in details)


def test_that_what_excel_makes_of_cells_is_understood(plant: Path) -> None:
    file = plant / "sheets.xlsx"
    main(["alarms", "sheets", "export", str(plant), str(file)])
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    from datetime import datetime

    sheet.cell(2, heads.index("respond_within_min") + 1).value = 12
    sheet.cell(2, heads.index("version") + 1).value = 4.0
    sheet.cell(2, heads.index("approved_on") + 1).value = datetime(2026, 5, 6)  # noqa: DTZ001 - as Excel keeps it
    book.save(file)
    assert main(["alarms", "sheets", "import", str(plant), str(file), "--apply"]) == 0
    own = read_plant(plant / "plant.toml").alarms[0].sheet
    assert (own.respond_within_min, own.version, own.approved_on) == (12.0, 4, "2026-05-06")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"alarm": "X"}, 'sheets.csv:2: alarm "X": no such alarm'),
        ({"alarm": "HH"}, 'sheets.csv:3: alarm "HH" stands already in line 2'),
        ({"priority": "urgent"}, 'H: priority "urgent": write 1, 2, 3 or 4'),
        ({"severity": "dire"}, "write minor, major, severe"),
        ({"respond_within_min": "-1"}, "write a number above 0"),
        ({"respond_within_min": "soon"}, "write a number above 0"),
        ({"version": "1.5"}, "write a whole number"),
        ({"approved_on": "9.3.2026"}, "write it as 2026-03-09"),
        ({"cause_en": "", "cause_zh": "磨损"}, "cause is in Chinese only"),
    ],
)
def test_that_a_cell_that_cannot_be_taken_is_told_with_its_line_and_nothing_is_written(
    plant: Path, capsys: pytest.CaptureFixture[str], changes: dict[str, str], told: str
) -> None:
    file = plant / "sheets.csv"
    main(["alarms", "sheets", "export", str(plant), str(file)])
    first, second = rows_of(file)
    write(file, [first | changes, second | {"owner_en": "somebody else"}])
    assert main(["alarms", "sheets", "import", str(plant), str(file), "--apply"]) != 0
    assert told in capsys.readouterr().err
    assert (plant / "plant.toml").read_text("utf-8") == COMMENTED


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"id,cause_en\nH,x\n", "no column `alarm`"),
        (b"alarm,reason\nH,x\n", "unknown column reason"),
        ("alarm,cause_en\nH,é\n".encode("latin-1"), "is not in UTF-8"),
    ],
)
def test_that_another_file_is_refused(
    plant: Path, capsys: pytest.CaptureFixture[str], content: bytes, told: str
) -> None:
    file = plant / "sheets.csv"
    file.write_bytes(content)
    assert main(["alarms", "sheets", "import", str(plant), str(file)]) != 0
    assert told in capsys.readouterr().err


def test_that_a_list_with_semicolons_and_few_columns_changes_only_these(plant: Path) -> None:
    file = plant / "sheets.csv"
    file.write_bytes(b"alarm;owner\nH;reliability\n")
    assert main(["alarms", "sheets", "import", str(plant), str(file), "--apply"]) == 0
    first, second = read_plant(plant / "plant.toml").alarms
    assert first.sheet.owner.en == "reliability"
    assert second.sheet.response.en == "stop the pump"
