"""The forecast of a file's size is the sum of streams that each end at their limit."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.history.growth import RAW, Growth, Stream
from app.history.size_forecast import FAR_DAYS, added_in, days_text, forecast_size

WEEK = 7 * 24
streams = st.lists(
    st.builds(
        Stream,
        st.just(RAW),
        st.none() | st.integers(1, 20_000),
        st.floats(1.0, 1e9),
        st.integers(0, 20_000),
    ),
    min_size=1,
    max_size=5,
)


def test_that_less_than_a_day_of_samples_gives_no_forecast() -> None:
    growth = Growth((Stream(RAW, None, 10.0, 23),), 23, 1.0)
    assert forecast_size(growth, 100, 1_000) is None


def test_that_a_stream_without_limit_fills_the_disk() -> None:
    forecast = forecast_size(Growth((Stream(RAW, None, 10.0, 0),), WEEK, 1.0), 100, 1_000)
    assert forecast is not None
    assert (forecast.bytes_per_day, forecast.days_left, forecast.then_per_day) == (10.0, 100.0, 10.0)


def test_that_what_has_reached_its_limit_adds_nothing_more() -> None:
    both = (Stream(RAW, 48, 10.0, 48), Stream("minute_rollup", 10 * 24, 1.0, 24))
    forecast = forecast_size(Growth(both, WEEK, 1.0), 100, 1_000)
    assert forecast is not None
    assert (forecast.bytes_per_day, forecast.settled_days, forecast.settled_bytes) == (1.0, 9.0, 109.0)
    assert (forecast.then_per_day, forecast.days_left) == (0.0, None)


def test_that_growth_slows_down_when_a_limit_is_met() -> None:
    both = (Stream(RAW, 5 * 24, 10.0, 0), Stream("hour_rollup", None, 1.0, 0))
    forecast = forecast_size(Growth(both, WEEK, 1.0), 0, 60)
    assert forecast is not None
    assert (forecast.bytes_per_day, forecast.settled_days, forecast.settled_bytes) == (11.0, 5.0, 55.0)
    assert (forecast.then_per_day, forecast.days_left) == (1.0, 10.0)


@given(streams=streams, spare=st.integers(0, 10**12))
def test_that_the_spare_room_is_used_up_when_it_is_said_to_be(streams: list[Stream], spare: int) -> None:
    forecast = forecast_size(Growth(tuple(streams), WEEK, 1.0), 0, spare)
    assert forecast is not None
    assume(forecast.bytes_per_day > 0)
    if forecast.days_left is None:
        assert added_in(streams, FAR_DAYS) <= spare * (1 + 1e-9)
    else:
        assert math.isclose(added_in(streams, forecast.days_left), spare, rel_tol=1e-6, abs_tol=1e-3)


@pytest.mark.parametrize(("hours", "words"), [(40, "last 40 hours with samples"), (WEEK, "from the last week")])
def test_that_a_forecast_says_on_what_it_rests(hours: int, words: str) -> None:
    forecast = forecast_size(Growth((Stream(RAW, None, 10.0, 0),), hours, 1.0), 100, 1_000)
    assert forecast is not None
    assert words in forecast.caveat


@pytest.mark.parametrize(
    ("days", "text"), [(0.0, "0 hours"), (1 / 24, "1 hour"), (1.5, "36 hours"), (2.4, "2 days"), (900.0, "2.5 years")]
)
def test_that_a_number_of_days_is_said_as_people_do(days: float, text: str) -> None:
    assert days_text(days) == text
