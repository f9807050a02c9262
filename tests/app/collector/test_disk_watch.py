"""A disk that is nearly full is told before the history fails, with how long it will last."""

from __future__ import annotations

import asyncio
import logging
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from app.collector.disk_watch import DiskWatch
from app.database import open_writer
from app.history.layout import HOUR_NS
from app.history.retention import RetentionRules
from app.history.size_forecast import SizeForecast
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model.block import block_of
from tests.app.collector.bench import until
from tests.app.history.plant import tag

GB = 10**9
RULES = RetentionRules()


@dataclass
class Disk:
    """A disk whose room a test sets."""

    total: int = 100 * GB
    free: int = 50 * GB

    def __call__(self, path: Path) -> Disk:
        return self


def foreseen(days: float | None) -> SizeForecast:
    return SizeForecast(1.0, 0.0, 1.0, 1.0, days, 200)


def watch_of(path: Path, disk: Disk) -> DiskWatch:
    return DiskWatch(path / "history.sqlite", RULES, room=disk)


def test_that_a_disk_with_room_is_no_problem(tmp_path: Path) -> None:
    watch = watch_of(tmp_path, Disk())
    assert not watch.look()
    assert watch.problem == ""


def test_that_less_than_a_gigabyte_is_told_at_once_and_with_the_days_when_they_are_known(tmp_path: Path) -> None:
    watch = watch_of(tmp_path, Disk(total=10 * GB, free=GB // 2))
    assert watch.look()
    assert "disk nearly full: 0.5 GB free" in watch.problem
    watch.foresee(foreseen(3.2))
    assert "disk nearly full: 0.5 GB free, about 3 days left: free some space" in watch.problem
    assert not watch.look()


def test_that_a_twentieth_of_the_disk_is_told_where_it_does_not_last(tmp_path: Path) -> None:
    watch = watch_of(tmp_path, Disk(free=4 * GB))
    assert watch.look()
    assert watch.problem == ""
    watch.foresee(foreseen(20.0))
    assert "4.0 GB free, about 20 days left" in watch.problem
    watch.foresee(None)
    assert "too little history to say for how long" in watch.problem


@pytest.mark.parametrize("days", [None, 400.0])
def test_that_a_twentieth_of_a_large_disk_that_lasts_for_years_is_no_problem(tmp_path: Path, days: float) -> None:
    disk = Disk(total=2_000 * GB, free=90 * GB)
    watch = watch_of(tmp_path, disk)
    watch.look()
    watch.foresee(foreseen(days))
    assert watch.problem == ""
    disk.free = GB // 4
    watch.look()
    assert "0.2 GB free" in watch.problem


def test_that_a_problem_is_logged_once_and_ends_with_some_room_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    disk = Disk(total=10 * GB, free=GB)
    watch = watch_of(tmp_path, disk)
    problems = []
    for free in (1.00, 1.05, 1.0, 1.15, 1.3):
        disk.free = round(free * GB) - 1
        watch.look()
        problems.append(bool(watch.problem))
    assert problems == [True, True, True, False, False]
    assert [record.message.split()[0] for record in caplog.records] == ["disk.nearly_full", "disk.recovered"]


def test_that_a_disk_that_cannot_be_asked_is_logged_and_no_problem(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watch = DiskWatch(tmp_path / "nowhere" / "history.sqlite", RULES)
    assert not watch.look()
    assert watch.problem == ""
    assert "disk.unknown" in caplog.text


def test_that_a_history_that_cannot_be_read_gives_no_forecast(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_text("this is no database", encoding="utf-8")
    assert watch_of(tmp_path, Disk()).forecast() is None


async def test_that_the_days_left_are_read_from_the_file(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        times = 472_224 * HOUR_NS + np.arange(0, 72 * 60) * HOUR_NS // 60
        HistoryWriter(connection, [tag(0)]).write(block_of(0, times, np.arange(len(times)) * 0.1))
        HistoryUpkeep(connection.path, lambda step: step(connection)).settle()
    watch = watch_of(tmp_path, Disk(total=10 * GB, free=100_000))
    running = asyncio.create_task(watch.run())
    await until(lambda: " left:" in watch.problem)
    running.cancel()
    assert "disk nearly full: 0.0 GB free, about" in watch.problem
