"""Retention removes what is past its limit, and nothing else."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import PlantConnection, open_reader, open_writer
from app.history.integrity import find_damage
from app.history.layout import HOUR_NS
from app.history.reader import HistoryReader
from app.history.retention import RetentionRules, retention_steps
from app.history.upkeep import HistoryUpkeep
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import block_of
from app.model.clock import NS_PER_S
from app.model.retention import FOR_EVER, KEEP_ALL, Retention
from tests.app.history.plant import tag
from tests.app.history.retention_model import MINUTE_NS, Extent, HistoryModel

TAGS = [tag(0), tag(1), tag(2)]
T0 = 472_222 * HOUR_NS
DAY_NS = 24 * HOUR_NS
EVER = (-(1 << 63), (1 << 63) - 1)
Rows = list[tuple[int, int, float, int]]

times = st.builds(
    lambda hour, second: T0 + hour * HOUR_NS + second * NS_PER_S,
    st.sampled_from([0, 1, 5, 6, 23, 24, 30, 48, 239, 240]),  # few, so that they meet limits, and one another
    st.sampled_from([0, 1, 59, 60, 1_800, 3_599]),
)
rows = st.lists(
    st.tuples(
        st.integers(0, 2),
        times,
        st.one_of(st.floats(-100, 100), st.just(np.nan)),
        st.sampled_from([status.GOOD, status.GOOD, status.UNCERTAIN_SUB_NORMAL, status.BAD_NO_COMMUNICATION]),
    ),
    min_size=1,
    max_size=12,
)
days = st.sampled_from([FOR_EVER, 0.25, 1.0, 2.0, 10.0])
moments = st.sampled_from([0, 6, 7, 12, 24, 25, 30, 48, 49, 72, 246, 288, 480, 720])
rules = st.builds(
    lambda limits, own: (Retention(*limits), own),
    st.tuples(days, days, days),
    st.tuples(st.none(), st.none() | days, st.none() | days),
)
deeds = st.lists(
    st.one_of(rows, st.sampled_from(["settle", "seal", "restart"]), st.tuples(rules, moments)), max_size=16
)


def settle(connection: PlantConnection) -> None:
    HistoryUpkeep(connection.path, lambda step: step(connection)).settle()


def keep(connection: PlantConnection, rules: RetentionRules, now: int) -> int:
    """Apply limits; return the number of transactions."""
    steps = 0
    with closing(open_reader(connection.path)) as reading:
        for step in retention_steps(reading, rules, now):
            step(connection)
            steps += 1
    return steps


def count(connection: PlantConnection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - names of ours


def minutes_of(reader: HistoryReader, name: str) -> dict[int, Extent]:
    start, end = T0, T0 + 13 * DAY_NS
    found = reader.envelope([name], start, end, (end - start) // MINUTE_NS)[name]
    assert found.width == MINUTE_NS
    columns = (found.minimum, found.maximum, found.status, found.count)
    return {
        time: (float(low) + 0.0, float(high) + 0.0, int(code), int(number))  # which zero is the lesser is not defined
        for time, low, high, code, number in zip(found.time.tolist(), *columns, strict=True)
    }


def counted(reader: HistoryReader, name: str, width: int) -> int:
    start, end = T0, T0 + 13 * DAY_NS
    found = reader.envelope([name], start, end, (end - start) // width)[name]
    return int(found.count.sum())


def assert_holds(reader: HistoryReader, model: HistoryModel) -> None:
    for handle in range(3):
        expected = model.series(handle)
        series = reader.raw(f"T{handle}", *EVER)
        assert series.time.tolist() == [row[0] for row in expected]
        assert series.value.tobytes() == np.array([row[1] for row in expected], np.float64).tobytes()
        assert series.status.tolist() == [row[2] for row in expected]
        newest = reader.raw(f"T{handle}", *EVER, limit=3)
        assert newest.time.tolist() == series.time[-3:].tolist()
        buckets = {
            time: (low + 0.0, high + 0.0, code, number)
            for time, (low, high, code, number) in model.buckets(handle).items()
        }
        assert repr(minutes_of(reader, f"T{handle}")) == repr(dict(sorted(buckets.items())))
        assert counted(reader, f"T{handle}", 17 * NS_PER_S) == sum(number for *_, number in buckets.values())
        assert counted(reader, f"T{handle}", 7 * HOUR_NS) == model.count_in_hours(handle)


@settings(max_examples=100, deadline=None)
@given(deeds=deeds)
def test_that_what_is_left_is_what_a_plain_model_keeps(
    tmp_path_factory: pytest.TempPathFactory,
    deeds: list[Rows | str | tuple[tuple[Retention, tuple[float | None, ...]], int]],
) -> None:
    path = tmp_path_factory.mktemp("history") / "history.sqlite"
    model = HistoryModel()
    with closing(open_writer(path)) as connection, HistoryReader(path) as reader:
        writer = HistoryWriter(connection, TAGS)
        for deed in deeds:
            if deed == "restart":
                writer = HistoryWriter(connection, TAGS)
            elif deed == "seal":
                HistoryUpkeep(path, lambda step: step(connection)).seal()
            elif isinstance(deed, str):
                settle(connection)
                model.compact()
            elif isinstance(deed, list):
                writer.write(block_of(*zip(*deed, strict=True)))
                model.loose |= {(handle, time): (value, code) for handle, time, value, code in deed}
            else:
                (retention, own), hours = deed
                limits = {handle: retention.of_tag(own[handle]) for handle in range(3)}
                keep(connection, RetentionRules(KEEP_ALL, {f"T{h}": limits[h] for h in limits}), T0 + hours * HOUR_NS)
                model.keep(limits, T0 + hours * HOUR_NS)
            assert_holds(reader, model)
        with HistoryReader(path) as second:
            assert_holds(second, model)


def fill(connection: PlantConnection, hours: range, *, handles: tuple[int, ...] = (0, 1, 2), step: int = 60) -> None:
    """Record a sample each `step` seconds in some hours after T0, valued by its second, and settle it."""
    seconds = np.concatenate([np.arange(hour * 3_600, (hour + 1) * 3_600, step) for hour in hours])
    writer = HistoryWriter(connection, TAGS)
    for handle in handles:
        writer.write(block_of(handle, T0 + seconds * NS_PER_S, seconds.astype(float)))
    settle(connection)


def all_tags(raw: float, minute: float = FOR_EVER, hour: float = FOR_EVER) -> RetentionRules:
    return RetentionRules(Retention(raw, minute, hour))


def test_that_samples_minutes_and_hours_go_after_their_own_time(connection: PlantConnection) -> None:
    fill(connection, range(12 * 24))
    tables = ("chunk", "stamp", "minute_rollup", "hour_rollup", "hourly")
    before = {table: count(connection, table) for table in tables}
    now = T0 + 12 * DAY_NS
    keep(connection, all_tags(1.0), now)
    assert {table: count(connection, table) for table in tables} == before | {"chunk": 3 * 24, "stamp": 24}
    keep(connection, all_tags(1.0, 2.0, 3.0), now)
    left = {table: count(connection, table) for table in tables}
    # T0 is two hours before a day begins, and 98 before a page of hours does
    assert left == {"chunk": 72, "stamp": 24, "minute_rollup": 9, "hour_rollup": 3, "hourly": 3 * (288 - 98)}
    keep(connection, all_tags(1.0, 1.0, 1.0), now + 40 * DAY_NS)
    assert {table: count(connection, table) for table in tables} == dict.fromkeys(tables, 0)


def test_that_times_that_tags_share_go_with_the_last_of_them(connection: PlantConnection) -> None:
    fill(connection, range(2))
    rules = RetentionRules(
        KEEP_ALL, {"T0": Retention(1.0, 0, 0), "T1": Retention(2.0, 0, 0), "T2": Retention(2.0, 0, 0)}
    )
    keep(connection, rules, T0 + 30 * HOUR_NS)
    assert (count(connection, "chunk"), count(connection, "stamp")) == (4, 2)
    keep(connection, rules, T0 + 49 * HOUR_NS)
    assert (count(connection, "chunk"), count(connection, "stamp")) == (2, 1)


def test_that_old_hours_kept_for_some_tags_are_not_looked_through_again(connection: PlantConnection) -> None:
    fill(connection, range(200), step=600)
    rules = RetentionRules(KEEP_ALL, {"T0": Retention(1.0, 0, 0)})
    keep(connection, rules, T0 + 200 * HOUR_NS)
    looked: list[str] = []
    with closing(open_reader(connection.path)) as reading:
        reading.set_trace_callback(lambda statement: looked.append(statement) if "FROM chunk" in statement else None)
        for _ in retention_steps(reading, rules, T0 + 200 * HOUR_NS):
            pass
        assert looked == []
        for step in retention_steps(reading, rules, T0 + 201 * HOUR_NS):
            step(connection)
    assert 1 <= len(looked) <= 3
    assert count(connection, "chunk") == 2 * 200 + 23


def test_that_each_transaction_is_short(connection: PlantConnection) -> None:
    tags = [tag(handle) for handle in range(700)]
    writer = HistoryWriter(connection, tags)
    writer.write(block_of(np.tile(np.arange(700), 10), T0 + np.repeat(np.arange(10), 700) * NS_PER_S, 1.0))
    settle(connection)
    with closing(open_reader(connection.path)) as reading:
        for step in retention_steps(reading, all_tags(1.0, 1.0, 1.0), T0 + 40 * DAY_NS):
            before = connection.total_changes
            step(connection)
            assert connection.total_changes - before <= 128 + 4
    assert count(connection, "hourly") == count(connection, "chunk") == 0


def test_that_a_retention_that_was_cut_off_is_readable_and_goes_on(connection: PlantConnection) -> None:
    fill(connection, range(48))
    rules, now = all_tags(1.0), T0 + 60 * HOUR_NS
    with HistoryReader(connection.path) as reader:
        span = (T0, T0 + 48 * HOUR_NS, 48 * 120)
        assert reader.envelope(["T1"], *span)["T1"].count.sum() == 60 * 48
        with closing(open_reader(connection.path)) as reading:
            for _, step in zip(range(10), retention_steps(reading, rules, now), strict=False):
                step(connection)
        assert reader.envelope(["T1"], *span)["T1"].count.sum() == 60 * 48
        assert len(reader.raw("T1", *EVER)) == 60 * 38
        keep(connection, rules, now)
        assert reader.envelope(["T1"], *span)["T1"].count.sum() == 60 * 48
        assert len(reader.raw("T1", *EVER)) == 60 * 12


def test_that_a_reader_does_not_show_what_has_gone(connection: PlantConnection) -> None:
    fill(connection, range(24))
    span = (T0 - 10 * DAY_NS, T0 + 10 * DAY_NS, 10)
    with HistoryReader(connection.path) as reader:
        assert reader.envelope(["T1"], *span)["T1"].count.sum() == 60 * 24
        keep(connection, all_tags(1.0, 1.0, 1.0), T0 + 40 * DAY_NS)
        assert reader.envelope(["T1"], *span)["T1"].count.sum() == 0


def test_that_numbers_of_times_that_are_given_out_again_mean_the_new_times(connection: PlantConnection) -> None:
    fill(connection, range(1), handles=(0,))
    with HistoryReader(connection.path) as reader:
        assert len(reader.raw("T0", *EVER)) == 60
        keep(connection, all_tags(1.0, 1.0, 1.0), T0 + 40 * DAY_NS)
        writer = HistoryWriter(connection, TAGS)
        writer.write(block_of(0, T0 + np.arange(60) * NS_PER_S, 1.0))
        settle(connection)
        assert reader.raw("T0", *EVER).time.tolist() == (T0 + np.arange(60) * NS_PER_S).tolist()


def test_that_a_tag_that_the_plant_no_longer_has_follows_the_general_rule(connection: PlantConnection) -> None:
    fill(connection, range(2))
    rules = RetentionRules.of(Retention(1.0), [replace(tag(0), keep_days=10.0), tag(1)])
    keep(connection, rules, T0 + 100 * HOUR_NS)
    with HistoryReader(connection.path) as reader:
        assert [len(reader.raw(f"T{handle}", *EVER)) for handle in range(3)] == [120, 0, 0]


def test_that_late_samples_of_an_hour_without_samples_join_its_numbers(connection: PlantConnection) -> None:
    fill(connection, range(1), handles=(0,))
    keep(connection, all_tags(1.0), T0 + 40 * HOUR_NS)
    writer = HistoryWriter(connection, TAGS)
    times, codes = T0 + np.array([-1, 90, 3_599]) * NS_PER_S, [0, 0, status.UNCERTAIN]
    writer.write(block_of(0, times, [0.0, -5.0, 9_999.0], codes))
    settle(connection)
    row = connection.execute(
        "SELECT minimum, maximum, mean, first, last, samples, usable, worst_status, end_time, end_value, end_status "
        "FROM hourly ORDER BY id DESC LIMIT 1"
    ).fetchone()
    mean = (sum(range(0, 3_600, 60)) - 5.0 + 9_999.0) / 62
    end = (T0 + 3_599 * NS_PER_S, 9_999.0, status.UNCERTAIN)
    assert row == (-5.0, 9_999.0, pytest.approx(mean), 0.0, 9_999.0, 62, 62, status.UNCERTAIN, *end)
    assert count(connection, "fresh") == count(connection, "fresh_stamp") == 0
    with HistoryReader(connection.path) as reader:
        assert reader.raw("T0", *EVER).time.tolist() == [T0 - NS_PER_S]
        found = reader.envelope(["T0"], T0, T0 + HOUR_NS, 1)["T0"]
        assert (found.first[0], found.last[0], found.count[0]) == (0.0, 9_999.0, 62)


def test_that_the_integrity_check_finds_a_history_with_gone_samples_whole(connection: PlantConnection) -> None:
    fill(connection, range(50))
    keep(connection, all_tags(0.5, 1.0, 30.0), T0 + 60 * HOUR_NS)
    assert find_damage(connection) == []


def test_that_limits_of_more_than_the_clock_can_tell_are_for_ever(connection: PlantConnection) -> None:
    fill(connection, range(1))
    keep(connection, all_tags(1e300, 1e300, 1e300), T0 + 1_000 * DAY_NS)
    assert count(connection, "chunk") == 3
