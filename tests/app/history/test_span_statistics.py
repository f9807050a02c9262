"""The numbers between two cursors are those of the samples, whatever the length of the span."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.database import open_writer
from app.history.reader import HistoryReader
from app.history.span_statistics import read_statistics
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition
from app.model.text import LocalText

T0 = 1_700_000_000 * NS_PER_S
DAY = 86_400


def stored(
    folder: Path,
    seconds: NDArray[np.float64],
    values: NDArray[np.float64],
    codes: NDArray[np.uint32] | int = status.GOOD,
) -> HistoryReader:
    path = folder / "history.sqlite"
    connection = open_writer(path)
    tag = TagDefinition(0, "T", "E", LocalText("T"), "c", "a")
    times = T0 + (seconds * NS_PER_S).astype(np.int64)
    HistoryWriter(connection, [tag]).write(block_of(0, times, values, codes))
    connection.close()
    return HistoryReader(path)


def test_that_all_samples_of_three_days_count_as_in_one_piece(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    seconds = np.arange(0, 3 * DAY, 30.0)
    values = 50 + rng.normal(size=len(seconds)).cumsum() / 10
    values[5_000] = 999.0
    with stored(tmp_path, seconds, values) as reader:
        found = read_statistics(reader, "T", T0, T0 + 3 * DAY * NS_PER_S)
    assert (found.minimum, found.maximum) == (values.min(), 999.0)
    assert found.mean == pytest.approx(values.mean(), rel=1e-12)
    assert found.deviation == pytest.approx(values.std(ddof=1), rel=1e-9)
    assert (found.good, found.uncertain, found.bad) == (len(values), 0, 0)
    assert found.first == values[0]


def test_that_the_time_weighted_mean_is_not_that_of_the_samples(tmp_path: Path) -> None:
    seconds = np.array([0.0, 90.0, 91.0, 92.0, 100.0, 110.0])
    values = np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    with stored(tmp_path, seconds, values) as reader:
        found = read_statistics(reader, "T", T0, T0 + 100 * NS_PER_S, is_stepped=True)
    assert found.mean == pytest.approx(0.25)
    assert found.time_mean == pytest.approx(0.9)
    assert found.on_s == pytest.approx(90.0)
    assert found.delta == -1.0


def test_that_bad_and_uncertain_samples_are_counted_and_left_out_of_the_mean(tmp_path: Path) -> None:
    seconds = np.arange(0.0, 60.0, 10.0)
    values = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    codes = np.array([status.GOOD, status.BAD, status.GOOD, status.UNCERTAIN, status.GOOD, status.GOOD], np.uint32)
    with stored(tmp_path, seconds, values, codes) as reader:
        found = read_statistics(reader, "T", T0, T0 + 55 * NS_PER_S)
    assert (found.good, found.uncertain, found.bad) == (4, 1, 1)
    assert found.mean == pytest.approx((1 + 3 + 5 + 6) / 4)
    assert found.bad_s > 0


def test_that_a_tag_without_samples_has_no_numbers(tmp_path: Path) -> None:
    with stored(tmp_path, np.array([0.0]), np.array([1.0])) as reader:
        found = read_statistics(reader, "other", T0, T0 + NS_PER_S)
    assert np.isnan([found.minimum, found.maximum, found.mean, found.time_mean, found.delta]).all()
    assert found.good == found.bad == 0


def test_that_an_empty_span_is_refused(tmp_path: Path) -> None:
    with (
        stored(tmp_path, np.array([0.0]), np.array([1.0])) as reader,
        pytest.raises(ValueError, match="not after the start"),
    ):
        read_statistics(reader, "T", T0, T0)


def test_that_the_last_value_holds_while_other_tags_of_the_plant_are_stored(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    tags = [TagDefinition(handle, name, "E", LocalText(name), "c", "a") for handle, name in enumerate("TU")]
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, tags)
        writer.write(block_of(0, T0 + np.array([0, 30 * 3_600]) * NS_PER_S, [1.0, 0.0], status.GOOD))
        writer.write(block_of(1, np.array([T0 + 60 * 3_600 * NS_PER_S]), [5.0], status.GOOD))
    with HistoryReader(path) as reader:
        whole = read_statistics(reader, "T", T0, T0 + 96 * 3_600 * NS_PER_S, is_stepped=True)
        silent = read_statistics(reader, "T", T0 + 3_600 * NS_PER_S, T0 + 7_200 * NS_PER_S, is_stepped=True)
    assert whole.time_mean == pytest.approx(0.5), "on for 30 of the 60 h that are known, whatever was asked for"
    assert whole.on_s == pytest.approx(30 * 3_600)
    assert (silent.first, silent.last, silent.bad_s) == (1.0, 1.0, 0.0)
    assert silent.on_s == pytest.approx(3_600)
