from __future__ import annotations

import csv
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.__main__ import main
from app.acquisition.registry import driver_names
from app.command.failure import UsageFailure
from app.command.time_argument import duration, instant
from app.database import open_writer
from app.exchange.failure import ExchangeError
from app.exchange.time_text import LOCAL
from app.history.aggregate.kind import Aggregate
from app.history.gap import Gap, GapReason, record_gaps
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_MS, NS_PER_S, from_datetime
from app.plant.file import read_plant

NOON = from_datetime(datetime(2026, 11, 24, 12, tzinfo=UTC))
PLANT = """
[plant]
id = "huangdao"
name = { en = "Huangdao Heat-Treat" }

[[equipment]]
id = "AC01"
level = "work_unit"
name = { en = "Compressor AC01" }

[connection.utilities]
driver = "modbus"
url = "modbus://127.0.0.1:502?unit=1"

[[tag]]
name = "AC01.T_D"
equipment = "AC01"
title = { en = "Discharge temperature" }
connection = "utilities"
address = "HR100:F32"
unit = "Cel"

[[tag]]
name = "AC01.RUN"
equipment = "AC01"
title = { en = "Running" }
connection = "utilities"
address = "C1"
kind = "discrete"
"""


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a plant: a temperature of 60, 61 ... each second for two minutes, a switch that goes on after 30 s."""
    monkeypatch.setenv("FORESHIFT_HOME", str(tmp_path / "home"))
    folder = tmp_path / "plant"
    folder.mkdir()
    (folder / "plant.toml").write_text(PLANT, encoding="utf-8")
    return folder


@pytest.fixture
def recorded(plant: Path) -> Path:
    tags = read_plant(plant / "plant.toml", drivers=driver_names()).tags
    seconds = range(121)
    with closing(open_writer(plant / "history.sqlite")) as connection:
        writer = HistoryWriter(connection, tags)
        codes = [status.BAD_NO_COMMUNICATION if second in {80, 99} else status.GOOD for second in seconds]
        writer.write(block_of(0, [NOON + s * NS_PER_S for s in seconds], [60.0 + s for s in seconds], codes))
        writer.write(block_of(1, [NOON, NOON + 30 * NS_PER_S], [0.0, 1.0]))
    return plant


def asked(plant: Path, *arguments: str) -> int:
    begin = ["--from", "2026-11-24T12:00Z"] if "--from" not in arguments else []
    return main(["aggregate", str(plant), *arguments, *begin])


def refusal(capsys: pytest.CaptureFixture[str], plant: Path, *arguments: str) -> str:
    assert asked(plant, *arguments) == 2
    told = capsys.readouterr()
    assert told.out == ""
    (line,) = told.err.splitlines()
    return line


def test_that_each_interval_of_each_tag_is_a_row_of_csv(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    end = "2026-11-24T12:02Z"
    assert asked(recorded, "AC01.T_D", "AC01.RUN", "--kind", "average", "--to", end, "--interval", "1m", "--csv") == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))
    assert rows == [
        ["time", "tag", "value", "unit", "status"],
        ["2026-11-24T12:00:00.000000Z", "AC01.T_D", "89.5", "Cel", "Good, Calculated"],
        ["2026-11-24T12:01:00.000000Z", "AC01.T_D", "149.5", "Cel", "UncertainDataSubNormal, Calculated"],
        ["2026-11-24T12:00:00.000000Z", "AC01.RUN", "0.5", "", "Good, Calculated"],
        ["2026-11-24T12:01:00.000000Z", "AC01.RUN", "", "", "BadNoData"],
    ]


def test_that_a_state_holds_as_long_as_the_plant_is_known(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kind = ("--kind", "DurationInStateNonZero", "--to", "2026-11-24T12:02Z", "--interval", "1m", "--csv")
    assert asked(recorded, "AC01.RUN", *kind) == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))[1:]
    assert [row[2:] for row in rows] == [["30000.0", "ms", "Good, Calculated"], ["60000.0", "ms", "Good, Calculated"]]


def test_that_a_state_is_not_known_where_nothing_was_collected(
    recorded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(open_writer(recorded / "history.sqlite")) as connection:
        record_gaps(connection, [Gap(NOON + 60 * NS_PER_S, NOON + 90 * NS_PER_S, GapReason.NOT_COLLECTING)])
    kind = ("--kind", "DurationInStateNonZero", "--to", "2026-11-24T12:02Z", "--interval", "1m", "--csv")
    assert asked(recorded, "AC01.RUN", *kind) == 0
    rows = list(csv.reader(capsys.readouterr().out.splitlines()))[1:]
    assert [row[2:] for row in rows] == [["30000.0", "ms", "Good, Calculated"], ["", "ms", "Bad"]]


@pytest.mark.usefixtures("shanghai")
def test_that_times_are_local_where_that_is_asked_for(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    local = ("--local-time", "--from", "2026-11-24T20:00", "--to", "2026-11-24 20:01")
    utc = ("--from", "2026-11-24T12:00", "--to", "2026-11-24 12:01")
    for times, moment in ((local, "2026-11-24 20:00:00+08:00"), (utc, "2026-11-24 12:00:00Z")):
        assert asked(recorded, "AC01.T_D", "--kind", "Maximum", *times) == 0
        assert capsys.readouterr().out.splitlines() == [
            "AC01.T_D  Discharge temperature  Maximum  Cel",
            f"{moment}             119  Good, Calculated",
        ]
    assert asked(recorded, "AC01.T_D", "--kind", "Maximum", *local, "--csv") == 0
    assert "2026-11-24T20:00:00.000000+08:00,AC01.T_D,119.0" in capsys.readouterr().out


def test_that_a_worst_quality_is_told_by_its_name(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(recorded, "AC01.T_D", "--kind", "WorstQuality", "--to", "2026-11-24T12:02Z", "--csv") == 0
    assert capsys.readouterr().out.splitlines()[1].split(",")[2] == "BadNoCommunication"


def test_that_uncertain_samples_may_be_used(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tags = read_plant(recorded / "plant.toml", drivers=driver_names()).tags
    with closing(open_writer(recorded / "history.sqlite")) as connection:
        HistoryWriter(connection, tags).write(block_of(0, [NOON + 5 * NS_PER_S], [70.0], status.UNCERTAIN))
    question = ("AC01.T_D", "--kind", "PercentBad", "--to", "2026-11-24T12:00:10Z", "--csv")
    for more, percent in (((), "10.0"), (("--use-uncertain",), "0.0")):
        assert asked(recorded, *question, *more) == 0
        assert capsys.readouterr().out.splitlines()[1].split(",")[2] == percent


def test_that_the_exit_code_tells_that_there_is_no_value(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = ("--from", "2026-11-24T10:00Z", "--to", "2026-11-24T11:00Z")
    assert asked(recorded, "AC01.T_D", "--kind", "Average", *before) == 1
    assert "BadNoData" in capsys.readouterr().out


def test_that_what_cannot_be_asked_is_refused_with_a_remedy(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    average = ("--kind", "Average")
    assert "AC01.TD: no tag of the plant huangdao; did you mean AC01.T_D" in refusal(
        capsys, recorded, "AC01.TD", *average
    )
    assert "Minimum" in refusal(capsys, recorded, "AC01.T_D", "--kind", "Mean")
    assert "yesterday: is no time" in refusal(capsys, recorded, "AC01.T_D", *average, "--from", "yesterday")
    assert "1 week: is no duration" in refusal(capsys, recorded, "AC01.T_D", *average, "--interval", "1 week")
    assert "before it begins" in refusal(capsys, recorded, "AC01.T_D", *average, "--to", "2026-11-24T11:00Z")
    assert "longer interval" in refusal(
        capsys, recorded, "AC01.T_D", *average, "--to", "2026-12-24T11:00Z", "--interval", "1ms"
    )
    assert "percentage" in refusal(capsys, recorded, "AC01.T_D", *average, "--percent-good", "120")


def test_that_a_plant_without_history_is_refused(plant: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "nothing is recorded there yet" in refusal(capsys, plant, "AC01.T_D", "--kind", "Average")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("500ms", 500 * NS_PER_MS),
        ("1.5s", 1_500 * NS_PER_MS),
        ("10s", 10 * NS_PER_S),
        ("1h30m", 5_400 * NS_PER_S),
        ("1d 2h", 93_600 * NS_PER_S),
        ("2w", 1_209_600 * NS_PER_S),
        ("15min", 900 * NS_PER_S),
    ],
)
def test_that_a_duration_is_read(text: str, expected: int) -> None:
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["", "5", "s", "0s", "-1s", "1y", "1h-3m", "1e3s", "9999999999d"])
def test_that_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(UsageFailure, match="is no duration"):
        duration(text)


def test_that_a_time_is_read_with_and_without_zone() -> None:
    assert instant("2026-11-24T12:00Z") == instant("2026-11-24T20:00:00+08:00") == NOON
    assert instant("2026-11-24T12:00:00.25Z") == NOON + 250 * NS_PER_MS
    assert instant("2026-11-24T12:00") == NOON
    local = datetime(2026, 11, 24, 12).astimezone()
    assert instant("2026-11-24T12:00", LOCAL) == from_datetime(local)


@pytest.mark.parametrize("text", ["", "12:00", "24.11.2026", "0001-01-01", "9999-12-31T00:00Z"])
def test_that_what_is_no_time_of_a_history_is_refused(text: str) -> None:
    with pytest.raises((UsageFailure, ExchangeError), match="time"):
        instant(text)


def test_that_every_aggregate_can_be_asked_for(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for kind in Aggregate:
        assert asked(recorded, "AC01.T_D", "--kind", kind, "--to", "2026-11-24T12:01Z") == 0
        assert kind in capsys.readouterr().out
