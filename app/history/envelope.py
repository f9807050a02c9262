"""A long stretch of one tag's history in few points, without losing its extremes."""

from __future__ import annotations

from dataclasses import dataclass

from app.history.rollup import Buckets


@dataclass(frozen=True, slots=True)
class Envelope(Buckets):
    """What lies in each bucket of `width` ns that holds any sample.

    Buckets begin at multiples of `width`. Where it was read from rollups, `first_time` and `last_time` are exact to
    a 256th of a minute or an hour only.

    `longest`: the longest time in one bucket, in ns. It is more than `width` where what is finer is no longer kept:
    there a bucket holds the minutes, or the hours, that begin in it, and those behind it are empty.
    """

    width: int = 0
    longest: int = 0

    @classmethod
    def of(cls, buckets: Buckets, width: int, *, longest: int = 0) -> Envelope:
        """Return buckets together with their width in ns, and with what the longest of them holds, if that is more."""
        return cls(
            buckets.time,
            buckets.minimum,
            buckets.maximum,
            buckets.first,
            buckets.last,
            buckets.first_time,
            buckets.last_time,
            buckets.status,
            buckets.count,
            width,
            max(width, longest),
        )


def bucket_width(start: int, end: int, buckets: int) -> int:
    """Return the width in ns of about `buckets` equal buckets over start <= t < end, at least 1."""
    return max(1, -(-(end - start) // max(1, buckets)))
