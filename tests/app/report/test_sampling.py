"""The figures of a report are those of a calculation that shares no code with it."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.database import open_writer
from app.history.aggregate.kind import Aggregate
from app.history.aggregate_read import read_aggregate
from app.history.gap import Gap, record_gaps
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from app.report.sampling import Sampling

T0 = 1_764_050_400 * NS_PER_S
TAG = TagDefinition(0, "T", "E", LocalText("T"), "c", "a", unit="bar", decimals=2)
RUN = replace(TAG, name="R", handle=1, kind=TagKind.DISCRETE)
COUNT = replace(TAG, name="C", handle=2, kind=TagKind.COUNTER, unit="kW.h", width_bits=16)

Samples = list[tuple[float, float, int]]
"""Seconds after T0, value and StatusCode."""


def at(seconds: float) -> int:
    return T0 + round(seconds * NS_PER_S)


def stored(folder: Path, samples: dict[TagDefinition, Samples], gaps: tuple[Gap, ...] = ()) -> HistoryReader:
    path = folder / "history.sqlite"
    connection = open_writer(path)
    writer = HistoryWriter(connection, [TAG, RUN, COUNT])
    for tag, rows in samples.items():
        seconds, values, codes = zip(*rows, strict=True)
        times = np.array([at(second) for second in seconds], np.int64)
        writer.write(block_of(tag.handle, times, np.array(values), np.array(codes, np.uint32)))
    record_gaps(connection, gaps)
    connection.close()
    return HistoryReader(path)


def walk(rows: Samples, start: int, end: int, *, is_sloped: bool) -> list[tuple[float, float]]:
    """Return value and seconds of each tenth of a second of the stretch in which the value is good, by plain search."""
    found = []
    for tenth in range(start * 10, end * 10):
        moment = tenth / 10 + 0.05
        before = [row for row in rows if row[0] <= moment]
        behind = [row for row in rows if row[0] > moment]
        if not before or before[-1][2] != status.GOOD:
            continue
        (second, value, _), following = before[-1], behind[0] if behind else None
        if is_sloped and following is not None and following[2] == status.GOOD:
            value += (following[1] - value) * (moment - second) / (following[0] - second)
        if following is not None:
            found.append((value, 0.1))
    return found


@pytest.fixture(scope="module")
def measured() -> Samples:
    rng = np.random.default_rng(7)
    seconds = np.sort(rng.choice(np.arange(0, 3_000), 240, replace=False)) / 5
    values = np.round(6 + rng.normal(size=240).cumsum() / 8, 3)
    codes = np.where(rng.random(240) < 0.1, status.BAD_NO_COMMUNICATION, status.GOOD)
    return list(zip(seconds.tolist(), values.tolist(), codes.tolist(), strict=True))


def test_that_a_measured_value_is_told_as_a_walk_along_its_line_finds_it(tmp_path: Path, measured: Samples) -> None:
    start, end, low, high = 100, 500, 5.0, 5.6
    with stored(tmp_path, {TAG: measured}) as reader:
        found = Sampling.of(reader, at(start), at(end)).key_value(TAG, low, high)
        mean = read_aggregate(reader, ["T"], Aggregate.TIME_AVERAGE_2, at(start), at(end), 0)["T"].value[0]
    walked = walk(measured, start, end, is_sloped=True)
    known = sum(length for _, length in walked)
    assert found.good == pytest.approx(known / (end - start), abs=1e-9)
    assert found.mean == pytest.approx(sum(value * length for value, length in walked) / known, rel=1e-4)
    assert found.mean == pytest.approx(mean, rel=1e-9)
    assert found.minimum == pytest.approx(min(value for value, _ in walked), abs=0.05)
    assert found.maximum == pytest.approx(max(value for value, _ in walked), abs=0.05)
    assert found.below_s == pytest.approx(sum(length for value, length in walked if value < low), abs=2.0)
    assert found.above_s == pytest.approx(sum(length for value, length in walked if value > high), abs=2.0)
    assert found.below_s
    assert found.above_s


def test_that_a_value_on_its_limit_is_within_it_and_a_line_across_it_counts_from_where_it_crosses(
    tmp_path: Path,
) -> None:
    rows = [(0.0, 5.0, status.GOOD), (10.0, 5.0, status.GOOD), (20.0, 7.0, status.GOOD), (30.0, 7.0, status.GOOD)]
    with stored(tmp_path, {TAG: rows}) as reader:
        sampling = Sampling.of(reader, at(0), at(30))
        assert sampling.key_value(TAG, 5.0, 7.0).above_s == 0.0
        assert sampling.key_value(TAG, 5.0, 7.0).below_s == 0.0
        assert sampling.key_value(TAG, math.nan, 5.5).above_s == pytest.approx(17.5)
        assert sampling.key_value(TAG, math.nan, 5.5).below_s is None


def test_that_running_time_and_starts_are_those_of_the_states_and_what_is_not_known_counts_for_neither(
    tmp_path: Path,
) -> None:
    bad = status.BAD_NO_COMMUNICATION
    rows = [
        (-50.0, 1.0, status.GOOD),
        (20.0, 0.0, status.GOOD),
        (50.0, 2.0, status.GOOD),
        (60.0, 2.0, bad),
        (80.0, 1.0, status.GOOD),
        (90.0, 0.0, status.GOOD),
        (95.0, 0.0, bad),
        (96.0, 3.0, status.GOOD),
        (100.0, 3.0, status.GOOD),
    ]
    with stored(tmp_path, {RUN: rows}) as reader:
        found = Sampling.of(reader, at(0), at(100)).states(RUN)
        on = read_aggregate(reader, ["R"], Aggregate.DURATION_IN_STATE_NON_ZERO, at(0), at(100), 0, stepped=["R"])
    assert found is not None
    assert found.on_ns / NS_PER_S == 20 + 10 + 10 + 4 == on["R"].value[0] / 1_000
    assert found.good_ns / NS_PER_S == 100 - 20 - 1
    assert found.starts == 2
    assert {value: ns / NS_PER_S for value, ns in found.duration.items()} == {0.0: 35, 1.0: 30, 2.0: 10, 3.0: 4}
    assert found.entries == {0.0: 2, 1.0: 1, 2.0: 1, 3.0: 1}


def test_that_a_counter_counts_on_when_it_rolls_over_and_when_it_begins_anew(tmp_path: Path) -> None:
    rows = [
        (-30.0, 65_500.0, status.GOOD),
        (10.0, 65_530.0, status.GOOD),
        (20.0, 14.0, status.GOOD),
        (30.0, 40_000.0, status.BAD_NO_COMMUNICATION),
        (40.0, 50_000.0, status.GOOD),
        (50.0, 100.0, status.GOOD),
        (60.0, 130.0, status.GOOD),
        (200.0, 900.0, status.GOOD),
    ]
    with stored(tmp_path, {COUNT: rows}) as reader:
        found = Sampling.of(reader, at(0), at(100)).counted(COUNT)
    assert found == 30 + 20 + 49_986 + (100 + 65_536 - 50_000) + 30


def test_that_a_power_that_is_added_up_is_the_area_under_it(tmp_path: Path) -> None:
    rows = [(0.0, 10.0, status.GOOD), (1_800.0, 30.0, status.GOOD), (3_600.0, 30.0, status.GOOD)]
    with stored(tmp_path, {TAG: rows}) as reader:
        assert Sampling.of(reader, at(0), at(3_600)).integral_h(TAG) == pytest.approx(10 + 15)


def test_that_nothing_is_known_where_the_station_did_not_collect(tmp_path: Path) -> None:
    rows = [(0.0, 5.0, status.GOOD), (100.0, 6.0, status.GOOD), (400.0, 6.0, status.GOOD), (500.0, 6.0, status.GOOD)]
    gap = Gap(at(100) + 1, at(400), "not collecting")
    with stored(tmp_path, {TAG: rows, RUN: rows}, (gap,)) as reader:
        sampling = Sampling.of(reader, at(0), at(500))
        value, states = sampling.key_value(TAG, math.nan, math.nan), sampling.states(RUN)
    assert value.good == pytest.approx(0.4)
    assert states is not None
    assert states.good_ns == 200 * NS_PER_S + 1


def test_that_a_tag_without_samples_is_told_as_not_known(tmp_path: Path) -> None:
    with stored(tmp_path, {RUN: [(0.0, 1.0, status.GOOD)]}) as reader:
        sampling = Sampling.of(reader, at(0), at(100))
        found = sampling.key_value(TAG, 1.0, 2.0)
        assert (found.minimum, found.mean, found.above_s, found.good) == (None, None, None, 0.0)
        assert sampling.counted(COUNT) is None
        assert sampling.integral_h(TAG) is None


def test_that_three_days_read_one_after_the_other_are_the_same_as_in_one_piece(tmp_path: Path) -> None:
    rng = np.random.default_rng(11)
    seconds = np.arange(-600, 3 * 86_400 + 600, 300)
    rows = [
        (float(second), float(value), status.GOOD)
        for second, value in zip(seconds, rng.random(len(seconds)), strict=True)
    ]
    states = [(second, float(value > 0.5), code) for second, value, code in rows]
    with stored(tmp_path, {TAG: rows, RUN: states}) as reader:
        sampling = Sampling.of(reader, at(0), at(3 * 86_400))
        value, tally = sampling.key_value(TAG, 0.2, 0.7), sampling.states(RUN)
    line = np.array([row[1] for row in rows if 0 <= row[0] <= 3 * 86_400])
    assert value.mean == pytest.approx(((line[1:] + line[:-1]) / 2).mean(), rel=1e-12)
    assert (value.minimum, value.maximum, value.good) == (line.min(), line.max(), 1.0)
    inside = np.array([row[1] for row in states if -300 <= row[0] < 3 * 86_400])
    assert tally is not None
    assert tally.on_ns / NS_PER_S == 300 * inside[1:].sum()
    assert tally.starts == np.count_nonzero(np.diff(inside) > 0)
