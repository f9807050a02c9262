"""The time axis of a trend: round local times to the left of now, plant time from now on to the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from app.model import clock
from app.model.clock import NS_PER_S
from widgets.translation import tr

MINUTE, HOUR, DAY = 60, 3_600, 86_400
_STEPS = (
    0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5,
    1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
    HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY,
)  # fmt: skip
_MONTHS = (1, 2, 3, 6, 12, 24, 60)
_MONTH_DAYS, _MONTHS_OF_YEAR = 30.4, 12
_AHEAD = (
    10, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR,
    DAY, 2 * DAY, 3 * DAY, 5 * DAY, 7 * DAY, 10 * DAY, 15 * DAY, 20 * DAY, 30 * DAY, 60 * DAY, 90 * DAY, 180 * DAY,
    360 * DAY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A labelled instant, int64 ns UTC (ahead of now: ns from now on)."""

    time: int
    label: str


def time_ticks(start: int, end: int, count: int) -> list[TimeTick]:
    """Return at most `count` (or one more) round local times between `start` and `end`, int64 ns UTC.

    From milliseconds to years: longer steps than two weeks are whole months, which begin at midnight of their first.
    """
    span = (end - start) / NS_PER_S
    step = next((step for step in _STEPS if step * max(count, 1) >= span), None)
    if step is None:
        return _month_ticks(start, end, span / (_MONTH_DAYS * DAY * max(count, 1)))
    offset = _utc_offset(start // NS_PER_S // HOUR) * NS_PER_S
    width = round(step * NS_PER_S)
    first = -(-(start + offset) // width)
    last = (end + offset) // width
    return [_tick(index * width - offset, step) for index in range(first, last + 1)]


def _month_ticks(start: int, end: int, least: float) -> list[TimeTick]:
    step = next((step for step in _MONTHS if step >= least), _MONTHS[-1])
    first = clock.to_datetime(start).astimezone()
    month = -(-(first.year * _MONTHS_OF_YEAR + first.month - 1) // step) * step
    ticks = []
    while (time := _month_start(month)) <= end:
        if time >= start:
            pattern = "%Y" if step >= _MONTHS_OF_YEAR else "%Y-%m"
            ticks.append(TimeTick(time, clock.to_datetime(time).astimezone().strftime(pattern)))
        month += step
    return ticks


def _month_start(month: int) -> int:
    """Return local midnight of the first day of a month, counted from the year 0; int64 ns UTC."""
    year, index = divmod(month, _MONTHS_OF_YEAR)
    return clock.instant_of(f"{year:04d}-{index + 1:02d}-01")


def ahead_extent(needed_s: float) -> float:
    """Return the round length of time, seconds, that is shown ahead of now to have `needed_s` in it."""
    return next((float(step) for step in _AHEAD if step >= needed_s), needed_s)


def ahead_ticks(extent_s: float, *, time_scale: float, count: int) -> list[TimeTick]:
    """Return the labelled times ahead, their times in ns of wall clock from now; `extent_s`: plant seconds shown."""
    step = next((step for step in _AHEAD if step * (count + 1) >= extent_s), _AHEAD[-1])
    number = int(extent_s * 0.97 // step)
    return [TimeTick(round(k * step / time_scale * NS_PER_S), _ahead_label(k * step)) for k in range(1, number + 1)]


def _ahead_label(seconds: float) -> str:
    patterns: tuple[tuple[int, Callable[[str], str]], ...] = (
        (DAY, lambda n: tr("+{n} d", n=n)),
        (HOUR, lambda n: tr("+{n} h", n=n)),
        (MINUTE, lambda n: tr("+{n} min", n=n)),
    )
    for unit, label in patterns:
        if seconds >= unit:
            return label(f"{seconds / unit:g}")
    return tr("+{n} s", n=f"{seconds:g}")


def _tick(time: int, step: float) -> TimeTick:
    local = clock.to_datetime(time).astimezone()
    if step < 1:
        decimals = next(digits for digits in (1, 2, 3) if step >= 10.0**-digits)
        fraction = f"{time % NS_PER_S / NS_PER_S:.{decimals}f}"[1:]
        return TimeTick(time, local.strftime("%H:%M:%S") + fraction)
    if step >= DAY:
        return TimeTick(time, local.strftime("%m-%d"))
    if step >= MINUTE:
        at_midnight = local.hour == 0 and local.minute == 0 and step >= HOUR
        return TimeTick(time, local.strftime("%m-%d" if at_midnight else "%H:%M"))
    return TimeTick(time, local.strftime("%H:%M:%S"))


@cache
def _utc_offset(hours: int) -> int:
    """Return the local offset from UTC, seconds, in the hour number `hours` since 1970."""
    delta = clock.to_datetime(hours * HOUR * NS_PER_S).astimezone().utcoffset()
    return int(delta.total_seconds()) if delta is not None else 0
