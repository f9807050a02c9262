"""Shifts and reports in a plant file: read as written, written as read, and refused with the line that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.model.report import ReportFormat, ReportRules
from app.model.shift import DEFAULT_SHIFTS, PeriodKind
from app.plant.file import examine_plant, read_plant
from app.plant.writer import plant_text

HEAD = """\
[plant]
id = "p"
name = "P"

[[equipment]]
id = "E"
name = "E"

[connection.c]
driver = "modbus"
url = "modbus://127.0.0.1:502"

[[tag]]
name = "E.T"
equipment = "E"
connection = "c"
address = "HR0"
"""
SHIFT = '[[shift]]\nid = "{0}"\nname = "S"\nstart = "{1}"\n{2}\n'
GIVEN = """
[report]
zone = "Europe/Berlin"
tags = ["E.T"]
every = ["shift", "month"]
formats = ["pdf", "xlsx"]
language = "zh"
folder = "/srv/reports"

[[shift]]
id = "night"
name = { en = "Night", zh = "夜班" }
start = "18:30"
hours = 11.5

[[shift]]
id = "day"
name = "Day"
start = "06:00"
weekdays = [1, 2, 3]
"""


def file_of(folder: Path, text: str) -> Path:
    path = folder / "plant.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_that_shifts_and_reports_are_read_and_written_again(tmp_path: Path) -> None:
    plant = read_plant(file_of(tmp_path, HEAD + GIVEN))
    assert [(shift.id, shift.start, shift.hours, shift.weekdays) for shift in plant.calendar.shifts] == [
        ("day", 360, 0.0, (1, 2, 3)),
        ("night", 1110, 11.5, ()),
    ]
    assert plant.calendar.zone == "Europe/Berlin"
    assert plant.report == ReportRules(
        ("E.T",), (PeriodKind.SHIFT, PeriodKind.MONTH), (ReportFormat.PDF, ReportFormat.EXCEL), "zh", "/srv/reports"
    )
    again = read_plant(file_of(tmp_path, plant_text(plant)))
    assert (again.calendar, again.report) == (plant.calendar, plant.report)


def test_that_a_plant_that_says_nothing_has_three_shifts_and_writes_nothing_by_itself(tmp_path: Path) -> None:
    plant = read_plant(file_of(tmp_path, HEAD))
    assert plant.calendar.shifts == DEFAULT_SHIFTS
    assert plant.report.every == ()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ('[report]\nzone = "Berlin"', '"Berlin" is no time zone known here'),
        ('[report]\ntags = ["E.U"]', 'there is no tag "E.U"'),
        ('[report]\nevery = ["year"]', 'not a list of "shift", "day", "week", "month"'),
        ('[report]\nlanguage = "de"', 'not "en" or "zh"'),
        ('[[shift]]\nid = "a"\nname = "A"\nstart = "24:00"', "not a time of the day"),
        ('[[shift]]\nid = "a/b"\nname = "A"\nstart = "06:00"', "holds a slash"),
        ('[[shift]]\nid = "a"\nname = "A"\nstart = "06:00"\nhours = 25', "at most 24 hours"),
        (
            SHIFT.format("a", "06:00", "hours = 9") + SHIFT.format("b", "14:00", ""),
            "a goes on after the next shift has begun",
        ),
        (
            SHIFT.format("a", "06:00", "") + SHIFT.format("b", "06:00", ""),
            "both begin at 06:00",
        ),
    ],
)  # fmt: skip
def test_that_what_cannot_be_meant_is_refused_with_a_remedy(tmp_path: Path, wrong: str, message: str) -> None:
    examination = examine_plant(file_of(tmp_path, f"{HEAD}\n{wrong}\n"))
    assert examination.plant is None
    assert any(message in problem.message and problem.line > 16 for problem in examination.problems)
