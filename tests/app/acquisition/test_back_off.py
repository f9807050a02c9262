"""The waits between attempts at a device."""

from __future__ import annotations

from app.acquisition.back_off import SHARE, BackOff
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


def test_that_a_long_outage_is_asked_after_at_the_longest_wait_with_jitter() -> None:
    back_off = BackOff(first_s=0.25, longest_s=10.0, seed=1)
    with clock.frozen(0) as advance:
        back_off.next_s()
        advance(3_600 * clock.NS_PER_S)
        waits = [back_off.next_s() for _ in range(200)]
    assert 9.0 < max(waits) <= 10.0
    assert min(waits) < 1.0


def test_that_success_ends_the_outage() -> None:
    back_off = BackOff(first_s=0.25, longest_s=10.0, seed=1)
    with clock.frozen(0) as advance:
        back_off.next_s()
        advance(3_600 * clock.NS_PER_S)
        back_off.reset()
        assert all(back_off.next_s() <= 0.25 for _ in range(200))
