from dataclasses import replace
from pathlib import Path

import pytest

from app.model.alarm import Priority
from app.model.alarm_sheet import AlarmSheet, Severity
from app.model.plant import Plant
from app.model.rationalisation import PriorityMatrix
from app.model.text import LocalText
from app.plant.file import examine_plant
from app.plant.sheet_assembly import sheet_of
from app.plant.writer import plant_text

PLANT = """
[plant]
id = "P"
name = "Plant"

[[equipment]]
id = "PU01"
name = "Pump"
kind = "pump"

[connection.line]
driver = "modbus"
url = "modbus://127.0.0.1:502?unit=1"

[[tag]]
name = "PU01.VIB"
equipment = "PU01"
connection = "line"
address = "HR1"

[[alarm_class]]
id = "pump"
kind = "pump"

[alarm_class.sheet]
cause = "wear"
owner = "maintenance"
response = "call maintenance"

[[alarm_class]]
id = "vibration"
kind = "pump"
tag = "*.VIB"
condition = "high"

[alarm_class.sheet]
cause = { en = "a worn bearing", zh = "轴承磨损" }
consequence = "the pump trips"
severity = "major"
respond_within_min = 10

[[alarm_class]]
id = "by name"

[alarm_class.sheet]
owner = "rotating equipment"

[[alarm]]
id = "H"
tag = "PU01.VIB"
condition = "high"
limit = 7.1
priority = 2
message = "Vibration high"

[[alarm]]
id = "HH"
tag = "PU01.VIB"
condition = "high"
limit = 11.0
priority = 3
message = "Vibration very high"
alarm_class = "by name"

[alarm.sheet]
response = "stop the pump"
severity = "severe"
approved_by = "Wang Li"
approved_on = "2026-03-09"
version = 2
"""


def examined(tmp_path: Path, text: str = PLANT) -> tuple[Plant | None, list[str]]:
    path = tmp_path / "plant.toml"
    path.write_text(text, "utf-8")
    found = examine_plant(path)
    return found.plant, [f"{problem.line}: {problem.message}" for problem in found.problems]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    plant, _ = examined(tmp_path)
    assert plant is not None
    return plant


def test_that_an_alarm_inherits_from_all_classes_that_it_fits(plant: Plant) -> None:
    assert sheet_of(plant, plant.alarms[0]) == AlarmSheet(
        cause=LocalText("a worn bearing", "轴承磨损"),
        consequence=LocalText("the pump trips"),
        response=LocalText("call maintenance"),
        severity=Severity.MAJOR,
        respond_within_min=10.0,
        owner=LocalText("maintenance"),
    )


def test_that_an_alarms_own_words_and_the_class_it_names_go_before_others(plant: Plant) -> None:
    sheet = sheet_of(plant, plant.alarms[1])
    assert sheet.response.en == "stop the pump"
    assert sheet.owner.en == "rotating equipment"
    assert sheet.cause.zh == "轴承磨损"
    assert (sheet.approved_by, sheet.version) == ("Wang Li", 2)


def test_that_a_priority_other_than_the_matrix_says_is_warned_of(tmp_path: Path) -> None:
    plant, problems = examined(tmp_path)
    assert plant is not None
    (problem,) = problems
    assert problem.startswith(f"{PLANT[: PLANT.index('priority = 3')].count(chr(10)) + 1}: alarm HH has priority 3")
    assert "severe consequence within 10 min has 1" in problem


def test_that_an_alarm_without_a_response_is_warned_of_once_a_plant_is_rationalised(tmp_path: Path) -> None:
    text = PLANT.replace('response = "call maintenance"\n', "").replace("priority = 3", "priority = 1")
    _, problems = examined(tmp_path, text)
    (problem,) = problems
    assert "alarm H says no response" in problem
    bare = text[: text.index("[[alarm_class]]")] + text[text.index("[[alarm]]") : text.index('[[alarm]]\nid = "HH"')]
    assert examined(tmp_path, bare)[1] == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('alarm_class = "by name"', 'alarm_class = "nobody"', 'there is no alarm class "nobody"'),
        ('"2026-03-09"', '"9 March"', "is no date"),
        ('severity = "severe"', 'severity = "dire"', 'one of "minor", "major", "severe"'),
        ("respond_within_min = 10", "respond_within_min = 0", "a number above 0"),
        ("[[alarm]]", "[alarm_matrix]\nminutes = [15, 5]\n\n[[alarm]]", "the minutes do not rise"),
        ("[[alarm]]", "[alarm_matrix]\nmajor = [1, 2]\n\n[[alarm]]", "write 4, one for each"),
        ('approved_on = "2026-03-09"\n', "", "nobody knows when"),
    ],
)
def test_that_what_is_wrong_with_a_sheet_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    _, problems = examined(tmp_path, PLANT.replace(old, new, 1))
    assert any(told in problem for problem in problems), problems


def test_that_sheets_classes_and_matrix_read_back_as_they_were_written(plant: Plant, tmp_path: Path) -> None:
    changed = replace(plant, alarm_matrix=PriorityMatrix((3.0,), *[(Priority.CRITICAL, Priority.HIGH)] * 3))
    again, _ = examined(tmp_path, plant_text(changed))
    assert again is not None
    assert replace(again, connections=()) == replace(changed, connections=())


def test_that_less_time_is_never_less_urgent_by_the_usual_matrix() -> None:
    matrix = PriorityMatrix()
    for severity in Severity:
        urgent = [
            matrix.priority(AlarmSheet(severity=severity, respond_within_min=minutes))
            for minutes in (1.0, 5.0, 5.1, 15.0, 60.0, 61.0)
        ]
        assert urgent == sorted(urgent, key=lambda each: each or 0)
    assert matrix.priority(AlarmSheet(severity=Severity.MAJOR)) is None
