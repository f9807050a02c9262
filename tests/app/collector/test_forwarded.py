"""What an edge node had stored while it was cut off comes into the history, and moves neither displays nor alarms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from app import database
from app.alarm.journal import page
from app.history.reader import HistoryReader
from app.model import clock, status
from app.model.alarm import AlarmDefinition, ConditionKind, Priority
from app.model.connection import ConnectionDefinition
from app.model.equipment import Equipment
from app.model.exact import DataType
from app.model.plant import Plant
from app.model.tag import TagDefinition
from app.model.text import LocalText
from app.plant.folder import PlantFolder
from app.pubsub.live import LiveSubscriber
from drivers.sparkplug.payload import Metric, MetricType
from tests.app.collector.bench import until
from tests.app.collector.writing import collecting, made_folder
from tests.drivers.sparkplug.broker_process import mosquitto
from tests.drivers.sparkplug.edge import Edge

COUNT = 2_000


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with mosquitto(tmp_path) as number:
        yield number


def _plant(port: int) -> Plant:
    pump = "Plant1/Edge1/Pump1"
    total = TagDefinition(1, "P.N", "P", LocalText("N"), "edge", f"{pump}:Total", data_type=DataType.INT64)
    return Plant(
        id="forwarded",
        name=LocalText("Forwarded"),
        equipment=(Equipment("P", LocalText("Pump")),),
        connections=(ConnectionDefinition("edge", "sparkplug", f"sparkplug://127.0.0.1:{port}/Plant1"),),
        tags=(TagDefinition(0, "P.S", "P", LocalText("S"), "edge", f"{pump}:Speed"), total),
        alarms=(AlarmDefinition("P.S.H", "P.S", ConditionKind.HIGH, 50.0, Priority.HIGH, LocalText("S high")),),
    )


async def _edge(port: int, bd_seq: int) -> Edge:
    edge = Edge(port, bd_seq=bd_seq)
    edge.offer(Metric("Speed", 10.0, MetricType.DOUBLE), Metric("Total", 2**60, MetricType.INT64))
    await edge.start()
    return edge


def _live(folder: PlantFolder) -> tuple[float, int]:
    """Return value and StatusCode that are shown of P.S."""
    with LiveSubscriber(folder.live) as live:
        latest = live.latest()
        return float(latest.value[0]), int(latest.status[0])


def _alarms(folder: PlantFolder) -> list[str]:
    with closing(database.open_reader(folder.history)) as connection:
        return [entry.record.alarm for entry in page(connection) if entry.record.tag == "P.S"]


async def test_that_what_was_stored_is_recorded_and_shown_as_past_alone(tmp_path: Path, port: int) -> None:
    began = clock.now_ns() // clock.NS_PER_MS * clock.NS_PER_MS - 3_600 * clock.NS_PER_S
    times = [began + number * clock.NS_PER_S for number in range(COUNT)]
    edge = await _edge(port, 0)
    plant = _plant(port)
    folder = made_folder(tmp_path, plant)
    async with collecting(folder, plant):
        await until(lambda: _live(folder)[0] == 10.0)
        await edge.die()
        await until(lambda: _live(folder)[1] >= status.BAD)
        again = await _edge(port, 1)
        await until(lambda: _live(folder)[0] == 10.0)
        shown: set[float] = set()
        for first in range(0, COUNT, 100):
            rows = range(first, first + 100)
            speed = Metric("Speed", 0.0, MetricType.DOUBLE, is_historical=True)
            total = Metric("Total", 0, MetricType.INT64, is_historical=True)
            await again.send("DDATA", [replace(speed, value=100.0 + row, time=times[row]) for row in rows])
            await again.send("DDATA", [replace(total, value=2**60 + row, time=times[row]) for row in rows])
            shown.add(_live(folder)[0])
        await again.tell({"Speed": 11.0})
        await until(lambda: _live(folder)[0] == 11.0)

        def is_whole() -> bool:
            with HistoryReader(folder.history) as reader:
                return len(reader.raw("P.N", began, began + COUNT * clock.NS_PER_S)) == COUNT

        await until(is_whole)
        await again.stop()
    with HistoryReader(folder.history) as reader:
        series = reader.raw("P.S", began, began + COUNT * clock.NS_PER_S)
        exact = reader.exact("P.N", began, began + COUNT * clock.NS_PER_S)
        now = reader.latest()["P.S"]
    assert series.time.tolist() == times
    assert series.value.tolist() == [100.0 + row for row in range(COUNT)]
    assert exact.value.tolist() == [2**60 + row for row in range(COUNT)]
    assert shown == {10.0}
    assert now.source_time > times[-1]
    assert _alarms(folder) == []
