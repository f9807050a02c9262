from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.database import open_writer
from app.history import aggregate_read, bound_search
from app.history.aggregate.calculation import aggregate, interpolate
from app.history.aggregate.configuration import AggregateConfiguration
from app.history.aggregate.kind import Aggregate
from app.history.aggregate_read import read_aggregate, read_interpolated
from app.history.gap import Gap, GapReason
from app.history.reader import HistoryReader
from app.history.writer import HistoryWriter
from app.model import status
from app.model.block import Block, block_of, concatenate
from app.model.clock import NS_PER_S
from app.model.series import Series
from tests.app.history.plant import tag

TAGS = [tag(0), tag(1), tag(2)]
CODES = [status.GOOD, status.GOOD, status.UNCERTAIN, status.BAD_NO_COMMUNICATION]
HOUR = 3600 * NS_PER_S

sample = st.tuples(st.integers(0, 1), st.integers(0, 400), st.integers(-9, 9).map(float), st.sampled_from(CODES))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


def store(path: Path, *blocks: Block) -> None:
    with closing(open_writer(path)) as connection:
        HistoryWriter(connection, TAGS).write(concatenate(blocks))


def every(step: int, count: int, *, handle: int = 0, begin: int = 0, code: int = status.GOOD) -> Block:
    """Return a sample each `step` ns from `begin` on, whose value is its number."""
    time = begin + np.arange(count, dtype=np.int64) * step
    return block_of(np.full(count, handle), time, np.arange(count, dtype=np.float64), code)


def marked(series: Series, stops: list[int]) -> Series:
    """Return a series with a bad sample at each stop where it has none."""
    rows = dict.fromkeys(stops, (math.nan, status.BAD_NO_DATA))
    rows |= dict(zip(series.time.tolist(), zip(series.value, series.status, strict=True), strict=True))
    ordered = sorted(rows.items())
    return Series(
        np.array([time for time, _ in ordered], np.int64),
        np.array([value for _, (value, _) in ordered], np.float64),
        np.array([code for _, (_, code) in ordered], np.uint32),
    )


class CountingReader(HistoryReader):
    """Counts the samples that were read."""

    samples = 0

    def raw(self, tag: str, start: int, end: int, *, limit: int = 0) -> Series:
        """Return the samples, counted."""
        found = super().raw(tag, start, end, limit=limit)
        self.samples += len(found)
        return found


@contextmanager
def searching_in_small_steps() -> Iterator[None]:
    with (
        patch.multiple(bound_search, FIRST_STRETCH=2, LONGEST_STRETCH=9, GROWTH=3),
        patch.multiple(aggregate_read, SLICE=70, NEIGHBOURHOOD=15),
    ):
        yield


def assert_equal(found: Series, expected: Series, what: object) -> None:
    assert [status.name(int(code)) for code in found.status] == [status.name(int(code)) for code in expected.status], (
        what
    )
    assert found.time.tolist() == expected.time.tolist(), what
    np.testing.assert_allclose(found.value, expected.value, rtol=1e-9, atol=1e-12, err_msg=str(what))


