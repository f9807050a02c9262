"""Times of an axis are round where people look at clocks: in local time, and ahead in plant time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from app.model import clock
from app.model.clock import NS_PER_S
from widgets.translation import set_language
from widgets.trend.time_axis import DAY, HOUR, _utc_offset, ahead_extent, ahead_ticks, time_ticks

T0 = 1_795_530_727 * NS_PER_S


@pytest.fixture(params=["UTC", "Asia/Shanghai", "Asia/Kolkata"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    _utc_offset.cache_clear()
    yield
    monkeypatch.undo()
    time.tzset()
    _utc_offset.cache_clear()


@pytest.mark.usefixtures("_zone")
@pytest.mark.parametrize("span_s", [60, 300, 900, HOUR, 8 * HOUR, DAY, 7 * DAY])
def test_that_ticks_are_round_local_times_within_the_window(span_s: int) -> None:
    start, end = T0 - span_s * NS_PER_S, T0
    ticks = time_ticks(start, end, 6)
    assert 1 <= len(ticks) <= 7
    for tick in ticks:
        assert start <= tick.time <= end
        local = clock.to_datetime(tick.time).astimezone()
        assert local.microsecond == 0
        assert (
            local.strftime("%H:%M:%S") == tick.label
            or local.strftime("%H:%M") == tick.label
            or (local.strftime("%m-%d") == tick.label and (local.hour, local.minute, local.second) == (0, 0, 0))
        )
        if span_s >= HOUR:
            assert local.second == 0


def test_that_the_time_ahead_is_told_in_plant_time() -> None:
    ticks = ahead_ticks(20 * DAY, time_scale=300.0, count=2)
    assert [tick.label for tick in ticks] == ["+7 d", "+14 d"]
    assert ticks[0].time == 7 * DAY * NS_PER_S // 300


def test_that_the_time_ahead_is_chinese_where_the_screen_is() -> None:
    set_language("zh")
    assert ahead_ticks(8 * HOUR, time_scale=1.0, count=2)[0].label == "+4 小时"


@pytest.mark.parametrize("needed", [5.0, 100.0, 3_700.0, 86_000.0, 1e6, 1e9])
def test_that_the_extent_ahead_holds_what_is_needed(needed: float) -> None:
    assert ahead_extent(needed) >= needed


@pytest.mark.usefixtures("_zone")
@pytest.mark.parametrize("years", [1, 2, 5, 10])
def test_that_years_are_divided_at_the_first_of_months(years: int) -> None:
    start = T0 - years * 365 * DAY * NS_PER_S
    ticks = time_ticks(start, T0, 6)
    assert 2 <= len(ticks) <= 8
    for tick in ticks:
        local = clock.to_datetime(tick.time).astimezone()
        assert (local.day, local.hour, local.minute) == (1, 0, 0)
        assert tick.label in {local.strftime("%Y-%m"), local.strftime("%Y")}


@pytest.mark.parametrize("span_ms", [1_000, 1_500, 3_000, 5_000])
def test_that_a_second_is_divided_into_round_parts_that_can_be_told_apart(span_ms: int) -> None:
    ticks = time_ticks(T0, T0 + span_ms * 1_000_000, 6)
    assert 3 <= len(ticks) <= 7
    assert len({tick.label for tick in ticks}) == len(ticks)
    assert all(tick.time % 100_000_000 == 0 for tick in ticks)
