"""What is told of hours without their samples is what their samples tell."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pytest

from app.database import open_writer
from app.history.gap import Gap, record_gaps
from app.history.layout import HOUR_NS
from app.history.reader import HistoryReader
from app.history.retention import RetentionRules, retention_steps
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.retention import FOR_EVER, Retention
from app.model.tag import TagDefinition, TagKind
from app.model.text import LocalText
from app.report import hour_walk
from app.report.content import KeyValue
from app.report.hour_run import runs_of
from app.report.sampling import Sampling

HOURS = 40
T0 = 490_000 * HOUR_NS
TAG = TagDefinition(0, "T", "E", LocalText("T"), "c", "a", unit="kW", decimals=2)
RUN = replace(TAG, name="R", handle=1, kind=TagKind.DISCRETE, states=((0, LocalText("off")),))
COUNT = replace(TAG, name="C", handle=2, kind=TagKind.COUNTER, unit="kW.h", width_bits=16)
LIMITS = (2.0, 8.0)


NO_LIMITS = (float("nan"), float("nan"))
SPANS = [(0.0, 40.0), (1.0, 39.0), (0.5, 38.25), (-3.0, 50.0), (12.0, 31.01)]
"""Hours after T0."""


def at(hours: float) -> int:
    return T0 + round(hours * 3_600) * NS_PER_S


def write_plant(path: Path, seed: int) -> None:
    """Record hours with bad samples, stops, falls and changes in some, compact them, and add late samples to one."""
    rng = np.random.default_rng(seed)
    time = T0 + np.arange(7, HOURS * 3_600, 20, dtype=np.int64) * NS_PER_S
    stops = [(at(begin) + 11, at(begin + length)) for begin, length in ((4.3, 0.2), (9.99, 0.03), (20.5, 3.4))]
    time = time[~np.any([(time > begin) & (time < end) for begin, end in stops], axis=0)]
    hour = (time - T0) // HOUR_NS
    dirty = rng.choice(HOURS, 4, replace=False)
    code = np.where(np.isin(hour, dirty) & (rng.random(len(time)) < 0.1), status.BAD_NO_COMMUNICATION, status.GOOD)
    code[rng.integers(len(time))] = status.UNCERTAIN_SUB_NORMAL
    measured = np.round(5 + 4 * np.sin(hour / 5) + rng.normal(0, 0.3, len(time)), 2)
    state = np.where(np.isin(hour, rng.choice(HOURS, 5, replace=False)), rng.integers(0, 3, len(time)), hour // 15)
    counted = np.cumsum(rng.random(len(time))) * 40 % 65_536
    counted[hour == dirty[0]] -= counted[hour == dirty[0]][0]
    late = time[hour == 33][::7] + 5 * NS_PER_S
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, [TAG, RUN, COUNT])
        for tag, values in ((TAG, measured), (RUN, state), (COUNT, counted)):
            writer.write(block_of(tag.handle, time, values.astype(float), code.astype(np.uint32)))
        record_gaps(connection, [Gap(*stop, "not collecting") for stop in stops])
        HistoryUpkeep(path, lambda step: step(connection)).settle()
        writer.write(block_of(TAG.handle, late, np.full(len(late), 5.5), status.GOOD))


@pytest.fixture(scope="module", params=[1, 2])
def history(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("walk") / "history.sqlite"
    write_plant(path, request.param)
    return path


def figures(value: KeyValue) -> list[float]:
    """Return the numbers of a value, -1 for what is not known."""
    return [-1.0 if number is None else float(number) for number in astuple(value)[5:14]]


def told(reader: HistoryReader, span: tuple[float, float]) -> dict[str, object]:
    """Return all that a report asks of the three tags."""
    sampling = Sampling.of(reader, at(span[0]), at(span[1]))
    states = sampling.states(RUN)
    assert states is not None
    return {
        "within": figures(sampling.key_value(TAG, *LIMITS)),
        "free": figures(sampling.key_value(TAG, *NO_LIMITS)),
        "narrow": figures(sampling.key_value(TAG, 5.0, 5.2)),
        "stepped": figures(sampling.key_value(RUN, 1.0, 1.0)),
        "area": sampling.integral_h(TAG),
        "counted": sampling.counted(COUNT),
        "durations": states.duration,
        "entries": states.entries,
        "starts": states.starts,
    }


@pytest.mark.parametrize("span", SPANS, ids=str)
def test_that_hours_told_without_their_samples_give_the_figures_that_these_give(
    history: Path, span: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    with HistoryReader(history) as reader:
        found = told(reader, span)
        monkeypatch.setattr(hour_walk, "runs_of", lambda *_, **__: ())
        expected = told(reader, span)
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-12, abs=1e-9), name


def test_that_most_hours_of_a_long_span_are_told_without_their_samples(
    history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hours: list[int] = []
    find = runs_of

    def note(*arguments: object, **named: object) -> object:
        runs = list(find(*arguments, **named))  # type: ignore[arg-type]
        hours.append(sum(len(run) for run in runs))
        return runs

    monkeypatch.setattr(hour_walk, "runs_of", note)
    with HistoryReader(history) as reader:
        sampling = Sampling.of(reader, at(0), at(HOURS))
        sampling.key_value(TAG, *NO_LIMITS)
        sampling.states(RUN)
        sampling.counted(COUNT)
    assert min(hours) >= 8
    assert max(hours) >= 20


def test_that_an_hour_with_late_samples_is_not_told_without_them(history: Path) -> None:
    late = T0 // HOUR_NS + 33
    with HistoryReader(history) as reader:
        assert late not in reader.hour_sums("T", at(0), at(HOURS)).hour
        assert late in reader.hour_sums("C", at(0), at(HOURS)).hour


def test_that_a_file_of_a_former_version_tells_the_same_from_its_samples(history: Path, tmp_path: Path) -> None:
    former = tmp_path / "history.sqlite"
    with closing(sqlite3.connect(history)) as source, closing(sqlite3.connect(former)) as target:
        source.backup(target)
        for column in ("begin_time", "area", "falls"):
            target.execute(f"ALTER TABLE hourly DROP COLUMN {column}")
    with HistoryReader(history) as reader:
        expected = told(reader, SPANS[0])
    with HistoryReader(former) as reader:
        assert not len(reader.hour_sums("C", at(0), at(HOURS)))
        assert told(reader, SPANS[0])["within"] == pytest.approx(expected["within"], rel=1e-12)


def test_that_the_mean_is_told_when_the_samples_of_good_hours_have_gone(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    time = T0 + np.arange(0, 30 * 3_600, 20, dtype=np.int64) * NS_PER_S
    value = np.round(5 + np.sin(np.arange(len(time)) / 500), 2)
    with closing(open_writer(path)) as connection:
        writer = HistoryWriter(connection, [TAG, RUN, COUNT])
        for tag, values in ((TAG, value), (RUN, np.ones(len(time))), (COUNT, np.arange(len(time), dtype=float))):
            writer.write(block_of(tag.handle, time, values, status.GOOD))
        HistoryUpkeep(path, lambda step: step(connection)).settle()
        with HistoryReader(path) as reader:
            before = told(reader, (0.0, 30.0))
        for step in retention_steps(connection, RetentionRules(Retention(0.5, FOR_EVER, FOR_EVER)), at(30)):
            step(connection)
    with HistoryReader(path) as reader:
        assert len(reader.hours_without_samples("T", at(0), at(30))) > 10
        sampling = Sampling.of(reader, at(0), at(30))
        value_left, states_left = sampling.key_value(TAG, *NO_LIMITS), sampling.states(RUN)
        assert not value_left.is_thinned
        assert figures(value_left) == pytest.approx(before["free"], rel=1e-9)
        assert states_left is not None
        assert states_left.duration == before["durations"]
        assert sampling.counted(COUNT) == before["counted"]
        assert sampling.key_value(TAG, 5.0, 5.2).is_thinned
