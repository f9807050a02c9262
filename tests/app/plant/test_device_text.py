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