@settings(max_examples=20, deadline=None)
@given(
    samples=st.lists(sample, unique_by=lambda row: row[:2], max_size=60),
    start=st.integers(-50, 420),
    span=st.integers(1, 300),
    interval=st.integers(0, 90),
    configuration=st.builds(
        AggregateConfiguration, treat_uncertain_as_bad=st.booleans(), use_sloped_extrapolation=st.booleans()
    ),
    is_stepped=st.booleans(),
    stops=st.lists(st.integers(0, 400), unique=True, max_size=4),
)
def test_that_what_is_read_in_parts_is_what_all_samples_give(  # noqa: PLR0917
    tmp_path_factory: pytest.TempPathFactory,
    samples: list[tuple[int, int, float, int]],
    start: int,
    span: int,
    interval: int,
    configuration: AggregateConfiguration,
    is_stepped: bool,  # noqa: FBT001
    stops: list[int],
) -> None:
    path = tmp_path_factory.mktemp("history") / "history.sqlite"
    store(path, *(block_of(*([column] for column in row)) for row in samples))
    times = np.arange(start, start + span, 11)
    stepped = ["T0", "T1"] if is_stepped else []
    gaps = [Gap(stop, stop + 9, GapReason.NOT_COLLECTING) for stop in stops]
    with HistoryReader(path) as reader, searching_in_small_steps():
        whole = {name: marked(reader.raw(name, -1_000, 1_000), stops) for name in ("T0", "T1")}
        values = read_interpolated(reader, ["T0", "T1"], times, configuration=configuration, stepped=stepped, gaps=gaps)
        for name, series in whole.items():
            expected = interpolate(series, times, configuration=configuration, is_stepped=is_stepped)
            assert_equal(values[name], expected, name)
        for kind in Aggregate:
            found = read_aggregate(
                reader,
                ["T0", "T1"],
                kind,
                start,
                start + span,
                interval,
                configuration=configuration,
                stepped=stepped,
                gaps=gaps,
            )
            for name, series in whole.items():
                expected = aggregate(
                    series, kind, start, start + span, interval, configuration=configuration, is_stepped=is_stepped
                )
                assert_equal(found[name], expected, (kind, name))


def test_that_a_file_without_samples_gives_intervals_without_data(path: Path) -> None:
    with HistoryReader(path) as reader:
        found = read_aggregate(reader, ["T0", "T9"], Aggregate.AVERAGE, 0, 10, 5)
        assert [series.status.tolist() for series in found.values()] == [[status.BAD_NO_DATA] * 2] * 2
        assert read_interpolated(reader, ["T0"], np.array([3]))["T0"].status.tolist() == [status.BAD_NO_DATA]
        assert len(read_interpolated(reader, ["T0"], np.array([], np.int64))["T0"]) == 0


def test_that_instants_that_do_not_rise_are_refused(path: Path) -> None:
    with HistoryReader(path) as reader, pytest.raises(ValueError, match="do not rise"):
        read_interpolated(reader, ["T0"], np.array([30 * HOUR, 2 * HOUR]))


def test_that_a_bound_is_found_however_far_away_it_is(path: Path) -> None:
    year = 365 * 24 * HOUR
    store(path, every(1, 1), every(1, 1, begin=2 * year))
    with HistoryReader(path) as reader:
        found = read_aggregate(reader, ["T0"], Aggregate.START_BOUND, year, year + HOUR, 0)["T0"]
        assert found.status.tolist() == [status.INTERPOLATED]
        assert read_interpolated(reader, ["T0"], np.array([year]))["T0"].status.tolist() == [status.INTERPOLATED]


def test_that_the_search_for_a_value_ends_where_a_device_has_long_been_dead(path: Path) -> None:
    dead = every(NS_PER_S, 5_000, begin=NS_PER_S, code=status.BAD_NO_COMMUNICATION)
    store(path, every(1, 1), dead)
    start = 4_000 * NS_PER_S
    with CountingReader(path) as reader, patch.object(bound_search, "MOST", 64):
        short = read_aggregate(reader, ["T0"], Aggregate.TIME_AVERAGE, start, start + 20 * NS_PER_S, 10 * NS_PER_S)
        assert short["T0"].status.tolist() == [status.BAD_NO_DATA] * 2
        assert reader.samples < 2_000
        # It goes on over at least one interval, so that one as long as the silence finds the value before it.
        long = read_aggregate(reader, ["T0"], Aggregate.TIME_AVERAGE, start, start + 4_000 * NS_PER_S, 0)["T0"]
        assert math.isfinite(long.value[0])


