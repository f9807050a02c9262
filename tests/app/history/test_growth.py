"""What a file grows by, and what it holds, agrees with the file itself."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.database import PlantConnection, open_reader, open_writer
from app.history import contents as contents_module
from app.history.contents import file_bytes, read_contents
from app.history.growth import RAW, Growth, measure_growth
from app.history.layout import HOUR_NS
from app.history.retention import RetentionRules
from app.history.rollup import HOUR, MINUTE
from app.history.size_forecast import forecast_file
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.retention import KEEP_ALL, Retention
from tests.app.history.plant import tag

T0 = 472_224 * HOUR_NS
COUNT = 40
TAGS = [tag(handle) for handle in range(COUNT)]
EVER = RetentionRules(KEEP_ALL)


def record(connection: PlantConnection, hours: range, step: int) -> None:
    """Record a noisy sample of every tag each `step` seconds."""
    noise = np.random.default_rng(1)
    writer = HistoryWriter(connection, TAGS)
    for hour in hours:
        seconds = np.arange(hour * 3_600, (hour + 1) * 3_600, step)
        values = noise.normal(50.0, 1.0, (len(seconds), COUNT)).round(2)
        times = np.repeat(T0 + seconds * NS_PER_S + noise.integers(0, 2_000_000, len(seconds)), COUNT)
        writer.write(block_of(np.tile(np.arange(COUNT), len(seconds)), times, values.ravel()))


def settle(connection: PlantConnection) -> None:
    HistoryUpkeep(connection.path, lambda step: step(connection)).settle()


def growth_of(path: Path, rules: RetentionRules = EVER) -> Growth:
    with closing(open_reader(path)) as connection:
        return measure_growth(connection, rules)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two and a half days of 40 tags, each with a sample in four seconds."""
    path = tmp_path_factory.mktemp("growth") / "history.sqlite"
    with closing(open_writer(path)) as connection:
        record(connection, range(60), 4)
        settle(connection)
    return path


def test_that_the_growth_of_some_days_is_the_size_of_the_file(path: Path) -> None:
    growth = growth_of(path)
    with closing(open_reader(path)) as connection:
        used, _ = file_bytes(connection)
    per_day = sum(stream.bytes_per_day for stream in growth.streams)
    assert growth.hours == 60
    assert growth.samples_per_day == pytest.approx(COUNT * 86_400 / 4)
    assert per_day * 2.5 == pytest.approx(used, rel=0.15)


def test_that_the_parts_of_a_file_are_its_size(path: Path) -> None:
    with closing(open_reader(path)) as connection:
        found = read_contents(connection)
    parts = (found.journal, found.fresh, found.compacted, found.rollups)
    assert sum(part.bytes for part in parts) == pytest.approx(found.used_bytes, rel=0.15)
    assert found.samples == COUNT * 60 * 900
    assert (found.first_rollup_hour, len(found.tags), found.is_estimated) == (T0 // HOUR_NS, COUNT, False)


def test_that_a_part_of_a_large_file_speaks_for_all_of_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(open_reader(path)) as connection:
        whole = read_contents(connection)
        monkeypatch.setattr(contents_module, "_MOST_HOURS", 10)
        monkeypatch.setattr(contents_module, "_MOST_TAGS", 7)
        part = read_contents(connection)
    assert part.is_estimated
    assert part.samples == whole.samples
    assert part.compacted.bytes == pytest.approx(whole.compacted.bytes, rel=0.05)
    assert part.rollups.bytes == pytest.approx(whole.rollups.bytes, rel=0.05)


def test_that_each_form_of_storage_has_its_samples(tmp_path: Path) -> None:
    def samples(connection: PlantConnection) -> tuple[int, int, int]:
        found = read_contents(connection)
        return found.journal.samples, found.fresh.samples, found.compacted.samples

    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        upkeep = HistoryUpkeep(connection.path, lambda step: step(connection))
        record(connection, range(1), 60)
        assert samples(connection) == (COUNT * 60, 0, 0)
        upkeep.seal()
        assert samples(connection) == (0, COUNT * 60, 0)
        upkeep.settle()
        assert samples(connection) == (0, 0, COUNT * 60)


def test_that_tags_with_a_limit_of_their_own_are_a_stream_of_their_own(path: Path) -> None:
    rules = RetentionRules(Retention(10.0, 20.0, 0.0), {"T0": Retention(1.0, 20.0, 0.0)})
    found = {(stream.resolution, stream.limit_h): stream for stream in growth_of(path, rules).streams}
    assert set(found) == {(RAW, 24), (RAW, 240), (MINUTE.table, 480), (HOUR.table, None)}
    assert found[RAW, 24].bytes_per_day * 20 < found[RAW, 240].bytes_per_day
    assert (found[RAW, 24].rest_days, found[RAW, 240].rest_days, found[MINUTE.table, 480].rest_days) == (0, 7.5, 17.5)


def test_that_hours_without_samples_count_for_the_day(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        for day in range(4):
            record(connection, range(day * 24, day * 24 + 8), 60)
        settle(connection)
    growth = growth_of(tmp_path / "history.sqlite")
    assert growth.hours == 4 * 8
    assert growth.samples_per_day == pytest.approx(COUNT * 60 * 32 / (80 / 24))


def test_that_a_file_without_samples_has_no_growth_and_no_forecast(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        HistoryWriter(connection, TAGS)
        assert measure_growth(connection, EVER) == Growth((), 0, 0.0)
    assert forecast_file(tmp_path / "history.sqlite", EVER, room=1) is None


def test_that_a_full_disk_is_foreseen_from_the_file(path: Path) -> None:
    growth = growth_of(path)
    with closing(open_reader(path)) as connection:
        _, unused = file_bytes(connection)
    room = round(sum(stream.bytes_per_day for stream in growth.streams) * 10) - unused
    forecast = forecast_file(path, EVER, room=room)
    assert forecast is not None
    assert forecast.days_left == pytest.approx(10.0)
