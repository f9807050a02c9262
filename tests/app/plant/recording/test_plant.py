"""The plant of a recording: tags for both servers, alarms and forecasts that a plant file accepts."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.alarm.evaluation import AlarmEvaluation
from app.model.alarm import AlarmRecord, AlarmState, ConditionKind, Priority
from app.model.block import block_of
from app.model.clock import NS_PER_S, from_datetime
from app.model.plant import Plant
from app.model.tag import TagKind
from app.plant.file import examine_plant
from app.plant.recording.column_name import ColumnName, column_name
from app.plant.recording.plant import Endpoints, Through, plant_of_recording
from app.plant.recording.signal import recording_name, signals_of
from app.plant.writer import write_plant
from drivers.replay.reader import read_recording
from drivers.replay.recording import Reading, Recording

ENDPOINTS = Endpoints("opc.tcp://127.0.0.1:4840", "modbus://127.0.0.1:1502", "urn:foreshift:replay")


def recording_of(columns: dict[str, NDArray[np.float64]], path: Path = Path("line/press.csv")) -> Recording:
    values = np.column_stack(list(columns.values()))
    time = np.arange(len(values)) * NS_PER_S
    return Recording(path, tuple(columns), time, values, Reading("utf-8", "comma", "t", "year-month-day"))


def plant_of(recording: Recording, *, speed: float = 10.0, through: Through = Through.BOTH) -> Plant:
    return plant_of_recording(recording, signals_of(recording, speed=speed), ENDPOINTS, speed=speed, through=through)


@pytest.fixture
def recording() -> Recording:
    random = np.random.default_rng(1)
    oil = 60 + random.normal(0, 1, 2_000)
    oil[1_500:] += 20
    return recording_of(
        {"Oil [°C]": oil, "running": np.repeat([1.0, 0.0], 1_000), "a b": random.normal(0, 1, 2_000), "a/b": oil}
    )


def test_that_the_plant_file_of_a_recording_has_no_problems(tmp_path: Path, recording: Recording) -> None:
    for through in Through:
        write_plant(tmp_path / "plant.toml", plant_of(recording, through=through))
        assert examine_plant(tmp_path / "plant.toml", drivers=("modbus", "opcua")).problems == ()


def test_that_a_signal_that_stands_still_at_first_has_no_normal_band(tmp_path: Path) -> None:
    count = np.repeat(399.0, 2_000)
    count[1_000:] += np.arange(1_000) / 7
    plant = plant_of(recording_of({"starts": count}), through=Through.OPCUA)
    assert np.isnan([plant.tags[0].normal_low, plant.tags[0].normal_high]).all()
    write_plant(tmp_path / "plant.toml", plant)
    assert examine_plant(tmp_path / "plant.toml", drivers=("modbus", "opcua")).problems == ()


def test_that_each_signal_is_a_tag_of_each_server(recording: Recording) -> None:
    plant = plant_of(recording)
    assert [tag.name for tag in plant.tags] == [
        *("press.Oil", "press.running", "press.a_b", "press.a_b_2"),
        *("press_MB.Oil", "press_MB.running", "press_MB.a_b", "press_MB.a_b_2"),
    ]
    assert plant.tags[3].address == "nsu=urn:foreshift:replay;s=a_b_2"
    assert plant.tags[7].address == "HR6:F32"
    assert [connection.url for connection in plant.connections] == [
        "opc.tcp://127.0.0.1:4840",
        "modbus://127.0.0.1:1502?unit=1",
    ]


def test_that_one_server_can_be_chosen(recording: Recording) -> None:
    plant = plant_of(recording, through=Through.MODBUS)
    assert [tag.name for tag in plant.tags][:2] == ["press.Oil", "press.running"]
    assert {tag.connection for tag in plant.tags} == {"modbus"}
    assert {alarm.tag for alarm in plant.alarms} >= {"press.Oil"}


def test_that_nothing_is_watched_twice(recording: Recording) -> None:
    plant = plant_of(recording)
    assert not any(alarm.tag.startswith("press_MB") for alarm in plant.alarms)
    assert not any(forecast.tag.startswith("press_MB") for forecast in plant.forecasts)


def test_that_headings_give_titles_and_units(recording: Recording) -> None:
    oil, running, *_ = plant_of(recording).tags
    assert (oil.title.en, oil.unit, oil.kind) == ("Oil", "Cel", TagKind.ANALOG)
    assert (running.title.en, running.kind, running.high) == ("running", TagKind.DISCRETE, 1)


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Temp [°C]", ColumnName("Temp", "Cel")),
        ("压力（MPa）", ColumnName("压力", "MPa")),
        ("Flow (m3/h)", ColumnName("Flow", "m3/h")),
        ("Speed [furlong]", ColumnName("Speed [furlong]")),
        ("[bar]", ColumnName("[bar]")),
        ("plain", ColumnName("plain")),
    ],
)
def test_that_a_unit_is_taken_from_brackets_where_it_is_known(heading: str, expected: ColumnName) -> None:
    assert column_name(heading) == expected


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("data/press.csv", "press"),
        ("valve2/0.csv", "valve2-0"),
        ("a/机器 1.csv", "机器_1"),
        ("x/2020-03.csv", "x-2020-03"),
    ],
)
def test_that_a_recording_is_named_by_its_file(path: str, name: str) -> None:
    assert recording_name(Path(path)) == name


def test_that_a_heading_that_says_nothing_takes_the_name_of_the_file() -> None:
    plant = plant_of(recording_of({"value": np.arange(100.0)}, Path("oil_temperature.csv")))
    assert plant.tags[0].title.en == "Oil temperature"


def test_that_a_recording_is_told_in_words_and_its_only_signal_not_named_twice() -> None:
    oil = np.random.default_rng(1).normal(60.0, 1.0, 2_000)
    oil[1_000:1_500] += 20.0
    oil[1_500:] -= 20.0
    plant = plant_of(recording_of({"value": oil}, Path("oil_temperature.csv")))
    assert [equipment.name.en for equipment in plant.equipment] == ["Oil temperature", "Oil temperature (Modbus)"]
    assert (plant.name.en, plant.name.zh) == ("Replay: Oil temperature", "回放：Oil temperature")
    assert {forecast.cause.en for forecast in plant.forecasts} == {
        "Rises out of its normal band",
        "Falls out of its normal band",
    }
    two = plant_of(recording_of({"oil": oil, "air": oil}))
    assert "oil rises out of its band" in {forecast.cause.en for forecast in two.forecasts}


@pytest.mark.parametrize(("speed", "queue", "scan"), [(1.0, None, 500), (10.0, 20, 100), (400.0, 800, 20)])
def test_that_the_rows_of_a_burst_fit_into_the_queue_of_opc_ua(
    recording: Recording, speed: float, queue: int | None, scan: int
) -> None:
    plant = plant_of(recording, speed=speed)
    assert plant.connections[0].options.get("queue_size") == queue
    assert plant.tags[0].scan_ms == scan
    assert plant.tags[4].scan_ms == max(scan, 50)


def test_that_delays_run_in_wall_clock_and_windows_in_recorded_time(recording: Recording) -> None:
    plant = plant_of(recording, speed=10)
    high = next(alarm for alarm in plant.alarms if alarm.id == "press.Oil.H")
    assert (high.on_delay_s, high.off_delay_s, high.priority) == (0.3, 0.5, Priority.MEDIUM)
    assert plant.time_scale == 10
    forecast = next(forecast for forecast in plant.forecasts if forecast.id == "press.Oil.high")
    assert forecast.limit == high.limit
    assert forecast.window_h == pytest.approx(1_999 / 3600 / 12, rel=0.01)


def test_that_rates_grow_with_the_speed(recording: Recording) -> None:
    rates = {
        speed: next(alarm.limit for alarm in plant_of(recording, speed=speed).alarms if alarm.id == "press.Oil.UP")
        for speed in (2.0, 4.0)
    }
    slow, fast = (signals_of(recording, speed=speed)[0].proposal.baseline for speed in rates)
    assert slow is not None
    assert fast is not None
    assert rates[4.0] / rates[2.0] == pytest.approx(2 * fast.steepest / slow.steepest, rel=0.02)


def alarms_raised(plant: Plant, recording: Recording) -> list[AlarmRecord]:
    """Return the alarms of the OPC UA tags as they begin when the whole recording passes, at recorded times."""
    evaluation = AlarmEvaluation(plant.tags, plant.alarms)
    columns = len(recording.columns)
    changes: list[AlarmRecord] = []
    for time, row in zip(recording.time, recording.values, strict=True):
        changes += evaluation.evaluate(block_of(np.arange(columns), time, row))
    return [
        change
        for change in changes
        if change.state in {AlarmState.UNACKNOWLEDGED, AlarmState.ACKNOWLEDGED}
        and change.condition is not ConditionKind.RATE
    ]


def test_that_the_machine_failure_is_alarmed_and_nothing_else(recorded_data: Path) -> None:
    name = "realKnownCause/machine_temperature_system_failure.csv"
    recording = read_recording(recorded_data / "nab/data" / name)
    windows = json.loads((recorded_data / "nab/labels/combined_windows.json").read_text(encoding="utf-8"))[name]
    bounds = [[from_datetime(datetime.fromisoformat(edge).replace(tzinfo=UTC)) for edge in pair] for pair in windows]
    raised = [change.raised for change in alarms_raised(plant_of(recording, speed=1.0), recording)]
    inside = {number for at in raised for number, (begin, end) in enumerate(bounds) if begin <= at <= end}
    assert all(any(begin <= at <= end for begin, end in bounds) for at in raised)
    assert {1, 3} <= inside, "the shutdown of December and the failure of February"
    assert len(raised) < 20


def test_that_a_closed_valve_is_alarmed_in_the_flow(recorded_data: Path) -> None:
    path = recorded_data / "skab/data/valve2/1.csv"
    recording = read_recording(path)
    labels = read_recording(path, label_columns=())
    is_anomaly = labels.values[:, labels.columns.index("anomaly")] > 0
    raised = [
        change.raised
        for change in alarms_raised(plant_of(recording, speed=1.0), recording)
        if change.tag.endswith("Flow_RateRMS")
    ]
    assert raised
    assert all(is_anomaly[np.searchsorted(recording.time, at)] for at in raised)
