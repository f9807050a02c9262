"""When a server's clock is compared with ours again, and when its times are corrected."""

from __future__ import annotations

import pytest

from app.model import clock
from drivers.opcua.server_clock import EVERY_NS, ServerClock

S = clock.NS_PER_S


class _Ours:
    """Our two clocks, moved by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall = 1_790_000_000 * S
        self.steady = 2 * EVERY_NS
        monkeypatch.setattr(clock, "_wall", lambda: self.wall)
        monkeypatch.setattr(clock, "_steady", lambda: self.steady)

    def live(self, time_ns: int) -> None:
        self.wall += time_ns
        self.steady += time_ns


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> _Ours:
    return _Ours(monkeypatch)


def _compared(server: ServerClock, ahead_s: float) -> tuple[float, float]:
    asked = server.ask()
    server.compare(clock.now_ns() + int(ahead_s * S), asked)
    assert server.ahead_ns is not None
    return server.ahead_ns / S, server.skew_ns / S


def test_that_it_is_compared_every_hour_and_when_our_own_clock_was_set(ours: _Ours) -> None:
    server = ServerClock("opc.tcp://plc", 60)
    assert server.is_due
    _compared(server, 0.0)
    ours.live(EVERY_NS - S)
    assert not server.is_due
    ours.live(S)
    assert server.is_due
    _compared(server, 0.0)
    ours.wall -= 30 * S
    assert server.is_due
    _compared(server, 30.0)
    assert not server.is_due
    ours.wall += S // 2  # a time service slews
    assert not server.is_due


def test_that_a_slow_answer_makes_no_difference_of_clocks(ours: _Ours) -> None:
    server = ServerClock("opc.tcp://plc", 60)
    told = clock.now_ns()
    asked = server.ask()
    ours.live(140 * S)  # the server answered at once, and nobody had a turn to hear it
    server.compare(told, asked)
    assert (server.ahead_ns, server.skew_ns) == (0, 0)


def test_that_what_goes_beyond_a_slow_answer_is_told_and_corrected(ours: _Ours) -> None:
    server = ServerClock("opc.tcp://plc", 60)
    asked = server.ask()
    ours.live(4 * S)
    server.compare(clock.now_ns() - 2 * S - 90 * S, asked)
    assert (server.ahead_ns, server.skew_ns) == (-88 * S, -90 * S)


def test_that_times_are_corrected_from_the_limit_on_and_until_half_of_it(ours: _Ours) -> None:
    server = ServerClock("opc.tcp://plc", 60)
    found = [_compared(server, ahead_s) for ahead_s in (59.0, -61.0, 45.0, -31.0, 29.0, 45.0)]
    ours.live(S)
    assert found == [(59.0, 0.0), (-61.0, -61.0), (45.0, 45.0), (-31.0, -31.0), (29.0, 0.0), (45.0, 0.0)]
