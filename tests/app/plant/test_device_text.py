"""What is asked of a device that its driver cannot give is told before it is missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.acquisition.registry import driver_names, grammars
from app.plant.file import examine_plant

PLANT = """\
[plant]
id = "line"
name = "Line"

[connection.plc]
driver = "{driver}"
url = "{url}"
backfill = true
alarms = true
"""


@pytest.mark.parametrize(
    ("driver", "url", "lines"), [("modbus", "modbus://10.0.0.1", [8, 9]), ("opcua", "opc.tcp://10.0.0.1:4840", [])]
)
def test_that_backfill_and_alarms_of_a_driver_without_them_are_warned_of(
    tmp_path: Path, driver: str, url: str, lines: list[int]
) -> None:
    path = tmp_path / "plant.toml"
    path.write_text(PLANT.format(driver=driver, url=url), "utf-8")
    found = examine_plant(path, drivers=driver_names(), grammars=grammars())
    assert found.plant is not None
    told = [problem for problem in found.problems if problem.line]  # the plant as a whole has no tags yet
    assert [problem.line for problem in told] == lines
    assert all(problem.is_warning for problem in told)
    for problem, what in zip(told, ("keep no history", "tell no alarms"), strict=False):
        assert what in problem.message


TEXT = """\
[plant]
id = "line"
name = "Line"

[[equipment]]
id = "P"
name = "Press"

[connection.plc]
driver = "{driver}"
url = "{url}"

[[tag]]
name = "P.ORDER"
equipment = "P"
title = "Order"
connection = "plc"
address = "{address}"
type = "text"
write = {{ {rule} }}
"""
MODBUS = {"driver": "modbus", "url": "modbus://10.0.0.1"}
LONG = {
    "as long as the registers": (MODBUS, "HR0:STR12", "longest = 12", ""),
    "longer": (MODBUS, "HR0:STR12", "longest = 13", "HR0:STR12 holds 12 bytes: a text of 13 characters"),
    "two bytes each": (
        {"driver": "modbus", "url": "modbus://10.0.0.1?encoding=utf-16-be"},
        "HR0:STR12",
        "longest = 7",
        "HR0:STR12 holds 12 bytes: a text of 7 characters",
    ),
    "allowed": (MODBUS, "HR0:STR6", 'allowed = ["steel", "铝铝"]', ""),
    "one of the allowed": (MODBUS, "HR0:STR6", 'allowed = ["steel", "铝铝铝"]', '"铝铝铝" does not fit into 6 bytes'),
    "allowed in fewer characters": (MODBUS, "HR0:STR6", 'allowed = ["steel"], longest = 20', ""),
    "no registers": ({"driver": "opcua", "url": "opc.tcp://10.0.0.1:4840"}, "ns=1;s=O", "longest = 4000", ""),
}


@pytest.mark.parametrize("case", LONG)
def test_that_a_text_that_has_no_room_in_the_device_is_told_with_its_line(tmp_path: Path, case: str) -> None:
    connection, address, rule, message = LONG[case]
    path = tmp_path / "plant.toml"
    path.write_text(TEXT.format(address=address, rule=rule, **connection), "utf-8")
    problems = [
        problem
        for problem in examine_plant(path, drivers=driver_names(), grammars=grammars()).problems
        if problem.line == 20
    ]
    assert len(problems) == bool(message)
    for problem in problems:
        assert message in problem.message
        assert problem.is_warning == ("longest" in rule)
