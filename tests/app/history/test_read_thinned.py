"""Where samples are no longer kept, minutes stand for them; where minutes are not either, hours do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from app.database import PlantConnection, open_reader, open_writer
from app.history.layout import HOUR_NS
from app.history.reader import HistoryReader
from app.history.retention import RetentionRules, retention_steps
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.retention import Retention
from tests.app.history.plant import tag

T0 = 472_224 * HOUR_NS
DAYS = 6
DAY_NS = 24 * HOUR_NS
NOW = T0 + DAYS * DAY_NS
MINUTE_NS = 60 * NS_PER_S
SECONDS = np.arange(0, DAYS * 86_400, 5)
VALUES = np.sin(SECONDS / 3_000.0) * 100.0
TIMES = T0 + SECONDS * NS_PER_S


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history of six days: samples of the last one, minutes of the last three, hours of all."""
    path = tmp_path_factory.mktemp("thinned") / "history.sqlite"
    with closing(open_writer(path)) as connection:
        HistoryWriter(connection, [tag(0)]).write(block_of(0, TIMES, VALUES))
        HistoryUpkeep(path, lambda step: step(connection)).settle()
        thin(connection)
    return path


def thin(connection: PlantConnection) -> None:
    with closing(open_reader(connection.path)) as reading:
        for step in retention_steps(reading, RetentionRules(Retention(1.0, 3.0, 0.0)), NOW):
            step(connection)


@pytest.fixture
def reader(path: Path) -> Iterator[HistoryReader]:
    with HistoryReader(path) as reader:
        yield reader


def extremes(start: int, end: int) -> tuple[float, float, int]:
    """Return minimum, maximum and number of what was recorded with start <= time < end."""
    inside = VALUES[(start <= TIMES) & (end > TIMES)]
    return float(inside.min()), float(inside.max()), len(inside)


def test_that_raw_has_no_samples_where_none_are_kept(reader: HistoryReader) -> None:
    assert reader.raw("T0", T0, NOW).time.tolist() == TIMES[TIMES >= NOW - DAY_NS].tolist()
    assert len(reader.raw("T0", T0, NOW - DAY_NS)) == 0
    assert len(reader.raw("T0", T0, NOW - DAY_NS, limit=1)) == 0
    assert reader.bound("T0", NOW - DAY_NS) is None


def test_that_a_fine_view_of_gone_samples_has_their_minutes(reader: HistoryReader) -> None:
    start, end = NOW - 2 * DAY_NS, NOW - 2 * DAY_NS + HOUR_NS
    found = reader.envelope(["T0"], start, end, 360)["T0"]
    assert (found.width, found.longest) == (10 * NS_PER_S, MINUTE_NS)
    assert found.time.tolist() == list(range(start, end, MINUTE_NS))
    for row, begin in enumerate(found.time.tolist()):
        assert (found.minimum[row], found.maximum[row], found.count[row]) == extremes(begin, begin + MINUTE_NS)


def test_that_a_minute_lies_in_the_bucket_in_which_it_begins(reader: HistoryReader) -> None:
    start = NOW - 2 * DAY_NS + 130 * NS_PER_S
    found = reader.envelope(["T0"], start, start + 70 * NS_PER_S, 10)["T0"]
    width = 7 * NS_PER_S
    begins = [NOW - 2 * DAY_NS + minute * MINUTE_NS for minute in (2, 3)]
    assert found.width == width
    assert found.time.tolist() == [begin // width * width for begin in begins]
    assert (found.minimum[0], found.maximum[0], found.count[0]) == extremes(begins[0], begins[0] + MINUTE_NS)


@pytest.mark.parametrize("buckets", [DAY_NS // MINUTE_NS // 3, DAY_NS // NS_PER_S])
def test_that_a_view_of_gone_minutes_has_their_hours(reader: HistoryReader, buckets: int) -> None:
    start = T0 + 90 * MINUTE_NS
    found = reader.envelope(["T0"], start, start + DAY_NS // 3, buckets)["T0"]
    assert found.longest == HOUR_NS
    hours = list(range(T0 + HOUR_NS, start + DAY_NS // 3, HOUR_NS))
    assert found.time.tolist() == [hour // found.width * found.width for hour in hours]
    for row, hour in enumerate(hours):
        assert (found.minimum[row], found.maximum[row], found.count[row]) == extremes(hour, hour + HOUR_NS)


@pytest.mark.parametrize("buckets", [50_000, 2_000, 100, 3])
def test_that_one_view_of_all_has_every_extreme_and_counts_each_sample_once(
    reader: HistoryReader, buckets: int
) -> None:
    found = reader.envelope(["T0"], T0, NOW, buckets)["T0"]
    assert (found.minimum.min(), found.maximum.max(), found.count.sum()) == extremes(T0, NOW)
    assert (np.diff(found.time) > 0).all()
    assert (found.time % found.width == 0).all()


def test_that_a_view_from_samples_alone_has_what_is_left_of_them(reader: HistoryReader) -> None:
    found = reader.envelope(["T0"], T0, NOW, 100, is_from_samples=True)["T0"]
    assert (found.minimum.min(), found.maximum.max(), found.count.sum()) == extremes(T0, NOW)


def test_that_the_plant_at_a_past_instant_is_that_of_the_last_key_frame(reader: HistoryReader) -> None:
    at = T0 + 10 * HOUR_NS + HOUR_NS // 2
    shown = reader.snapshot(at)["T0"]
    assert shown.source_time == T0 + 10 * HOUR_NS - 5 * NS_PER_S
    assert shown.value == VALUES[np.searchsorted(TIMES, shown.source_time)]


def test_that_late_samples_and_what_is_left_are_seen_together(tmp_path: Path) -> None:
    with closing(open_writer(tmp_path / "history.sqlite")) as connection:
        HistoryWriter(connection, [tag(0)]).write(block_of(0, TIMES, VALUES))
        HistoryUpkeep(connection.path, lambda step: step(connection)).settle()
        thin(connection)
        writer = HistoryWriter(connection, [tag(0)])
        late = [T0 + 61 * NS_PER_S, NOW - 2 * DAY_NS + 61 * NS_PER_S]
        writer.write(block_of(0, late, 500.0))
        with HistoryReader(connection.path) as reader:
            for buckets in (50_000, DAYS * 1_440, 100):
                found = reader.envelope(["T0"], T0, NOW, buckets)["T0"]
                assert found.count.sum() == len(TIMES) + 2
                assert found.time[found.maximum == 500.0].tolist() == [
                    time // found.width * found.width for time in late
                ]
