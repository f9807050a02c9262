"""The waits between attempts at a device."""

from __future__ import annotations

import pytest

from app.acquisition.back_off import LONGEST_REFUSED_S, SHARE, BackOff
from app.model import clock


def test_that_a_wait_is_at_most_a_share_of_the_outage_so_far() -> None:
    back_off = BackOff(first_s=0.25, longest_s=10.0, seed=1)
    with clock.frozen(0) as advance:
        assert 0.0 <= back_off.next_s() <= 0.25
        outage_s = 0.0
        for _ in range(200):
            advance(clock.NS_PER_S // 5)
            outage_s += 0.2
            assert back_off.next_s() <= max(0.25, SHARE * outage_s)


def test_that_a_device_that_was_away_for_an_hour_is_asked_after_within_a_second_with_jitter() -> None:
    back_off = BackOff(seed=1)
    with clock.frozen(0) as advance:
        back_off.next_s()
        advance(3_600 * clock.NS_PER_S)
        waits = [back_off.next_s() for _ in range(200)]
    assert 0.9 < max(waits) <= 1.0
    assert min(waits) < 0.1


def test_that_a_hundred_stations_that_lost_one_gateway_do_not_come_back_in_step() -> None:
    with clock.frozen(0) as advance:
        stations = [BackOff(seed=seed) for seed in range(100)]
        for station in stations:
            station.next_s()
        advance(20 * clock.NS_PER_S)
        waits = sorted(station.next_s() for station in stations)
    busiest = max(sum(start <= wait < start + 0.1 for wait in waits) for start in waits)
    assert busiest < 30


def test_that_a_device_that_refuses_us_is_asked_ever_less_often() -> None:
    back_off = BackOff(seed=1)
    with clock.frozen(0):
        waits = [back_off.next_s(is_refused=True) for _ in range(8)]
    for number, wait in enumerate(waits):
        limit_s = min(LONGEST_REFUSED_S, 2.0 * 2.0**number)
        assert 0.5 * limit_s <= wait <= limit_s
    assert sum(waits[:5]) > 20.0


def test_that_a_device_that_is_gone_after_it_refused_us_is_asked_after_soon() -> None:
    back_off = BackOff(seed=1)
    with clock.frozen(0):
        for _ in range(5):
            back_off.next_s(is_refused=True)
        assert back_off.next_s() <= 1.0
        assert back_off.next_s(is_refused=True) <= 2.0


@pytest.mark.parametrize("is_refused", [False, True])
def test_that_success_ends_the_outage(*, is_refused: bool) -> None:
    back_off = BackOff(seed=1)
    with clock.frozen(0) as advance:
        back_off.next_s(is_refused=is_refused)
        advance(3_600 * clock.NS_PER_S)
        back_off.reset()
        assert all(back_off.next_s() <= 0.25 for _ in range(200))
