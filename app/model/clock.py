"""The one clock of the plant: UTC as int64 nanoseconds, and a monotonic clock for durations.

A window that replays the past lives at another instant: all that it shows is told as of then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000

_wall: Callable[[], int] = time.time_ns
_steady: Callable[[], int] = time.monotonic_ns
_lived: Callable[[], int] | None = None


def now_ns() -> int:
    """Return the instant this process lives at, int64 ns since 1970-01-01 UTC: the present one but in a replay."""
    return _wall() if _lived is None else _lived()


def wall_ns() -> int:
    """Return the present instant, also in a replay, int64 ns since 1970-01-01 UTC."""
    return _wall()


def is_replaying() -> bool:
    """Return whether this process lives in the past."""
    return _lived is not None


def live_at(instant: Callable[[], int] | None) -> None:
    """Let this process live at whatever `instant` gives, ns UTC, from now on; None: in the present."""
    global _lived  # noqa: PLW0603 - one of the clock's two switches, both for the whole process
    _lived = instant


def monotonic_ns() -> int:
    """Return a clock for durations and timeouts, ns; it never jumps with the wall clock."""
    return _steady()


def from_datetime(moment: datetime) -> int:
    """Return the int64 ns UTC of an aware datetime; raise ValueError for a naive one."""
    if moment.tzinfo is None:
        message = f"{moment.isoformat()} has no time zone: give one, or use UTC"
        raise ValueError(message)
    delta = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86_400 + delta.seconds) * NS_PER_S + delta.microseconds * 1_000


def instant_of(text: str) -> int:
    """Return the int64 ns UTC of an ISO 8601 date or time; without an offset it is in the time zone of this PC.

    Raise ValueError for anything else.
    """
    return from_datetime(datetime.fromisoformat(text).astimezone())


def to_datetime(time_ns: int) -> datetime:
    """Return the aware UTC datetime of an instant in ns (cut to microseconds)."""
    seconds, rest = divmod(time_ns, NS_PER_S)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1_000)


@contextmanager
def frozen(start_ns: int) -> Iterator[Callable[[int], None]]:
    """Hold both clocks still at `start_ns`; the yielded function moves them on by a number of ns."""
    global _wall, _steady  # noqa: PLW0603 - the one clock is the process's only mutable global
    before = (_wall, _steady)
    instant = [start_ns]

    def advance(step_ns: int) -> None:
        instant[0] += step_ns

    _wall = _steady = lambda: instant[0]
    try:
        yield advance
    finally:
        _wall, _steady = before