def test_that_only_the_neighbourhood_of_distant_instants_is_read(path: Path) -> None:
    store(path, every(NS_PER_S, 20_000))
    times = np.array([10, 5_000, 19_000]) * NS_PER_S + NS_PER_S // 2
    with CountingReader(path) as reader:
        values = read_interpolated(reader, ["T0"], times)["T0"]
        starts = read_aggregate(reader, ["T0"], Aggregate.INTERPOLATIVE, 0, 20_000 * NS_PER_S, 5_000 * NS_PER_S)["T0"]
        assert reader.samples < 500
    assert values.value.tolist() == [10.5, 5_000.5, 19_000.5]
    assert starts.value.tolist() == [0.0, 5_000.0, 10_000.0, 15_000.0]


def test_that_many_tags_are_read_in_one_call_each_in_its_own_way(path: Path) -> None:
    store(path, every(2 * NS_PER_S, 50), every(2 * NS_PER_S, 50, handle=1), every(NS_PER_S, 10, handle=2))
    instant = np.array([NS_PER_S])
    with HistoryReader(path) as reader:
        values = read_interpolated(reader, ["T0", "T1"], instant, stepped={"T1"})
        assert [series.value.tolist() for series in values.values()] == [[0.5], [0.0]]
        counts = read_aggregate(reader, ["T2", "T0", "T1"], Aggregate.COUNT, 0, 100 * NS_PER_S, 0)
    assert {name: series.value.tolist() for name, series in counts.items()} == {
        "T2": [10.0],
        "T0": [50.0],
        "T1": [50.0],
    }


def test_that_a_silent_tag_holds_its_value_as_far_as_the_plant_is_known(path: Path) -> None:
    store(path, block_of([0], [0], [1.0]), every(NS_PER_S, 100, handle=1))
    end = 60 * NS_PER_S
    with HistoryReader(path) as reader:
        extent = reader.extent()
        assert extent is not None
        read = read_aggregate(
            reader, ["T0"], Aggregate.DURATION_IN_STATE_NON_ZERO, 0, end, 0, stepped=["T0"], covered=extent[1]
        )
    assert read["T0"].value.tolist() == [60_000.0]
    assert read["T0"].status.tolist() == [status.CALCULATED]


def test_that_no_line_is_drawn_across_a_stop_of_the_collector(path: Path) -> None:
    store(path, every(NS_PER_S, 11), every(NS_PER_S, 11, begin=100 * NS_PER_S))
    stop = Gap(10 * NS_PER_S + 1, 100 * NS_PER_S, GapReason.NOT_COLLECTING)
    others = [
        Gap(3 * NS_PER_S, 4 * NS_PER_S, GapReason.OVERLOAD, 7),
        Gap(5 * NS_PER_S, 6 * NS_PER_S, GapReason.NOT_COLLECTING, tag=1),
    ]
    with HistoryReader(path) as reader:
        for gaps, percent in (([], 100.0), ([stop, *others], 20 / 110 * 100)):
            read = read_aggregate(reader, ["T0"], Aggregate.PERCENT_GOOD, 0, 110 * NS_PER_S, 0, gaps=gaps)["T0"]
            assert read.value.tolist() == [pytest.approx(percent)]
        middle = read_interpolated(reader, ["T0"], np.array([50 * NS_PER_S]), gaps=[stop], uses_simple_bounds=True)[
            "T0"
        ]
        assert middle.status.tolist() == [status.BAD_NO_DATA]


def test_that_a_stop_that_is_still_one_of_some_tags_alone_is_one_of_these(path: Path) -> None:
    store(path, every(NS_PER_S, 11), every(NS_PER_S, 11, begin=100 * NS_PER_S))
    with HistoryReader(path) as reader:
        number = reader.number("T0")
        assert number is not None
        for tag, percent in ((number, 20 / 110 * 100), (number + 1, 100.0)):
            stop = Gap(10 * NS_PER_S + 1, 100 * NS_PER_S, GapReason.NOT_COLLECTING, tag=tag)
            read = read_aggregate(reader, ["T0"], Aggregate.PERCENT_GOOD, 0, 110 * NS_PER_S, 0, gaps=[stop])["T0"]
            assert read.value.tolist() == [pytest.approx(percent)]
