"""The future of the history's file: its size once the limits are reached, and when the disk is full."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from app.database import has_table, open_reader
from app.history.contents import file_bytes
from app.history.growth import Growth, Stream, measure_growth
from app.history.retention import HOURS_PER_DAY, RetentionRules

FEWEST_HOURS = HOURS_PER_DAY
"""Less than a day of samples says nothing about days."""
SURE_HOURS = 7 * HOURS_PER_DAY
FAR_DAYS = 36_525.0
"""What is more than a century away is not told."""


@dataclass(frozen=True, slots=True)
class SizeForecast:
    """What becomes of the file if all goes on as in the days that were measured; days from now, bytes.

    `bytes_per_day`: what is added now. `settled_days`: when the last limit that is not for ever is reached,
    `settled_bytes` what is in use then and `then_per_day` what is added from then on, by what is kept for ever.
    `days_left`: until the disk is full, None where that is never or more than a century away. `hours`: how many hours
    with samples this rests on.
    """

    bytes_per_day: float
    settled_days: float
    settled_bytes: float
    then_per_day: float
    days_left: float | None
    hours: int

    @property
    def caveat(self) -> str:
        """Return what must be said with it."""
        rests_on = f"from the last {self.hours} hours with samples" if self.hours < SURE_HOURS else "from the last week"
        return f"{rests_on}; other tags, rates or signals make it another"


def forecast_size(growth: Growth, used_bytes: int, spare_bytes: int) -> SizeForecast | None:
    """Return the forecast of a file with `used_bytes` in use, which may grow by `spare_bytes`.

    Return None where there is too little history: less than FEWEST_HOURS hours with samples.
    """
    if growth.hours < FEWEST_HOURS:
        return None
    finite = [stream for stream in growth.streams if math.isfinite(stream.rest_days)]
    settled = max((stream.rest_days for stream in finite), default=0.0)
    return SizeForecast(
        bytes_per_day=_rate(growth.streams, 0.0),
        settled_days=settled,
        settled_bytes=used_bytes + added_in(growth.streams, settled),
        then_per_day=_rate(growth.streams, settled),
        days_left=_days_left(growth.streams, spare_bytes),
        hours=growth.hours,
    )


def forecast_file(path: Path, rules: RetentionRules, *, room: int) -> SizeForecast | None:
    """Return the forecast of the file at `path` on a disk with `room` bytes left; raise DatabaseError.

    Return None where there is too little history.
    """
    with closing(open_reader(path)) as connection:
        if not has_table(connection, "chunk"):
            return None
        used, unused = file_bytes(connection)
        return forecast_size(measure_growth(connection, rules), used, room + unused)


def days_text(days: float) -> str:
    """Return a number of days as people say it, such as "3 days" or "5 hours"."""
    hours = round(days * 24)
    if hours < 48:
        return f"{hours} hour{'s' if hours != 1 else ''}"
    return f"{round(days)} days" if days < 730 else f"{days / 365.25:.1f} years"


def added_in(streams: Sequence[Stream], days: float) -> float:
    """Return the bytes that streams add to the file in so many days: each until it reaches its limit."""
    return sum(stream.bytes_per_day * min(days, stream.rest_days) for stream in streams)


def _rate(streams: Sequence[Stream], day: float) -> float:
    """Return the bytes per day that are added after `day` days."""
    return sum(stream.bytes_per_day for stream in streams if stream.rest_days > day)


def _days_left(streams: Sequence[Stream], spare_bytes: int) -> float | None:
    """Return the day on which `spare_bytes` are used up: growth is linear between the days at which limits are met."""
    turns = sorted({0.0, *(stream.rest_days for stream in streams if math.isfinite(stream.rest_days))})
    for day, following in zip(turns, [*turns[1:], math.inf], strict=True):
        rate, rest = _rate(streams, day), spare_bytes - added_in(streams, day)
        if rate > 0 and day + rest / rate <= following:
            days = max(0.0, day + rest / rate)
            return days if days <= FAR_DAYS else None
    return None
