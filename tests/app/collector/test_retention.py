"""A collector keeps the limits of its plant while it runs, and tells a disk that is nearly full."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.collector import upkeep_thread
from app.collector.service import Collector
from app.database import open_writer
from app.history.layout import HOUR_NS
from app.history.reader import HistoryReader
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import clock
from app.model.block import block_of
from app.model.collector import ProblemKind
from app.model.plant import Plant
from app.model.retention import Retention
from app.plant.folder import PlantFolder
from tests.app.collector.bench import small_plant, until

HOURS = 80


@pytest.fixture
def plant() -> Plant:
    """A plant that keeps samples for a day, those of its second tag for two."""
    plant = small_plant(1)
    tags = tuple(replace(tag, keep_days=2.0) if tag.handle == 1 else tag for tag in plant.tags)
    return replace(plant, tags=tags, retention=Retention(1.0, 0.0, 0.0))


@pytest.fixture
def folder(tmp_path: Path, plant: Plant) -> PlantFolder:
    """A folder with the last days of two tags, a sample each hour."""
    folder = PlantFolder(tmp_path)
    folder.run.mkdir()
    times = (clock.now_ns() // HOUR_NS - np.arange(HOURS, 0, -1)) * HOUR_NS
    with closing(open_writer(folder.history)) as connection:
        for handle in (0, 1):
            HistoryWriter(connection, plant.tags).write(block_of(handle, times, 1.0))
        HistoryUpkeep(folder.history, lambda step: step(connection)).settle()
    return folder


async def test_that_a_collector_keeps_the_limits_of_its_plant(
    folder: PlantFolder, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upkeep_thread, "FIRST_S", 0.0)
    collector = Collector(folder, plant)
    running = asyncio.create_task(collector.run())

    def oldest_h(handle: int) -> int:
        """Return the age of the first sample of a tag in hours."""
        hour = clock.now_ns() // HOUR_NS
        with HistoryReader(folder.history) as reader:
            return hour - int(reader.raw(f"P.T{handle}", 0, hour * HOUR_NS).time[0]) // HOUR_NS

    await until(lambda: oldest_h(0) in {24, 25} and oldest_h(1) in {48, 49})  # an hour may end meanwhile
    collector.stop()
    await running


async def test_that_each_problem_is_reported_with_its_kind_and_the_worst_one_first(
    folder: PlantFolder, plant: Plant
) -> None:
    collector = Collector(folder, plant)
    collector.stop()
    told = [collector._report()]
    collector._reports.problem = "reports cannot be planned"
    told.append(collector._report())
    collector._recorder.problem = "the file is damaged"
    told.append(collector._report())
    collector._disk_watch.problem = "disk nearly full"
    told.append(collector._report())
    assert [(each.problem_kind, each.problem) for each in told] == [
        (None, ""),
        (ProblemKind.REPORT, "reports cannot be planned"),
        (ProblemKind.HISTORY, "the file is damaged"),
        (ProblemKind.DISK, "the file is damaged"),
    ]
    await collector.run()


async def test_that_a_disk_that_is_nearly_full_is_reported(folder: PlantFolder, plant: Plant) -> None:
    collector = Collector(folder, plant)
    collector.stop()
    collector._disk_watch.problem = "disk nearly full: about 3 days left"
    report = collector._report()
    assert (report.problem_kind, report.problem) == (ProblemKind.DISK, "disk nearly full: about 3 days left")
    await collector.run()
