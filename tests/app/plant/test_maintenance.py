"""What a plant file says about maintenance, and what is wrong with it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from app.model import clock
from app.model.maintenance import CheckItem, MaintenanceDefinition, MaintenanceRules, Nameplate, PlannedStop, SparePart
from app.model.role import Role
from app.model.text import LocalText
from app.plant.file import examine_plant, read_plant
from app.plant.writer import plant_text

FILE = """\
[plant]
id = "p"
name = "P"

[[equipment]]
id = "AC01"
name = "Compressor"
nameplate = { maker = "Atlas", serial = "4711", commissioned = "2019-05-02", meter = "AC01.H", spares = ["belt"] }

[connection.c]
driver = "modbus"
url = "modbus://127.0.0.1"

[[tag]]
name = "AC01.H"
equipment = "AC01"
connection = "c"
address = "HR0:U32"
unit = "h"
kind = "counter"
width_bits = 32

[[tag]]
name = "AC01.T"
equipment = "AC01"
connection = "c"
address = "HR2:F32"

[maintenance]
release_role = "operator"
watch_h = 24.0

[[spare_part]]
id = "belt"
name = { en = "Belt", zh = "皮带" }
place = "A3"

[[maintenance_definition]]
id = "AC01.service"
equipment = "AC01"
title = "Service"
every = 2000
every_days = 365
first_due = "2026-12-24T08:00+08:00"
fixed = true
parts = ["belt"]
checks = [
  { text = "Oil level" },
  { text = { en = "Pressure", zh = "压力" }, unit = "bar", low = 2, high = 4.5 },
]
renews = true

[[planned_stop]]
id = "monthly"
name = "Monthly stop"
start = "2026-12-01T06:00+08:00"
hours = 8
every_days = 28
equipment = ["AC01"]
"""


def written(path: Path, *changes: tuple[str, str]) -> Path:
    text = FILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = path / "plant.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_that_all_of_it_is_read(tmp_path: Path) -> None:
    file = written(tmp_path)
    assert examine_plant(file).problems == ()
    plant = read_plant(file)
    assert plant.equipment[0].nameplate == Nameplate(
        maker="Atlas", serial="4711", commissioned="2019-05-02", meter="AC01.H", spares=("belt",)
    )
    assert plant.maintenance_rules == MaintenanceRules(Role.OPERATOR, 24.0)
    assert plant.spare_parts == (SparePart("belt", LocalText("Belt", "皮带"), "A3"),)
    (service,) = plant.maintenance
    assert (service.meter, service.every, service.every_days, service.is_fixed) == ("AC01.H", 2000.0, 365.0, True)
    assert math.isnan(service.last_at)
    assert service.checks == (
        CheckItem(LocalText("Oil level")),
        CheckItem(LocalText("Pressure", "压力"), "bar", 2.0, 4.5),
    )
    assert [check.is_measured for check in service.checks] == [False, True]
    start = clock.instant_of("2026-11-30T22:00+00:00")
    assert plant.stops == (PlannedStop("monthly", LocalText("Monthly stop"), start, 8.0, 28.0, ("AC01",)),)


def test_that_it_reads_back_as_it_was_written(tmp_path: Path) -> None:
    plant = read_plant(written(tmp_path))
    again = tmp_path / "again.toml"
    again.write_text(plant_text(plant), encoding="utf-8")
    assert repr(read_plant(again)).replace("again.toml", "") == repr(plant)


def test_that_recurring_work_that_says_nothing_else_reads_back(tmp_path: Path) -> None:
    file = written(tmp_path, ("every = 2000\n", ""), ("fixed = true\n", "last_at = 12.5\n"))
    plant = read_plant(file)
    (service,) = plant.maintenance
    assert isinstance(service, MaintenanceDefinition)
    assert (service.meter, service.last_at) == ("", 12.5)
    file.write_text(plant_text(plant), encoding="utf-8")
    assert repr(read_plant(file)) == repr(plant)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('commissioned = "2019-05-02"', 'commissioned = "May 2019"', 'is no date: write it as commissioned = "2026-03'),
        ('meter = "AC01.H"', 'meter = "AC01.X"', 'there is no tag "AC01.X"'),
        ('meter = "AC01.H"', 'meter = "AC01.T"', "AC01.T counts nothing"),
        ('spares = ["belt"]', 'spares = ["bell"]', 'there is no spare part "bell": write "belt"'),
        ('meter = "AC01.H", ', "", "nothing counts the hours of AC01"),
        ("every = 2000\nevery_days = 365\n", "", "AC01.service is never due"),
        ('first_due = "2026-12-24T08:00+08:00"', 'first_due = "Christmas"', '"Christmas" is no date'),
        ("low = 2, high = 4.5", "low = 5, high = 4.5", "the limits 5 to 4.5 hold no value"),
        ("high = 4.5", "hihg = 4.5", "`hihg` is not a key known here: write `high`"),
        ('text = "Oil level"', 'txt = "Oil level"', "`text` is missing"),
        ("checks = [", "checks = 3 # [", "`checks` is 3, not a list of tables"),
        ('start = "2026-12-01T06:00+08:00"', 'start = "monthly"', '"monthly" is no time'),
        ("every_days = 28", "every_days = 0.25", "it would always stand"),
        ('equipment = ["AC01"]', 'equipment = ["AC02"]', 'there is no equipment "AC02"'),
        ("hours = 8\n", "", "`hours` is missing"),
    ],
)
def test_that_what_cannot_be_meant_is_told_with_its_remedy(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = FILE.replace(old, new)
    if old == "checks = [":
        begin, end = text.index("3 # ["), text.index("renews")
        text = text[:begin] + "3\n" + text[end:]
    file = tmp_path / "plant.toml"
    file.write_text(text, encoding="utf-8")
    problems = [problem.message for problem in examine_plant(file).problems]
    assert any(message in problem for problem in problems), problems
