"""Recordings of real machines, replayed as a stream; no setting was chosen on them."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from app.model.block import block_of
from app.model.clock import from_datetime
from app.model.forecast import Health
from app.prediction.foresight import Foresight
from tests.app.prediction.plants import Array, plant_of, tag

MACHINE = "realKnownCause/machine_temperature_system_failure.csv"


def read(path: Path, columns: Sequence[str], *, delimiter: str = ",") -> tuple[list[int], Array]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    first = next(iter(rows[0]))
    times = [from_datetime(datetime.fromisoformat(entry[first]).replace(tzinfo=UTC)) for entry in rows]
    return times, np.array([[float(entry[column]) for column in columns] for entry in rows])


def healths(times: list[int], values: Array, *, scan_ms: int) -> Iterator[Health]:
    """Return the health after every sample."""
    tags = [replace(tag(place), scan_ms=scan_ms) for place in range(values.shape[1])]
    foresight = Foresight(plant_of(tags, time_scale=1.0))
    for time, row in zip(times, values, strict=True):
        foresight.update(block_of(np.arange(len(row)), time, row))
        foresight.results(time)
        yield foresight._models[0].health(time)


def test_that_the_last_failure_of_a_real_machine_shows_and_its_healthy_months_do_not(recorded_data: Path) -> None:
    path, labels = recorded_data / "nab" / "data" / MACHINE, recorded_data / "nab" / "labels" / "combined_windows.json"
    if not path.is_file() or not labels.is_file():
        pytest.skip(f"not run: {path} is absent")
    times, values = read(path, ["value"])
    windows = [
        tuple(from_datetime(datetime.fromisoformat(edge).replace(tzinfo=UTC)) for edge in window)
        for window in json.loads(labels.read_text(encoding="utf-8"))[MACHINE]
    ]
    told = np.array([found.health for found in healths(times, values, scan_ms=300_000)])
    instants = np.array(times)
    inside = [(instants >= begin) & (instants <= end) for begin, end in windows]
    outside = ~np.any(inside, axis=0) & ~np.isnan(told)
    assert np.nanmin(told[inside[-1]]) < 50.0
    assert np.mean(outside) > 0.8
    assert np.mean(told[outside] < 50.0) < 0.01
    assert np.mean(told[outside] < 70.0) < 0.02


@pytest.mark.parametrize("name", ["0.csv", "1.csv", "3.csv"])
def test_that_a_closing_valve_on_a_real_pump_rig_is_noticed_and_nothing_before_it(
    recorded_data: Path, name: str
) -> None:
    path = recorded_data / "skab" / "data" / "valve2" / name
    if not path.is_file():
        pytest.skip(f"not run: {path} is absent")
    with path.open(encoding="utf-8") as file:
        columns = file.readline().strip().split(";")[1:-2]
    times, values = read(path, columns, delimiter=";")
    _, labels = read(path, ["anomaly"], delimiter=";")
    begin, end = np.flatnonzero(labels[:, 0] > 0)[[0, -1]]
    told = np.array([found.health for found in healths(times, values, scan_ms=1_000)])
    assert not np.isnan(told[begin])
    assert not np.any(told[:begin] < 70.0)
    assert np.any(told[begin : end + 1] < 70.0)
