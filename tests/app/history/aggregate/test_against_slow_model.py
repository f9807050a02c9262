from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.history.aggregate.calculation import aggregate, interpolate
from app.history.aggregate.configuration import AggregateConfiguration
from app.history.aggregate.kind import Aggregate
from app.model import status
from app.model.series import Series
from tests.app.history.aggregate.slow_model import Point, SlowTag

UNIT = 1_000  # ns between neighbouring instants; the duration of the last sample is a tenth of it
CODES = [
    status.GOOD,
    status.GOOD,
    status.GOOD | status.LIMIT_HIGH,
    status.UNCERTAIN_SENSOR_NOT_ACCURATE,
    status.UNCERTAIN | status.LIMIT_LOW,
    status.BAD_NO_COMMUNICATION,
    status.BAD_NO_DATA,
    0xFFFF_FFFF,
]
instants = st.integers(-5, 45).map(lambda number: number * UNIT)
values = st.one_of(st.sampled_from([0.0, 1.0, -2.0, 7.5, 7.5, math.nan]), st.integers(-20, 20).map(float))
samples = st.lists(
    st.builds(Point, instants, values, st.sampled_from(CODES)), unique_by=lambda point: point.time, max_size=25
).map(lambda points: sorted(points, key=lambda point: point.time))
configurations = st.builds(
    lambda percents, **rest: AggregateConfiguration(
        percent_data_bad=percents[0], percent_data_good=percents[1], **rest
    ),
    st.sampled_from([(100, 100), (50, 50), (30, 80), (0, 100), (100, 0), (40, 60)]),
    treat_uncertain_as_bad=st.booleans(),
    use_sloped_extrapolation=st.booleans(),
)


@dataclass(frozen=True)
class Question:
    """A read of some samples."""

    samples: list[Point]
    start: int
    span: int
    interval: int
    configuration: AggregateConfiguration
    is_stepped: bool
    covered: int | None

    @property
    def series(self) -> Series:
        """Return the samples as columns."""
        return Series(
            np.array([point.time for point in self.samples], np.int64),
            np.array([point.value for point in self.samples], np.float64),
            np.array([point.code for point in self.samples], np.uint32),
        )

    @property
    def model(self) -> SlowTag:
        """Return the slow model of the same."""
        return SlowTag(self.samples, self.configuration, self.is_stepped, self.covered)


questions = st.builds(
    Question,
    samples,
    instants,
    st.integers(1, 50).map(lambda number: number * UNIT),
    st.integers(0, 20).map(lambda number: number * UNIT),
    configurations,
    st.booleans(),
    st.one_of(st.none(), instants),
)


def assert_same(found: Series, expected: list[Point], what: object) -> None:
    assert [hex(code) for code in found.status] == [hex(point.code) for point in expected], what
    assert found.time.tolist() == [point.time for point in expected], what
    np.testing.assert_allclose(
        found.value, [point.value for point in expected], rtol=1e-9, atol=1e-9, err_msg=str(what)
    )


@settings(max_examples=200, deadline=None)
@given(question=questions)
def test_that_an_aggregate_is_what_the_standard_says(question: Question) -> None:
    end = question.start + question.span
    step = min(question.interval, question.span) or question.span
    starts = range(question.start, end, step)
    model = question.model
    for kind in Aggregate:
        found = aggregate(
            question.series,
            kind,
            question.start,
            end,
            question.interval,
            configuration=question.configuration,
            is_stepped=question.is_stepped,
            covered=question.covered,
        )
        expected = [
            model.aggregate(kind, begin, min(begin + step, end), is_rest=begin + step > end) for begin in starts
        ]
        assert_same(found, expected, kind)


@settings(max_examples=200, deadline=None)
@given(question=questions, times=st.lists(instants, unique=True, max_size=20).map(sorted))
def test_that_interpolated_values_are_the_bounding_values(question: Question, times: list[int]) -> None:
    model = question.model
    for is_simple in (False, True):
        found = interpolate(
            question.series,
            np.array(times, np.int64),
            configuration=question.configuration,
            is_stepped=question.is_stepped,
            covered=question.covered,
            uses_simple_bounds=is_simple,
        )
        if is_simple:
            bounds = [model.simple(time) for time in times]
        else:
            bounds = [model.interpolated(time, is_stepped=model.is_stepped) for time in times]
        assert_same(found, bounds, is_simple)
