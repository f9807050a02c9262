"""What docs/how-to/read-the-history-with-sql.md promises holds in a real file, statement by statement."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from app.alarm.journal import AlarmJournal
from app.database import open_writer
from app.exchange.backup import backup
from app.history.gap import Gap, GapReason, record_gaps
from app.model import status
from app.model.alarm import AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from tests.app.exchange.recorded import record_of
from tests.app.history.plant import tag

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "read-the-history-with-sql.md"
HOUR = 3_600 * NS_PER_S


def blocks(language: str) -> list[str]:
    if not PAGE.is_file():
        pytest.skip("the documentation is not here")
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


INSTANTS = ["2026-03-01 00:00:30", "2026-10-25 13:42:17"]
"""The statements are asked at these: at the beginning of a month, a day and an hour, and amid all three."""


@pytest.fixture(params=INSTANTS)
def instant(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def blocks_at(instant: str) -> list[str]:
    return [statement.replace("'now'", f"'{instant}'") for statement in blocks("sql")]


@pytest.fixture
def plant(tmp_path: Path, instant: str) -> PlantFolder:
    """A plant with two days of a tag up to an instant, of which the last sample is bad, with a gap and an alarm."""
    folder = PlantFolder(tmp_path)
    folder.configuration.write_text('[plant]\nid = "p"\nname = { en = "P" }\n', encoding="utf-8")
    now = int(datetime.fromisoformat(instant + "+00:00").timestamp()) * NS_PER_S
    time = now - np.arange(2_880)[::-1] * 60 * NS_PER_S
    codes = np.where(np.arange(2_880) == 2_879, status.BAD_NO_COMMUNICATION, status.GOOD)
    record_of(
        [tag(0, "AC01.T_D")], folder.history, block_of(0, time, 60 + np.arange(2_880) % 7, codes), is_settled=True
    )
    with closing(open_writer(folder.history)) as connection:
        record_gaps(connection, [Gap(now - 2 * HOUR, now - HOUR, GapReason.NOT_COLLECTING)])
        AlarmJournal(connection).record([_alarm(now)])
    return folder


def _alarm(now: int) -> AlarmRecord:
    return AlarmRecord(
        alarm="AC01.T_D.H",
        tag="AC01.T_D",
        equipment="AC01",
        state=AlarmState.UNACKNOWLEDGED,
        priority=Priority.HIGH,
        condition=ConditionKind.HIGH,
        message=LocalText("Discharge temperature high"),
        raised=now,
        value=66.0,
        limit=65.0,
    )


@pytest.mark.parametrize("number", range(6))
def test_that_an_example_finds_something(plant: PlantFolder, instant: str, number: int) -> None:
    statement = blocks_at(instant)[number]
    with closing(sqlite3.connect(f"{plant.history.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute(statement).fetchall()
    assert rows, statement
    assert all(None not in row for row in rows)


def test_that_there_are_no_examples_but_these() -> None:
    assert len(blocks("sql")) == 6


def test_that_the_examples_tell_what_was_recorded(plant: PlantFolder, instant: str) -> None:
    with closing(sqlite3.connect(f"{plant.history.as_uri()}?mode=ro", uri=True)) as connection:
        found = [connection.execute(statement).fetchall() for statement in blocks_at(instant)]
    assert found[0][0][:4] == ("AC01.T_D", "Cel", 60.0, 66.0)
    assert found[0][0][4] == 1_440
    assert found[2][0][1] == pytest.approx(63.0, abs=0.01)
    assert found[3][0][3:] == ("Bad", "0x80310000")
    assert found[4][0][0] == "all tags"
    assert found[4][0][3:] == (3_600, "not collecting", 0)
    assert found[5] == [("AC01.T_D.H", "Discharge temperature high", 1)]


@pytest.mark.parametrize("program", ["sqlite3", "sqlite-utils"])
def test_that_the_commands_run(plant: PlantFolder, program: str) -> None:
    beside = Path(sys.executable).parent
    path = shutil.which(program) or shutil.which(program, path=str(beside))
    if path is None:
        pytest.skip(f"{program} is not installed")
    backup(plant, "p", plant.path / "copy.sqlite")
    lines = [line for block in blocks("sh") for line in block.splitlines() if line.startswith(program + " ")]
    assert lines
    for line in lines:
        run = subprocess.run(  # noqa: S602 - a line of our own page
            line.replace(program, path, 1),
            shell=True,
            cwd=plant.path,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert run.returncode == 0, run.stderr
    if program == "sqlite3":
        assert "not collecting" in (plant.path / "missing.csv").read_text("utf-8")
    else:
        assert "AC01.T_D" in (plant.path / "hours.csv").read_text("utf-8")


def test_that_the_columns_are_those_of_the_page(plant: PlantFolder) -> None:
    text = PAGE.read_text("utf-8")
    with closing(sqlite3.connect(f"{plant.history.as_uri()}?mode=ro", uri=True)) as connection:
        for view in ("hourly_value", "newest_value", "missing"):
            (line,) = re.findall(rf"^\| `{view}` \|.*\|(.*)\|$", text, re.MULTILINE)
            columns = [row[0] for row in connection.execute(f"SELECT * FROM {view}").description]  # noqa: S608
            assert re.findall(r"`(\w+)`", line) == columns
