from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model import clock

moments = st.datetimes(
    min_value=datetime(1700, 1, 1),  # noqa: DTZ001 - the zone is given below
    max_value=datetime(2250, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def test_that_the_clock_is_that_of_the_pc() -> None:
    before = time.time_ns()
    now = clock.now_ns()
    assert before <= now <= time.time_ns()
    assert clock.monotonic_ns() <= clock.monotonic_ns()


@given(moment=moments)
def test_that_an_instant_survives_both_ways(moment: datetime) -> None:
    assert clock.to_datetime(clock.from_datetime(moment)) == moment


def test_that_other_zones_are_the_same_instant() -> None:
    shanghai = datetime(2026, 11, 24, 8, 0, tzinfo=timezone(timedelta(hours=8)))
    assert clock.from_datetime(shanghai) == clock.from_datetime(datetime(2026, 11, 24, tzinfo=UTC))
    assert clock.from_datetime(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == clock.NS_PER_S


def test_that_nanoseconds_are_cut_not_rounded() -> None:
    assert clock.to_datetime(1_999).microsecond == 1
    assert clock.to_datetime(-1) == datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


def test_that_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        clock.from_datetime(datetime(2026, 1, 1))  # noqa: DTZ001


def test_that_a_frozen_clock_moves_only_when_told() -> None:
    with clock.frozen(100) as advance:
        assert (clock.now_ns(), clock.monotonic_ns()) == (100, 100)
        advance(5)
        assert (clock.now_ns(), clock.monotonic_ns()) == (105, 105)
        with clock.frozen(7):
            assert clock.now_ns() == 7
        assert clock.now_ns() == 105
    assert clock.now_ns() > 10**18
