"""Sealing and compacting change where samples lie, never what is read."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import PlantConnection, open_writer
from app.history.layout import HOUR_NS
from app.history.newest import NewestSamples
from app.history.reader import HistoryReader
from app.history.seal import prepare_seal
from app.history.unsealed import Unsealed
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from tests.app.history.plant import tag

TAGS = [tag(0), tag(1), tag(2)]
T0 = 1_700_000_000 * NS_PER_S // HOUR_NS * HOUR_NS
EVER = (-(1 << 63), (1 << 63) - 1)
Model = dict[tuple[int, int], tuple[float, int]]

times = st.one_of(
    st.integers(0, 3 * 3_600).map(lambda seconds: T0 + seconds * NS_PER_S),
    st.sampled_from([T0 - 1, T0, T0 + HOUR_NS - 1, T0 + HOUR_NS, -HOUR_NS, 0]),
)
rows = st.lists(
    st.tuples(
        st.integers(0, 2),
        times,
        st.one_of(st.floats(width=32), st.sampled_from([np.nan, -0.0, np.inf])),
        st.sampled_from([status.GOOD, status.GOOD, status.UNCERTAIN_SUB_NORMAL, status.BAD_NO_COMMUNICATION]),
    ),
    min_size=1,
    max_size=30,
)
deeds = st.lists(
    st.one_of(rows, st.sampled_from(["seal", "unfinished seal", "settle", "compact", "rolled back"])), max_size=8
)


def upkeep_of(connection: PlantConnection, unsealed: Unsealed | None = None) -> HistoryUpkeep:
    return HistoryUpkeep(connection.path, lambda step: step(connection), unsealed=unsealed)


def leave_a_seal_unfinished(connection: PlantConnection, unsealed: Unsealed | None) -> None:
    """Do all steps of a seal but the last, as a kill would leave it."""
    seal = prepare_seal(connection, unsealed)
    if seal is not None:
        for step in list(seal.steps())[:-1]:
            step(connection)


def roll_back(connection: PlantConnection, unsealed: Unsealed | None) -> None:
    """Write what another commit will take the number of."""
    writer = HistoryWriter(connection, TAGS, unsealed=unsealed)
    connection.execute("BEGIN")
    writer.write(block_of([0, 1, 2], T0 + 5 * NS_PER_S, 77.0))
    connection.rollback()


def do(deed: str, connection: PlantConnection, unsealed: Unsealed | None = None) -> None:
    upkeep = upkeep_of(connection, unsealed)
    choices: dict[str, Callable[[], object]] = {
        "seal": upkeep.seal,
        "unfinished seal": lambda: leave_a_seal_unfinished(connection, unsealed),
        "rolled back": lambda: roll_back(connection, unsealed),
        "settle": upkeep.settle,
        "compact": lambda: upkeep.compact(before=T0 + 2 * HOUR_NS),
    }
    choices[deed]()


def assert_holds(reader: HistoryReader, model: Model) -> None:
    for handle in range(3):
        expected = sorted((time, *content) for (owner, time), content in model.items() if owner == handle)
        series = reader.raw(f"T{handle}", *EVER)
        assert series.time.tolist() == [row[0] for row in expected]
        assert series.value.tobytes() == np.array([row[1] for row in expected], np.float64).tobytes()
        assert series.status.tolist() == [row[2] for row in expected]
        newest = reader.raw(f"T{handle}", *EVER, limit=3)
        assert newest.time.tolist() == series.time[-3:].tolist()
    half = T0 + HOUR_NS // 2
    for at in (half, half + 100 * NS_PER_S, half + 7, T0 + 2 * HOUR_NS, T0 + 2 * HOUR_NS + 1, EVER[1], EVER[1]):
        shown = {name: (each.source_time, each.status, repr(each.value)) for name, each in reader.snapshot(at).items()}
        known = {handle: max((t for o, t in model if o == handle and t <= at), default=None) for handle in range(3)}
        assert shown == {
            f"T{handle}": (time, model[handle, time][1], repr(model[handle, time][0]))
            for handle, time in known.items()
            if time is not None
        }
    every = [time for _, time in model]
    assert reader.extent() == ((min(every), max(every)) if every else None)


@settings(max_examples=60, deadline=None)
@given(deeds=deeds, kept=st.sampled_from([None, 20, 1_000]))
def test_that_upkeep_at_any_moment_changes_nothing_that_is_read(
    tmp_path_factory: pytest.TempPathFactory, deeds: list[str | list[tuple[int, int, float, int]]], kept: int | None
) -> None:
    path = tmp_path_factory.mktemp("history") / "history.sqlite"
    unsealed = None if kept is None else Unsealed(most=kept)
    model: Model = {}
    with closing(open_writer(path)) as connection, HistoryReader(path) as reader:
        writer = HistoryWriter(connection, TAGS, unsealed=unsealed)
        for deed in deeds:
            if isinstance(deed, str):
                do(deed, connection, unsealed)
                writer = HistoryWriter(connection, TAGS, unsealed=unsealed)
            else:
                writer.write(block_of(*zip(*deed, strict=True)))
                model |= {(handle, time): (value, code) for handle, time, value, code in deed}
            assert_holds(reader, model)
        with HistoryReader(path) as second:
            assert_holds(second, model)


@settings(max_examples=40, deadline=None)
@given(
    loose=rows,
    start=st.integers(-4_000, 9_000),
    span=st.integers(3_000, 12_000),
    buckets=st.integers(1, 150),
)
def test_that_an_envelope_from_rollups_has_every_extreme(
    tmp_path_factory: pytest.TempPathFactory,
    loose: list[tuple[int, int, float, int]],
    start: int,
    span: int,
    buckets: int,
) -> None:
    path = tmp_path_factory.mktemp("history") / "history.sqlite"
    steady = np.arange(0, 9_000, 7)
    value = np.sin(steady / 400.0) * 50.0
    with closing(open_writer(path)) as connection, HistoryReader(path) as reader:
        writer = HistoryWriter(connection, TAGS)
        writer.write(block_of(0, T0 + steady * NS_PER_S, value))
        upkeep_of(connection).settle()
        writer.write(block_of(*zip(*loose, strict=True)))
        first, last = T0 + start * NS_PER_S, T0 + (start + span) * NS_PER_S
        series = reader.raw("T0", first, last)
        found = reader.envelope(["T0"], first, last, buckets)["T0"]
    assert found.time.tolist() == sorted(set((series.time // found.width * found.width).tolist()))
    for row, begin in enumerate(found.time.tolist()):
        inside = (series.time >= begin) & (series.time < begin + found.width)
        usable = inside & (series.status < status.BAD) & ~np.isnan(series.value)
        assert found.count[row] == inside.sum()
        assert found.status[row] == series.status[inside].max()
        drawn = [found.minimum[row], found.maximum[row], found.first[row], found.last[row]]
        if usable.any():
            values = series.value[usable]
            assert drawn == [values.min(), values.max(), values[0], values[-1]]
            slack = found.width // 200
            moments = series.time[usable]
            assert abs(int(found.first_time[row]) - int(moments[0])) <= slack
            assert abs(int(found.last_time[row]) - int(moments[-1])) <= slack
        else:
            assert np.isnan(drawn).all()


def test_that_compaction_leaves_few_chunks_per_tag_and_hour_and_shares_times(connection: PlantConnection) -> None:
    writer = HistoryWriter(connection, TAGS)
    upkeep = upkeep_of(connection)
    for minute in range(0, 120, 5):
        seconds = np.arange(minute * 60, minute * 60 + 300)
        writer.write(
            block_of(np.tile([0, 1, 2], 300), T0 + np.repeat(seconds, 3) * NS_PER_S, np.repeat(seconds, 3) * 1.5)
        )
        upkeep.seal()
    upkeep.settle()
    counts = {
        table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - names of ours
        for table in ("journal", "fresh", "fresh_stamp", "chunk", "stamp", "minute_rollup", "hour_rollup", "hourly")
    }
    assert counts == {
        "journal": 0,
        "fresh": 0,
        "fresh_stamp": 0,
        "chunk": 6,
        "stamp": 2,
        "minute_rollup": 3,
        "hour_rollup": 3,
        "hourly": 6,
    }


def test_that_plain_sql_sees_hours_and_the_newest(connection: PlantConnection) -> None:
    writer = HistoryWriter(connection, TAGS)
    writer.write(block_of(0, T0 + np.arange(10) * NS_PER_S, np.arange(10.0), [0] * 9 + [status.BAD]))
    upkeep = upkeep_of(connection)
    newest = NewestSamples(connection.path)
    assert newest.refresh(lambda step: step(connection)) == 1
    assert newest.refresh(lambda step: step(connection)) == 0
    upkeep.settle()
    assert connection.execute(
        "SELECT minimum, maximum, mean, first, last, samples, usable, worst_status, end_value FROM hourly"
    ).fetchall() == [(0.0, 8.0, 4.0, 0.0, 8.0, 10, 9, status.BAD, 9.0)]
    assert connection.execute("SELECT time, value, status FROM newest").fetchall() == [
        (T0 + 9 * NS_PER_S, 9.0, status.BAD)
    ]
    assert connection.execute("SELECT tag, unit, at, value, quality FROM newest_value").fetchall() == [
        ("T0", "Cel", "2023-11-14T22:00:09.000Z", 9.0, "Bad")
    ]
    assert connection.execute("SELECT tag, hour_start, maximum, worst FROM hourly_value").fetchall() == [
        ("T0", "2023-11-14T22:00:00Z", 8.0, "Bad")
    ]


def test_that_the_newest_sample_is_never_replaced_by_an_older_one(connection: PlantConnection) -> None:
    writer, newest = HistoryWriter(connection, TAGS), NewestSamples(connection.path)
    for seconds, value in ((5, 1.0), (9, np.nan), (7, 3.0)):
        writer.write(block_of([0, 1], T0 + seconds * NS_PER_S, value))
        newest.refresh(lambda step: step(connection))
    assert connection.execute("SELECT tag, time, value FROM newest ORDER BY tag").fetchall() == [
        (1, T0 + 9 * NS_PER_S, None),
        (2, T0 + 9 * NS_PER_S, None),
    ]


def test_that_of_two_seals_of_one_instant_the_later_counts(connection: PlantConnection) -> None:
    writer, upkeep = HistoryWriter(connection, TAGS), upkeep_of(connection)
    for value in (1.0, 2.0, 3.0):
        writer.write(block_of([0, 1], T0, value))
        upkeep.seal()
    with HistoryReader(connection.path) as reader:
        assert {name: sample.value for name, sample in reader.latest().items()} == {"T0": 3.0, "T1": 3.0}
