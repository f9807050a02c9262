"""`foreshift history`: what a person and what a program are told."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.__main__ import main
from app.acquisition.registry import driver_names
from app.database import open_writer
from app.history.gap import Gap, GapReason, record_gaps
from app.history.layout import HOUR_NS
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.plant.file import read_plant

START = 494_424 * HOUR_NS
PLANT = """
[plant]
id = "p"
name = "P"

[history]
raw_days = 30

[[equipment]]
id = "E"
name = "E"

[connection.c]
driver = "modbus"
url = "modbus://127.0.0.1:502?unit=1"

[[tag]]
name = "A"
equipment = "E"
connection = "c"
address = "HR0:F32"

[[tag]]
name = "B"
equipment = "E"
connection = "c"
address = "HR2:F32"
keep_days = 1
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "plant.toml").write_text(PLANT, encoding="utf-8")
    return tmp_path


def record(folder: Path, hours: int) -> None:
    """Record both tags each five seconds, and that two minutes are missing of the second."""
    plant = read_plant(folder / "plant.toml", drivers=driver_names())
    times = np.arange(0, hours * 3_600, 5)
    with closing(open_writer(folder / "history.sqlite")) as connection:
        writer = HistoryWriter(connection, plant.tags)
        for handle in (0, 1):
            writer.write(block_of(handle, START + times * NS_PER_S, np.sin(times / 100.0).round(3)))
        HistoryUpkeep(connection.path, lambda step: step(connection)).settle()
        record_gaps(connection, [Gap(START, START + 120 * NS_PER_S, GapReason.OVERLOAD, 24, 2)])


def test_that_a_person_reads_what_is_stored_and_what_becomes_of_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(folder, 48)
    assert main(["history", str(folder)]) == 0
    text = capsys.readouterr().out
    for words in (
        "stored      69,120 samples",
        "bytes each once compacted",
        "gaps        1, 0.0 h in all, 24 samples known to be lost",
        "overload",
        "kept        samples 30 days, minutes 730 days, hours for ever",
        "  B: samples 1 day\n",
        "34,560 samples a day",
        "when the last limit is met",
        "disk full   ",
        "from the last 48 hours with samples",
    ):
        assert words in text


@pytest.mark.usefixtures("shanghai")
def test_that_times_are_told_with_their_zone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(folder, 5)
    main(["history", str(folder)])
    assert "samples     2026-05-28 00:00Z to 2026-05-28 04:59Z, 2 tags" in capsys.readouterr().out
    main(["history", str(folder), "--local-time"])
    text = capsys.readouterr().out
    assert "samples     2026-05-28 08:00+08:00 to 2026-05-28 12:59+08:00, 2 tags" in text
    assert "  2026-05-28 08:00+08:00 to 2026-05-28 08:02+08:00  overload" in text
    main(["history", str(folder), "--local-time", "--json"])
    assert json.loads(capsys.readouterr().out)["last"] == "2026-05-28T12:59:55+08:00"


def test_that_a_program_reads_the_same_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(folder, 48)
    main(["history", str(folder), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert told["samples"] == 69_120
    assert (told["first"], told["last"]) == ("2026-05-28T00:00:00Z", "2026-05-29T23:59:55Z")
    assert told["first_rollup"] == "2026-05-28T00:00:00Z"
    assert told["gaps"] == [
        {"start": "2026-05-28T00:00:00Z", "end": "2026-05-28T00:02:00Z", "reason": "overload", "lost": 24, "tag": "B"}
    ]
    assert told["retention"] == {
        "raw_days": 30.0,
        "minute_days": 730.0,
        "hour_days": 0.0,
        "keep_days": {"B": 1.0},
    }
    assert {(stream["resolution"], stream["limit_h"]) for stream in told["growth"]["streams"]} == {
        ("raw", 24),
        ("raw", 720),
        ("minute_rollup", 17_520),
        ("hour_rollup", None),
    }
    assert told["forecast"]["bytes_per_day"] == pytest.approx(
        sum(stream["bytes_per_day"] for stream in told["growth"]["streams"] if stream["limit_h"] != 24)
    )


def test_that_too_little_history_gives_no_forecast_and_says_why(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(folder, 5)
    main(["history", str(folder)])
    assert "forecast    none: only 5 hours with samples are compacted, 24 are needed" in capsys.readouterr().out
    main(["history", str(folder), "--json"])
    assert json.loads(capsys.readouterr().out)["forecast"] is None


def test_that_a_history_that_has_begun_without_samples_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_writer(folder / "history.sqlite")) as connection:
        HistoryWriter(connection, [])
    assert main(["history", str(folder)]) == 0
    assert "samples     none yet" in capsys.readouterr().out


def test_that_a_plant_without_a_history_is_refused_with_the_remedy(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["history", str(folder)]) == 2
    assert "does not exist yet: start the collector" in capsys.readouterr().err
